//! Arabic: the value of every sentence, the plural rules and the format of numbers. The admin pages stay in English.

use super::{Member, Refusals};

pub static MEMBER: Member = Member {
    unavailable: "تعذّر ذلك الآن. لم يتغير شيء. حاول مرة أخرى بعد دقيقة.",
    offline: "لا يوجد رد من الخادم. تحقق من اتصالك وحاول مرة أخرى.",

    log_out: "تسجيل الخروج",
    logging_out: "جارٍ تسجيل الخروج…",
    one_moment: "لحظة من فضلك…",
    page_failed: "لا يمكن عرض هذه الصفحة",

    login_required: "سجّل الدخول للمتابعة.",
    login_title: "تسجيل الدخول",
    login_heading: "سجّل الدخول بهاتفك",
    login_intro: "نرسل إليك رمزًا في رسالة نصية. لا توجد كلمة مرور.",
    phone_number: "رقم الهاتف",
    phone_hint: "بأي صيغة معتادة.",
    country: "البلد، لرقم بلا +",
    send_code: "إرسال الرمز",
    sending: "جارٍ الإرسال…",
    code_on_its_way_to: "أُرسل رمز إلى ",
    enter_it: "أدخل الرمز",

    code_title: "أدخل الرمز",
    code_heading: "أدخل الرمز",
    code_sent_to: "أرسلناه إلى ",
    last_digit_sends: " عند كتابة الرقم الأخير يُسجَّل دخولك مباشرة.",
    code: "الرمز",
    log_in: "تسجيل الدخول",
    checking: "جارٍ التحقق…",
    send_again: "إعادة الإرسال",
    change_number: "تغيير الرقم",
    simulated_message: "رسالة نصية تجريبية",
    simulated_message_app: "الرسائل",
    simulated_message_time: "الآن",

    profile_title: "ملفك الشخصي",
    logged_in_as: "سجّلت الدخول بالرقم ",
    own_code: "رمز دعوتك",
    copy_code: "نسخ الرمز",
    copy_link: "نسخ الرابط",
    copied: "تم النسخ",
    more_ways: "طرق أخرى للمشاركة",
    share_text: "الرسالة",
    share: "مشاركة",
    copy_message: "نسخ الرسالة",
    qr_code: "رمز QR لرابطك",
    download_qr_code: "تنزيل رمز QR",
    accept: "تفعيل",
    another_code: "إدخال رمز آخر",
    own_code_hint: "أعطه لمن تزكّيهم.",
    who_invited_you: "من دعاك؟",
    activated_code: "فعّلت الرمز ",
    their_code: "رمز دعوة من دعاك",
    their_code_hint: "ست خانات من الحروف اللاتينية والأرقام. يمكنك فعل ذلك مرة واحدة فقط.",
    activate: "تفعيل",
    activating: "جارٍ التفعيل…",
    progress_title: "التقدم",
    invitees: "من انضموا برمزك",
    no_invitees: "لا أحد حتى الآن.",
    invitee_pages: "صفحات القائمة",
    newest: "الأحدث",
    older: "الأقدم",

    devices_title: "الأجهزة",

    account_title: "بياناتك",

    not_found_title: "غير موجود",
    not_found_heading: "لا توجد صفحة كهذه",
    not_found_text: "ربما كُتب العنوان خطأً، أو حُذفت الصفحة.",
    to_the_start: "الانتقال إلى صفحة البداية",

    duration: |seconds| match seconds {
        0..=90 => count(seconds, SECONDS),
        91..=5_400 => count(seconds.div_ceil(60), MINUTES),
        5_401..=129_600 => count(seconds.div_ceil(60 * 60), HOURS),
        _ => count(seconds.div_ceil(24 * 60 * 60), DAYS),
    },
    joined: |number| format!("انضم الآن: {}.", crate::model::thousands(number)),
    code_hint: |digits| count(u8::from(digits), DIGITS),
    send_again_in: |wait| format!("متاح بعد {wait}"),
};

pub static REFUSALS: Refusals = Refusals {
    phone_missing: "أدخل رقم هاتفك.",
    phone_invalid: "لا يوجد رقم هاتف كهذا. تحقق من الأرقام ومن رمز البلد، كما في \
                    \u{2066}+7\u{a0}912\u{a0}345‑67‑89\u{2069}.",
    phone_country: "لا تُرسل رسائل إلى هذا البلد. استخدم رقمًا من بلد آخر.",
    phone_not_mobile: "هذا ليس رقم هاتف محمول، لذلك لا تصل إليه رسائلنا النصية. استخدم رقم هاتف محمول.",
    phone_unchanged: "هذا رقمك الحالي. أدخل الرقم الجديد.",
    phone_taken: "هذا الرقم لحساب آخر، لذلك لم يتغيّر شيء. سجّل الدخول به لترى ذلك الحساب.",
    number_change_expired: "مضى وقت طويل، لذلك لم يتغيّر شيء. ابدأ من جديد.",
    test_phone: "هذا رقم تجريبي (VOUCH_TEST_PHONES). لا يمكن أن يكون صاحبه مشرفًا.",
    sms_not_sent: "تعذّر إرسال الرسالة. انتظر قليلًا وحاول مرة أخرى.",
    login_code_missing: "أدخل الرمز الذي في الرسالة.",
    login_code_refused: "هذا الرمز خاطئ أو لم يعد صالحًا. راجع أحدث رسالة، أو اطلب رمزًا آخر.",
    login_flow_missing: "انتهت مهلة تسجيل الدخول. ابدأ من جديد برقم هاتفك.",
    owner_unclear: "لم يستخدم أحد الحساب الذي بهذا الرقم منذ مدة طويلة. سجّل الدخول في الموقع، وأجب هناك هل هو حسابك.",
    number_of_admin: "يجب أن يحرّر القائمون على هذه الخدمة هذا الرقم أولًا. تواصل معهم.",
    nothing_to_claim: "لم يعد بالإمكان استعادة ذلك الحساب على هذا الجهاز.",
    invite_code_missing: "أدخل رمز دعوة.",
    invite_code_too_long: "رمز الدعوة من ست خانات، وهذا أطول.",
    invite_code_unknown: "رمز غير معروف. تحقق من كل خانة: لا يحتوي الرمز أبدًا على 0 أو 1 أو I أو L أو O.",
    invite_code_own: "هذا رمزك أنت. أدخل رمز الشخص الذي دعاك.",
    invite_code_of_invitee: "صاحب هذا الرمز انضم عن طريقك، لذلك لا يمكنك استخدامه.",
    invite_code_blocked: "صاحب هذا الرمز محظور، لذلك لا يمكن تفعيل الرمز.",
    idempotency_key_reused: "استُخدم Idempotency-Key هذا من قبل مع رمز دعوة آخر. استخدم مفتاحًا جديدًا لكل طلب جديد.",
    token_refused: "رمز الوصول هذا غير صالح أو انتهت صلاحيته. احصل على رمز جديد بواسطة رمز التحديث، أو سجّل الدخول مرة \
                    أخرى.",
    refresh_token_refused: "رمز التحديث هذا غير صالح أو انتهت صلاحيته. سجّل الدخول مرة أخرى.",
    member_blocked: "هذا الحساب محظور. إذا كنت ترى أن ذلك خطأ، فتواصل مع القائمين على هذه الخدمة.",
    admin_account: "أنت مشرف على هذا البرنامج، لذلك لا يمكنك حذف حسابك ولا تغيير رقمه. اطلب من صاحب الخادم أن يسحب هذا الحق أولًا: \u{2066}vouch admin revoke PHONE\u{2069}",
    member_gone: "لم يعد هذا الحساب موجودًا. سجّل الدخول لإنشاء حساب جديد.",
    second_factor_required: "أدخل الرمز من تطبيق المصادقة.",
    not_found: "لا توجد صفحة كهذه.",
    malformed: "كان الطلب ناقصًا، ولم يتغير شيء. أعد تحميل الصفحة وحاول مرة أخرى.",

    resend_too_soon: |wait| format!("أُرسل رمز إلى هذا الرقم قبل لحظات. يمكنك طلب رمز آخر بعد {wait}."),
    too_many_messages: |wait| format!("أُرسلت رموز كثيرة جدًا إلى هذا الرقم. يمكنك طلب رمز آخر بعد {wait}."),
    too_many_wrong_codes: |wait| {
        format!(
            "أُدخلت رموز خاطئة كثيرة جدًا لهذا الرقم. استخدم جهازًا سجّلت الدخول عليه من قبل، أو حاول مرة أخرى بعد {wait}."
        )
    },
    network_busy: |wait| format!("جرت محاولات دخول كثيرة جدًا من شبكتك. حاول مرة أخرى بعد {wait}، أو من شبكة أخرى."),
    logins_paused: |wait| {
        format!(
            "هناك من يسيء استخدام تسجيل الدخول، لذلك لا يمكن الدخول من أجهزة جديدة الآن. استخدم جهازًا سجّلت الدخول عليه \
             من قبل، أو حاول مرة أخرى بعد {wait}."
        )
    },
    login_code_malformed: |digits| format!("أدخل الرمز كاملًا: {}.", count(digits, DIGITS)),
    login_code_lengthened: |digits| {
        format!("هناك من يخمّن الرموز، لذلك صارت أطول. أرسلنا إليك رمزًا جديدًا من {}. أدخله.", count(digits, DIGITS))
    },
    too_many_unknown_codes: |wait| format!("رموز غير معروفة كثيرة جدًا. يمكنك المحاولة مرة أخرى بعد {wait}."),
    already_redeemed: |code| format!("لقد فعّلت الرمز {} من قبل. يمكنك تفعيل رمز واحد فقط.", ltr(code)),
};

/// What is counted: none, one and two of it, and the noun behind 3 to 10, 11 to 99 and hundreds. All are in the genitive,
/// as behind a preposition.
pub type Forms = [&'static str; 6];

pub const SECONDS: Forms = ["أقل من ثانية", "ثانية واحدة", "ثانيتين", "ثوانٍ", "ثانية", "ثانية"];
pub const MINUTES: Forms = ["أقل من دقيقة", "دقيقة واحدة", "دقيقتين", "دقائق", "دقيقة", "دقيقة"];
pub const HOURS: Forms = ["أقل من ساعة", "ساعة واحدة", "ساعتين", "ساعات", "ساعة", "ساعة"];
pub const DAYS: Forms = ["أقل من يوم", "يوم واحد", "يومين", "أيام", "يومًا", "يوم"];
const DIGITS: Forms = ["0 رقم", "رقم واحد", "رقمين", "أرقام", "رقمًا", "رقم"];

/// A number with its noun; none, one and two are words of their own.
pub fn count(number: impl Into<u64>, [zero, one, two, few, many, other]: Forms) -> String {
    let number = number.into();
    let noun = match (number, number % 100) {
        (0, _) => return zero.to_owned(),
        (1, _) => return one.to_owned(),
        (2, _) => return two.to_owned(),
        (_, 3..=10) => few,
        (_, 11..=99) => many,
        _ => other,
    };
    format!("{} {noun}", crate::model::thousands(number))
}

/// A value that is read from left to right, whatever stands around it (UAX #9: LRI … PDI).
pub fn ltr(value: &str) -> String {
    format!("\u{2066}{value}\u{2069}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_noun_has_six_forms() {
        const FORMS: Forms = ["zero", "one", "two", "few", "many", "other"];
        for (form, numbers) in [
            ("few", &[3_u32, 4, 5, 10, 103, 110][..]),
            ("many", &[11, 12, 14, 20, 21, 22, 25, 99, 111, 112, 121]),
            ("other", &[100, 101, 102, 200]),
        ] {
            for number in numbers {
                assert_eq!(count(*number, FORMS), format!("{number} {form}"));
            }
        }
        assert_eq!([0_u32, 1, 2].map(|number| count(number, FORMS)), ["zero", "one", "two"]);
    }

    #[test]
    fn a_wait_fits_behind_its_preposition() {
        let texts = [1, 90, 91, 600, 5_400, 5_401, 32_400, 129_600, 129_601, 864_000, 8_640_000].map(MEMBER.duration);
        assert_eq!(
            texts,
            [
                "ثانية واحدة",
                "90 ثانية",
                "دقيقتين",
                "10 دقائق",
                "90 دقيقة",
                "ساعتين",
                "9 ساعات",
                "36 ساعة",
                "يومين",
                "10 أيام",
                "100 يوم"
            ]
        );
    }
}
