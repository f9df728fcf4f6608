//! The forms of the acts on a member.

use super::{MemberRow, Refusal};
use crate::model::profile::Flash;
use serde::{Deserialize, Serialize};

/// The form of one act on one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActView {
    /// The refused form, if the page follows one.
    pub flash: Flash<Refusal>,
    /// The member.
    pub row: MemberRow,
    /// The code that the member activated, if any.
    pub activated: Option<String>,
}

/// What can be done to a member, as it stands in addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case", const_into_str)]
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

/// What was typed into the form of an act.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedAct {
    /// The code to attach.
    pub invite_code: String,
    pub reason: String,
}
