//! Why an admin's request was refused. Its sentences are in `words`.

use crate::error::AppError;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// Longest reason for an act, in characters.
pub const MAX_REASON: usize = 500;

/// Why an admin's wish was not granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Who asks is no admin; they learn nothing of what is there.
    NotAnAdmin,
    /// An admin who has not used the second factor lately.
    SecondFactorRequired,
    /// The login is too old to build on.
    LoginTooOld,
    /// The second factor is not set up.
    NotSetUp,
    /// The second factor is set up; who lost it needs another grant.
    AlreadySetUp,
    /// The field was empty.
    SecondFactorMissing,
    /// Neither a code of the app nor a recovery code that is left.
    SecondFactorRefused,
    /// Too many of them.
    TooManySecondFactors {
        /// How long to wait.
        seconds: u32,
    },
    /// There is no such flag.
    NoSuchFlag,
    /// Somebody was faster.
    AlreadyReviewed,
    /// Neither of the two.
    VerdictMissing,
    /// There is no such act.
    NoSuchAct,
    /// There is no such list.
    NoSuchList,
    /// There is no such format.
    FormatUnknown,
    /// There is no such import.
    NoSuchImport,
    /// There is nothing in the file, or there is no file.
    ImportEmpty,
    /// The file is in another encoding, or is none of text.
    ImportNotText,
    /// The file did not arrive in time.
    ImportTooSlow,
    /// The file is not one of members.
    ImportWithoutPhones,
    /// The file has too many lines.
    ImportTooLong {
        /// How many it may have.
        most: u32,
    },
    /// The file is larger than so many lines can be.
    ImportTooLarge {
        /// How many bytes it may have.
        most: usize,
    },
    /// The file is not in order.
    ImportHasBadLines,
    /// Nobody knows what is wrong with the rest of the file.
    ImportInterrupted,
    /// The file is at work.
    ImportUnderWay,
    /// Twice is once too often.
    ImportDone,
    /// No reason was given.
    ReasonMissing,
    /// The reason is a novel.
    ReasonTooLong,
    /// What was searched for is neither digits nor a code.
    SearchUnclear,
    /// A filter, an order or a place in the list that is none.
    FilterUnknown,
    /// The inviter who was searched for does not exist.
    InviterUnknown,
    /// No such day.
    DayMalformed,
    /// The member who was searched for does not exist.
    MemberUnknown,
    /// There is no member of this number.
    NoSuchMember,
    /// The member was erased; nothing can be done with what is left.
    Erased,
    /// Nobody may lock themselves out.
    OwnAccount,
    /// An admin cannot be erased.
    IsAdmin,
    /// Blocking somebody blocked.
    AlreadyBlocked,
    /// Unblocking somebody who is not.
    NotBlocked,
    /// There is no redemption to detach.
    NoRedemption,
    /// A refusal that members can get, too.
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

/// The result of everything that only admins can do.
pub type AdminResult<T> = Result<T, Refusal>;

impl Refusal {
    /// The refusal as a member's page shows it; `None` for one that only admins get.
    pub fn for_member(self) -> Option<AppError> {
        match self {
            Self::App(error) => Some(error),
            _ => None,
        }
    }

    /// The refusal as far as members can get it, and `Malformed` in place of one that only admins get.
    pub fn to_app(&self) -> AppError {
        self.clone().for_member().unwrap_or(AppError::Malformed)
    }
}
