//! Webhooks: an outbox, and the log of its deliveries.

use crate::server::clock::Timestamp;
use crate::server::data::{
    DueWebhook, NewWebhook, NextWebhook, WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookOff, WebhookSearch,
};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// Reads and single statements, outside a transaction.
#[async_trait]
pub trait WebhookStore: Send + Sync {
    /// Claims deliveries to an endpoint that are due, the oldest first. No other server claims them before `until`. None if the
    /// endpoint is off.
    async fn claim_webhooks(
        &self,
        endpoint: &str,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<DueWebhook>>;
    async fn webhooks(&self, search: &WebhookSearch) -> StoreResult<Vec<WebhookDelivery>>;
    /// Those that have failed, in the order of their URLs.
    async fn webhook_endpoints(&self) -> StoreResult<Vec<WebhookEndpoint>>;
    /// When something was last delivered to an endpoint, as far as deliveries are kept.
    async fn last_webhook_delivered(&self, endpoint: &str) -> StoreResult<Option<Timestamp>>;
    /// Deletes deliveries that were added before `before`, with their attempts; returns how many.
    async fn delete_webhooks_before(&self, before: Timestamp) -> StoreResult<u64>;
}

/// Reads and changes inside a write transaction.
#[async_trait]
pub trait WebhookTransaction: Send {
    /// Adds a delivery of each event to each endpoint, due at once.
    async fn add_webhooks(&mut self, endpoints: &[&str], events: &[NewWebhook], now: Timestamp) -> StoreResult<()>;
    async fn add_webhook_attempt(&mut self, delivery: i64, attempt: &WebhookAttempt) -> StoreResult<()>;
    /// Ends the lease of a claimed delivery. Does nothing if it has been claimed again since.
    async fn settle_webhook(&mut self, due: &DueWebhook, next: &NextWebhook) -> StoreResult<()>;
    /// Records that an attempt at this endpoint has failed. Returns when the first one did since the last delivery.
    async fn webhook_failed(&mut self, endpoint: &str, at: Timestamp) -> StoreResult<Timestamp>;
    /// Records a delivery to this endpoint.
    async fn webhook_delivered(&mut self, endpoint: &str) -> StoreResult<()>;
    /// False if the endpoint has never failed, or is off.
    async fn switch_webhooks_off(&mut self, endpoint: &str, because: WebhookOff, now: Timestamp) -> StoreResult<bool>;
    /// False if the endpoint is on.
    async fn switch_webhooks_on(&mut self, endpoint: &str) -> StoreResult<bool>;
    /// Lets a delivery begin anew, whatever its state; false if there is none.
    async fn replay_webhook(&mut self, id: i64, now: Timestamp) -> StoreResult<bool>;
    /// Lets every failed delivery begin anew; returns how many.
    async fn replay_failed_webhooks(&mut self, now: Timestamp) -> StoreResult<u64>;
}
