//! Cookie sessions, and the list of places where a member is logged in.

use crate::server::clock::Timestamp;
use crate::server::data::{LiveLogin, LoginId, MemberId, SessionRow};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// Reads and single statements, outside a transaction.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Adds a session; false if the id is taken.
    async fn create_session(&self, row: &SessionRow, now: Timestamp, expires_at: Timestamp) -> StoreResult<bool>;
    /// Updates a session, and notes the visit of its member; false if it does not exist, so that an ended session is not revived. It expires at most
    /// `absolute_ms` milliseconds after it was created.
    async fn save_session(&self, row: &SessionRow, expires_at: Timestamp, absolute_ms: i64) -> StoreResult<bool>;
    /// The data of a session. `None` if it has expired, or its member is blocked or has logged out everywhere since.
    async fn load_session(&self, id_hash: &[u8; 32], now: Timestamp) -> StoreResult<Option<String>>;
    async fn delete_session(&self, id_hash: &[u8; 32]) -> StoreResult<()>;
    /// Returns how many were deleted.
    async fn delete_expired_sessions(&self, now: Timestamp) -> StoreResult<u64>;
    /// The live sessions and token families of a member, the last used first.
    async fn live_logins_of(&self, member: MemberId, now: Timestamp, limit: u32) -> StoreResult<Vec<LiveLogin>>;
}

/// Reads and changes inside a write transaction.
#[async_trait]
pub trait SessionTransaction: Send {
    /// Ends a session or token family of a member, and forgets its device if no other login is on it. False if the
    /// member has no such login.
    async fn end_login(&mut self, member: MemberId, id: LoginId) -> StoreResult<bool>;
}
