//! Login codes: sent, guessed at, used.

use super::DeviceId;
use crate::model::login_code::CodeLength;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use serde::{Deserialize, Serialize};

/// One login flow: 128 random bits that only the browser's session knows. Over the API, where there is no session, it is
/// derived from the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FlowId(pub [u8; 16]);

/// A login code about to be sent.
pub struct NewLoginCode {
    pub flow: FlowId,
    pub phone: Phone,
    /// The known device that asked for it.
    pub device: Option<DeviceId>,
    /// The code's MAC. The code itself is not stored.
    pub mac: [u8; 32],
    /// Digits of the code.
    pub length: CodeLength,
    /// Whether it is the first code for its phone in a while.
    pub begins_login: bool,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// A login code that was sent.
pub struct SentLoginCode {
    pub id: i64,
    pub phone: Phone,
    /// The known device that asked for it.
    pub device: Option<DeviceId>,
    /// Digits of the code.
    pub length: CodeLength,
    pub mac: Vec<u8>,
    pub is_used: bool,
}

/// Messages to phones that share a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentToPrefix {
    pub count: u32,
    /// How many of them led to a login.
    pub used: u32,
    pub oldest: Option<Timestamp>,
}
