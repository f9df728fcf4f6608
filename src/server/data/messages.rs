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

/// What a provider reported of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum Delivery {
    Delivered,
    Undelivered,
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

/// A report on the message that a gateway knows by this id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryReport {
    pub gateway: String,
    pub message_id: String,
    pub delivery: Delivery,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentMessage {
    pub gateway: String,
    pub state: MessageState,
    pub sent_at: Timestamp,
    /// The last report; "delivered" is final.
    pub delivery: Option<Delivery>,
}
