//! The progress of a member as an inviter, and the board.

use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::MemberId;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviterRecord {
    pub invitees: u64,
    /// When the first of the present invitees joined.
    pub first_at: Option<Timestamp>,
    /// Whether the member wants to be on the board.
    pub is_on_board: bool,
    /// How many on the board have more invitees.
    pub ahead: u64,
}

/// How many invitees joined on a day, in days since 1970 (UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayOfInvitees {
    pub day: i64,
    pub joined: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardRow {
    pub member: MemberId,
    pub phone: Phone,
    pub invitees: u64,
}
