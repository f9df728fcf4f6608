//! Cookie sessions, and the list of places where a member is logged in.

use super::{Epoch, MemberId};
use crate::server::clock::Timestamp;

pub struct SessionRow {
    /// SHA-256 of the token in the cookie.
    pub id_hash: [u8; 32],
    /// `None` before a login.
    pub member: Option<MemberId>,
    /// The member's epoch at the login.
    pub epoch: Epoch,
    /// The session as JSON.
    pub data: String,
}

/// A session or token family that is still valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveLogin {
    /// Whether it is a token family of the API.
    pub is_api: bool,
    pub created_at: Timestamp,
    /// When it expires if it is not used before.
    pub expires_at: Timestamp,
}
