//! The sentence of each refusal, see `AppError`. The server sends it, so the browser of a member has none of them.

use super::{Sentence, member, refusals};
use crate::error::AppError;

sentences! {
    Refusals {
        phone_missing,
        phone_invalid,
        phone_country,
        phone_not_mobile,
        phone_unchanged,
        phone_taken,
        number_change_expired,
        test_phone,
        sms_not_sent,
        login_code_missing,
        login_code_refused,
        login_flow_missing,
        owner_unclear,
        number_of_admin,
        nothing_to_claim,
        invite_code_missing,
        invite_code_too_long,
        invite_code_unknown,
        invite_code_own,
        invite_code_of_invitee,
        invite_code_blocked,
        idempotency_key_reused,
        token_refused,
        refresh_token_refused,
        member_blocked,
        admin_account,
        member_gone,
        second_factor_required,
        not_found,
        malformed,
    } with {
        resend_too_soon(wait: &str),
        too_many_messages(wait: &str),
        too_many_wrong_codes(wait: &str),
        network_busy(wait: &str),
        logins_paused(wait: &str),
        login_code_malformed(digits: u8),
        login_code_lengthened(digits: u8),
        too_many_unknown_codes(wait: &str),
        already_redeemed(code: &str),
    }
}

impl Sentence for AppError {
    fn sentence(&self) -> String {
        let words = refusals();
        let wait = |seconds: u32| member().duration(seconds);
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
            Self::PhoneUnchanged => words.phone_unchanged,
            Self::PhoneTaken => words.phone_taken,
            Self::NumberChangeExpired => words.number_change_expired,
            Self::TestPhone => words.test_phone,
            Self::SmsNotSent => words.sms_not_sent,
            Self::LoginCodeMissing => words.login_code_missing,
            Self::LoginCodeRefused => words.login_code_refused,
            Self::LoginFlowMissing => words.login_flow_missing,
            Self::OwnerUnclear { .. } => words.owner_unclear,
            Self::NumberOfAdmin => words.number_of_admin,
            Self::NothingToClaim => words.nothing_to_claim,
            Self::InviteCodeMissing => words.invite_code_missing,
            Self::InviteCodeTooLong => words.invite_code_too_long,
            Self::InviteCodeUnknown => words.invite_code_unknown,
            Self::InviteCodeOwn => words.invite_code_own,
            Self::InviteCodeOfInvitee => words.invite_code_of_invitee,
            Self::InviteCodeBlocked => words.invite_code_blocked,
            Self::IdempotencyKeyReused => words.idempotency_key_reused,
            Self::LoginRequired => member().login_required,
            Self::TokenRefused => words.token_refused,
            Self::RefreshTokenRefused => words.refresh_token_refused,
            Self::MemberBlocked => words.member_blocked,
            Self::AdminAccount => words.admin_account,
            Self::MemberGone => words.member_gone,
            Self::SecondFactorRequired => words.second_factor_required,
            Self::NotFound => words.not_found,
            Self::Malformed => words.malformed,
            Self::Unavailable => member().unavailable,
            Self::Offline => member().offline,
        };
        text.to_owned()
    }
}
