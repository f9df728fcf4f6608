//! Arabic: what only the server writes.

use super::{Documents, Service};
use crate::words::ar::{DAYS, Forms, HOURS, MINUTES, SECONDS, count, ltr};

pub static DOCUMENTS: Documents = Documents {
    languages: "اللغات",
    description: "سجّل الدخول برقم هاتفك، واحصل على رمز دعوة، واعرف من انضم به.",
    nobody_is_verified: "للتجربة فقط: تظهر الرموز في الصفحة، لذلك لا يجري التحقق من أي هاتف.",
    terms: "الشروط",
    privacy: "الخصوصية",

    start_title: "أهلًا بك",
    start_heading: "بدعوة ممن يعرفونك",
    start_text: "كل من هنا دعاه شخص ما، وكل واحد يضمن من يدعوهم.",
    start_log_in: "سجّل الدخول برقم هاتفك. لا حاجة إلى كلمة مرور.",
    start_share: "احصل على رمز خاص بك وأعطه لمن تثق بهم.",
    start_see: "شاهد من انضموا عن طريقك فور انضمامهم.",

    invitation_title: "دعوة",

    day: "اليوم",
    week_from: "الأسبوع من",
    month: "الشهر",
    joined_then: "انضم",
    progress_by_time: "من انضموا برمزك مع الوقت",
    milestones: "المراحل",
    reached: "تحققت",
    board: "لوحة الأعضاء",
    empty_board: "لا أحد في اللوحة حتى الآن.",
    place: "المرتبة",
    who: "العضو",
    you: "أنت",
    on_board: "أنت في اللوحة، ويظهر فيها جزء من رقمك.",
    not_on_board: "لست في اللوحة. من يوجد فيها يرى الأعضاء الآخرون جزءًا من رقمه فقط.",
    join_board: "أضفني إلى اللوحة",
    leave_board: "احذفني من اللوحة",

    offline_heading: "لا يوجد اتصال",
    offline_text: "لا يمكن الوصول إلى الخادم. تحقق من اتصالك وحاول مرة أخرى.",
    try_again: "حاول مرة أخرى",

    devices_heading: "أين سجّلت الدخول",
    devices_hint: "إذا رأيت جهازًا لا تعرفه، فاضغط «تسجيل الخروج» بجانبه.",
    this_device: "هذا الجهاز",
    logged_in_on: "تسجيل الدخول: ",
    last_used: "آخر استخدام: ",
    log_out_everywhere: "تسجيل الخروج من كل الأجهزة",
    log_out_everywhere_hint: "يُسجَّل خروجك من كل الأجهزة، ومنها هذا الجهاز. لتسجيل الدخول مرة أخرى تحتاج إلى هاتفك.",
    back_to_profile: "العودة إلى الملف الشخصي",

    account_heading: "بياناتك",
    account_text: "ما نحتفظ به عنك في ملف واحد: رقمك ورموزك وعمليات الدخول وأجهزتك ومن دعوتهم.",
    download_data: "تنزيل بياناتي",
    delete_heading: "حذف حسابك",
    delete_text: "يُحذف رقمك وأجهزتك وعمليات دخولك فورًا. من انضموا عن طريقك يبقون، ويرون عضوًا سابقًا. لا يمكن التراجع عن ذلك.",
    send_code_to_delete: "أرسل لي رمزًا للحذف",
    delete_code_text: "أرسلنا رمزًا إلى هاتفك. به يُحذف حسابك.",
    delete_account: "حذف حسابي",
    deleting: "جارٍ الحذف…",

    number_heading: "تغيير رقمك",
    number_why: "هل لديك رقم هاتف آخر؟ يبقى رمزك ومن دعوتهم معك.",
    number_text: "نرسل أولًا رمزًا إلى رقمك الحالي، ثم رمزًا إلى الرقم الجديد. بعد ذلك يُسجَّل خروجك من كل الأجهزة الأخرى. ومن دعاك يرى الرقم الجديد.",
    number_begin: "أرسل رمزًا إلى رقمي الحالي",
    number_go_on: "متابعة",
    number_proven: "تم تأكيد رقمك الحالي. أدخل الآن الرقم الجديد خلال نصف ساعة.",
    number_new: "رقم الهاتف الجديد",
    number_of_silent_account: "إذا كان هذا الرقم لحساب آخر لم يستخدمه أحد منذ نصف سنة، فستحصل أنت على الرقم، ويمكن لصاحب ذلك \
                               الحساب استعادته على جهاز سجّل الدخول عليه من قبل.",
    number_change: "تغيير رقمي",
    number_another: "إدخال رقم آخر",
    number_cancel: "إبقاء رقمي الحالي",

    owner_title: "هل هذا حسابك؟",
    owner_heading: "هل هذا حسابك؟",
    owner_yes_text: "كان هذا الرقم لك من قبل، وسجّلت الدخول به هنا.",
    owner_yes: "نعم، إنه حسابي",
    owner_no_text: "حصلت على هذا الرقم منذ مدة قصيرة فقط. عندئذ تحصل على حساب خاص بك، ويبقى الآخر في انتظار صاحبه.",
    owner_no: "لا، ليس حسابي",

    claim_heading: "هل تريد استعادة حسابك؟",
    claim_hint: "إذا كان حسابك، يحصل على الرقم الذي سجّلت الدخول به الآن، ويُحذف الحساب الجديد. وإذا كان شخص آخر قد سجّل الدخول هنا، فاتركه له.",
    claim_accept: "نعم، كان حسابي",
    claim_decline: "لا، أتابع بالحساب الجديد",

    people: |number| count(number, PEOPLE),
    joined_with_your_code: |number| match number {
        0 => "لم ينضم أحد برمزك حتى الآن.".to_owned(),
        _ => format!("انضم برمزك: {}.", count(number, PEOPLE)),
    },
    your_place: |place| format!("مرتبتك: {}.", crate::model::thousands(place)),
    next_milestone: |invitees, of, sentence| {
        format!("{} من {}: {sentence}", crate::model::thousands(invitees), crate::model::thousands(of))
    },
    owner_question: |day| format!("يوجد حساب بهذا الرقم. لم يُستخدم منذ {day}."),
    claim_text: |day| format!("استُخدم حساب على هذا الجهاز حتى {day}. رقمه الآن لدى شخص آخر، فلا رقم له."),
};

pub static SERVICE: Service = Service {
    access_token_missing: "يلزم رمز وصول: \u{2066}Authorization: Bearer …\u{2069}",
    foreign_page: "لم يأتِ هذا الطلب من صفحة في هذا الموقع، لذلك لم يتغير شيء.",
    nothing_here: "لا يوجد شيء في هذا العنوان.",
    method_not_allowed: "لا يقبل هذا العنوان هذه الطريقة. الطرق المقبولة مذكورة في الترويسة Allow.",
    body_too_slow: "استغرق وصول محتوى الطلب وقتًا طويلًا جدًا.",
    media_type_json: "أرسل محتوى الطلب بصيغة application/json.",
    media_type_csv: "أرسل الملف بصيغة text/csv.",
    not_understood: "تعذّر فهم الطلب.",
    body_not_object: "يجب أن يكون محتوى الطلب كائن JSON.",
    refresh_token_missing: "أرسل رمز التحديث.",
    must_be_string: "يجب أن تكون هذه القيمة نصًا.",
    must_be_flag: "يجب أن تكون هذه القيمة true أو false.",
    bad_cursor: "يجب أن تأتي هذه القيمة من الترويسة Link للصفحة السابقة.",
    invitation_text: "سجّل الدخول برقم هاتفك. تبقى الدعوة محفوظة 30 يومًا، وأنت من يقرر قبولها.",
    invitation_text_member: "تجد الدعوة في ملفك الشخصي. تبقى محفوظة 30 يومًا، وأنت من يقرر قبولها.",
    invitation_unknown: "هذه الدعوة لم تعد صالحة",
    invitation_busy: "لا يمكن التحقق من هذا الرابط الآن",
    invitation_blocked: "لا يمكن قبول هذه الدعوة الآن",
    invitation_without: "اطلب رابطًا جديدًا، أو انضم بدونه. يمكنك قبول دعوة لاحقًا.",
    invitation_without_member: "اطلب رابطًا جديدًا. يمكنك قبول دعوة لاحقًا.",
    invitation_own: "هذا رابطك أنت",
    invitation_own_text: "أرسله إلى من تضمنهم.",
    invitation_of_invitee: "انضم هذا الشخص عن طريقك",
    invitation_of_invitee_text: "لذلك لا يمكنك قبول دعوة منه.",
    invitation_used_text: "يمكنك قبول دعوة واحدة فقط.",
    join: "انضمام",
    to_profile: "الذهاب إلى ملفك الشخصي",
    erased_invitee: "عضو سابق",
    unknown_browser: "متصفح غير معروف",
    unknown_client: "تطبيق عبر API",
    failure_heading: "لا يوجد رد الآن",
    too_many_requests_heading: "طلبات كثيرة جدًا",
    failure_text: "لم يتغير شيء. حاول مرة أخرى بعد دقيقة.",
    foreign_form_heading: "لم يأتِ هذا الطلب من صفحة في هذا الموقع",
    foreign_form_text: "أُرسل النموذج من موقع آخر، أو يخفي المتصفح المكان الذي أُرسل منه. لم يتغير شيء.",
    login_message: "رمزك في {name}: {code}. لا تخبر به أحدًا",

    body_too_large: |kib| format!("محتوى الطلب كبير جدًا. أرسل {kib} كيبيبايت على الأكثر."),
    invalid_json: |error| format!("محتوى الطلب ليس JSON صالحًا: {}.", ltr(error)),
    unusable_body: |error| format!("لا يمكن استخدام محتوى الطلب: {}.", ltr(error)),
    number_from_to: |from, to| format!("يجب أن تكون هذه القيمة عددًا من {from} إلى {to}."),
    must_be_one_of: |words| format!("يجب أن تكون هذه القيمة واحدة من: {}.", ltr(words)),
    bad_idempotency_key: |most| {
        format!("الترويسة Idempotency-Key واحدة فقط، وفيها من 1 إلى {most} من محارف ASCII المرئية.")
    },
    activated: |code| format!("تم تفعيل الرمز {}.", ltr(code)),
    month: |month| MONTHS[usize::from(u8::from(month)) - 1].to_owned(),
    short_month: |month| MONTHS[usize::from(u8::from(month)) - 1].to_owned(),
    month_alone: |month| MONTHS[usize::from(u8::from(month)) - 1].to_owned(),
    exact_duration: |duration| match duration.as_secs() {
        _ if duration.subsec_nanos() > 0 => format!("{} مللي ثانية", duration.as_millis()),
        seconds if seconds > 0 && seconds % 86_400 == 0 => count(seconds / 86_400, DAYS),
        seconds if seconds > 0 && seconds % 3_600 == 0 => count(seconds / 3_600, HOURS),
        seconds if seconds > 0 && seconds % 60 == 0 => count(seconds / 60, MINUTES),
        seconds => count(seconds, SECONDS),
    },
    exact_size: |bytes| match bytes % 1024 {
        0 => format!("{} كيبيبايت", bytes / 1024),
        _ => count(bytes as u64, BYTES),
    },
    invitation_by: |inviter| format!("يدعوك {}", ltr(inviter)),
    invitation_busy_text: |code| {
        format!("فُتحت روابط مجهولة كثيرة من شبكتك. يمكنك إدخال الرمز {} في ملفك الشخصي.", ltr(code))
    },
    invitation_used: |code| format!("لقد فعّلت الرمز {} من قبل", ltr(code)),
    invited_by: |inviter| format!("دعاك {}.", ltr(inviter)),
    share_message: |link| format!("أنا أضمنك. انضم عبر رابطي: {link}"),
    link_counts: |opened, logged_in, redeemed| {
        let number = crate::model::thousands;
        format!("فُتح رابطك: {}. سجّل الدخول: {}. فعّل رمزك: {}.", number(opened), number(logged_in), number(redeemed))
    },
    places: |number| format!("سجّلت الدخول في {}.", count(number as u64, PLACES)),
    browser_on: |browser, system| format!("{browser} على {system}"),
    client_of_api: |client| format!("{client} عبر API"),
};

const MONTHS: [&str; 12] =
    ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"];

const BYTES: Forms = ["0 بايت", "بايت واحد", "2 بايت", "بايتات", "بايت", "بايت"];
const PEOPLE: Forms = ["0 شخص", "شخص واحد", "شخصان", "أشخاص", "شخصًا", "شخص"];
const PLACES: Forms = ["0 مكان", "مكان واحد", "مكانين", "أماكن", "مكانًا", "مكان"];

#[cfg(test)]
mod tests {
    use super::*;

    /// A message in Arabic has 70 places, and the line for browsers takes some of them.
    #[test]
    fn the_text_message_is_one_part() {
        let text = SERVICE.login_message.replace("{code}", "12345678");
        assert!(text.encode_utf16().count() <= 44, "{text}");
    }
}
