//! Accounts that are set aside.

use super::connection::{Statements, value};
use super::store::SqliteStore;
use super::transaction::SqliteTransaction;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{Claimable, MemberId, SetAside};
use crate::server::storage::{SetAsideStore, SetAsideTransaction, StoreResult};
use async_trait::async_trait;
use rusqlite::params;

#[async_trait]
impl SetAsideStore for SqliteStore {
    async fn claimable(&self, token_hash: &[u8; 32], since: Timestamp) -> StoreResult<Option<Claimable>> {
        let newest = "SELECT members.id, coalesce(members.visited_at, members.created_at) FROM devices \
                      JOIN set_aside ON set_aside.member_id = devices.member_id JOIN members ON members.id = devices.member_id \
                      WHERE token_hash = ? AND devices.seen_at > ? ORDER BY at DESC LIMIT 1";
        let claimable = |row: &rusqlite::Row<'_>| Ok(Claimable { member: row.get(0)?, visited_at: row.get(1)? });
        self.reads.read(|connection| connection.first(newest, params![token_hash, since], claimable)).await
    }
}

#[async_trait]
impl SetAsideTransaction for SqliteTransaction {
    async fn set_aside(&mut self, member: MemberId, now: Timestamp) -> StoreResult<()> {
        let take = "UPDATE members SET phone = NULL, erased_at = ?, on_board = 0, epoch = epoch + 1 WHERE id = ?";
        self.connection.change(take, params![now, member])?;
        self.connection.change("UPDATE set_aside SET successor_id = NULL WHERE successor_id = ?", [member])?;
        self.connection.change("INSERT INTO set_aside (member_id, at) VALUES (?, ?)", params![member, now])?;
        Ok(())
    }

    async fn name_successor(&mut self, member: MemberId, successor: MemberId) -> StoreResult<()> {
        let name = "UPDATE set_aside SET successor_id = ? WHERE member_id = ?";
        self.connection.change(name, params![successor, member])?;
        Ok(())
    }

    async fn aside(&mut self, member: MemberId) -> StoreResult<Option<SetAside>> {
        let aside = "SELECT at, successor_id FROM set_aside WHERE member_id = ?";
        self.connection.first(aside, [member], |row| Ok(SetAside { at: row.get(0)?, successor: row.get(1)? }))
    }

    async fn take_back(&mut self, member: MemberId, phone: &Phone, now: Timestamp) -> StoreResult<bool> {
        if self.connection.change("DELETE FROM set_aside WHERE member_id = ?", [member])? == 0 {
            return Ok(false);
        }
        self.connection.change(
            "UPDATE members SET phone = ?, erased_at = NULL, epoch = epoch + 1, visited_at = ? WHERE id = ?",
            params![phone, now, member],
        )?;
        Ok(true)
    }

    async fn has_ties(&mut self, member: MemberId) -> StoreResult<bool> {
        let ties = "SELECT EXISTS (SELECT 1 FROM redemptions WHERE invitee_id = ?1 OR inviter_id = ?1)";
        self.connection.one(ties, [member], value)
    }
}
