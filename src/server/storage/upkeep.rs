//! What the host does with a whole database, and the check of the secret that it is used with.

use crate::server::clock::Timestamp;
use crate::server::data::EndedLogins;
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// Reads and changes inside a write transaction.
#[async_trait]
pub trait UpkeepTransaction: Send {
    /// The value by which the secret of the database is recognised; `None` before the first start.
    async fn secret_check(&mut self) -> StoreResult<Option<[u8; 32]>>;
    /// Keeps the value, in place of the one before.
    async fn keep_secret_check(&mut self, value: &[u8; 32]) -> StoreResult<()>;
    /// Ends every session, every token of the API and every login code.
    async fn end_every_login(&mut self, now: Timestamp) -> StoreResult<EndedLogins>;
}
