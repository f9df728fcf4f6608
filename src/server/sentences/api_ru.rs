//! Russian: the texts of the description of the API, each behind the English one, which is written beside the code. A line
//! break within a paragraph counts as a blank. The names in braces are settings (`rest::numbers`); a duration is in the
//! accusative.

use super::Translations;

pub static DESCRIPTION: Translations = &[
    ("Login", "Вход"),
    ("Members", "Участники"),
    ("Admin", "Управление"),
    ("Documentation", "Документация"),
    (
        "A referral system with verified phone numbers. Members log in with a phone number and a code, see their \
         invite code, and redeem the invite code of somebody else.\n\nEvery error is `application/problem+json` (RFC \
         9457). A path also works without the slash at its end, except `GET /profile`, which is a page of the web app. \
         A method that is not described is answered 405, a body over {max_body} 413; only a file of members may be \
         larger.\n\nThe numbers here are the settings of this server.",
        "Реферальная система с подтверждёнными номерами телефонов. Участник входит по номеру телефона и коду, видит \
         свой пригласительный код и активирует код того, кто его пригласил.\n\nКаждая ошибка — это \
         `application/problem+json` (RFC 9457). Любой путь работает и без косой черты в конце, кроме `GET /profile`: \
         это страница веб-приложения. На метод, которого здесь нет, ответ — 405, на тело запроса больше {max_body} — \
         413; больше может быть только файл с участниками.\n\nЧисла здесь — это настройки этого сервера.",
    ),
    ("This server", "Этот сервер"),
    ("Send a login code", "Отправить код входа"),
    (
        "Sends a code of {code_length} digits by SMS. It works once, within {code_life} and {code_guesses} \
         guesses.\n\nThe code can be sent again after {resend_wait}; this wait grows with each message that is not \
         used. The same code is sent while it is valid. Messages to one phone number are limited to {sends_per_phone}.",
        "Отправляет код из {code_length} цифр в СМС. Он действует один раз и {code_life}; попыток ввести его: \
         {code_guesses}.\n\nСнова код можно отправить через {resend_wait}; с каждым неиспользованным сообщением ждать \
         приходится дольше. Пока код действует, отправляется тот же самый. Сколько сообщений можно отправить на один \
         номер: {sends_per_phone}.",
    ),
    ("The code was sent", "Код отправлен"),
    ("SMS is sent", "СМС отправляется"),
    ("SMS is simulated", "СМС имитируется"),
    (
        "The phone number is missing or not possible, or the body is not a JSON object",
        "Номер телефона не указан или невозможен, или тело запроса — не объект JSON",
    ),
    ("No messages are sent to this country", "В эту страну сообщения не отправляются"),
    ("The phone number is not possible", "Номер телефона невозможен"),
    ("No messages are sent to numbers of this kind", "На номера такого вида сообщения не отправляются"),
    ("The phone number is missing", "Номер телефона не указан"),
    ("The body is not a JSON object", "Тело запроса — не объект JSON"),
    (
        "The body did not arrive within {body_timeout} (`VOUCH_BODY_TIMEOUT`)",
        "Тело запроса не передано за {body_timeout} (`VOUCH_BODY_TIMEOUT`)",
    ),
    ("The body is larger than {max_body} (`VOUCH_MAX_BODY`)", "Тело запроса больше {max_body} (`VOUCH_MAX_BODY`)"),
    ("The body is not declared as `application/json`", "Тело запроса не объявлено как `application/json`"),
    (
        "Too soon after the previous code, or too many messages or wrong codes for this phone number, or too many \
         requests from this network",
        "С предыдущего кода прошло слишком мало времени, или для этого номера было слишком много сообщений или \
         неверных кодов, или из этой сети было слишком много запросов",
    ),
    ("Seconds to wait", "Сколько секунд ждать"),
    ("Too many messages to this phone number", "Слишком много сообщений на этот номер"),
    ("Too many requests from this network", "Слишком много запросов из этой сети"),
    ("A code was sent a moment ago", "Код только что отправлен"),
    ("Too many wrong codes for this phone number", "Слишком много неверных кодов для этого номера"),
    (
        "The server is not available, or logins from new devices are paused because somebody is abusing them (`code` \
         is `paused`); nothing was changed",
        "Сервер недоступен, или вход с новых устройств приостановлен, потому что им кто-то злоупотребляет (тогда \
         `code` — `paused`); ничего не изменено",
    ),
    ("Logins from new devices are paused", "Вход с новых устройств приостановлен"),
    ("A failure", "Сбой"),
    ("Log in with a code", "Войти по коду"),
    (
        "Exchanges the newest login code of a phone number for tokens. The first login makes the member, with an \
         invite code of their own. For one phone number, wrong codes are limited to {wrong_per_phone}.",
        "Обменивает последний код входа для номера телефона на токены. При первом входе появляется участник со своим \
         пригласительным кодом. Сколько неверных кодов можно ввести для одного номера: {wrong_per_phone}.",
    ),
    ("Logged in", "Вход выполнен"),
    (
        "Identifies the device; a known device has limits of its own",
        "Опознаёт устройство; у известного устройства свои ограничения",
    ),
    (
        "A field is missing, blank or not a string, or the body is not a JSON object",
        "Поле не указано, пустое или не строка, или тело запроса — не объект JSON",
    ),
    ("The code is missing", "Код не указан"),
    (
        "The code is wrong, expired, used, or was never sent, which are all answered alike; or the code is right and \
         the member is blocked",
        "Код неверный, истёк, уже использован или не отправлялся — ответ на всё это одинаковый; или код верный, но \
         участник заблокирован",
    ),
    ("The member is blocked", "Участник заблокирован"),
    ("The code is refused", "Код не принят"),
    (
        "Too many wrong codes for this phone number or from this network; the code was not checked",
        "Слишком много неверных кодов для этого номера или из этой сети; код не проверялся",
    ),
    ("Too many wrong codes from this network", "Слишком много неверных кодов из этой сети"),
    ("Get new tokens", "Получить новые токены"),
    (
        "Exchanges a refresh token for the next tokens. A refresh token works once. A client that got no answer can \
         repeat the request within {refresh_grace} and gets the same refresh token again. Any other second use ends \
         the login, since the token may have been stolen.",
        "Обменивает токен обновления на следующие токены. Токен обновления действует один раз. Если ответ не дошёл, \
         клиент может повторить запрос не позже чем через {refresh_grace} и получит тот же токен обновления. Любое \
         другое повторное использование прекращает вход, потому что токен могли украсть.",
    ),
    ("The next tokens", "Следующие токены"),
    (
        "The field is missing, blank or not a string, or the body is not a JSON object",
        "Поле не указано, пустое или не строка, или тело запроса — не объект JSON",
    ),
    ("The token is missing", "Токен не указан"),
    (
        "The token is expired, used before, logged out, or not a refresh token of this server",
        "Токен истёк, уже использован, вход по нему прекращён, или это не токен обновления этого сервера",
    ),
    ("The server is not available; nothing was changed", "Сервер недоступен; ничего не изменено"),
    ("Log out", "Выйти"),
    (
        "Ends the login of the access token: its access and refresh tokens stop working at once. With `everywhere`, \
         ends all logins of the member.",
        "Прекращает вход, к которому относится токен доступа: его токены доступа и обновления сразу перестают \
         действовать. С `everywhere` прекращает все входы участника.",
    ),
    ("Logged out", "Выход выполнен"),
    (
        "`everywhere` is neither true nor false, or the body is not a JSON object",
        "`everywhere` — не true и не false, или тело запроса — не объект JSON",
    ),
    ("Neither true nor false", "Не true и не false"),
    (
        "The access token is missing or not valid, or the member is blocked or deleted; `code` says which",
        "Токен доступа не указан или недействителен, или участник заблокирован или удалён; что именно, говорит `code`",
    ),
    ("The member was deleted", "Участник удалён"),
    (
        "Expired, altered, logged out, or not an access token",
        "Токен истёк, изменён, вход по нему прекращён, или это не токен доступа",
    ),
    ("Show the profile", "Показать профиль"),
    (
        "Shows the phone number, the invite code and the invitees of the member. The header `Link` leads to the next \
         page of invitees. A browser that opens this address is redirected to the web app.",
        "Показывает номер телефона, пригласительный код и приглашённых участника. Заголовок `Link` ведёт на следующую \
         страницу приглашённых. Браузер, открывший этот адрес, перенаправляется в веб-приложение.",
    ),
    ("How many invitees the page holds at most.", "Сколько приглашённых самое большее на странице."),
    (
        "Where the page begins, as in the header `Link` of the previous page; blank for the first page.",
        "С чего начинается страница, как в заголовке `Link` предыдущей страницы; пусто для первой страницы.",
    ),
    ("The profile", "Профиль"),
    (
        "`</profile/?limit=…&after=…>; rel=\"next\"`, if there are more",
        "`</profile/?limit=…&after=…>; rel=\"next\"`, если есть ещё",
    ),
    (
        "A browser (`Accept` begins with `text/html`, and there is no token) is redirected to `/profile`",
        "Браузер (`Accept` начинается с `text/html`, и токена нет) перенаправляется на `/profile`",
    ),
    ("A parameter is not valid", "Параметр недопустим"),
    ("Redeem an invite code", "Активировать пригласительный код"),
    (
        "Redeems the invite code of somebody else. A member can do this once. With an `Idempotency-Key`, a repeated \
         request gets the answer of the first one, for {idempotency_memory}. For one member, unknown codes are limited \
         to {unknown_codes}.",
        "Активирует пригласительный код другого участника. Сделать это можно один раз. Если есть `Idempotency-Key`, \
         повторный запрос получает ответ первого; ответ хранится {idempotency_memory}. Сколько неизвестных кодов может \
         ввести один участник: {unknown_codes}.",
    ),
    (
        "Identifies this request, so that it can be repeated: 1 to 255 visible ASCII characters",
        "Опознаёт этот запрос, чтобы его можно было повторить: от 1 до 255 видимых символов ASCII",
    ),
    ("The code was redeemed", "Код активирован"),
    (
        "The code is missing, blank, not a string, or longer than 6 characters; or the body is not a JSON object, or \
         the idempotency key is not valid",
        "Код не указан, пустой, не строка или длиннее 6 символов, или тело запроса — не объект JSON, или ключ \
         идемпотентности недопустим",
    ),
    ("The idempotency key is not valid", "Ключ идемпотентности недопустим"),
    ("The code is too long", "Код слишком длинный"),
    ("Unknown code", "Неизвестный код"),
    (
        "This member cannot redeem this code; `code` says why",
        "Этот участник не может активировать этот код; почему, говорит `code`",
    ),
    ("The owner is blocked", "Владелец кода заблокирован"),
    ("The owner joined through the member", "Владелец кода присоединился через этого участника"),
    ("The code of the member", "Собственный код участника"),
    ("The member has redeemed a code before", "Участник уже активировал код"),
    ("The idempotency key was used with another code", "Ключ идемпотентности уже использован с другим кодом"),
    ("Too many unknown codes", "Слишком много неизвестных кодов"),
    ("List the devices", "Показать устройства"),
    (
        "Lists where the member is logged in, in the web app and over the API.",
        "Показывает, где участник вошёл: в веб-приложении и через API.",
    ),
    ("The logins of the member", "Входы участника"),
    ("Log out on a device", "Выйти на устройстве"),
    (
        "Ends one login of the member: its session, or its access and refresh tokens, stop working at once. Its device \
         becomes unknown. `POST /logout/` with `everywhere` ends all.",
        "Прекращает один вход участника: его сеанс или его токены доступа и обновления сразу перестают действовать. \
         Устройство становится неизвестным. Все входы прекращает `POST /logout/` с `everywhere`.",
    ),
    ("The `id` of the login in `GET /devices/`", "Поле `id` входа в `GET /devices/`"),
    ("The member has no such login, or it has ended", "У участника нет такого входа, или он уже прекращён"),
    ("Get an admin token", "Получить токен администратора"),
    (
        "Exchanges an access token and the second factor, which is set up at the admin pages. The admin token is valid \
         for {admin_idle}, and ends with the login of the access token. For one admin, wrong codes are limited to \
         {wrong_second_factors}.",
        "Обменивает токен доступа и второй фактор, который настраивается на страницах управления. Токен администратора \
         действует {admin_idle} и перестаёт действовать вместе со входом, к которому относится токен доступа. Сколько \
         неверных кодов может ввести один администратор: {wrong_second_factors}.",
    ),
    ("An admin token", "Токен администратора"),
    ("The code is missing, or the body is not a JSON object", "Код не указан, или тело запроса — не объект JSON"),
    (
        "The code is wrong or was used before, the login is older than {admin_life}, or the second factor is not set \
         up; `code` says which",
        "Код неверный или уже использован, или вход выполнен больше чем {admin_life} назад, или второй фактор не \
         настроен; что именно, говорит `code`",
    ),
    ("The member is not an admin", "Участник — не администратор"),
    ("Too many wrong codes", "Слишком много неверных кодов"),
    ("Show the overview", "Показать обзор"),
    (
        "Counts of members, logins, redemptions and messages over time, and the members with the most invitees.",
        "Сколько было участников, входов, активаций и сообщений за каждый период и кто пригласил больше всех.",
    ),
    (
        "The last 30 days, the last 26 weeks or the last 24 months. Without it, days.",
        "Последние 30 дней, последние 26 недель или последние 24 месяца. Если не указано: дни.",
    ),
    ("The overview", "Обзор"),
    ("The parameter is not valid", "Параметр недопустим"),
    ("The admin token is missing or not valid", "Токен администратора не указан или недействителен"),
    (
        "Expired, altered, logged out, or not a token of this server",
        "Токен истёк, изменён, вход по нему прекращён, или это не токен этого сервера",
    ),
    (
        "The token is an access token of an admin; exchange it at `POST /admin/api/token/` first",
        "Это токен доступа администратора; сначала обменяйте его в `POST /admin/api/token/`",
    ),
    (
        "The member is not an admin, or there is nothing at this address",
        "Участник — не администратор, или по этому адресу ничего нет",
    ),
    ("Find members", "Найти участников"),
    (
        "Finds members by part of the phone number, by invite code, by inviter, by status and by the day on which they \
         joined. The header `Link` leads to the next page.",
        "Находит участников по части номера телефона, по пригласительному коду, по пригласившему, по статусу и по дню, \
         когда они присоединились. Заголовок `Link` ведёт на следующую страницу.",
    ),
    ("Part of a phone number, or an invite code.", "Часть номера телефона или пригласительный код."),
    (
        "The invite code or the whole phone number of an inviter.",
        "Пригласительный код или полный номер телефона пригласившего.",
    ),
    ("Only members of this status.", "Только участники с этим статусом."),
    ("Joined on this day (UTC) or later.", "Присоединились в этот день (UTC) или позже."),
    ("Joined on this day (UTC) or earlier.", "Присоединились в этот день (UTC) или раньше."),
    (
        "Where the page begins, as in the header `Link` of the previous page.",
        "С чего начинается страница, как в заголовке `Link` предыдущей страницы.",
    ),
    ("How many members the page holds at most.", "Сколько участников самое большее на странице."),
    ("One page of members", "Одна страница участников"),
    (
        "`</admin/api/members/?…>; rel=\"next\"`, if there are more",
        "`</admin/api/members/?…>; rel=\"next\"`, если есть ещё",
    ),
    ("Unknown inviter", "Неизвестный пригласивший"),
    ("Other parameters", "Другие параметры"),
    ("Neither digits nor an invite code", "Не цифры и не пригласительный код"),
    ("Show a member", "Показать участника"),
    (
        "Shows the inviter and the invitees of a member, the attempts to redeem a code with their outcomes, the \
         devices and the logins. Of attempts, devices and logins, the newest 100 are shown.",
        "Показывает, кто пригласил участника и кого пригласил он, попытки активировать код и их итоги, устройства и \
         входы. Попытки, устройства и входы — не больше 100 самых новых.",
    ),
    ("The id of the member", "Номер участника"),
    ("The member", "Участник"),
    ("Change a member", "Изменить участника"),
    ("The act", "Действие"),
    ("Done", "Выполнено"),
    (
        "The reason is missing or too long, the code to attach is missing, or the body is not a JSON object",
        "Причина не указана или слишком длинная, или не указан код пригласившего, или тело запроса — не объект JSON",
    ),
    ("The reason is missing", "Причина не указана"),
    (
        "The state of the member does not allow the act; `code` says why",
        "Состояние участника не допускает этого действия; почему, говорит `code`",
    ),
    ("The member is blocked already", "Участник уже заблокирован"),
    ("The inviter joined through the member", "Пригласивший присоединился через этого участника"),
    ("List flags", "Показать отметки"),
    (
        "Lists suspicious activity. A flag asks for a review and has no other consequence. The header `Link` leads to \
         the next page.",
        "Показывает подозрительные действия. Отметка просит о проверке, других последствий у неё нет. Заголовок `Link` \
         ведёт на следующую страницу.",
    ),
    (
        "Flags that wait for a review, or reviewed ones. Without it, those that wait.",
        "Отметки, которые ждут проверки, или проверенные. Если не указано: которые ждут.",
    ),
    ("How many flags the page holds at most.", "Сколько отметок самое большее на странице."),
    ("One page of flags", "Одна страница отметок"),
    (
        "`</admin/api/flags/?…>; rel=\"next\"`, if there are more",
        "`</admin/api/flags/?…>; rel=\"next\"`, если есть ещё",
    ),
    ("Review a flag", "Проверить отметку"),
    (
        "Accepts or dismisses a flag and adds a line to the audit log. Activity before the review does not raise the \
         same flag again.",
        "Подтверждает или отклоняет отметку и добавляет запись в журнал аудита. Действия до проверки больше не вызовут \
         такой же отметки.",
    ),
    ("The id of the flag", "Номер отметки"),
    ("Reviewed", "Проверено"),
    (
        "The verdict is missing or unknown, the reason is missing or too long, or the body is not a JSON object",
        "Решение не указано или неизвестно, или причина не указана или слишком длинная, или тело запроса — не объект \
         JSON",
    ),
    ("The verdict is missing or unknown", "Решение не указано или неизвестно"),
    ("The flag was reviewed before", "Отметка уже проверена"),
    ("Read the audit log", "Прочитать журнал аудита"),
    (
        "Lists what admins did, newest first. Lines are never changed or removed. The header `Link` leads to the next \
         page.",
        "Показывает, что делали администраторы, сначала новое. Записи никогда не меняются и не удаляются. Заголовок \
         `Link` ведёт на следующую страницу.",
    ),
    ("Part of the reason or of the details.", "Часть причины или подробностей."),
    ("Only this act.", "Только это действие."),
    (
        "Only acts of the admin with this id or whole phone number.",
        "Только действия администратора с этим номером участника или полным номером телефона.",
    ),
    (
        "Only acts on the member with this id or whole phone number.",
        "Только действия над участником с этим номером участника или полным номером телефона.",
    ),
    ("On this day (UTC) or later.", "В этот день (UTC) или позже."),
    ("On this day (UTC) or earlier.", "В этот день (UTC) или раньше."),
    ("How many lines the page holds at most.", "Сколько строк самое большее на странице."),
    ("One page of lines", "Одна страница записей"),
    (
        "`</admin/api/audit/?…>; rel=\"next\"`, if there are more",
        "`</admin/api/audit/?…>; rel=\"next\"`, если есть ещё",
    ),
    ("Unknown actor", "Неизвестный администратор"),
    ("Unknown subject", "Неизвестный участник"),
    ("List what was sent", "Показать, что отправлено"),
    (
        "Lists the deliveries of webhooks of the last 30 days with all attempts, newest first. The header `Link` leads \
         to the next page.",
        "Показывает доставки вебхуков за последние 30 дней со всеми попытками, сначала новые. Заголовок `Link` ведёт \
         на следующую страницу.",
    ),
    ("Only deliveries in this state.", "Только доставки в этом состоянии."),
    ("Only events of this type.", "Только события этого типа."),
    ("How many deliveries the page holds at most.", "Сколько доставок самое большее на странице."),
    ("One page of deliveries", "Одна страница доставок"),
    (
        "`</admin/api/webhooks/?…>; rel=\"next\"`, if there are more",
        "`</admin/api/webhooks/?…>; rel=\"next\"`, если есть ещё",
    ),
    ("Send all failed events again", "Отправить все недоставленные события снова"),
    (
        "Sends every event again whose last attempt has failed, too. Adds a line to the audit log.",
        "Снова отправляет каждое событие, которое не удалось доставить и с последней попытки. Добавляет запись в журнал \
         аудита.",
    ),
    ("They are sent at once", "События отправляются сразу"),
    (
        "The reason is missing or too long, or the body is not a JSON object",
        "Причина не указана или слишком длинная, или тело запроса — не объект JSON",
    ),
    ("Send an event again", "Отправить событие снова"),
    (
        "Sends an event to its endpoint again, with the same id, whether it was delivered or not. Adds a line to the \
         audit log.",
        "Снова отправляет событие получателю, с тем же номером, доставлено оно было или нет. Добавляет запись в журнал \
         аудита.",
    ),
    ("The id of the delivery", "Номер доставки"),
    ("It is sent at once", "Событие отправляется сразу"),
    ("List the endpoints", "Показать получателей"),
    (
        "Lists the endpoints of webhooks that the host has set, and whether they are on.",
        "Показывает получателей вебхуков, которых задал хозяин сервера, и включены ли они.",
    ),
    ("All endpoints", "Все получатели"),
    ("Switch an endpoint on", "Включить получателя"),
    (
        "Sends again to an endpoint that was switched off, and first what has been waiting for it. Adds a line to the \
         audit log.",
        "Снова отправляет события получателю, который был выключен, и сначала то, что его ждало. Добавляет запись в \
         журнал аудита.",
    ),
    ("It is on", "Получатель включён"),
    (
        "The URL is missing, the reason is missing or too long, or the body is not a JSON object",
        "Адрес не указан, или причина не указана или слишком длинная, или тело запроса — не объект JSON",
    ),
    ("The endpoint is on", "Получатель уже включён"),
    ("Export a list", "Экспортировать список"),
    (
        "Downloads all members, redemptions or lines of the audit log. In CSV, a cell that a spreadsheet would run as \
         a formula begins with an apostrophe. The export adds a line to the audit log.",
        "Скачивает всех участников, все активации или весь журнал аудита. В CSV ячейка, которую табличный редактор \
         выполнил бы как формулу, начинается с апострофа. Об экспорте остаётся запись в журнале аудита.",
    ),
    ("The list", "Список"),
    ("The name of the file", "Название файла"),
    (
        "The format is missing or unknown, the reason is missing or too long, or the body is not a JSON object",
        "Формат не указан или неизвестен, или причина не указана или слишком длинная, или тело запроса — не объект \
         JSON",
    ),
    ("The format is missing or unknown", "Формат не указан или неизвестен"),
    ("Upload a file of members", "Загрузить файл с участниками"),
    (
        "The file is CSV, with commas or semicolons. Its first line names the columns: `phone_number`, and optionally \
         `invite_code`, `former_invite_codes`, `joined_at`, `blocked_at`, `erased_at`, `redeemed_code` and \
         `redeemed_at`; an export of the members has all of them. The file is checked after the answer; nothing is \
         imported yet.",
        "Файл — CSV с запятыми или точками с запятой. В первой строке — названия столбцов: `phone_number` и, если \
         нужно, `invite_code`, `former_invite_codes`, `joined_at`, `blocked_at`, `erased_at`, `redeemed_code` и \
         `redeemed_at`; в экспорте участников есть все. Файл проверяется после ответа; пока ничего не импортируется.",
    ),
    ("The file is being checked", "Файл проверяется"),
    ("The address of the report", "Адрес отчёта"),
    (
        "The file is not a CSV file of members, or has more than {import_lines} lines (`VOUCH_IMPORT_LINES`)",
        "Файл — не CSV с участниками, или строк в нём больше {import_lines} (`VOUCH_IMPORT_LINES`)",
    ),
    ("The file did not arrive within 5 minutes", "Файл не передан за 5 минут"),
    (
        "The file is larger than {import_lines} lines can be",
        "Файл слишком большой: строк в нём может быть не больше {import_lines}",
    ),
    ("The body is not declared as `text/csv`", "Тело запроса не объявлено как `text/csv`"),
    ("Show an import", "Показать импорт"),
    (
        "Shows the state of an import and the lines with problems. The header `Link` leads to the next page of them. \
         Files are deleted after 24 hours.",
        "Показывает состояние импорта и строки с ошибками. Заголовок `Link` ведёт на следующую страницу таких строк. \
         Файлы удаляются через 24 часа.",
    ),
    ("The id of the import", "Номер импорта"),
    ("The report", "Отчёт"),
    (
        "`</admin/api/imports/3/?…>; rel=\"next\"`, if there are more",
        "`</admin/api/imports/3/?…>; rel=\"next\"`, если есть ещё",
    ),
    ("Import a file", "Импортировать файл"),
    (
        "Makes members of all lines of a checked file, after the answer. If one line fails, none is imported. The \
         import adds a line to the audit log.",
        "После ответа делает участниками все строки проверенного файла. Если не получится хотя бы с одной, не \
         импортируется ни одна. Об импорте остаётся запись в журнале аудита.",
    ),
    ("The file is being imported", "Файл импортируется"),
    (
        "Some lines have problems, the file is being checked or imported, it was imported before, or its check was \
         interrupted; `code` says which",
        "В некоторых строках есть ошибки, или файл проверяется или импортируется, или он уже импортирован, или \
         проверка прервалась; что именно, говорит `code`",
    ),
    ("Some lines have problems", "В некоторых строках есть ошибки"),
    ("The file was imported before", "Файл уже импортирован"),
    ("Describe the API", "Описать API"),
    (
        "Returns this document as YAML or as JSON, in English or in Russian.",
        "Возвращает этот документ в YAML или JSON, на английском или русском языке.",
    ),
    (
        "The language of the texts, `en` or `ru`. Without it, the header `Accept-Language` decides, and without that it is \
         English.",
        "Язык текстов: `en` или `ru`. Если не указан, решает заголовок `Accept-Language`, а без него — английский.",
    ),
    (
        "The format. Without it, the header `Accept` decides, and without that it is YAML.",
        "Формат. Если не указан, решает заголовок `Accept`, а без него — YAML.",
    ),
    ("The OpenAPI document", "Документ OpenAPI"),
    ("Unknown format", "Неизвестный формат"),
    ("Show the documentation", "Показать документацию"),
    (
        "Shows an interactive documentation of this API. Tokens can be entered there.",
        "Показывает интерактивную документацию этого API. В ней можно ввести токены.",
    ),
    ("The page", "Страница"),
    ("The answer to a redeemed code.", "Ответ на активированный код."),
    ("A sentence for people.", "Текст для людей."),
    ("An admin token.", "Токен администратора."),
    (
        "The token, for the header `Authorization: Bearer …` of the calls under `/admin/api/`.",
        "Токен для заголовка `Authorization: Bearer …` вызовов с адресом `/admin/api/`.",
    ),
    ("How many seconds the token is valid.", "Сколько секунд действует токен."),
    ("Why. It stays in the audit log permanently.", "Зачем. Навсегда останется в журнале аудита."),
    ("An attempt to redeem a code.", "Попытка активировать код."),
    (
        "The text that the member typed; empty if it cannot be a code.",
        "Что ввёл участник; пусто, если это не может быть кодом.",
    ),
    ("`redeemed`, or why the code was refused.", "`redeemed` или почему код не принят."),
    (
        "The owner of the code at the time; null for an unknown code.",
        "Владелец кода в то время; null, если код неизвестный.",
    ),
    ("The first attempt with this code.", "Первая попытка с этим кодом."),
    ("The last attempt with this code.", "Последняя попытка с этим кодом."),
    ("How many attempts there were with this code.", "Сколько было попыток с этим кодом."),
    (
        "The network of the last attempt, which is forgotten after {network_memory}.",
        "Сеть, из которой была последняя попытка; хранится {network_memory}.",
    ),
    ("A line of the audit log.", "Запись журнала аудита."),
    (
        "The admin; null for the host at the command line.",
        "Администратор; null, если это хозяин сервера в командной строке.",
    ),
    ("The member; null for an act on no member.", "Участник; null, если действие ни над кем."),
    ("What the act changed.", "Что изменило действие."),
    ("The network address of the admin.", "Сетевой адрес администратора."),
    (
        "A phone number and the login code that was sent to it.",
        "Номер телефона и код входа, который на него отправлен.",
    ),
    ("The phone number, written in any common way.", "Номер телефона в любом привычном виде."),
    ("The newest code that was sent to it.", "Последний код, отправленный на этот номер."),
    (
        "The `login` from the answer of `/get_code/`, if the client has kept it.",
        "Поле `login` из ответа `/get_code/`, если клиент его сохранил.",
    ),
    ("A line with problems.", "Строка с ошибками."),
    ("Its number in the file; the first line is 1.", "Её номер в файле; у первой строки номер 1."),
    ("Sentences for people.", "Тексты для людей."),
    ("A login that was begun.", "Начатый вход."),
    ("Null if it was not finished.", "Null, если вход не завершён."),
    ("Digits of the code.", "Сколько цифр в коде."),
    ("Codes that were entered and evaluated.", "Сколько кодов введено и проверено."),
    ("The answer to a code that was sent.", "Ответ на отправленный код."),
    (
        "The code, if SMS is simulated on this server; otherwise it is left out.",
        "Код, если СМС на этом сервере имитируется; иначе этого поля нет.",
    ),
    (
        "To be sent back with the code. Guesses are counted for each `login` by itself; without it, they are counted \
         together with those of other clients for this phone number.",
        "Нужно отправить обратно вместе с кодом. Попытки считаются для каждого `login` отдельно; без него они \
         считаются вместе с попытками других клиентов для этого номера.",
    ),
    ("A device on which a member logged in.", "Устройство, на котором участник входил."),
    ("The `User-Agent` of the last login.", "Заголовок `User-Agent` последнего входа."),
    ("The network of the last login.", "Сеть, из которой был последний вход."),
    ("The first login.", "Первый вход."),
    ("The last login.", "Последний вход."),
    ("The logins of the member.", "Входы участника."),
    (
        "The login of the access token first, then the last used. At most 100.",
        "Сначала вход, к которому относится токен доступа, потом те, которыми пользовались последними. Не больше 100.",
    ),
    ("The format of an export, and the reason for it.", "Формат экспорта и его причина."),
    (
        "`csv` for spreadsheets, `jsonl` for one JSON object a line.",
        "`csv` для таблиц, `jsonl` — по одному объекту JSON в строке.",
    ),
    ("A suspicion about a member.", "Подозрение в отношении участника."),
    (
        "`same-browser`, `same-network`, `ring`, `posted` or `guessing`.",
        "`same-browser` (один браузер), `same-network` (одна сеть), `ring` (взаимные активации), `posted` (код \
         опубликован) или `guessing` (подбор кодов).",
    ),
    (
        "The browser or network, for `same-browser` and `same-network`; empty for the others.",
        "Браузер или сеть для `same-browser` и `same-network`; для остальных пусто.",
    ),
    ("The number of redemptions or attempts behind the flag.", "Сколько активаций или попыток стоит за отметкой."),
    ("When it was noticed first.", "Когда замечено впервые."),
    ("When it was noticed last.", "Когда замечено в последний раз."),
    (
        "`accepted` or `dismissed`; null before the review.",
        "`accepted` (подтверждена) или `dismissed` (отклонена); null до проверки.",
    ),
    ("The phone number to log in with.", "Номер телефона, по которому входят."),
    ("The invite code to redeem.", "Пригласительный код, который нужно активировать."),
    (
        "The invite code of somebody else. Letter case, blanks and hyphens do not matter.",
        "Пригласительный код другого участника. Регистр букв, пробелы и дефисы не важны.",
    ),
    ("A file of members.", "Файл с участниками."),
    (
        "`checking`, `checked`, `writing` or `done`; or `interrupted` if the server was stopped while it checked or \
         imported.",
        "`checking` (проверяется), `checked` (проверен), `writing` (импортируется) или `done` (импортирован); или \
         `interrupted`, если сервер остановили во время проверки или импорта.",
    ),
    (
        "What the admin has to do: `wait`, `bring-again` (correct the file and upload it again), `apply` or `nothing`.",
        "Что делать администратору: `wait` (ждать), `bring-again` (исправить файл и загрузить снова), `apply` \
         (импортировать) или `nothing` (ничего).",
    ),
    ("When it was uploaded.", "Когда файл загружен."),
    ("How many lines the file has.", "Сколько строк в файле."),
    ("How many lines were checked.", "Сколько строк проверено."),
    ("How many of the checked lines have problems.", "В скольких проверенных строках есть ошибки."),
    (
        "Columns that are ignored, since an import does not know them.",
        "Столбцы, которых импорт не знает и поэтому пропускает.",
    ),
    (
        "One page of the lines with problems, in the order of the file.",
        "Одна страница строк с ошибками, в порядке файла.",
    ),
    ("A file of members, and the problems in it.", "Файл с участниками и ошибки в нём."),
    (
        "What is wrong with the request. Each wrong field has a member of its name, with the reasons.",
        "Что не так в запросе. Для каждого неверного поля есть поле с тем же именем, а в нём — причины.",
    ),
    ("Always `about:blank`.", "Всегда `about:blank`."),
    ("The status in words.", "Статус словами."),
    ("All reasons in one text for people.", "Все причины одним текстом для людей."),
    ("A member in a list.", "Участник в списке."),
    ("The phone in E.164 form; null for an erased member.", "Телефон в формате E.164; null у удалённого участника."),
    ("The number of invitees.", "Сколько участников пригласил."),
    ("One login.", "Один вход."),
    (
        "Names the login in `DELETE /devices/{id}/`. It gives no access.",
        "Указывает вход для `DELETE /devices/{id}/`. Доступа не даёт.",
    ),
    ("Whether it is a login over the API, and not in the web app.", "Вход ли это через API, а не в веб-приложении."),
    ("The browser and the system, or the client of the API.", "Браузер и система или клиент API."),
    (
        "The last use. The web app notes it once an hour, the API when tokens are exchanged.",
        "Когда входом пользовались последний раз. Веб-приложение отмечает это раз в час, API — при обмене токенов.",
    ),
    ("Whether it is the login of the access token.", "Тот ли это вход, к которому относится токен доступа."),
    ("A login that has not ended.", "Вход, который не прекращён."),
    ("`session` for the web app, `api` for the JSON API.", "`session` для веб-приложения, `api` для JSON API."),
    (
        "What unknown devices can still do to log a member in.",
        "Сколько ещё можно сделать с неизвестных устройств, чтобы участник вошёл.",
    ),
    ("Messages that can still be requested.", "Сколько сообщений ещё можно запросить."),
    (
        "Seconds until one more message can be requested; 0 if none was.",
        "Через сколько секунд можно будет запросить ещё одно сообщение; 0, если ни одного не было.",
    ),
    ("Wrong codes until codes have 8 digits.", "Сколько неверных кодов осталось до того, как в коде станет 8 цифр."),
    (
        "Seconds until one wrong code more is left; 0 if there was none.",
        "Через сколько секунд добавится ещё один неверный код; 0, если ни одного не было.",
    ),
    (
        "Logins in the last 30 days, newest first: at most 20.",
        "Входы за последние 30 дней, сначала новые: не больше 20.",
    ),
    (
        "Messages in the last 30 days, newest first: at most 20.",
        "Сообщения за последние 30 дней, сначала новые: не больше 20.",
    ),
    ("What to end. The body can be left out.", "Что прекратить. Тело запроса можно не отправлять."),
    (
        "Whether to end all logins of the member, in the API and in the web app.",
        "Прекратить ли все входы участника — и через API, и в веб-приложении.",
    ),
    ("Null for a member who was not erased.", "Null, если участник не удалён."),
    ("Whether the member is an admin.", "Администратор ли участник."),
    ("The code that the member redeemed, if any.", "Код, который участник активировал, если активировал."),
    ("Previous invite codes of the member, newest first.", "Прежние пригласительные коды участника, сначала новые."),
    ("Attempts to redeem a code, newest first.", "Попытки активировать код, сначала новые."),
    (
        "Devices on which the member logged in, the last used first.",
        "Устройства, на которых участник входил, сначала с самым поздним входом.",
    ),
    ("Logins that have not ended, newest first.", "Непрекращённые входы, сначала новые."),
    (
        "What unknown devices can still do to log the member in; null for an erased member.",
        "Сколько ещё можно сделать с неизвестных устройств, чтобы участник вошёл; null у удалённого участника.",
    ),
    (
        "Members who redeemed the code of this member, newest first: at most 50.",
        "Кто активировал код этого участника, сначала новые: не больше 50.",
    ),
    ("A member with their history.", "Участник и всё, что с ним было."),
    ("A message that was handed to a gateway.", "Сообщение, переданное шлюзу."),
    (
        "`sent`, or `unknown` if the gateway did not answer clearly.",
        "`sent` (отправлено) или `unknown`, если из ответа шлюза это неясно.",
    ),
    (
        "What the provider reported later: `delivered` or `undelivered`; null if nothing.",
        "Что позже сообщил оператор: `delivered` (доставлено) или `undelivered` (не доставлено); null, если ничего.",
    ),
    ("What was counted.", "Что посчитано."),
    ("Members who joined.", "Сколько участников присоединилось."),
    ("Logins for which a first code was requested.", "Входы, для которых запросили первый код."),
    ("Logins that succeeded; each used one message.", "Завершённые входы; на каждый ушло одно сообщение."),
    ("Invite codes redeemed.", "Активированные пригласительные коды."),
    ("Messages sent.", "Отправленные сообщения."),
    ("Counts of the referral program.", "Показатели реферальной программы."),
    ("Since the beginning.", "С самого начала."),
    ("How many members are blocked.", "Сколько участников заблокировано."),
    ("How many members were erased.", "Сколько участников удалено."),
    (
        "Days, weeks or months, the oldest first; the last one is the current one.",
        "Дни, недели или месяцы, сначала самые ранние; последний — текущий.",
    ),
    ("Of the days, weeks or months.", "За эти дни, недели или месяцы."),
    ("The members with the most invitees.", "Кто пригласил больше всех."),
    ("Why the request was refused.", "Почему запрос отклонён."),
    (
        "Always `about:blank`: the status says what kind of problem it is.",
        "Всегда `about:blank`: о виде ошибки говорит статус.",
    ),
    (
        "The same sentence, where clients of older services look for it.",
        "Тот же текст там, где его ищут клиенты прежних сервисов.",
    ),
    ("The reason, for programs.", "Причина для программ."),
    ("The profile of the member.", "Профиль участника."),
    ("The phone number in E.164 form.", "Номер телефона в формате E.164."),
    ("The invite code of the member.", "Пригласительный код участника."),
    (
        "The phone numbers of the invitees, newest first. Erased members are left out.",
        "Номера телефонов приглашённых, сначала новые. Удалённых участников здесь нет.",
    ),
    ("The number of all invitees, including erased members.", "Сколько всего приглашённых, вместе с удалёнными."),
    (
        "The invite code that the member redeemed; empty if none.",
        "Пригласительный код, который активировал участник; пусто, если не активировал.",
    ),
    ("The code that a member redeemed.", "Код, который активировал участник."),
    ("The code as it was when it was redeemed.", "Код, каким он был при активации."),
    ("The refresh token to exchange.", "Токен обновления, который нужно обменять."),
    ("The newest refresh token of the login.", "Последний токен обновления этого входа."),
    ("An act on a member.", "Действие над участником."),
    ("The invite code of the inviter; only for `attach`.", "Пригласительный код пригласившего; только для `attach`."),
    ("Why an act is done, where there is nothing else to say.", "Причина действия, к которому больше нечего сказать."),
    ("How much is sent again.", "Сколько отправляется снова."),
    ("The outcome of a review.", "Итог проверки."),
    (
        "`accepted` if the suspicion is right, `dismissed` if not.",
        "`accepted`, если подозрение верно, `dismissed`, если нет.",
    ),
    ("The second factor.", "Второй фактор."),
    (
        "The six digits that the authenticator app shows, or a recovery code.",
        "Шесть цифр из приложения-аутентификатора или резервный код.",
    ),
    (
        "What became of the people who opened a share link. Each is counted once, by the day of the opening.",
        "Что стало с теми, кто открыл ссылку. Каждый считается один раз, в тот день, когда открыл её.",
    ),
    ("Who opened a link.", "Сколько человек открыли ссылку."),
    ("Who was logged in, or has logged in since.", "Сколько из них уже вошли раньше или вошли после этого."),
    ("Who has redeemed the code of the link.", "Сколько из них активировали код по этой ссылке."),
    ("Its first day (UTC).", "Первый день (UTC)."),
    ("A day, week or month.", "День, неделя или месяц."),
    ("An endpoint to be switched on.", "Получатель, которого нужно включить."),
    ("Its URL, as in the list of endpoints.", "Его адрес, как в списке получателей."),
    ("The tokens of a login.", "Токены входа."),
    (
        "The access token, a JWT for the header `Authorization: Bearer …`. It is valid for {access_token_life}.",
        "Токен доступа, JWT для заголовка `Authorization: Bearer …`. Действует {access_token_life}.",
    ),
    (
        "The refresh token, which gives the next pair of tokens. It works once, within {refresh_token_life}.",
        "Токен обновления, по которому выдаётся следующая пара токенов. Действует один раз и {refresh_token_life}.",
    ),
    ("The status of the answer; null if there was none.", "Статус ответа; null, если ответа не было."),
    ("Why it failed, in a sentence; null if it did not.", "Почему не удалось, словами; null, если удалось."),
    ("One event for one endpoint.", "Одно событие для одного получателя."),
    (
        "The id of the event, as in the header `webhook-id`: the same for every endpoint and attempt.",
        "Номер события, как в заголовке `webhook-id`: один и тот же для всех получателей и попыток.",
    ),
    (
        "The inviter of a redemption; null for an event of a member.",
        "Пригласивший при активации; null у события об участнике.",
    ),
    ("When it happened.", "Когда это случилось."),
    ("`waiting`, `delivered` or `failed`.", "`waiting` (ждёт), `delivered` (доставлено) или `failed` (не доставлено)."),
    (
        "When it is attempted next, if it waits and its endpoint is not off.",
        "Когда будет следующая попытка, если событие ждёт и получатель не выключен.",
    ),
    ("The oldest first.", "Сначала самые ранние."),
    ("How an endpoint fares.", "Состояние получателя."),
    (
        "When the first attempt after the last delivery failed; null while attempts succeed.",
        "Когда не удалась первая попытка после последней доставки; null, пока попытки удаются.",
    ),
    (
        "Since when nothing is sent to it; null while it is on.",
        "С какого времени получателю ничего не отправляется; null, пока он включён.",
    ),
    (
        "`gone` if it answered 410, `failing` if every attempt of five days failed; null while it is on.",
        "`gone`, если он ответил 410, `failing`, если пять дней не удавалась ни одна попытка; null, пока он включён.",
    ),
    ("The admin token of `POST /admin/api/token/`", "Токен администратора от `POST /admin/api/token/`"),
    (
        "The access token of `POST /authorize/` or `POST /token/refresh/`",
        "Токен доступа от `POST /authorize/` или `POST /token/refresh/`",
    ),
    ("Logging in and out", "Вход и выход"),
    ("The profile of a member, and redeeming an invite code", "Профиль участника и активация пригласительного кода"),
    ("Running the referral program", "Управление реферальной программой"),
    ("The description of this API", "Описание этого API"),
    ("As many days before.", "Столько же дней до этого."),
    (
        "Half of those who activated a code in the days, weeks or months did so within these seconds after they joined; null if nobody did. Of more than 1,000, the newest are looked at.",
        "Половина активировавших код в эти дни, недели или месяцы сделала это не позже чем через столько секунд после того, как присоединилась; null, если никто не активировал. Если таких больше 1000, учитываются последние.",
    ),
    (
        "Null for a member whose number has not gone to somebody else. Such a member counts as erased meanwhile.",
        "Null, если номер участника не перешёл к другому человеку. Если перешёл, участник до поры считается удалённым.",
    ),
    (
        "Since when a member is set aside, because somebody else has the number now.",
        "С какого времени аккаунт отложен, потому что номер теперь у другого человека.",
    ),
    ("The account is an admin's", "Аккаунт принадлежит администратору"),
    ("The account may be somebody else's", "Аккаунт может принадлежать другому человеку"),
    (
        "The code is right, but nobody has used the account of this number for 180 days, so that its owner may have another number by now (`code` is `owner_unclear`). Ask the person, and send the same code with `is_mine`: `true` logs in, `false` gives a new account. Known devices are not asked",
        "Код верный, но аккаунтом с этим номером никто не пользовался 180 дней, и у его владельца теперь может быть другой номер (`code` — `owner_unclear`). Спросите человека и отправьте тот же код с `is_mine`: `true` — войти, `false` — получить новый аккаунт. На известных устройствах этого вопроса нет",
    ),
    (
        "The member who got the number; null if the number has gone on from there.",
        "Участник, к которому перешёл номер; null, если оттуда номер перешёл дальше.",
    ),
    ("What was counted in as many days before.", "Что насчитано за столько же дней до этого."),
    (
        "When something was last delivered to it; null if that was never, or more than 30 days ago.",
        "Когда сюда что-то было доставлено в последний раз; null, если этого не было или прошло больше 30 дней.",
    ),
    (
        "When the member activated a code; null if they have not.",
        "Когда участник активировал код; null, если не активировал.",
    ),
    (
        "Whether the account is yours; only after an answer 409 with the code `owner_unclear`.",
        "Ваш ли это аккаунт; только после ответа 409 с кодом `owner_unclear`.",
    ),
    (
        "The order. Without it, members who joined last come first. `last-activated` and `first-activated` list only members who have activated a code.",
        "Порядок. Если не указан, сначала те, кто присоединился последним. `last-activated` и `first-activated` показывают только тех, кто активировал код.",
    ),
    (
        "Blocks or unblocks a member, adds (`attach`) or removes (`detach`) their redemption, gives them another invite code, logs them out everywhere, forgets what limits their logins (`allow-logins`), gives one who was set aside the number back (`give-number-back`), or erases them. Each act adds a line to the audit log.",
        "Блокирует или разблокирует участника, добавляет (`attach`) или отменяет (`detach`) его активацию, выдаёт ему другой пригласительный код, завершает все его входы, забывает то, что ограничивает его вход (`allow-logins`), возвращает номер отложенному аккаунту (`give-number-back`) или удаляет участника. О каждом действии остаётся запись в журнале аудита.",
    ),
];
