//! Accounts that are set aside.

use super::store::PostgresStore;
use super::transaction::PostgresTransaction;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{Claimable, MemberId, SetAside};
use crate::server::storage::{SetAsideStore, SetAsideTransaction, StoreResult};
use async_trait::async_trait;

#[async_trait]
impl SetAsideStore for PostgresStore {
    async fn claimable(&self, token_hash: &[u8; 32], since: Timestamp) -> StoreResult<Option<Claimable>> {
        let newest = sqlx::query_as(
            "SELECT members.id, coalesce(members.visited_at, members.created_at) FROM devices \
             JOIN set_aside ON set_aside.member_id = devices.member_id JOIN members ON members.id = devices.member_id \
             WHERE token_hash = $1 AND devices.seen_at > $2 ORDER BY at DESC LIMIT 1",
        );
        let newest = newest.bind(&token_hash[..]).bind(since).fetch_optional(&self.pool).await?;
        Ok(newest.map(|(member, visited_at)| Claimable { member, visited_at }))
    }
}

#[async_trait]
impl SetAsideTransaction for PostgresTransaction {
    async fn set_aside(&mut self, member: MemberId, now: Timestamp) -> StoreResult<()> {
        let take = sqlx::query(
            "UPDATE members SET phone = NULL, erased_at = $1, on_board = false, epoch = epoch + 1 WHERE id = $2",
        );
        take.bind(now).bind(member).execute(self.connection()).await?;
        let gone = sqlx::query("UPDATE set_aside SET successor_id = NULL WHERE successor_id = $1");
        gone.bind(member).execute(self.connection()).await?;
        let add = sqlx::query("INSERT INTO set_aside (member_id, at) VALUES ($1, $2)");
        add.bind(member).bind(now).execute(self.connection()).await?;
        Ok(())
    }

    async fn name_successor(&mut self, member: MemberId, successor: MemberId) -> StoreResult<()> {
        let name = sqlx::query("UPDATE set_aside SET successor_id = $1 WHERE member_id = $2");
        name.bind(successor).bind(member).execute(self.connection()).await?;
        Ok(())
    }

    async fn aside(&mut self, member: MemberId) -> StoreResult<Option<SetAside>> {
        let aside = sqlx::query_as("SELECT at, successor_id FROM set_aside WHERE member_id = $1 FOR UPDATE");
        let aside = aside.bind(member).fetch_optional(self.connection()).await?;
        Ok(aside.map(|(at, successor)| SetAside { at, successor }))
    }

    async fn take_back(&mut self, member: MemberId, phone: &Phone, now: Timestamp) -> StoreResult<bool> {
        let end = sqlx::query("DELETE FROM set_aside WHERE member_id = $1");
        if end.bind(member).execute(self.connection()).await?.rows_affected() == 0 {
            return Ok(false);
        }
        let give = sqlx::query(
            "UPDATE members SET phone = $1, erased_at = NULL, epoch = epoch + 1, visited_at = $2 WHERE id = $3",
        );
        give.bind(phone).bind(now).bind(member).execute(self.connection()).await?;
        Ok(true)
    }

    async fn has_ties(&mut self, member: MemberId) -> StoreResult<bool> {
        let ties =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM redemptions WHERE invitee_id = $1 OR inviter_id = $1)");
        Ok(ties.bind(member).fetch_one(self.connection()).await?)
    }
}
