//! Russian: the value of every sentence, the plural rules and the format of numbers.

use super::{Admin, Member, Refusals};

pub static MEMBER: Member = Member {
    unavailable: "Сейчас это не получилось. Ничего не изменено. Попробуйте ещё раз через минуту.",
    offline: "Сервер не отвечает. Проверьте соединение и попробуйте ещё раз.",

    log_out: "Выйти",
    logging_out: "Выходим…",
    one_moment: "Подождите…",
    page_failed: "Не удалось показать эту страницу",

    login_required: "Войдите, чтобы продолжить.",
    login_title: "Вход",
    login_heading: "Вход по номеру телефона",
    login_intro: "Мы отправим вам код в СМС. Пароль не нужен.",
    phone_number: "Номер телефона",
    phone_hint: "В любом привычном виде.",
    country: "Страна, если номер без +",
    send_code: "Отправить код",
    sending: "Отправляем…",
    code_on_its_way_to: "Код отправлен на ",
    enter_it: "Ввести код",

    code_title: "Введите код",
    code_heading: "Введите код",
    code_sent_to: "Код отправлен на ",
    last_digit_sends: " После последней цифры вы сразу войдёте.",
    code: "Код",
    log_in: "Войти",
    checking: "Проверяем…",
    send_again: "Отправить снова",
    change_number: "Изменить номер",
    simulated_message: "Имитация СМС",
    simulated_message_app: "Сообщения",
    simulated_message_time: "сейчас",

    profile_title: "Ваш профиль",
    logged_in_as: "Вы вошли как ",
    own_code: "Ваш пригласительный код",
    copy_code: "Скопировать код",
    copy_link: "Скопировать ссылку",
    copied: "Скопировано",
    more_ways: "Как ещё поделиться",
    share_text: "Сообщение",
    share: "Поделиться",
    copy_message: "Скопировать сообщение",
    qr_code: "QR-код вашей ссылки",
    download_qr_code: "Скачать QR-код",
    accept: "Активировать",
    another_code: "Ввести другой код",
    own_code_hint: "Дайте его тем, за кого вы ручаетесь.",
    who_invited_you: "Кто вас пригласил?",
    activated_code: "Вы активировали код ",
    their_code: "Пригласительный код этого человека",
    their_code_hint: "Шесть латинских букв и цифр. Активировать код можно только один раз.",
    activate: "Активировать",
    activating: "Активируем…",
    progress_title: "Успехи",
    invitees: "Кто присоединился по вашему коду",
    no_invitees: "Пока никто не присоединился.",
    invitee_pages: "Страницы списка",
    newest: "Самые новые",
    older: "Более ранние",

    devices_title: "Устройства",

    account_title: "Ваши данные",

    not_found_title: "Не найдено",
    not_found_heading: "Такой страницы нет",
    not_found_text: "Возможно, в адресе опечатка или страницу удалили.",
    to_the_start: "Перейти на главную",

    duration: |seconds| match seconds {
        0..=90 => format!("{seconds} сек"),
        91..=5_400 => format!("{} мин", seconds.div_ceil(60)),
        5_401..=129_600 => count(seconds.div_ceil(60 * 60), "час", "часа", "часов"),
        _ => count(seconds.div_ceil(24 * 60 * 60), "день", "дня", "дней"),
    },
    joined: |number| format!("Только что: ещё {}.", count(number, "человек", "человека", "человек")),
    code_hint: |digits| count(u8::from(digits), "цифра", "цифры", "цифр"),
    send_again_in: |wait| format!("Можно через {wait}"),
};

pub static REFUSALS: Refusals = Refusals {
    phone_missing: "Введите номер телефона.",
    phone_invalid: "Такого номера не бывает. Проверьте цифры и код страны, как в примере: \
                    +7\u{a0}912\u{a0}345‑67‑89.",
    phone_country: "В эту страну сообщения не отправляются. Укажите номер другой страны.",
    phone_not_mobile: "Это не мобильный номер, СМС от нас на него не придёт. Введите номер мобильного телефона.",
    phone_unchanged: "Это и есть ваш нынешний номер. Введите новый.",
    phone_taken: "Этот номер у другого аккаунта, поэтому ничего не изменилось. Войдите с ним, чтобы увидеть тот аккаунт.",
    number_change_expired: "Прошло слишком много времени, поэтому ничего не изменилось. Начните снова.",
    test_phone: "Это тестовый номер (VOUCH_TEST_PHONES). Его владелец не может быть администратором.",
    sms_not_sent: "Не удалось отправить сообщение. Подождите немного и попробуйте ещё раз.",
    login_code_missing: "Введите код из СМС.",
    login_code_refused: "Код неверный или уже не действует. Посмотрите последнюю СМС или запросите другой код.",
    login_flow_missing: "Время на вход истекло. Начните снова с номера телефона.",
    owner_unclear: "Аккаунтом с этим номером давно никто не пользовался. Войдите на сайте и укажите там, ваш ли это \
                    аккаунт.",
    number_of_admin: "Сначала этот номер должны освободить те, кто управляет этим сервисом. Обратитесь к ним.",
    nothing_to_claim: "Вернуть тот аккаунт на этом устройстве уже нельзя.",
    invite_code_missing: "Введите пригласительный код.",
    invite_code_too_long: "В пригласительном коде шесть символов, а вы ввели больше.",
    invite_code_unknown: "Такого кода нет. Проверьте каждый символ: в коде не бывает 0, 1, I, L и O.",
    invite_code_own: "Это ваш собственный код. Введите код того, кто вас пригласил.",
    invite_code_of_invitee: "Это код человека, который присоединился через вас, поэтому активировать его вам нельзя.",
    invite_code_blocked: "Владелец этого кода заблокирован, поэтому активировать код нельзя.",
    idempotency_key_reused: "Этот Idempotency-Key уже использован с другим пригласительным кодом. Для нового запроса \
                             возьмите новый ключ.",
    token_refused: "Токен доступа недействителен или истёк. Получите новый с помощью токена обновления или войдите \
                    снова.",
    refresh_token_refused: "Токен обновления недействителен или истёк. Войдите снова.",
    member_blocked: "Этот аккаунт заблокирован. Если вы считаете это ошибкой, обратитесь к тем, кто управляет этим сервисом.",
    admin_account: "Вы администратор этой программы, поэтому ни удалить аккаунт, ни сменить номер нельзя. Попросите хозяина сервера сначала \
                    снять с вас это право: vouch admin revoke PHONE.",
    member_gone: "Этого аккаунта больше нет. Войдите, чтобы создать новый.",
    second_factor_required: "Введите код из приложения-аутентификатора.",
    not_found: "Такой страницы нет.",
    malformed: "Запрос пришёл не полностью, ничего не изменено. Обновите страницу и попробуйте ещё раз.",

    resend_too_soon: |wait| format!("Код на этот номер только что отправлен. Запросить другой можно через {wait}."),
    too_many_messages: |wait| {
        format!("На этот номер отправлено слишком много кодов. Запросить ещё один можно через {wait}.")
    },
    too_many_wrong_codes: |wait| {
        format!(
            "Для этого номера слишком много раз ввели неверный код. Войдите с устройства, на котором вы уже входили, \
             или попробуйте снова через {wait}."
        )
    },
    network_busy: |wait| {
        format!("Из вашей сети было слишком много входов. Попробуйте через {wait} или из другой сети.")
    },
    logins_paused: |wait| {
        format!(
            "Кто-то злоупотребляет входом, поэтому с новых устройств сейчас войти нельзя. Войдите с устройства, на \
             котором вы уже входили, или попробуйте снова через {wait}."
        )
    },
    login_code_malformed: |digits| format!("Введите {} кода.", count(digits, "цифру", "цифры", "цифр")),
    login_code_lengthened: |digits| {
        format!(
            "Кто-то подбирает коды, поэтому теперь они длиннее. Мы отправили вам новый код, в нём {}. Введите его.",
            count(digits, "цифра", "цифры", "цифр")
        )
    },
    too_many_unknown_codes: |wait| format!("Слишком много неизвестных кодов. Попробовать снова можно через {wait}."),
    already_redeemed: |code| format!("Вы уже активировали код {code}. Активировать можно только один."),
};

pub static ADMIN: Admin = Admin {
    second_factor_first: "Сначала введите код из приложения-аутентификатора.",
    login_too_old: "Вы вошли слишком давно. Выйдите и войдите снова.",
    not_set_up: "Сначала настройте приложение-аутентификатор.",
    already_set_up: "Приложение-аутентификатор уже настроено. Если вы его потеряли, попросите хозяина сервера отозвать \
                     ваши права и выдать их снова.",
    second_factor_missing: "Введите шесть цифр из приложения-аутентификатора или резервный код.",
    second_factor_refused: "Код неверный, истёк или уже использован. Дождитесь следующего или введите резервный код.",
    no_such_flag: "Такой отметки нет.",
    already_reviewed: "Эта отметка уже проверена.",
    verdict_missing: "Выберите решение.",
    no_such_act: "Такого действия нет.",
    no_such_list: "Такого списка нет.",
    format_unknown: "Выберите формат файла: csv или jsonl.",
    no_such_import: "Такого импорта нет. Файлы хранятся один день.",
    import_empty: "Выберите файл CSV с участниками. В первой строке — названия столбцов, в каждой следующей — участник.",
    import_not_text: "Файл не в кодировке UTF-8. Сохраните его как CSV UTF-8.",
    import_too_slow: "Файл загружался слишком долго. Ничего не импортировано. Попробуйте ещё раз или разделите файл.",
    import_without_phones: "В первой строке должны быть названия столбцов, среди них phone_number.",
    import_has_bad_lines: "В некоторых строках есть ошибки. Исправьте их и загрузите файл снова.",
    import_interrupted: "Проверка этого файла прервалась. Загрузите его снова.",
    import_under_way: "Этот файл сейчас проверяется или импортируется.",
    import_done: "Этот файл уже импортирован.",
    reason_missing: "Коротко укажите причину — для тех, кто потом будет читать журнал аудита.",
    search_unclear: "Ищите по цифрам номера телефона или по пригласительному коду из шести букв и цифр.",
    filter_unknown: "В адресе есть фильтр, которого не существует. Выберите фильтры в форме и повторите поиск.",
    inviter_unknown: "Неизвестный пригласительный код или номер телефона. Введите код или номер пригласившего полностью.",
    day_malformed: "Напишите дату так: 2026-03-31.",
    member_unknown: "Неизвестный номер телефона. Введите его полностью или укажите номер участника из адреса его страницы.",
    no_such_member: "Такого участника нет.",
    erased_member: "Этот участник удалён, изменить его больше нельзя.",
    own_account: "Это ваш собственный аккаунт. Попросите другого администратора.",
    is_admin: "Этот участник — администратор. Сначала хозяин сервера должен отозвать права: vouch admin revoke PHONE.",
    already_blocked: "Этот участник уже заблокирован.",
    not_set_aside: "Этот аккаунт не отложен.",
    number_moved_on: "У аккаунта, получившего номер, теперь другой номер или никакого. Вернуть нечего.",
    successor_in_use: "Аккаунт, получивший номер, уже активировал код или пригласил кого-то, поэтому не удаляется.",
    not_blocked: "Этот участник не заблокирован.",
    no_redemption: "Этот участник не активировал код.",
    no_such_webhook: "Доставки с таким номером нет. Доставки хранятся 30 дней.",
    no_such_endpoint: "Получателя с таким адресом нет. Хозяин сервера задаёт их в VOUCH_WEBHOOKS.",
    endpoint_is_on: "Этот получатель включён.",
    code_of_the_member: "Это собственный код участника. Введите код того, кто его пригласил.",
    code_of_their_invitee: "Владелец этого кода присоединился через этого участника, поэтому код не подходит.",

    brand: "Управление Vouch",
    sections: "Разделы управления",
    overview: "Обзор",
    members: "Участники",
    review: "Проверка",
    audit_log: "Журнал аудита",
    export: "Экспорт",
    import: "Импорт",
    more_filters: "Другие фильтры",
    first_page: "Первая страница",
    more: "Следующая страница",
    list_pages: "Страницы списка",
    search: "Найти",
    reason: "Причина",
    reason_hint: "Навсегда останется в журнале аудита.",
    from: "С даты",
    until: "По дату",
    cancel: "Отмена",
    blocked: "заблокирован",
    erased: "удалён",
    set_aside: "отложен",
    admin: "администратор",
    joined: "присоединился ",

    second_factor_title: "Второй фактор",
    set_up_heading: "Настройте приложение-аутентификатор",
    set_up_scan: "Отсканируйте этот код приложением-аутентификатором на телефоне. Если страница открыта на нём, ",
    set_up_open: "откройте код в приложении",
    set_up_qr: "QR-код с секретным ключом, который указан ниже",
    set_up_secret: "Или введите секретный ключ: ",
    set_up_recovery: "Сохраните эти резервные коды там, где найдёте их и без телефона. Каждый действует один раз, и больше \
                      мы их не покажем:",
    set_up_first_code: "Введите шесть цифр, которые сейчас показывает приложение:",
    prove_heading: "Подтвердите, что это вы",
    prove_text: "Введите шесть цифр из приложения-аутентификатора или один из резервных кодов.",
    continue_: "Продолжить",
    first_admin_heading: "Станьте первым администратором",
    first_admin_text: "Вы пришли по ссылке, которую Vouch вывел при запуске. Номер телефона, по которому вы вошли, получит \
                       право управлять этой реферальной программой. Если это не тот номер, выйдите и откройте ссылку снова.",
    become_first_admin: "Стать администратором",
    one_more_step: "Ещё один шаг",
    why_second_factor: "Вы можете управлять этой реферальной программой. СМС могут перехватить, поэтому страницы управления \
                        запрашивают ещё и код из приложения-аутентификатора на вашем телефоне, например из Aegis, Google \
                        Authenticator или менеджера паролей.",
    set_it_up: "Настроить",
    setting_up: "Настраиваем…",
    log_in_again: "Войти снова",
    log_in_again_text: "Вы вошли слишком давно для страниц управления. Чтобы продолжить, войдите снова.",

    days: "Дни",
    weeks: "Недели",
    months: "Месяцы",
    over_time: "Период",
    funnel: "От входа до активации за этот период",
    of_step_before: "от предыдущего шага",
    link_funnel: "От ссылки до активации за этот период",
    links_opened: "Открыли ссылку",
    links_logged_in: "Из них вошли",
    top_inviters: "Кто пригласил больше всех",
    no_inviters: "Пока никто никого не пригласил.",
    total_redemptions: "Активации",
    total_blocked: "Заблокированные",
    total_erased: "Удалённые",
    logins_begun: "Начатые входы",
    logins_finished: "Завершённые входы",
    codes_activated: "Активированные коды",
    chart_joined: "Новые участники",
    chart_logins: "Входы",
    chart_messages: "Сообщения",
    series_joined: "присоединилось",
    series_begun: "начато",
    series_finished: "завершено",
    series_activated: "активировано",
    series_sent: "отправлено",
    series_used: "использовано",
    compared: "«Ранее» — за предыдущее время той же длины.",
    messages_sent: "Отправленные сообщения",
    time_to_redeem: "От присоединения до активации кода (медиана)",
    nobody_redeemed: "—",
    none_before: "ранее: нет",
    nothing_in_period: "За этот период пока ничего нет.",
    see_webhooks: "Открыть вебхуки",
    last_days: "30 дней",
    last_weeks: "26 недель",
    last_months: "24 месяца",
    as_table: "В виде таблицы",
    table_of_chart: "Таблица к графику",
    when: "Когда",

    search_members: "Часть номера телефона или пригласительный код",
    inviter_filter: "Кто пригласил (код или телефон)",
    status: "Статус",
    joined_from: "Присоединился с даты",
    order: "Порядок",
    nobody_found: "Участники не найдены.",
    everybody: "Все",
    active: "Активные",
    redeemed: "Активировали код",
    not_redeemed: "Не активировали код",
    newest_first: "Сначала новые",
    oldest_first: "Сначала старые",
    most_invitees_first: "Сначала те, кто больше пригласил",
    invitees_of_row: ", приглашённых: ",
    phone: "Телефон",
    invite_code: "Код",
    joined_column: "Присоединился",
    activated_column: "Активировал код",
    invitees_column: "Приглашённые",
    is_active: "активен",
    only_activated: "При этом порядке видны только те, кто активировал код.",
    fewest_invitees_first: "Сначала те, кто меньше пригласил",
    last_activated_first: "Сначала те, кто активировал код последним",
    first_activated_first: "Сначала те, кто активировал код первым",
    search_shortcut: "Сюда можно попасть клавишей / в любом месте этой страницы.",
    key_off: "Отключить эту клавишу",
    key_on: "Включить эту клавишу",

    member_title: "Участник",
    member_number: "Участник №\u{a0}",
    blocked_since: ", заблокирован с ",
    erased_at: ", удалён ",
    set_aside_text: "Аккаунтом долго не пользовались, и теперь его номер у другого человека. Владелец может вернуть аккаунт на \
                     устройстве, где он раньше входил. Отложен",
    who_has_the_number: "У кого номер теперь",
    give_number_back: "Вернуть номер",
    had_code: "Прежний код ",
    until_day: " до ",
    who_invited_them: "Кто пригласил?",
    with_code: ", код ",
    attached_by_admin: ", привязал администратор",
    detach: "Отвязать",
    no_inviter: "Никто. Этот участник не активировал код.",
    attach_to_inviter: "Привязать к пригласившему",
    their_attempts: "Попытки активировать код",
    none: "Нет.",
    whose_code: "Владелец кода",
    attach_anyway: "Всё равно привязать",
    close_to: "Похоже на код ",
    of: " участника ",
    attach_this: "Привязать по этому коду",
    from_network: ", из сети ",
    their_code: "Пригласительный код",
    give_new_code: "Выдать новый код",
    their_invitees: "Приглашённые ",
    invitees_below: "Приглашённые",
    newest_invitees: "Самые новые: ",
    all_invitees: "Показать всех: ",
    devices_and_sessions: "Устройства и сеансы",
    devices: "Устройства",
    no_devices: "Известных устройств нет.",
    last_login: "последний вход ",
    first_login: ", первый вход ",
    unnamed_device: "Браузер или программа без названия",
    logged_in: "Действующие входы",
    nowhere: "Действующих входов нет.",
    browser_session: "Сеанс в браузере",
    api_tokens: "Токены API",
    since: "с ",
    log_out_everywhere: "Завершить все входы",
    no_code_typed: "(не код)",
    logins_and_limits: "Входы и ограничения",
    allow_logins: "Снова разрешить входы",
    begun_logins: "Входы за последние 30 дней",
    messages: "Сообщения за последние 30 дней",
    login_finished: "Вход выполнен",
    login_not_finished: "Вход не завершён",
    known_device: "известное устройство",
    unknown_device: "неизвестное устройство",
    access_and_data: "Доступ и данные",
    block: "Заблокировать",
    unblock: "Разблокировать",
    erase: "Удалить",
    what_admins_did: "Что делали администраторы",
    nothing: "Ничего.",
    erased_name: "Удалённый участник",

    act_title: "Изменить участника",
    attach_code_label: "Пригласительный код или телефон пригласившего",
    attach_code_hint: "Нынешний код или прежний.",
    act_reason_hint: "Навсегда останется в журнале аудита. Не пишите номера телефонов: участника можно удалить, а запись в \
                      журнале — нет.",

    block_heading: "Заблокировать этого участника?",
    block_text: "Его сеансы и токены сразу закончатся, он не сможет войти снова, а его код нельзя будет активировать. \
                 Прежние активации останутся.",
    unblock_heading: "Разблокировать этого участника?",
    unblock_text: "Он снова сможет войти, а его код можно будет активировать.",
    attach: "Привязать",
    attach_heading: "Привязать к пригласившему?",
    attach_text: "Это считается так, как будто участник активировал код сейчас, даже если владелец кода заблокирован.",
    detach_heading: "Отвязать от пригласившего?",
    replace_heading: "Выдать новый пригласительный код?",
    replace_text: "Нынешний код сразу перестанет действовать и больше никому не достанется. Прежние активации останутся.",
    log_out_heading: "Завершить все входы?",
    allow_heading: "Снова разрешить входы?",
    allow_text: "Прежние сообщения и неверные коды этого участника больше не считаются, поэтому он сразу сможет войти с \
                 нового устройства. Незавершённые входы прервутся. Убедитесь, что вас попросил владелец номера.",
    log_out_text: "Все сеансы и токены закончатся, а его устройства при следующем входе будут считаться неизвестными.",
    give_back_heading: "Вернуть номер?",
    give_back_text: "Аккаунт, получивший номер, удаляется, и тот, у кого этот номер, выходит из него. Этот аккаунт снова получает \
                     номер и всё, что у него было. Убедитесь, что номер действительно принадлежит его владельцу.",
    erase_heading: "Удалить этого участника?",
    erase_text: "Телефон, сеансы, устройства и попытки удаляются навсегда. Останется запись без личных данных, чтобы счёт \
                 у других участников был верным. Если кто-то потом войдёт с этим телефоном, он станет новым участником.",
    erase_button: "Удалить навсегда",

    counted: "Засчитано.",
    counted_until_detached: "Было засчитано, пока администратор не отвязал участника.",
    attached_since: "Потом администратор привязал участника по этому коду.",
    attempt_second: "Не засчитано: участник уже активировал код, а активировать можно только один.",
    attempt_malformed: "Не засчитано: в коде шесть символов, а здесь больше.",
    attempt_unknown: "Не засчитано: такого кода нет. Возможно, это опечатка: в коде не бывает 0, 1, I, L и O.",
    attempt_replaced: "Не засчитано: владельцу уже выдали новый код.",
    attempt_own: "Не засчитано: это собственный код участника.",
    attempt_of_invitee: "Не засчитано: владелец кода присоединился через этого участника.",
    attempt_owner_blocked: "Не засчитано: владелец кода тогда был заблокирован.",
    attempt_too_many: "Не проверено: участник ввёл слишком много неизвестных кодов.",

    review_intro: "Подозрительные действия. Автоматически никто не блокируется: решаете вы.",
    which_flags: "Отметки",
    flag: "Отметка",
    what_was_noticed: "Что замечено",
    waiting: "Ждут проверки",
    reviewed: "Проверенные",
    no_flags: "Отметок нет.",
    review_this: "Проверить",
    noticed: "замечено ",
    noticed_last: ", последний раз ",
    review_title: "Проверить отметку",
    review_heading: "Проверьте эту отметку",
    verdict: "Решение",
    accept: " Подтвердить: подозрение верно",
    dismiss: " Отклонить: подозрение неверно",
    review_reason_hint: "Навсегда останется в журнале аудита. Чтобы что-то сделать с участником, откройте его страницу.",
    save: "Сохранить",
    back_to_list: "Вернуться к списку",
    accepted: "подтверждена",
    dismissed: "отклонена",
    flag_same_browser: "Один браузер",
    flag_same_network: "Одна сеть",
    flag_ring: "Взаимные активации",
    flag_posted: "Код опубликован?",
    flag_guessing: "Подбор кодов",
    forgotten_source: "уже не хранится",

    search_audit: "Часть причины или подробностей",
    act: "Действие",
    every_act: "Все действия",
    by_admin: "Администратор (телефон или номер)",
    about_member: "Участник (телефон или номер)",
    no_lines: "Записи не найдены.",
    by: " — ",
    by_whom: "Кто",
    network: "Откуда",
    from_address: ", ",
    host: "хозяин сервера",
    command_line: "командная строка",
    own_page: "своя страница",
    act_grant: "Назначен администратором",
    act_revoke: "Больше не администратор",
    act_set_up_second_factor: "Второй фактор настроен",
    act_use_recovery_code: "Резервный код использован",
    act_block: "Заблокирован",
    act_unblock: "Разблокирован",
    act_attach: "Привязан к пригласившему",
    act_detach: "Отвязан от пригласившего",
    act_replace_invite_code: "Новый пригласительный код",
    act_second_factor_refused: "Неверный второй фактор",
    act_log_out_everywhere: "Все входы завершены",
    act_allow_logins: "Входы снова разрешены",
    act_erase: "Удалён",
    act_change_number: "Номер изменён самим участником",
    act_set_aside: "Отложен: номер перешёл к другому человеку",
    act_claim: "Возвращён владельцем с другим номером",
    act_give_number_back: "Номер возвращён",
    act_accept_flag: "Отметка подтверждена",
    act_dismiss_flag: "Отметка отклонена",
    act_export: "Список экспортирован",
    act_import: "Участники импортированы",
    act_replay_webhooks: "Вебхуки отправлены снова",
    act_switch_on_webhooks: "Получатель вебхуков включён",

    export_intro: "Весь список одним файлом. Экспорт и его причина останутся в журнале аудита.",
    list: "Список",
    format: "Формат",
    list_members: "Участники",
    list_redemptions: "Активации",
    list_audit: "Журнал аудита",
    format_csv: "CSV — для таблиц",
    format_json_lines: "Строки JSON — для программ",
    download: "Скачать",
    import_intro: "Файл CSV с участниками, их кодами и активациями. Сначала файл только проверяется, и вы увидите каждую \
                   строку с ошибкой. Затем участниками станут все строки или ни одна.",
    file: "Файл",
    check_file: "Проверить файл",
    file_columns: "Столбцы файла",
    file_columns_intro: "В первой строке — названия столбцов в любом порядке. Экспорт участников можно импортировать без \
                         изменений.",
    recent_files: "Файлы за последний день",
    progress: "Ход работы",
    look_again: "Обновить",
    upload_again: "Загрузить файл снова",
    see_members: "Посмотреть участников",
    unknown_columns: "Столбцы, которые импорт пропускает: ",
    lines_to_correct: "Строки с ошибками",
    bad_lines: "Строки с ошибками",
    line: "Строка ",
    import_reason_hint: "Навсегда останется в журнале аудита. Отменить импорт целиком нельзя.",
    import_all: "Импортировать всё",
    sent_over_api: "Отправлено через API",
    import_was_interrupted: "Работа прервалась. Ничего не импортировано.",
    column_phone_number: "Номер телефона. Этот столбец обязателен; номера нет только у удалённых участников.",
    column_invite_code: "Собственный пригласительный код участника. Если его нет, участник получит новый.",
    column_former_invite_codes: "Прежние пригласительные коды через пробел.",
    column_joined_at: "Когда участник присоединился, например 2026-03-31 или 2026-03-31T08:30:00Z. Если пусто: сейчас.",
    column_blocked_at: "С какого времени участник заблокирован.",
    column_erased_at: "Когда участник удалён.",
    column_redeemed_code: "Код, который активировал участник: код кого-то из файла или имеющегося участника.",
    column_redeemed_at: "Когда участник активировал код. Если пусто: когда присоединился.",

    line_not_text: "Эта строка не в кодировке UTF-8. Сохраните файл как CSV UTF-8.",
    line_break: "Ячейка этой строки продолжается на следующей. Возможно, не закрыта кавычка.",
    line_phone_missing: "Нет номера телефона.",
    line_phone_invalid: "phone_number: такого номера не бывает. Напишите его с кодом страны, например +79123456789.",
    line_phone_taken: "Участник с таким номером телефона уже есть.",
    line_phone_of_erased: "У удалённого участника не может быть номера телефона.",
    line_block_of_erased: "Удалённый участник не может быть заблокирован.",
    line_code_taken: "Этот пригласительный код уже есть или был у другого участника.",
    line_redeemed_unknown: "redeemed_code: неизвестный код. Такого нет ни в этом файле, ни у участников.",
    line_redeemed_own: "redeemed_code: это собственный код участника.",
    line_redeemed_circle: "Активированные коды образуют круг: пригласившие этого участника присоединились через него.",
    line_redeemed_missing: "В redeemed_at есть дата, а в redeemed_code нет кода.",
    webhooks: "Вебхуки",
    webhooks_intro: "Другие системы узнают о том, что происходит с участниками. Куда отправлять, хозяин сервера задаёт в \
                     VOUCH_WEBHOOKS.",
    no_endpoints: "Другие системы не узнают о том, что происходит с участниками. Хозяин сервера может задать их в \
                   VOUCH_WEBHOOKS.",
    endpoints: "Получатели",
    endpoint: "Получатель",
    endpoint_on: "включён",
    endpoint_off: "выключен",
    endpoint_failing: "сбои",
    last_delivery: "Последняя доставка ",
    never_delivered: "За последние 30 дней доставок не было",
    switch_on: "Включить",
    switch_on_heading: "Включить этого получателя?",
    switch_on_text: "Сначала будет отправлено то, что его ждало.",
    deliveries: "Доставки за последние 30 дней",
    delivery: "Доставка",
    no_deliveries: "Доставки не найдены.",
    event: "Событие",
    every_event: "Все события",
    every_state: "Любой статус",
    about_whom: "О ком",
    happened: "Произошло",
    attempts: "Попытки",
    not_attempted: "Пока не было.",
    next_attempt: "Следующая попытка ",
    delivery_waiting: "ожидает",
    delivery_delivered: "доставлено",
    delivery_failed: "не доставлено",
    event_member_created: "Новый участник",
    event_redemption_created: "Код активирован",
    event_redemption_removed: "Активация отменена",
    event_member_blocked: "Участник заблокирован",
    event_member_erased: "Участник удалён",
    send_again: "Отправить снова",
    send_again_text: "Идентификатор останется прежним: по нему получатель узнаёт событие, которое у него уже есть.",
    send_failed_again: "Отправить снова всё недоставленное",
    send_failed_heading: "Отправить снова всё недоставленное?",
    send_failed_text: "Все события, которые не удалось доставить, будут отправлены снова с прежними идентификаторами. \
                       Предназначенное выключенному получателю подождёт, пока его не включат.",
    webhook_timed_out: "Получатель не ответил вовремя.",
    webhook_address_refused: "У получателя нет адреса, на который можно отправлять вебхуки.",
    webhook_not_connected: "Соединиться с получателем не удалось.",
    webhook_broken_off: "Соединение прервалось до ответа.",

    too_many_second_factors: |wait| format!("Слишком много неверных кодов. Попробовать снова можно через {wait}."),
    import_too_long: |most| {
        format!(
            "В файле больше {}. Разделите его так, чтобы пригласившие шли раньше приглашённых.",
            count(most, "строки", "строк", "строк")
        )
    },
    import_too_large: |kib| {
        format!("Файл больше {kib} КиБ. Разделите его так, чтобы пригласившие шли раньше приглашённых.")
    },
    reason_too_long: |most| {
        format!("Причина слишком длинная. Уложитесь в {}.", count(most as u64, "символ", "символа", "символов"))
    },
    already_redeemed: |code| {
        format!("Этот участник активировал код {code}. Сначала отвяжите его от пригласившего на его странице.")
    },
    filters_set: |count| if count == 0 { String::new() } else { format!(" (выбрано: {count})") },
    codes_are_longer: |digits, since| {
        format!(
            "С {since} в кодах для новых устройств {}: за последние 24 часа было много неверных кодов. Известных \
             устройств это не касается.",
            count(u8::from(digits), "цифра", "цифры", "цифр")
        )
    },
    messages_left: |uses| {
        format!("Новые устройства могут запросить ещё {}.", count(uses, "сообщение", "сообщения", "сообщений"))
    },
    no_messages_left: |wait| format!("Новые устройства смогут запросить сообщение только через {wait}."),
    wrong_codes_left: |uses| {
        format!(
            "Ещё {} — и в кодах для новых устройств будет 8 цифр.",
            count(uses, "неверный код", "неверных кода", "неверных кодов")
        )
    },
    codes_are_long: |wait| format!("Ещё {wait} в кодах для новых устройств будет 8 цифр: было много неверных кодов."),
    message_sent: |gateway| format!("Отправлено через {gateway}"),
    message_delivered: |message| format!("{message}, доставлено"),
    message_not_delivered: |message| format!("{message}, не доставлено"),
    message_unknown: |gateway| format!("Возможно, отправлено через {gateway}"),
    begun_login: |device, digits, messages, guesses| {
        let digits = count(u8::from(digits), "цифра", "цифры", "цифр");
        let messages = count(messages, "сообщение", "сообщения", "сообщений");
        format!("{device}, {digits} в коде, {messages}, введено кодов: {guesses}")
    },
    percent: |share| format!("{share}\u{a0}%"),
    time_to_redeem_of: |newest| format!("От присоединения до активации кода (медиана последних {newest})"),
    before: |value| format!("ранее: {value}"),
    conversion: |share| format!("Всего {share}\u{a0}%"),
    conversion_and_before: |share, before| format!("Всего {share}\u{a0}%, ранее {before}\u{a0}%"),
    endpoint_off_since: |endpoint, since| format!("На {endpoint} вебхуки не отправляются с {since}."),
    chart_summary: |period, sums| format!("За {period} {sums}."),
    chart_most: |count, label| format!(" Больше всего: {count} ({label})."),
    week_from: |day| format!("неделя с {day}"),
    times: |number| format!(", {}", count(number, "раз", "раза", "раз")),
    unfold: |number, name| format!("{name}: показать {}", invitees(number)),
    fold: |number, name| format!("{name}: скрыть {}", invitees(number)),
    more_below: |count| format!("ещё {count} — на странице участника"),
    same_browser: |number| {
        format!("Код этого участника активировали в одном браузере {}.", count(number, "раз", "раза", "раз"))
    },
    same_network: |number, source| {
        format!("Код этого участника активировали из одной сети ({source}) {}.", count(number, "раз", "раза", "раз"))
    },
    ring: |number| {
        format!(
            "{} между участниками, которые входят в одном и том же браузере.",
            count(number, "активация", "активации", "активаций")
        )
    },
    posted: |number| {
        format!(
            "Код этого участника за короткое время активировали {}, как будто он опубликован для всех.",
            count(number, "раз", "раза", "раз")
        )
    },
    guessing: |number| {
        format!(
            "Этот участник за короткое время ввёл {}.",
            count(number, "неизвестный код", "неизвестных кода", "неизвестных кодов")
        )
    },
    other_account: |id| format!("другой аккаунт: участник {id}"),
    recovery_codes_left: |count| format!("осталось резервных кодов: {count}"),
    code_of_member: |code, member| format!("{code} участника №\u{a0}{member}"),
    code_replaced: |before, after| format!("{before} заменён на {after}"),
    imported: |members, redemptions| format!("участников: {members}, активаций: {redemptions}"),
    webhook_status: |status| format!("Получатель ответил {status}."),
    attempt_took: |milliseconds| format!(" За {milliseconds} мс."),
    failing_since: |since| format!("Попытки не удаются с {since}."),
    off_because_gone: |since| format!("Ничего не отправляется с {since}: получатель ответил 410 Gone."),
    off_because_failing: |since| format!("Ничего не отправляется с {since}: за пять дней не удалась ни одна попытка."),
    webhook_replayed: |id| format!("доставка №\u{a0}{id}"),
    webhooks_replayed: |count| format!("доставок: {count}"),
    file_hint: |lines| format!("CSV в кодировке UTF-8, строк не больше {lines}."),
    import_done_text: |members| format!("Импорт завершён: {}.", count(members, "участник", "участника", "участников")),
    import_checking: |lines, checked| {
        format!("Идёт проверка: готово {} из {}.", thousands(checked), count(lines, "строки", "строк", "строк"))
    },
    import_writing: |members| format!("Идёт импорт: {}…", count(members, "участник", "участника", "участников")),
    import_bad: |lines, bad| {
        format!("Строк с ошибками: {} из {}. Ничего не импортировано.", thousands(bad), thousands(lines))
    },
    import_ready: |lines| {
        format!("Можно импортировать {}. Пока ничего не импортировано.", count(lines, "строку", "строки", "строк"))
    },
    line_cell_count: |found, expected| {
        let found = count(found as u64, "ячейка", "ячейки", "ячеек");
        format!("В этой строке {found}, а в первой — {}.", crate::model::thousands(expected as u64))
    },
    line_phone_twice: |line| format!("Тот же номер телефона есть в строке {line}."),
    line_code_malformed: |column| {
        format!("{column}: это не пригласительный код. В нём шесть цифр и латинских букв, кроме 0, 1, I, L и O.")
    },
    line_code_twice: |line| format!("Тот же пригласительный код есть в строке {line}."),
    line_day_malformed: |column| format!("{column}: это не дата. Напишите 2026-03-31 или 2026-03-31T08:30:00Z."),
    line_day_in_future: |column| format!("{column}: эта дата в будущем."),
    detach_text: |code| format!("Активация кода {code} будет отменена. Участник снова сможет активировать код."),
};

/// Narrow spaces between thousands, as in 12 345.
fn thousands(number: u32) -> String {
    crate::model::thousands(number.into())
}

/// In the accusative, as behind "показать".
fn invitees(number: u64) -> String {
    count(number, "приглашённого", "приглашённых", "приглашённых")
}

/// A number with its noun: `one` for 1, 21 and 101, `few` for 2 to 4, 22 and 102, `many` for all others, also 11 to 14.
pub fn count(number: impl Into<u64>, one: &str, few: &str, many: &str) -> String {
    let number = number.into();
    let noun = match (number % 10, number % 100) {
        (1, last) if last != 11 => one,
        (2..=4, last) if !(12..=14).contains(&last) => few,
        _ => many,
    };
    format!("{} {noun}", crate::model::thousands(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_noun_has_three_forms() {
        for (form, numbers) in [
            ("код", &[1, 21, 101, 121, 1001][..]),
            ("кода", &[2, 3, 4, 22, 24, 102, 103]),
            ("кодов", &[0, 5, 10, 11, 12, 14, 20, 25, 99, 100, 111, 112, 1011]),
        ] {
            for number in numbers {
                let counted = count(*number, "код", "кода", "кодов");
                assert_eq!(counted, format!("{} {form}", thousands(*number)));
            }
        }
    }

    #[test]
    fn a_wait_fits_behind_its_preposition() {
        let texts = [1, 90, 91, 5_400, 5_401, 75_600, 129_600, 129_601, 432_000].map(MEMBER.duration);
        assert_eq!(texts, ["1 сек", "90 сек", "2 мин", "90 мин", "2 часа", "21 час", "36 часов", "2 дня", "5 дней"]);
    }
}
