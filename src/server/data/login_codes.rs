//! Login codes that were sent.

use super::DeviceId;
use crate::model::login_code::CodeLength;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use serde::{Deserialize, Serialize};

/// One attempt to log in: 128 random bits that only the browser's session holds. Over the API, which has no session, it
/// is derived from the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FlowId(pub [u8; 16]);

/// A login code to be stored and sent.
pub struct NewLoginCode {
    pub flow: FlowId,
    pub phone: Phone,
    /// The known device that requested it; `None` for an unknown one.
    pub device: Option<DeviceId>,
    /// A MAC of the code, which itself is not stored.
    pub mac: [u8; 32],
    pub length: CodeLength,
    /// Whether the phone has no recent unused code, so that this one begins a login in the statistics.
    pub begins_login: bool,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// A login code that was sent.
pub struct SentLoginCode {
    pub id: i64,
    pub phone: Phone,
    /// The known device that requested it; `None` for an unknown one.
    pub device: Option<DeviceId>,
    pub length: CodeLength,
    pub mac: Vec<u8>,
    pub is_used: bool,
}

/// Messages to phones with the same prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentToPrefix {
    pub count: u32,
    /// How many of the codes were used.
    pub used: u32,
    pub oldest: Option<Timestamp>,
}
