//! Login codes that were sent, guessed at and used.

use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{DeviceId, FlowId, NewLoginCode, SentLoginCode, SentToPrefix};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// Reads and single statements, outside a transaction.
#[async_trait]
pub trait LoginCodeStore: Send + Sync {
    /// The newest code of a login flow, live or not.
    async fn newest_login_code(&self, flow: FlowId) -> StoreResult<Option<SentLoginCode>>;
    /// The times since `since` at which codes were sent to a phone and not used, newest first: codes requested by this
    /// known device, or by all unknown devices.
    async fn unused_codes(
        &self,
        phone: &Phone,
        device: Option<DeviceId>,
        since: Timestamp,
    ) -> StoreResult<Vec<Timestamp>>;
    /// When the newest code of all was sent.
    async fn newest_code_at(&self) -> StoreResult<Option<Timestamp>>;
    /// Deletes codes made before `before`; returns how many.
    async fn delete_codes_before(&self, before: Timestamp) -> StoreResult<u64>;
}

/// Reads and changes inside a write transaction.
#[async_trait]
pub trait LoginCodeTransaction: Send {
    /// See [`LoginCodeStore::unused_codes`].
    async fn unused_codes(
        &mut self,
        phone: &Phone,
        device: Option<DeviceId>,
        since: Timestamp,
    ) -> StoreResult<Vec<Timestamp>>;
    /// Expires the oldest live login flows of a phone: all but `flow` and the `keep` newest others. Only flows of this
    /// known device, or of all unknown devices.
    async fn expire_oldest_flows(
        &mut self,
        phone: &Phone,
        device: Option<DeviceId>,
        flow: FlowId,
        keep: u32,
        now: Timestamp,
    ) -> StoreResult<()>;
    /// Counts the codes since `since` that unknown devices requested for phones with this prefix. Codes that can still
    /// be used are not counted.
    async fn sent_to_prefix(&mut self, prefix: &str, since: Timestamp, now: Timestamp) -> StoreResult<SentToPrefix>;
    /// Stores a code; returns its id.
    async fn add_login_code(&mut self, code: &NewLoginCode) -> StoreResult<i64>;
    /// Deletes a code that could not be sent, so that no limit counts it.
    async fn remove_login_code(&mut self, id: i64) -> StoreResult<()>;
    /// Counts a guess at the newest code of a flow, and returns the code. `None` if it has had `max_guesses`, has
    /// expired, was used or ended.
    async fn take_guess(
        &mut self,
        flow: FlowId,
        max_guesses: u32,
        now: Timestamp,
    ) -> StoreResult<Option<SentLoginCode>>;
    /// Marks a code as used; false if it was used or ended before.
    async fn use_code(&mut self, id: i64, now: Timestamp) -> StoreResult<bool>;
    /// Ends all unused codes of a phone.
    async fn end_codes(&mut self, phone: &Phone, now: Timestamp) -> StoreResult<()>;
}
