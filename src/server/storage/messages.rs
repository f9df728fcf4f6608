//! Messages that were handed to gateways. They are deleted with their login codes.

use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{DeliveryReport, NewMessage, SentMessage};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// Reads and single statements, outside a transaction.
#[async_trait]
pub trait MessageStore: Send + Sync {
    async fn add_message(&self, new: &NewMessage<'_>) -> StoreResult<()>;
    /// Records a report, unless the message was reported as delivered before. False if there is no such message.
    async fn report_message(&self, report: &DeliveryReport, now: Timestamp) -> StoreResult<bool>;
    /// The messages to a phone, newest first.
    async fn messages_to(&self, phone: &Phone, limit: u32) -> StoreResult<Vec<SentMessage>>;
}
