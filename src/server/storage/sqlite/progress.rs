//! The progress of members as inviters, and the board.

use super::connection::Statements;
use super::store::SqliteStore;
use crate::server::clock::Timestamp;
use crate::server::data::{BoardRow, DayOfInvitees, InviterRecord, MemberId};
use crate::server::storage::{ProgressStore, StoreResult};
use async_trait::async_trait;
use rusqlite::params;

#[async_trait]
impl ProgressStore for SqliteStore {
    async fn inviter(&self, member: MemberId) -> StoreResult<Option<InviterRecord>> {
        let found = "SELECT invitees, (SELECT min(redeemed_at) FROM redemptions WHERE inviter_id = id), on_board, \
                     (SELECT count(*) FROM members AS other WHERE other.on_board = 1 AND other.invitees > members.invitees \
                     AND other.blocked_at IS NULL) \
                     FROM members WHERE id = ? AND phone IS NOT NULL";
        let record = |row: &rusqlite::Row<'_>| {
            Ok(InviterRecord {
                invitees: row.get(0)?,
                first_at: row.get(1)?,
                is_on_board: row.get(2)?,
                ahead: row.get(3)?,
            })
        };
        self.reads.read(|connection| connection.first(found, [member], record)).await
    }

    async fn days_of_invitees(&self, inviter: MemberId, since: Timestamp) -> StoreResult<Vec<DayOfInvitees>> {
        let days = "SELECT redeemed_at / 86400000 AS day, count(*) FROM redemptions \
                    WHERE inviter_id = ? AND redeemed_at >= ? GROUP BY day ORDER BY day";
        let day = |row: &rusqlite::Row<'_>| Ok(DayOfInvitees { day: row.get(0)?, joined: row.get(1)? });
        self.reads.read(|connection| connection.all(days, params![inviter, since], day)).await
    }

    async fn board(&self, limit: u32) -> StoreResult<Vec<BoardRow>> {
        let board = "SELECT id, phone, invitees FROM members WHERE on_board = 1 AND invitees > 0 AND blocked_at IS NULL \
                     ORDER BY invitees DESC, id LIMIT ?";
        let row =
            |row: &rusqlite::Row<'_>| Ok(BoardRow { member: row.get(0)?, phone: row.get(1)?, invitees: row.get(2)? });
        self.reads.read(|connection| connection.all(board, [limit], row)).await
    }

    async fn set_on_board(&self, member: MemberId, is_on_board: bool) -> StoreResult<()> {
        let set = "UPDATE members SET on_board = ? WHERE id = ? AND phone IS NOT NULL";
        self.writer.write(|connection| connection.change(set, params![is_on_board, member])).await?;
        Ok(())
    }
}
