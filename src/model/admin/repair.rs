//! The forms of acts on a member.

use super::{MemberRow, Refusal};
use crate::model::profile::Flash;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActView {
    /// The refused form, if the page follows one.
    pub flash: Flash<Refusal>,
    pub row: MemberRow,
    /// The code that the member activated, if any.
    pub activated: Option<String>,
}

/// An act on a member, with its name in addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum RepairKind {
    Block,
    Unblock,
    /// Add a redemption.
    Attach,
    /// Delete the redemption.
    Detach,
    ReplaceInviteCode,
    /// End all sessions and tokens, and make devices unknown.
    LogOutEverywhere,
    /// Forget what makes the member wait for a code: messages, wrong guesses, waits.
    AllowLogins,
    /// Give an account that was set aside its number back, and erase the one that has it.
    GiveNumberBack,
    /// Delete all personal data of the member.
    Erase,
}

/// What was typed into the form of an act.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedAct {
    /// The code or phone of the inviter, for [`RepairKind::Attach`].
    pub invite_code: String,
    pub reason: String,
}
