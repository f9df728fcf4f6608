//! Sentences for members: the pages and refusals.

use super::{Sentence, member};
use crate::error::AppError;
use crate::model::login_code::CodeLength;

sentences! {
    Member {
        // Refusals, see `AppError`.
        phone_missing,
        phone_invalid,
        phone_country,
        phone_not_mobile,
        test_phone,
        sms_not_sent,
        login_code_missing,
        login_code_refused,
        login_flow_missing,
        invite_code_missing,
        invite_code_too_long,
        invite_code_unknown,
        invite_code_own,
        invite_code_of_invitee,
        invite_code_blocked,
        idempotency_key_reused,
        login_required,
        token_refused,
        refresh_token_refused,
        member_blocked,
        member_gone,
        second_factor_required,
        not_found,
        malformed,
        unavailable,
        offline,

        // Every page.
        log_out,
        logging_out,
        one_moment,
        page_failed,
        description,
        nobody_is_verified,

        // The first step of the login.
        login_title,
        login_heading,
        login_intro,
        phone_number,
        phone_hint,
        phone_example,
        send_code,
        sending,
        code_on_its_way_to,
        enter_it,

        // The second step.
        code_title,
        code_heading,
        code_sent_to,
        last_digit_sends,
        code,
        log_in,
        checking,
        send_again,
        use_another_number,
        simulated_message,
        simulated_message_app,
        simulated_message_time,

        // The profile.
        profile_title,
        logged_in_as,
        own_code,
        copy_code,
        copied,
        own_code_hint,
        who_invited_you,
        activated_code,
        their_code,
        their_code_hint,
        activate,
        activating,
        invitees,
        no_invitees,
        invitee_pages,
        newest,
        older,
        erased_invitee,

        // The devices.
        devices_title,
        devices_heading,
        devices_hint,
        this_device,
        logged_in_on,
        last_used,
        unknown_browser,
        unknown_client,
        log_out_everywhere,
        log_out_everywhere_hint,
        back_to_profile,

        // An address that does not exist.
        not_found_title,
        not_found_heading,
        not_found_text,
        to_the_start,
    } with {
        duration(seconds: u32),
        resend_too_soon(wait: &str),
        too_many_messages(wait: &str),
        too_many_wrong_codes(wait: &str),
        network_busy(wait: &str),
        logins_paused(wait: &str),
        login_code_malformed(digits: u8),
        login_code_lengthened(digits: u8),
        too_many_unknown_codes(wait: &str),
        already_redeemed(code: &str),
        code_hint(digits: CodeLength),
        send_again_in(wait: &str),
        places(number: usize),
        browser_on(browser: &str, system: &str),
        client_of_api(client: &str),
    }
}

impl Sentence for AppError {
    fn sentence(&self) -> String {
        let words = member();
        let wait = |seconds: u32| words.duration(seconds);
        let text = match self {
            Self::ResendTooSoon { seconds } => return words.resend_too_soon(&wait(*seconds)),
            Self::TooManyMessages { seconds } => return words.too_many_messages(&wait(*seconds)),
            Self::TooManyWrongCodes { seconds } => return words.too_many_wrong_codes(&wait(*seconds)),
            Self::NetworkBusy { seconds } => return words.network_busy(&wait(*seconds)),
            Self::LoginsPaused { seconds } => return words.logins_paused(&wait(*seconds)),
            Self::TooManyUnknownCodes { seconds } => return words.too_many_unknown_codes(&wait(*seconds)),
            Self::LoginCodeLengthened { length } => return words.login_code_lengthened(*length),
            Self::LoginCodeMalformed { length } => return words.login_code_malformed(*length),
            Self::AlreadyRedeemed { code } => return words.already_redeemed(code),
            Self::PhoneMissing => words.phone_missing,
            Self::PhoneInvalid => words.phone_invalid,
            Self::PhoneCountry => words.phone_country,
            Self::PhoneNotMobile => words.phone_not_mobile,
            Self::TestPhone => words.test_phone,
            Self::SmsNotSent => words.sms_not_sent,
            Self::LoginCodeMissing => words.login_code_missing,
            Self::LoginCodeRefused => words.login_code_refused,
            Self::LoginFlowMissing => words.login_flow_missing,
            Self::InviteCodeMissing => words.invite_code_missing,
            Self::InviteCodeTooLong => words.invite_code_too_long,
            Self::InviteCodeUnknown => words.invite_code_unknown,
            Self::InviteCodeOwn => words.invite_code_own,
            Self::InviteCodeOfInvitee => words.invite_code_of_invitee,
            Self::InviteCodeBlocked => words.invite_code_blocked,
            Self::IdempotencyKeyReused => words.idempotency_key_reused,
            Self::LoginRequired => words.login_required,
            Self::TokenRefused => words.token_refused,
            Self::RefreshTokenRefused => words.refresh_token_refused,
            Self::MemberBlocked => words.member_blocked,
            Self::MemberGone => words.member_gone,
            Self::SecondFactorRequired => words.second_factor_required,
            Self::NotFound => words.not_found,
            Self::Malformed => words.malformed,
            Self::Unavailable => words.unavailable,
            Self::Offline => words.offline,
        };
        text.to_owned()
    }
}
