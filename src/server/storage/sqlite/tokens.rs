//! Tokens of the API, and outcomes kept under an idempotency key.

use super::connection::Statements;
use super::store::SqliteStore;
use super::transaction::SqliteTransaction;
use crate::server::clock::Timestamp;
use crate::server::data::{
    DeviceId, Epoch, FamilyId, IdempotentOutcome, MemberId, RefreshToken, RepeatableRequest, TokenStanding,
};
use crate::server::storage::{StoreResult, TokenStore, TokenTransaction};
use async_trait::async_trait;
use rusqlite::{Row, params};

#[async_trait]
impl TokenStore for SqliteStore {
    async fn token_standing(&self, member: MemberId, family: FamilyId) -> StoreResult<Option<TokenStanding>> {
        let standing = self.reads.read(|connection| {
            connection.first(
                "SELECT blocked_at IS NOT NULL, token_families.created_at FROM members \
                 LEFT JOIN token_families ON token_families.id = ? AND member_id = members.id \
                 AND token_families.epoch = members.epoch WHERE members.id = ? AND phone IS NOT NULL",
                params![family, member],
                |row| Ok(TokenStanding { is_blocked: row.get(0)?, begun_at: row.get(1)? }),
            )
        });
        standing.await
    }

    async fn delete_expired_tokens(&self, now: Timestamp) -> StoreResult<u64> {
        let tokens =
            "DELETE FROM refresh_tokens WHERE hash IN (SELECT hash FROM refresh_tokens WHERE expires_at <= ? LIMIT ?)";
        let families =
            "DELETE FROM token_families WHERE id IN (SELECT id FROM token_families WHERE expires_at <= ? LIMIT ?)";
        Ok(self.forget(tokens, now.0).await? + self.forget(families, now.0).await?)
    }

    async fn repeatable_requests(&self, member: MemberId, limit: u32) -> StoreResult<Vec<RepeatableRequest>> {
        let kept =
            "SELECT request, created_at FROM idempotency_keys WHERE member_id = ? ORDER BY created_at DESC LIMIT ?";
        let request = |row: &Row<'_>| Ok(RepeatableRequest { request: row.get(0)?, at: row.get(1)? });
        self.reads.read(|connection| connection.all(kept, params![member, limit], request)).await
    }

    async fn delete_idempotent_outcomes_before(&self, before: Timestamp) -> StoreResult<u64> {
        let old = "DELETE FROM idempotency_keys WHERE (member_id, key_hash) IN \
                   (SELECT member_id, key_hash FROM idempotency_keys WHERE created_at < ? LIMIT ?)";
        self.forget(old, before.0).await
    }
}

#[async_trait]
impl TokenTransaction for SqliteTransaction {
    async fn add_token_family(
        &mut self,
        family: FamilyId,
        member: MemberId,
        epoch: Epoch,
        device: Option<DeviceId>,
        now: Timestamp,
    ) -> StoreResult<()> {
        self.connection.change(
            "INSERT INTO token_families (id, member_id, epoch, device_id, created_at, seen_at, expires_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?5)",
            params![family, member, epoch, device, now],
        )?;
        Ok(())
    }

    async fn add_refresh_token(
        &mut self,
        family: FamilyId,
        hash: &[u8; 32],
        now: Timestamp,
        expires_at: Timestamp,
    ) -> StoreResult<()> {
        self.connection.change(
            "INSERT INTO refresh_tokens (hash, family_id, expires_at) VALUES (?, ?, ?)",
            params![hash, family, expires_at],
        )?;
        self.connection.change(
            "UPDATE token_families SET seen_at = ?, expires_at = max(expires_at, ?) WHERE id = ?",
            params![now, expires_at, family],
        )?;
        Ok(())
    }

    async fn refresh_token(&mut self, hash: &[u8; 32]) -> StoreResult<Option<RefreshToken>> {
        self.connection.first(
            "SELECT family_id, member_id, refresh_tokens.expires_at, used_at FROM refresh_tokens \
             JOIN token_families ON token_families.id = family_id JOIN members ON members.id = member_id \
             WHERE hash = ? AND members.epoch = token_families.epoch AND blocked_at IS NULL",
            [hash],
            refresh_token,
        )
    }

    async fn use_refresh_token(&mut self, hash: &[u8; 32], now: Timestamp) -> StoreResult<()> {
        self.connection
            .change("UPDATE refresh_tokens SET used_at = ? WHERE hash = ? AND used_at IS NULL", params![now, hash])?;
        Ok(())
    }

    async fn keep_newest_tokens(&mut self, family: FamilyId, most: u32) -> StoreResult<()> {
        self.connection.change(
            "DELETE FROM refresh_tokens WHERE hash IN (SELECT hash FROM refresh_tokens WHERE family_id = ? \
             ORDER BY expires_at DESC, used_at IS NULL DESC LIMIT -1 OFFSET ?)",
            params![family, most],
        )?;
        Ok(())
    }

    async fn keep_newest_families(&mut self, member: MemberId, most: u32) -> StoreResult<()> {
        self.connection.change(
            "DELETE FROM token_families WHERE id IN (SELECT id FROM token_families WHERE member_id = ? \
             ORDER BY expires_at DESC, created_at DESC LIMIT -1 OFFSET ?)",
            params![member, most],
        )?;
        Ok(())
    }

    async fn end_token_family(&mut self, family: FamilyId) -> StoreResult<()> {
        self.connection.change("DELETE FROM token_families WHERE id = ?", [family])?;
        Ok(())
    }

    async fn idempotent_outcome(
        &mut self,
        member: MemberId,
        key_hash: &[u8; 32],
        since: Timestamp,
    ) -> StoreResult<Option<IdempotentOutcome>> {
        self.connection.first(
            "SELECT request, outcome FROM idempotency_keys WHERE member_id = ? AND key_hash = ? AND created_at > ?",
            params![member, key_hash, since],
            |row| Ok(IdempotentOutcome { request: row.get("request")?, outcome: row.get("outcome")? }),
        )
    }

    async fn keep_idempotent_outcome(
        &mut self,
        member: MemberId,
        key_hash: &[u8; 32],
        outcome: &IdempotentOutcome,
        now: Timestamp,
    ) -> StoreResult<()> {
        self.connection.change(
            "INSERT INTO idempotency_keys (member_id, key_hash, request, outcome, created_at) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT DO UPDATE SET request = excluded.request, outcome = excluded.outcome, \
             created_at = excluded.created_at",
            params![member, key_hash, &outcome.request, &outcome.outcome, now],
        )?;
        Ok(())
    }
}

fn refresh_token(row: &Row<'_>) -> rusqlite::Result<RefreshToken> {
    Ok(RefreshToken {
        family: row.get("family_id")?,
        member: row.get("member_id")?,
        expires_at: row.get("expires_at")?,
        used_at: row.get("used_at")?,
    })
}
