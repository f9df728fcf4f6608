//! Invented members, for demonstrations.

use super::{MemberId, NewAttempt, NewLoginCode, Visitor};
use crate::model::invite_code::InviteCode;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;

/// An invented member, and what joining leaves behind.
pub struct Joined {
    pub id: MemberId,
    pub phone: Phone,
    pub invite_code: InviteCode,
    pub joined_at: Timestamp,
    pub visited_at: Timestamp,
    pub blocked_at: Option<Timestamp>,
    /// The codes that were sent, each with the time of the login that used it.
    pub codes: Vec<(NewLoginCode, Option<Timestamp>)>,
    pub visitor: Visitor,
    /// The hash by which the device of the visitor is known; `None` for a device that is forgotten.
    pub device_hash: Option<[u8; 32]>,
    /// Every attempt to redeem a code. The one that succeeded is the redemption.
    pub attempts: Vec<NewAttempt>,
}
