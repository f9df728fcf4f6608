//! Daily counts for the overview.

use crate::server::data::{Counts, DailyCount};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;
use std::ops::Range;

/// Reads and single statements, outside a transaction.
#[async_trait]
pub trait CountStore: Send + Sync {
    /// The counts of each day since `since`, in days since 1970 (UTC).
    async fn daily_counts(&self, since: i64) -> StoreResult<Vec<DailyCount>>;
    /// The sums of the counts of these days.
    async fn counts_of_days(&self, days: Range<i64>) -> StoreResult<Counts>;
    /// The counts of all days.
    async fn total_counts(&self) -> StoreResult<Counts>;
    /// The number of blocked members, and of erased ones.
    async fn blocked_and_erased(&self) -> StoreResult<(u64, u64)>;
}
