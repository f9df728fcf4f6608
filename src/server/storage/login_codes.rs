//! Login codes: sent, guessed at, used.

use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{DeviceId, FlowId, NewLoginCode, SentLoginCode, SentToPrefix};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// What is asked outside of a transaction.
#[async_trait]
pub trait LoginCodeStore: Send + Sync {
    /// The code sent last in a login.
    async fn newest_login_code(&self, flow: FlowId) -> StoreResult<Option<SentLoginCode>>;
    /// When codes went to a phone since `since` that were not used, newest first: those that this known
    /// device asked for, or all unknown ones.
    async fn unused_codes(
        &self,
        phone: &Phone,
        device: Option<DeviceId>,
        since: Timestamp,
    ) -> StoreResult<Vec<Timestamp>>;
    /// When the newest code was made.
    async fn newest_code_at(&self) -> StoreResult<Option<Timestamp>>;
    /// Deletes codes made before `before`; returns how many.
    async fn delete_codes_before(&self, before: Timestamp) -> StoreResult<u64>;
}

/// What is asked and changed within a transaction.
#[async_trait]
pub trait LoginCodeTransaction: Send {
    /// See [`LoginCodeStore::unused_codes`].
    async fn unused_codes(
        &mut self,
        phone: &Phone,
        device: Option<DeviceId>,
        since: Timestamp,
    ) -> StoreResult<Vec<Timestamp>>;
    /// Lets the codes of all live logins of a phone expire but the `keep` newest ones and `flow`: of those that this
    /// known device asked for, or of all unknown ones.
    async fn expire_oldest_flows(
        &mut self,
        phone: &Phone,
        device: Option<DeviceId>,
        flow: FlowId,
        keep: u32,
        now: Timestamp,
    ) -> StoreResult<()>;
    /// The codes that unknown devices asked for since `since`, for phones that begin with `prefix`, and that were used
    /// or can be used no more.
    async fn sent_to_prefix(&mut self, prefix: &str, since: Timestamp, now: Timestamp) -> StoreResult<SentToPrefix>;
    /// Stores a code; returns its id.
    async fn add_login_code(&mut self, code: &NewLoginCode) -> StoreResult<i64>;
    /// Takes a code back that could not be sent; it is not counted either.
    async fn remove_login_code(&mut self, id: i64) -> StoreResult<()>;
    /// Counts a try at the newest code of a login and returns the code; `None` when it has had `max_tries`, has
    /// expired, or was used or ended.
    async fn take_try(&mut self, flow: FlowId, max_tries: u32, now: Timestamp) -> StoreResult<Option<SentLoginCode>>;
    /// Marks a code as used; false if it was used or ended before.
    async fn use_code(&mut self, id: i64, now: Timestamp) -> StoreResult<bool>;
    /// Makes every unused code of a phone void.
    async fn end_codes(&mut self, phone: &Phone, now: Timestamp) -> StoreResult<()>;
}
