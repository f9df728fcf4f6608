//! How often share links were opened, by member and day.

use super::connection::Statements;
use super::store::SqliteStore;
use crate::server::data::{LinkCounts, LinkStep, MemberId};
use crate::server::storage::{LinkStore, StoreResult};
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};
use std::ops::Range;

#[async_trait]
impl LinkStore for SqliteStore {
    async fn count_link_step(&self, owner: MemberId, day: i64, step: LinkStep) -> StoreResult<()> {
        let count = |connection: &Connection| {
            let [opened, logged_in, redeemed] =
                [LinkStep::Opened, LinkStep::LoggedIn, LinkStep::Redeemed].map(|one| i64::from(one == step));
            connection.change(
                "INSERT INTO link_counts VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET opened = opened + excluded.opened, \
                     logged_in = logged_in + excluded.logged_in, redeemed = redeemed + excluded.redeemed",
                params![owner, day, opened, logged_in, redeemed],
            )
        };
        self.writer.write(count).await?;
        Ok(())
    }

    async fn link_counts(&self, owner: MemberId) -> StoreResult<LinkCounts> {
        let sums = "SELECT coalesce(sum(opened), 0), coalesce(sum(logged_in), 0), coalesce(sum(redeemed), 0) \
                    FROM link_counts WHERE member_id = ?";
        self.reads.read(|connection| connection.one(sums, [owner], counts)).await
    }

    async fn all_link_counts(&self, days: Range<i64>) -> StoreResult<LinkCounts> {
        let sums = "SELECT coalesce(sum(opened), 0), coalesce(sum(logged_in), 0), coalesce(sum(redeemed), 0) \
                    FROM link_counts WHERE day >= ? AND day < ?";
        let sums = sqlx::query_as(sums).bind(days.start).bind(days.end);
        let (opened, logged_in, redeemed) = sums.fetch_one(&self.readers).await?;
        Ok(LinkCounts { opened, logged_in, redeemed })
    }
}

fn counts(row: &Row<'_>) -> rusqlite::Result<LinkCounts> {
    Ok(LinkCounts { opened: row.get(0)?, logged_in: row.get(1)?, redeemed: row.get(2)? })
}
