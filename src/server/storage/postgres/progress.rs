//! The progress of members as inviters, and the board.

use super::store::PostgresStore;
use crate::server::clock::Timestamp;
use crate::server::data::{BoardRow, DayOfInvitees, InviterRecord, MemberId};
use crate::server::storage::rows::unsigned;
use crate::server::storage::{ProgressStore, StoreResult};
use async_trait::async_trait;
use sqlx::Row;

#[async_trait]
impl ProgressStore for PostgresStore {
    async fn inviter(&self, member: MemberId) -> StoreResult<Option<InviterRecord>> {
        let found = sqlx::query(
            "SELECT invitees, (SELECT min(redeemed_at) FROM redemptions WHERE inviter_id = id) AS first_at, \
             on_board AS is_on_board, (SELECT count(*) FROM members AS other WHERE other.on_board \
             AND other.invitees > members.invitees AND other.blocked_at IS NULL) AS ahead \
             FROM members WHERE id = $1 AND phone IS NOT NULL",
        );
        let Some(row) = found.bind(member).fetch_optional(&self.pool).await? else { return Ok(None) };
        Ok(Some(InviterRecord {
            invitees: unsigned(row.try_get("invitees")?, "invitees")?,
            first_at: row.try_get("first_at")?,
            is_on_board: row.try_get("is_on_board")?,
            ahead: unsigned(row.try_get("ahead")?, "ahead")?,
        }))
    }

    async fn days_of_invitees(&self, inviter: MemberId, since: Timestamp) -> StoreResult<Vec<DayOfInvitees>> {
        let days = sqlx::query_as(
            "SELECT redeemed_at / 86400000 AS day, count(*) FROM redemptions \
             WHERE inviter_id = $1 AND redeemed_at >= $2 GROUP BY day ORDER BY day",
        );
        let days: Vec<(i64, i64)> = days.bind(inviter).bind(since).fetch_all(&self.pool).await?;
        let day = |(day, joined)| Ok(DayOfInvitees { day, joined: unsigned(joined, "joined")? });
        days.into_iter().map(day).collect()
    }

    async fn board(&self, limit: u32) -> StoreResult<Vec<BoardRow>> {
        let board = sqlx::query(
            "SELECT id, phone, invitees FROM members WHERE on_board AND invitees > 0 AND blocked_at IS NULL \
             ORDER BY invitees DESC, id LIMIT $1",
        );
        let rows = board.bind(i64::from(limit)).fetch_all(&self.pool).await?;
        let row = |row: &sqlx::postgres::PgRow| {
            let invitees = unsigned(row.try_get("invitees")?, "invitees")?;
            Ok(BoardRow { member: row.try_get("id")?, phone: row.try_get("phone")?, invitees })
        };
        rows.iter().map(row).collect()
    }

    async fn set_on_board(&self, member: MemberId, is_on_board: bool) -> StoreResult<()> {
        let set = sqlx::query("UPDATE members SET on_board = $1 WHERE id = $2 AND phone IS NOT NULL");
        set.bind(is_on_board).bind(member).execute(&self.pool).await?;
        Ok(())
    }
}
