//! Daily counts for the overview. Each is the sum of its slots.

use super::store::PostgresStore;
use crate::server::data::{Counts, DailyCount};
use crate::server::storage::rows::{daily_count, number, unsigned};
use crate::server::storage::{CountStore, StoreResult};
use async_trait::async_trait;
use sqlx::Row;
use std::ops::Range;

#[async_trait]
impl CountStore for PostgresStore {
    async fn daily_counts(&self, since: i64) -> StoreResult<Vec<DailyCount>> {
        let rows = sqlx::query(
            "SELECT day, what, sum(count)::bigint AS count FROM daily_counts WHERE day >= $1 \
             GROUP BY day, what ORDER BY day",
        );
        let rows = rows.bind(since).fetch_all(&self.pool).await?;
        rows.iter().map(daily_count).collect()
    }

    async fn counts_of_days(&self, days: Range<i64>) -> StoreResult<Counts> {
        let sums = sqlx::query(
            "SELECT what, sum(count)::bigint AS count FROM daily_counts WHERE day >= $1 AND day < $2 GROUP BY what",
        );
        let mut counts = Counts::default();
        for row in sums.bind(days.start).bind(days.end).fetch_all(&self.pool).await? {
            counts.add(row.try_get("what")?, number(&row, "count")?);
        }
        Ok(counts)
    }

    async fn total_counts(&self) -> StoreResult<Counts> {
        self.counts_of_days(i64::MIN..i64::MAX).await
    }

    async fn blocked_and_erased(&self) -> StoreResult<(u64, u64)> {
        let counts = sqlx::query_as(
            "SELECT (SELECT count(*) FROM members WHERE blocked_at IS NOT NULL), \
             (SELECT count(*) FROM members WHERE erased_at IS NOT NULL)",
        );
        let (blocked, erased) = counts.fetch_one(&self.pool).await?;
        Ok((unsigned(blocked, "blocked")?, unsigned(erased, "erased")?))
    }
}
