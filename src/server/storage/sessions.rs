//! Cookie sessions, and where a member is logged in.

use crate::server::clock::Timestamp;
use crate::server::data::{LiveLogin, MemberId, SessionRow};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// What is asked outside of a transaction.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Stores a new session; false if there is one of this id.
    async fn create_session(&self, row: &SessionRow, now: Timestamp, expires_at: Timestamp) -> StoreResult<bool>;
    /// Changes a session that still exists: one that was ended stays ended. It never outlives `created_at` by more
    /// than `absolute_ms`. Returns whether it exists.
    async fn save_session(&self, row: &SessionRow, expires_at: Timestamp, absolute_ms: i64) -> StoreResult<bool>;
    /// A session's values, unless it has expired, or its member is blocked or has logged out everywhere since.
    async fn load_session(&self, id_hash: &[u8; 32], now: Timestamp) -> StoreResult<Option<String>>;
    /// Ends a session.
    async fn delete_session(&self, id_hash: &[u8; 32]) -> StoreResult<()>;
    /// Deletes sessions that have expired; returns how many.
    async fn delete_expired_sessions(&self, now: Timestamp) -> StoreResult<u64>;
    /// The sessions and API logins of a member that are good, newest first.
    async fn live_logins_of(&self, member: MemberId, now: Timestamp, limit: u32) -> StoreResult<Vec<LiveLogin>>;
}
