//! Login codes that were sent, guessed at and used.

use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{
    ApiLoginId, DeviceId, FlowId, GuessTarget, LoginAttempt, NewLoginCode, SentLoginCode, SentToPrefix, UnusedMessages,
};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// Reads and single statements, outside a transaction.
#[async_trait]
pub trait LoginCodeStore: Send + Sync {
    /// The newest code of a login flow, live or not.
    async fn newest_login_code(&self, flow: FlowId) -> StoreResult<Option<SentLoginCode>>;
    /// The messages since `since` to a phone whose codes were not used: those requested by this known device, or by all
    /// unknown devices.
    async fn unused_messages(
        &self,
        phone: &Phone,
        device: Option<DeviceId>,
        since: Timestamp,
    ) -> StoreResult<UnusedMessages>;
    /// When the newest code of all was made.
    async fn newest_code_at(&self) -> StoreResult<Option<Timestamp>>;
    /// Deletes codes made before `before`; returns how many.
    async fn delete_codes_before(&self, before: Timestamp) -> StoreResult<u64>;
    /// The logins of a phone, newest first.
    async fn logins_of(&self, phone: &Phone, limit: u32) -> StoreResult<Vec<LoginAttempt>>;
}

/// Reads and changes inside a write transaction.
#[async_trait]
pub trait LoginCodeTransaction: Send {
    /// See [`LoginCodeStore::newest_login_code`].
    async fn newest_login_code(&mut self, flow: FlowId) -> StoreResult<Option<SentLoginCode>>;
    /// See [`LoginCodeStore::unused_messages`].
    async fn unused_messages(
        &mut self,
        phone: &Phone,
        device: Option<DeviceId>,
        since: Timestamp,
    ) -> StoreResult<UnusedMessages>;
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
    /// Stores a code with its first message.
    async fn add_login_code(&mut self, code: &NewLoginCode) -> StoreResult<SentLoginCode>;
    /// Counts another message with a code.
    async fn count_message(&mut self, id: i64, now: Timestamp) -> StoreResult<()>;
    /// Undoes [`Self::count_message`] for a message that could not be sent, so that no limit counts it. `before` is when
    /// the code was sent again the time before.
    async fn take_back_message(&mut self, id: i64, before: Option<Timestamp>) -> StoreResult<()>;
    /// Deletes a code whose first message could not be sent, so that no limit counts it.
    async fn remove_login_code(&mut self, id: i64) -> StoreResult<()>;
    /// Counts guesses under `login` from now on, for a code that was sent.
    async fn add_api_login(&mut self, login: ApiLoginId, code_id: i64) -> StoreResult<()>;
    /// Moves the logins over the API from one code to another, at which none of their guesses was counted yet.
    async fn move_api_logins(&mut self, from: i64, to: i64) -> StoreResult<()>;
    /// Counts a guess and returns the code that it is about, with the guesses counted under this target. `None` if it has
    /// had `max_guesses`, has expired, was used or ended.
    async fn take_guess(
        &mut self,
        target: GuessTarget,
        max_guesses: u32,
        now: Timestamp,
    ) -> StoreResult<Option<SentLoginCode>>;
    /// Marks a code as used; false if it was used or ended before.
    async fn use_code(&mut self, id: i64, now: Timestamp) -> StoreResult<bool>;
    /// Ends all unused codes of a phone.
    async fn end_codes(&mut self, phone: &Phone, now: Timestamp) -> StoreResult<()>;
    /// Deletes all unused codes of a phone, so that no wait counts them.
    async fn delete_unused_codes(&mut self, phone: &Phone) -> StoreResult<()>;
}
