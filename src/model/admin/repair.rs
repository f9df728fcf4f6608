//! The forms of the acts on a member.

use super::{MemberRow, join, split};
use crate::model::profile::Flash;
use serde::{Deserialize, Serialize};

/// The form of one act on one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActView {
    /// The refused form, if the page follows one.
    pub flash: Flash,
    /// The member.
    pub row: MemberRow,
    /// The code that the member activated, if any.
    pub activated: Option<String>,
}

/// What can be done to a member, as it stands in addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepairKind {
    /// Lock out.
    Block,
    /// Let in again.
    Unblock,
    /// Put a redemption in place.
    Attach,
    /// Undo the redemption.
    Detach,
    /// Give another invite code.
    ReplaceInviteCode,
    /// End all sessions and tokens.
    LogOutEverywhere,
    /// Delete the phone and all that hangs on it.
    Erase,
}

impl RepairKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Attach,
        Self::Detach,
        Self::ReplaceInviteCode,
        Self::LogOutEverywhere,
        Self::Block,
        Self::Unblock,
        Self::Erase,
    ];

    /// As it stands in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Unblock => "unblock",
            Self::Attach => "attach",
            Self::Detach => "detach",
            Self::ReplaceInviteCode => "replace-invite-code",
            Self::LogOutEverywhere => "log-out-everywhere",
            Self::Erase => "erase",
        }
    }

    /// Reads it again.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What was typed into the form of an act, as one text that a session can keep.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedAct {
    /// The code to attach.
    pub invite_code: String,
    /// Why.
    pub reason: String,
}

impl TypedAct {
    /// As one text.
    pub fn join(&self) -> String {
        join([&self.invite_code, &self.reason])
    }

    /// Reads it again.
    pub fn split(text: &str) -> Self {
        let [invite_code, reason] = split(text);
        Self { invite_code, reason }
    }
}
