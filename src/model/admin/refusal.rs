//! Why an admin's request was refused. Its sentences are in `words`.

use crate::error::AppError;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// Longest reason for an act, in characters.
pub const MAX_REASON: usize = 500;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Not an admin. The answer is the same as for an unknown address, so that others do not learn that the page
    /// exists.
    NotAnAdmin,
    /// An admin who has not used the second factor recently.
    SecondFactorRequired,
    /// The login is too old for the second factor to be added to it.
    LoginTooOld,
    NotSetUp,
    /// The second factor is set up. An admin who has lost it needs a new grant.
    AlreadySetUp,
    SecondFactorMissing,
    /// Neither a valid code of the app nor an unused recovery code.
    SecondFactorRefused,
    /// Too many wrong codes.
    TooManySecondFactors {
        seconds: u32,
    },
    NoSuchFlag,
    /// Another admin has reviewed the flag.
    AlreadyReviewed,
    /// Neither `accepted` nor `dismissed`.
    VerdictMissing,
    NoSuchAct,
    NoSuchList,
    FormatUnknown,
    /// Unknown id, or older than a day.
    NoSuchImport,
    /// The file is empty or missing.
    ImportEmpty,
    /// The file is not UTF-8 text.
    ImportNotText,
    /// The file did not arrive in time.
    ImportTooSlow,
    /// The first line has no column `phone_number`.
    ImportWithoutPhones,
    ImportTooLong {
        /// The largest number of lines.
        most: u32,
    },
    /// The file is larger than the largest number of lines can be.
    ImportTooLarge {
        /// The largest number of bytes.
        most: usize,
    },
    ImportHasBadLines,
    /// The check did not finish, so problems of further lines are not known.
    ImportInterrupted,
    /// The file is being checked or imported.
    ImportUnderWay,
    /// The file was imported before.
    ImportDone,
    ReasonMissing,
    /// More than [`MAX_REASON`] characters.
    ReasonTooLong,
    /// The text is neither digits nor an invite code.
    SearchUnclear,
    /// An unknown filter, order or cursor.
    FilterUnknown,
    InviterUnknown,
    DayMalformed,
    /// No member has the phone in the filter `actor`.
    ActorUnknown,
    /// No member has the phone in the filter `subject`.
    SubjectUnknown,
    /// No member has the id.
    NoSuchMember,
    /// The member was erased and cannot be changed.
    Erased,
    /// Admins cannot block or erase themselves.
    OwnAccount,
    /// An admin cannot be erased before the grant is revoked.
    IsAdmin,
    NotSetAside,
    /// The account that got the number has another one by now, or none.
    NumberMovedOn,
    /// The account that got the number has redeemed a code or invited somebody.
    SuccessorInUse,
    AlreadyBlocked,
    NotBlocked,
    NoRedemption,
    /// No delivery has the id, or it was deleted.
    NoSuchWebhook,
    /// The host has set no endpoint with this URL.
    NoSuchEndpoint,
    EndpointIsOn,
    /// A refusal that members can get as well.
    #[serde(untagged)]
    App(AppError),
}

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl FromServerFnError for Refusal {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self::App(AppError::from_server_fn_error(error))
    }
}

pub type AdminResult<T> = Result<T, Refusal>;

impl Refusal {
    /// `None` for a refusal that only admins get.
    pub fn for_member(self) -> Option<AppError> {
        match self {
            Self::App(error) => Some(error),
            _ => None,
        }
    }

    /// `Malformed` for a refusal that only admins get.
    pub fn to_app(&self) -> AppError {
        self.clone().for_member().unwrap_or(AppError::Malformed)
    }
}
