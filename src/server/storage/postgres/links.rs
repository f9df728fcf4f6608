//! How often share links were opened, by member and day.

use super::store::PostgresStore;
use crate::server::data::{LinkCounts, LinkStep, MemberId};
use crate::server::storage::rows::unsigned;
use crate::server::storage::{LinkStore, StoreResult};
use async_trait::async_trait;
use std::ops::Range;

#[async_trait]
impl LinkStore for PostgresStore {
    async fn count_link_step(&self, owner: MemberId, day: i64, step: LinkStep) -> StoreResult<()> {
        let [opened, logged_in, redeemed] =
            [LinkStep::Opened, LinkStep::LoggedIn, LinkStep::Redeemed].map(|one| i64::from(one == step));
        let count = sqlx::query(
            "INSERT INTO link_counts AS counts VALUES ($1, $2, $3, $4, $5) ON CONFLICT (member_id, day) DO UPDATE SET \
                 opened = counts.opened + excluded.opened, logged_in = counts.logged_in + excluded.logged_in, \
                 redeemed = counts.redeemed + excluded.redeemed",
        );
        let count = count.bind(owner).bind(day).bind(opened).bind(logged_in).bind(redeemed);
        count.execute(&self.pool).await?;
        Ok(())
    }

    async fn link_counts(&self, owner: MemberId) -> StoreResult<LinkCounts> {
        let sums = sqlx::query_as(
            "SELECT coalesce(sum(opened), 0)::bigint, coalesce(sum(logged_in), 0)::bigint, \
                 coalesce(sum(redeemed), 0)::bigint FROM link_counts WHERE member_id = $1",
        );
        counts(sums.bind(owner).fetch_one(&self.pool).await?)
    }

    async fn all_link_counts(&self, days: Range<i64>) -> StoreResult<LinkCounts> {
        let sums = sqlx::query_as(
            "SELECT coalesce(sum(opened), 0)::bigint, coalesce(sum(logged_in), 0)::bigint, \
                 coalesce(sum(redeemed), 0)::bigint FROM link_counts WHERE day >= $1 AND day < $2",
        );
        counts(sums.bind(days.start).bind(days.end).fetch_one(&self.pool).await?)
    }
}

fn counts((opened, logged_in, redeemed): (i64, i64, i64)) -> StoreResult<LinkCounts> {
    Ok(LinkCounts {
        opened: unsigned(opened, "opened")?,
        logged_in: unsigned(logged_in, "logged_in")?,
        redeemed: unsigned(redeemed, "redeemed")?,
    })
}
