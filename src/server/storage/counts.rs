//! Daily counts for the overview.

use crate::server::data::{Counts, DailyCount};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// What is asked outside of a transaction.
#[async_trait]
pub trait CountStore: Send + Sync {
    /// What happened on each day since this one, counted from 1970.
    async fn daily_counts(&self, since: i64) -> StoreResult<Vec<DailyCount>>;
    /// What happened since the beginning.
    async fn total_counts(&self) -> StoreResult<Counts>;
    /// How many members are locked out, and how many were erased.
    async fn blocked_and_erased(&self) -> StoreResult<(u64, u64)>;
}
