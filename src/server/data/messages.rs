//! Messages that were handed to gateways.

use crate::server::clock::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum MessageState {
    /// The gateway accepted it.
    Sent,
    /// It may have been sent: the gateway did not answer, or not clearly.
    Unknown,
}

/// A message to be recorded.
pub struct NewMessage<'a> {
    /// The id of its login code.
    pub code: i64,
    pub gateway: &'a str,
    /// The gateway's id of the message.
    pub message_id: Option<&'a str>,
    pub state: MessageState,
    pub sent_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentMessage {
    pub gateway: String,
    pub state: MessageState,
    pub sent_at: Timestamp,
}
