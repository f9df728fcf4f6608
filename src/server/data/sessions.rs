//! Cookie sessions, and the list of places where a member is logged in.

use super::{DeviceId, Epoch, FamilyId, MemberId};
use crate::server::clock::Timestamp;
use data_encoding::HEXLOWER;
use std::fmt;

pub struct SessionRow {
    /// SHA-256 of the token in the cookie.
    pub id_hash: [u8; 32],
    /// `None` before a login.
    pub login: Option<SessionLogin>,
    /// The session as JSON.
    pub data: String,
}

impl SessionRow {
    /// Of the login; before a login there is no member, and the epoch is the first.
    pub fn member_and_epoch(&self) -> (Option<MemberId>, Epoch) {
        (self.login.map(|login| login.member), self.login.map(|login| login.epoch).unwrap_or_default())
    }

    /// When the login began and was seen last.
    pub fn times(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        self.login.map(|login| (login.logged_in_at, login.seen_at)).unzip()
    }
}

/// The login of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLogin {
    pub member: MemberId,
    /// The member's epoch at the login.
    pub epoch: Epoch,
    /// `None` for logins of an older server.
    pub device: Option<DeviceId>,
    pub logged_in_at: Timestamp,
    /// The visit that extended the session last.
    pub seen_at: Timestamp,
}

/// A session or a token family, by a name that gives nobody access: half of the hash of the session's token, or the id of
/// the family. Written as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoginId(pub [u8; 16]);

impl LoginId {
    pub fn parse(text: &str) -> Option<Self> {
        HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok().map(Self)
    }
}

impl fmt::Display for LoginId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl From<FamilyId> for LoginId {
    fn from(family: FamilyId) -> Self {
        Self(family.0)
    }
}

/// A session or token family that is still valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveLogin {
    pub id: LoginId,
    /// Whether it is a token family of the API.
    pub is_api: bool,
    /// What the browser or client called itself at the last login of its device; empty if that is not known.
    pub agent: String,
    pub logged_in_at: Timestamp,
    /// The last use. A session notes it once an hour, a token family when its tokens are exchanged.
    pub seen_at: Timestamp,
    /// When it expires if it is not used before.
    pub expires_at: Timestamp,
}
