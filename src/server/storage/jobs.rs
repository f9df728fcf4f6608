//! When each job is due.

use crate::server::clock::Timestamp;
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// Reads and single statements, outside a transaction.
#[async_trait]
pub trait JobStore: Send + Sync {
    /// Claims a job that is due, and makes it due again at `next`. False if it is not due: another server has claimed it.
    async fn claim_job(&self, name: &str, now: Timestamp, next: Timestamp) -> StoreResult<bool>;
}
