//! Daily counts for the overview.

use super::store::SqliteStore;
use crate::server::data::{Counts, DailyCount};
use crate::server::storage::rows::daily_count;
use crate::server::storage::{CountStore, StoreResult};
use async_trait::async_trait;
use sqlx::Row;
use std::ops::Range;

#[async_trait]
impl CountStore for SqliteStore {
    async fn daily_counts(&self, since: i64) -> StoreResult<Vec<DailyCount>> {
        let rows = sqlx::query("SELECT day, what, count FROM daily_counts WHERE day >= ? ORDER BY day");
        let rows = rows.bind(since).fetch_all(&self.readers).await?;
        rows.iter().map(daily_count).collect()
    }

    async fn counts_of_days(&self, days: Range<i64>) -> StoreResult<Counts> {
        let sums =
            sqlx::query("SELECT what, sum(count) AS count FROM daily_counts WHERE day >= ? AND day < ? GROUP BY what");
        let mut counts = Counts::default();
        for row in sums.bind(days.start).bind(days.end).fetch_all(&self.readers).await? {
            counts.add(row.try_get("what")?, row.try_get("count")?);
        }
        Ok(counts)
    }

    async fn total_counts(&self) -> StoreResult<Counts> {
        self.counts_of_days(i64::MIN..i64::MAX).await
    }

    async fn blocked_and_erased(&self) -> StoreResult<(u64, u64)> {
        Ok(sqlx::query_as(
            "SELECT (SELECT count(*) FROM members WHERE blocked_at IS NOT NULL), \
             (SELECT count(*) FROM members WHERE erased_at IS NOT NULL)",
        )
        .fetch_one(&self.readers)
        .await?)
    }
}
