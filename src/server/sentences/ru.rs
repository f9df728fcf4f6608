//! Russian: what only the server writes.

use super::{Api, Documents, Service};
use crate::words::ru::count;
use time::Month;

pub static DOCUMENTS: Documents = Documents {
    languages: "Языки",
    description: "Войдите по номеру телефона, получите пригласительный код и смотрите, кто по нему присоединился.",
    nobody_is_verified: "Пробный режим: коды видны прямо на странице, поэтому номера телефонов не проверяются.",
    terms: "Условия",
    privacy: "Конфиденциальность",

    start_title: "Добро пожаловать",
    start_heading: "По приглашению тех, кто вас знает",
    start_text: "Каждого здесь кто-то пригласил, и каждый ручается за тех, кого приглашает сам.",
    start_log_in: "Войдите по номеру телефона. Пароль не нужен.",
    start_share: "Получите свой код и дайте его тем, кому доверяете.",
    start_see: "Смотрите, кто присоединился через вас, сразу, как только это произойдёт.",

    invitation_title: "Приглашение",

    day: "День",
    week_from: "Неделя с",
    month: "Месяц",
    joined_then: "Человек",
    progress_by_time: "Сколько присоединилось по вашему коду и когда",
    milestones: "Вехи",
    reached: "достигнуто",
    board: "Таблица участников",
    empty_board: "В таблице пока никого нет.",
    place: "Место",
    who: "Участник",
    you: "вы",
    on_board: "Вы есть в таблице: там видна часть вашего номера.",
    not_on_board: "Вас нет в таблице. Другие участники видят в ней часть номера, например +7\u{a0}9••\u{a0}•••‑••‑89.",
    join_board: "Добавить меня в таблицу",
    leave_board: "Убрать меня из таблицы",

    offline_heading: "Нет соединения",
    offline_text: "Сервер недоступен. Проверьте соединение и попробуйте ещё раз.",
    try_again: "Попробовать ещё раз",

    devices_heading: "Где вы вошли",
    devices_hint: "Если устройство вам незнакомо, нажмите рядом с ним «Выйти».",
    this_device: "Это устройство",
    logged_in_on: "Вход: ",
    last_used: "Последняя активность: ",
    log_out_everywhere: "Выйти на всех устройствах",
    log_out_everywhere_hint: "Вы выйдете на всех устройствах, и на этом тоже. Чтобы войти снова, понадобится ваш телефон.",
    back_to_profile: "Вернуться в профиль",

    account_heading: "Ваши данные",
    account_text: "Что о вас хранится, одним файлом: номер, коды, входы, устройства, приглашённые.",
    download_data: "Скачать мои данные",
    delete_heading: "Удалить аккаунт",
    delete_text: "Ваш номер, устройства и входы удаляются сразу. Те, кто присоединился через вас, останутся и увидят бывшего \
                  участника. Отменить это нельзя.",
    send_code_to_delete: "Отправить код для удаления",
    delete_code_text: "Мы отправили код на ваш телефон. С ним аккаунт будет удалён.",
    delete_account: "Удалить мой аккаунт",
    deleting: "Удаляем…",

    number_heading: "Сменить номер",
    number_why: "У вас теперь другой номер? Ваш код и приглашённые останутся с вами.",
    number_text: "Сначала мы отправим код на ваш нынешний номер, затем на новый. После этого на всех остальных устройствах вы \
                  выйдете из аккаунта. Тот, кто вас пригласил, увидит новый номер.",
    number_begin: "Отправить код на нынешний номер",
    number_go_on: "Дальше",
    number_proven: "Нынешний номер подтверждён. Теперь в течение получаса введите новый.",
    number_new: "Новый номер телефона",
    number_of_silent_account: "Если этот номер у другого аккаунта, которым полгода никто не пользовался, номер перейдёт к вам. \
                               Владелец сможет вернуть тот аккаунт на устройстве, где он раньше входил.",
    number_change: "Сменить номер",
    number_another: "Ввести другой номер",
    number_cancel: "Оставить нынешний номер",

    owner_title: "Это ваш аккаунт?",
    owner_heading: "Это ваш аккаунт?",
    owner_yes_text: "Этот номер был у вас и раньше, и вы входили с ним сюда.",
    owner_yes: "Да, мой",
    owner_no_text: "Этот номер у вас недавно. Тогда вы получите собственный аккаунт, а тот будет ждать своего владельца.",
    owner_no: "Нет, не мой",

    claim_heading: "Вернуть ваш аккаунт?",
    claim_hint: "Если он ваш, он получит номер, с которым вы только что вошли, а новый аккаунт будет удалён. Если здесь входил \
                 кто-то другой, оставьте аккаунт ему.",
    claim_accept: "Да, он мой",
    claim_decline: "Нет, остаться с новым аккаунтом",

    people: |number| count(number, "человек", "человека", "человек"),
    joined_with_your_code: |number| match number {
        0 => "По вашему коду пока никто не присоединился.".to_owned(),
        _ => format!("По вашему коду присоединилось: {}.", count(number, "человек", "человека", "человек")),
    },
    your_place: |place| format!("Ваше место: {}.", crate::model::thousands(place)),
    next_milestone: |invitees, of, sentence| {
        format!("{} из {}: {sentence}", crate::model::thousands(invitees), crate::model::thousands(of))
    },
    owner_question: |day| format!("С этим номером уже есть аккаунт. Последний раз им пользовались {day}."),
    claim_text: |day| {
        format!("На этом устройстве пользовались аккаунтом, последний раз {day}. Его номер теперь у другого человека.")
    },
};

pub static SERVICE: Service = Service {
    access_token_missing: "Нужен токен доступа: Authorization: Bearer …",
    foreign_page: "Запрос пришёл не со страницы этого сайта, поэтому ничего не изменено.",
    nothing_here: "По этому адресу ничего нет.",
    method_not_allowed: "Этот адрес не принимает такой метод. Допустимые методы перечислены в заголовке Allow.",
    body_too_slow: "Тело запроса передавалось слишком долго.",
    media_type_json: "Отправьте тело запроса как application/json.",
    media_type_csv: "Отправьте файл как text/csv.",
    not_understood: "Запрос не удалось понять.",
    body_not_object: "Тело запроса должно быть объектом JSON.",
    refresh_token_missing: "Отправьте токен обновления.",
    must_be_string: "Здесь должна быть строка.",
    must_be_flag: "Здесь должно быть true или false.",
    bad_cursor: "Это значение нужно взять из заголовка Link предыдущей страницы.",
    invitation_text: "Войдите по номеру телефона. Приглашение хранится 30 дней, и вы сами решаете, принять ли его.",
    invitation_text_member: "Приглашение ждёт вас в профиле. Оно хранится 30 дней, и вы сами решаете, принять ли его.",
    invitation_unknown: "Это приглашение больше не действует",
    invitation_busy: "Эту ссылку сейчас нельзя проверить",
    invitation_blocked: "Это приглашение сейчас нельзя принять",
    invitation_without: "Попросите новую ссылку или присоединяйтесь без неё. Принять приглашение можно и позже.",
    invitation_without_member: "Попросите новую ссылку. Принять приглашение можно и позже.",
    invitation_own: "Это ваша собственная ссылка",
    invitation_own_text: "Отправьте её тем, за кого вы ручаетесь.",
    invitation_of_invitee: "Этот человек присоединился через вас",
    invitation_of_invitee_text: "Поэтому принять его приглашение вам нельзя.",
    invitation_used_text: "Принять можно только одно приглашение.",
    join: "Присоединиться",
    to_profile: "Перейти в профиль",
    erased_invitee: "Бывший участник",
    unknown_browser: "Неизвестный браузер",
    unknown_client: "Приложение, через API",
    failure_heading: "Сейчас нет ответа",
    too_many_requests_heading: "Слишком много запросов",
    failure_text: "Ничего не изменено. Попробуйте ещё раз через минуту.",
    foreign_form_heading: "Запрос пришёл не со страницы этого сайта",
    foreign_form_text: "Форму отправили с другого сайта, или браузер скрывает, откуда она отправлена. Ничего не \
                        изменено.",
    login_message: "{name}: код {code}. Никому не говорите",

    body_too_large: |kib| format!("Тело запроса слишком большое. Отправьте не больше {kib} КиБ."),
    invalid_json: |error| format!("Тело запроса — неправильный JSON: {error}."),
    unusable_body: |error| format!("Тело запроса не подходит: {error}."),
    number_from_to: |from, to| format!("Здесь должно быть число от {from} до {to}."),
    must_be_one_of: |words| format!("Здесь должно быть одно из значений: {words}."),
    bad_idempotency_key: |most| {
        format!("Idempotency-Key — это один заголовок, в нём от 1 до {most} видимых символов ASCII.")
    },
    activated: |code| format!("Код {code} активирован."),
    month: |month| MONTHS[usize::from(u8::from(month)) - 1].to_owned(),
    short_month: |month| SHORT_MONTHS[usize::from(u8::from(month)) - 1].to_owned(),
    month_alone: |month| match month {
        Month::May => "май".to_owned(),
        month => SHORT_MONTHS[usize::from(u8::from(month)) - 1].to_owned(),
    },
    // In the accusative, as behind "за" and "через".
    exact_duration: |duration| match duration.as_secs() {
        _ if duration.subsec_nanos() > 0 => format!("{} мс", duration.as_millis()),
        seconds if seconds > 0 && seconds % 86_400 == 0 => count(seconds / 86_400, "день", "дня", "дней"),
        seconds if seconds > 0 && seconds % 3_600 == 0 => count(seconds / 3_600, "час", "часа", "часов"),
        seconds if seconds > 0 && seconds % 60 == 0 => count(seconds / 60, "минуту", "минуты", "минут"),
        seconds => count(seconds, "секунду", "секунды", "секунд"),
    },
    exact_size: |bytes| match bytes % 1024 {
        0 => format!("{} КиБ", bytes / 1024),
        _ => count(bytes as u64, "байт", "байта", "байт"),
    },
    invitation_by: |inviter| format!("Вас приглашает {inviter}"),
    invitation_busy_text: |code| {
        format!("Из вашей сети открыли слишком много неизвестных ссылок. Код {code} можно ввести в профиле.")
    },
    invitation_used: |code| format!("Вы уже активировали код {code}"),
    invited_by: |inviter| format!("Вас пригласил {inviter}."),
    share_message: |link| format!("Ручаюсь за вас. Присоединяйтесь по моей ссылке: {link}"),
    link_counts: |opened, logged_in, redeemed| {
        let [opened, logged_in, redeemed] = [opened, logged_in, redeemed].map(crate::model::thousands);
        format!("По вашей ссылке перешли: {opened}. Вошли: {logged_in}. Активировали код: {redeemed}.")
    },
    places: |number| format!("Вы вошли на {}.", count(number as u64, "устройстве", "устройствах", "устройствах")),
    browser_on: |browser, system| format!("{browser} на {system}"),
    client_of_api: |client| format!("{client}, через API"),
};

pub static API: Api = Api {
    needs_javascript: "Для этой страницы нужен JavaScript, а для самого описания — нет:",
    as_yaml: "в формате YAML",
    as_json: "в формате JSON",
    required: "обязательно",
    loading: "загрузка",

    digits: |least, most| if least == most { least.to_string() } else { format!("{least}–{most}") },
    uses_within: |uses, window| format!("{uses} за {window}"),
    both: |one, other| format!("{one} и {other}"),
    limit_policy: |example| format!("Ограничение: его название, сколько раз и за сколько секунд, например `{example}`"),
    limit_left: |example| {
        format!("Сколько раз ещё можно и через сколько секунд добавится ещё один, например `{example}`")
    },
};

/// In the genitive, as in 1 января 2026.
const MONTHS: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];

const SHORT_MONTHS: [&str; 12] =
    ["янв.", "фев.", "мар.", "апр.", "мая", "июн.", "июл.", "авг.", "сен.", "окт.", "ноя.", "дек."];

#[cfg(test)]
mod tests {
    use super::*;

    /// A message in Cyrillic has 70 places, and the line for browsers takes some of them.
    #[test]
    fn the_text_message_is_one_part() {
        let text = SERVICE.login_message.replace("{code}", "12345678") + "\n\n@vouch.example #12345678";
        assert!(text.encode_utf16().count() <= 70, "{text}");
    }
}
