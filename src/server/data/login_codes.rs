//! Login codes that were sent. A code itself is never stored: it is derived from its row.

use super::DeviceId;
use crate::model::login_code::CodeLength;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use serde::{Deserialize, Serialize};

/// One attempt to log in: 128 random bits that only the browser's session holds. Over the API, which has no session, it
/// is derived from the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FlowId(pub [u8; 16]);

/// What `/get_code/` gives to a client: 128 random bits under which its guesses are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ApiLoginId(pub [u8; 16]);

/// A login code to be stored and sent.
pub struct NewLoginCode {
    pub flow: FlowId,
    pub phone: Phone,
    /// The known device that requested it; `None` for an unknown one.
    pub device: Option<DeviceId>,
    pub length: CodeLength,
    /// Whether the phone has no recent unused code, so that this one begins a login in the statistics.
    pub begins_login: bool,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// A login code that was sent.
#[derive(Clone, Debug)]
pub struct SentLoginCode {
    pub id: i64,
    pub flow: FlowId,
    pub phone: Phone,
    /// The known device that requested it; `None` for an unknown one.
    pub device: Option<DeviceId>,
    pub length: CodeLength,
    /// Guesses without an [`ApiLoginId`].
    pub tries: u32,
    pub expires_at: Timestamp,
    /// When it was sent last, if that was not the first time.
    pub resent_at: Option<Timestamp>,
    pub is_used: bool,
    /// A login of the phone has ended it.
    pub is_ended: bool,
}

/// What a guess is counted under.
#[derive(Clone, Copy, Debug)]
pub enum GuessTarget {
    /// The newest code of a flow.
    Flow(FlowId),
    /// The code that an answer of `/get_code/` was about.
    ApiLogin(ApiLoginId),
}

/// Messages with codes that were not used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnusedMessages {
    pub count: u32,
    /// When the last one was sent.
    pub newest: Option<Timestamp>,
}

/// A login of a phone, for admins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginAttempt {
    pub begun_at: Timestamp,
    pub is_known_device: bool,
    pub length: CodeLength,
    pub messages: u32,
    /// Guesses that were evaluated.
    pub guesses: u32,
    pub used_at: Option<Timestamp>,
    pub expires_at: Timestamp,
}

/// Messages to phones with the same prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentToPrefix {
    pub count: u32,
    /// How many of the codes were used.
    pub used: u32,
    pub oldest: Option<Timestamp>,
}
