//! The one error type that reaches a person: a variant for each thing a person can do about it, and its sentence.
//!
//! Errors of libraries (a database, a gateway) are logged where they happen and become one of these.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// Why something was not done; its `Display` is the sentence shown beside the field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum AppError {
    /// The phone field was empty.
    #[error("Enter your phone number.")]
    PhoneMissing,
    /// What was typed is no phone number that could exist.
    #[error("This is not a possible phone number. Check the digits and the country code, as in +7 912 345‑67‑89.")]
    PhoneInvalid,
    /// No messages are sent to the country of this phone.
    #[error("No messages are sent to numbers of this country. Use a number of another country.")]
    PhoneCountry,
    /// A code went to this phone too recently.
    #[error("A code was sent to this number a moment ago. You can ask for another in {}.", duration_text(*.seconds))]
    ResendTooSoon {
        /// How long the person has to wait.
        seconds: u32,
    },
    /// Too many codes went to this phone.
    #[error("Too many codes were sent to this number. You can ask for another in {}.", duration_text(*.seconds))]
    TooManyMessages {
        /// How long the person has to wait.
        seconds: u32,
    },
    /// Too many wrong codes were tried for this phone.
    #[error(
        "Too many wrong codes were tried for this number. Use a device on which you have logged in before, or try again \
         in {}.",
        duration_text(*.seconds)
    )]
    TooManyWrongCodes {
        /// How long the person has to wait.
        seconds: u32,
    },
    /// Too much came from this person's network address.
    #[error("Too many logins were tried from your network. Try again in {}, or from another network.", duration_text(*.seconds))]
    NetworkBusy {
        /// How long the person has to wait.
        seconds: u32,
    },
    /// Somebody abuses the logins, so devices that never logged in are kept out for a while.
    #[error(
        "Somebody is abusing logins here, so new devices cannot log in at the moment. Use a device on which you have \
         logged in before, or try again in {}.",
        duration_text(*.seconds)
    )]
    LoginsPaused {
        /// How long the person has to wait.
        seconds: u32,
    },
    /// The SMS gateway did not take the message; the wait before the next try is not imposed.
    #[error("The message could not be sent. Wait a moment and try again.")]
    SmsNotSent,
    /// The code field was empty.
    #[error("Enter the code from the message.")]
    LoginCodeMissing,
    /// What was typed cannot be a login code.
    #[error("The code has {length} digits and nothing else.")]
    LoginCodeMalformed {
        /// How many digits the server sends.
        length: u8,
    },
    /// Wrong, expired, used, tried too often: one answer, so that it tells a guesser nothing.
    #[error("This code is wrong or no longer valid. Check the newest message, or have another code sent.")]
    LoginCodeRefused,
    /// There is no login under way in this browser.
    #[error("This login has run out. Start again with your phone number.")]
    LoginFlowMissing,
    /// The invite-code field was empty.
    #[error("Enter an invite code.")]
    InviteCodeMissing,
    /// More than six characters.
    #[error("An invite code has six characters; this one is longer.")]
    InviteCodeTooLong,
    /// Nobody has this code.
    #[error("Nobody has this code. Check it letter by letter: a code never contains 0, 1, I, L or O.")]
    InviteCodeUnknown,
    /// The member's own code.
    #[error("This is your own code. Enter the code of the person who invited you.")]
    InviteCodeOwn,
    /// The code's owner joined through this member, directly or along a chain.
    #[error("This code belongs to somebody who joined through you, so it cannot have brought you here.")]
    InviteCodeOfInvitee,
    /// The code's owner is blocked.
    #[error("The owner of this code is blocked, so it cannot be activated.")]
    InviteCodeBlocked,
    /// The member tried too many codes that nobody has.
    #[error("Too many codes that nobody has. You can try again in {}.", duration_text(*.seconds))]
    TooManyUnknownCodes {
        /// How long the person has to wait.
        seconds: u32,
    },
    /// An API client used one idempotency key for two different requests.
    #[error("This Idempotency-Key came with another invite code before. Use a new key for a new request.")]
    IdempotencyKeyReused,
    /// A member redeems one code, once.
    #[error("You have already activated the code {code}. A code can be activated only once.")]
    AlreadyRedeemed {
        /// The code activated before.
        code: String,
    },
    /// No session, or one that has ended.
    #[error("Log in to go on.")]
    LoginRequired,
    /// An access token that was never good, has expired, or was logged out.
    #[error("This token is not valid or no longer valid. Get new ones with the refresh token, or log in again.")]
    TokenRefused,
    /// A refresh token that was never good, has expired, was used up, or was logged out.
    #[error("This refresh token is not valid or no longer valid. Log in again.")]
    RefreshTokenRefused,
    /// The member was locked out.
    #[error("This account is blocked. If you think that is a mistake, ask whoever runs this service.")]
    MemberBlocked,
    /// The member was deleted.
    #[error("This account no longer exists. Log in to make a new one.")]
    MemberGone,
    /// An admin who has not used the second factor lately.
    #[error("Enter the code of your authenticator app.")]
    SecondFactorRequired,
    /// There is nothing here for whoever asks.
    #[error("There is no such page.")]
    NotFound,
    /// An admin's wish was not granted, for this reason.
    #[error("{0}")]
    Told(String),
    /// The request, or its answer, did not have the form that both sides agreed on.
    #[error("Something got lost on the way, and nothing was changed. Reload the page and try again.")]
    Malformed,
    /// The server cannot do its work just now; details are in its log.
    #[error("Vouch cannot do this at the moment. Nothing was changed; try again in a minute.")]
    Unavailable,
    /// The browser got no answer.
    #[error("No answer from the server. Check your connection and try again.")]
    Offline,
}

/// The result of everything a person asks for.
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

/// `45 s` below a minute and a half, then whole minutes, hours and days, rounded up.
pub fn duration_text(seconds: u32) -> String {
    match seconds {
        0..=90 => format!("{seconds} s"),
        91..=5_400 => format!("{} min", seconds.div_ceil(60)),
        5_401..=129_600 => format!("{} hours", seconds.div_ceil(60 * 60)),
        _ => format!("{} days", seconds.div_ceil(24 * 60 * 60)),
    }
}
