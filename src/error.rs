//! Why something was refused: a variant for each thing that a person can do about it. Its sentence is in `words`.
//!
//! Errors of libraries (a database, a gateway) are logged where they happen and become one of these.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError {
    PhoneMissing,
    PhoneInvalid,
    /// No messages are sent to the country of this phone.
    PhoneCountry,
    /// No messages are sent to numbers of this kind.
    PhoneNotMobile,
    /// It is the member's number already.
    PhoneUnchanged,
    /// It is the number of another member. Told only to somebody who has proven it.
    PhoneTaken,
    /// A change of the number that has not begun, or took too long.
    NumberChangeExpired,
    /// The code of this phone is a setting, so it cannot be an admin's.
    TestPhone,
    /// A code was sent to this phone too recently.
    ResendTooSoon {
        seconds: u32,
    },
    /// Too many codes were sent to this phone.
    TooManyMessages {
        seconds: u32,
    },
    /// Too many wrong codes were entered for this phone.
    TooManyWrongCodes {
        seconds: u32,
    },
    /// Too much came from this network.
    NetworkBusy {
        seconds: u32,
    },
    /// Somebody abuses the logins, so unknown devices cannot log in for a while.
    LoginsPaused {
        seconds: u32,
    },
    /// The SMS gateway did not take the message. No wait is imposed before the next request.
    SmsNotSent,
    LoginCodeMissing,
    LoginCodeMalformed {
        /// Digits of a code.
        length: u8,
    },
    /// The code was too short by now, and a longer one was sent.
    LoginCodeLengthened {
        /// Digits of the longer code.
        length: u8,
    },
    /// Wrong, expired, used, or guessed at too often: one answer, so that it tells a guesser nothing.
    LoginCodeRefused,
    /// There is no login under way in this browser.
    LoginFlowMissing,
    /// The code was right, but nobody has used the account of this phone for long: its owner may have another number by
    /// now.
    OwnerUnclear {
        /// The last visit, in milliseconds UTC.
        unused_since: i64,
    },
    /// The number is an admin's, so it gets no new account before the host has revoked the right.
    NumberOfAdmin,
    /// There is no account that this member can claim on this device.
    NothingToClaim,
    InviteCodeMissing,
    InviteCodeTooLong,
    InviteCodeUnknown,
    InviteCodeOwn,
    /// The code's owner is an invitee of the member, at any depth.
    InviteCodeOfInvitee,
    /// The code's owner is blocked.
    InviteCodeBlocked,
    TooManyUnknownCodes {
        seconds: u32,
    },
    /// A client of the API used one idempotency key for two different requests.
    IdempotencyKeyReused,
    AlreadyRedeemed {
        /// The code activated before.
        code: String,
    },
    /// No session, or one that has ended.
    LoginRequired,
    /// An access token that is invalid, has expired, or was logged out.
    TokenRefused,
    /// A refresh token that is invalid, has expired, was exchanged, or was logged out.
    RefreshTokenRefused,
    MemberBlocked,
    /// An admin can neither delete the own account nor change its number: the host has to revoke the right first.
    AdminAccount,
    /// The member was erased or deleted.
    MemberGone,
    /// An admin who has not used the second factor lately.
    SecondFactorRequired,
    /// There is nothing here for the sender.
    NotFound,
    /// The request, or its answer, did not have the expected form.
    Malformed,
    /// The server cannot do its work just now; details are in its log.
    Unavailable,
    /// The browser got no answer.
    Offline,
}

pub type AppResult<T> = Result<T, AppError>;

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::Offline,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                Self::Malformed
            }
            _ => Self::Unavailable,
        }
    }
}
