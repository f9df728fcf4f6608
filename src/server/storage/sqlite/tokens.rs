//! Tokens of the API, and outcomes kept under an idempotency key.

use super::store::{SqliteStore, forget};
use super::transaction::SqliteTransaction;
use crate::server::clock::Timestamp;
use crate::server::data::{DeviceId, Epoch, FamilyId, IdempotentOutcome, MemberId, RefreshToken, TokenStanding};
use crate::server::storage::{StoreResult, TokenStore, TokenTransaction};
use async_trait::async_trait;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

#[async_trait]
impl TokenStore for SqliteStore {
    async fn token_standing(&self, member: MemberId, family: FamilyId) -> StoreResult<Option<TokenStanding>> {
        let row = sqlx::query(
            "SELECT blocked_at IS NOT NULL AS is_blocked, token_families.created_at AS begun_at FROM members \
             LEFT JOIN token_families ON token_families.id = ? AND member_id = members.id \
             AND token_families.epoch = members.epoch WHERE members.id = ? AND phone IS NOT NULL",
        )
        .bind(family)
        .bind(member)
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let begun_at: Option<i64> = row.try_get("begun_at")?;
        Ok(Some(TokenStanding { is_blocked: row.try_get("is_blocked")?, begun_at: begun_at.map(Timestamp) }))
    }

    async fn delete_expired_tokens(&self, now: Timestamp) -> StoreResult<u64> {
        let tokens =
            "DELETE FROM refresh_tokens WHERE hash IN (SELECT hash FROM refresh_tokens WHERE expires_at <= ? LIMIT ?)";
        let families =
            "DELETE FROM token_families WHERE id IN (SELECT id FROM token_families WHERE expires_at <= ? LIMIT ?)";
        Ok(forget(&self.writer, tokens, now.0).await? + forget(&self.writer, families, now.0).await?)
    }

    async fn delete_idempotent_outcomes_before(&self, before: Timestamp) -> StoreResult<u64> {
        let old = "DELETE FROM idempotency_keys WHERE (member_id, key_hash) IN \
                   (SELECT member_id, key_hash FROM idempotency_keys WHERE created_at < ? LIMIT ?)";
        forget(&self.writer, old, before.0).await
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
        sqlx::query(
            "INSERT INTO token_families (id, member_id, epoch, device_id, created_at, seen_at, expires_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?5)",
        )
        .bind(family)
        .bind(member)
        .bind(epoch)
        .bind(device)
        .bind(now)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    async fn add_refresh_token(
        &mut self,
        family: FamilyId,
        hash: &[u8; 32],
        now: Timestamp,
        expires_at: Timestamp,
    ) -> StoreResult<()> {
        sqlx::query("INSERT INTO refresh_tokens (hash, family_id, expires_at) VALUES (?, ?, ?)")
            .bind(hash.to_vec())
            .bind(family)
            .bind(expires_at)
            .execute(&mut *self.0)
            .await?;
        sqlx::query("UPDATE token_families SET seen_at = ?, expires_at = max(expires_at, ?) WHERE id = ?")
            .bind(now)
            .bind(expires_at)
            .bind(family)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    async fn refresh_token(&mut self, hash: &[u8; 32]) -> StoreResult<Option<RefreshToken>> {
        let row = sqlx::query(
            "SELECT family_id, member_id, refresh_tokens.expires_at, used_at FROM refresh_tokens \
             JOIN token_families ON token_families.id = family_id JOIN members ON members.id = member_id \
             WHERE hash = ? AND members.epoch = token_families.epoch AND blocked_at IS NULL",
        )
        .bind(hash.to_vec())
        .fetch_optional(&mut *self.0)
        .await?;
        row.as_ref().map(refresh_token).transpose()
    }

    async fn use_refresh_token(&mut self, hash: &[u8; 32], now: Timestamp) -> StoreResult<()> {
        sqlx::query("UPDATE refresh_tokens SET used_at = ? WHERE hash = ? AND used_at IS NULL")
            .bind(now)
            .bind(hash.to_vec())
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    async fn keep_newest_tokens(&mut self, family: FamilyId, most: u32) -> StoreResult<()> {
        sqlx::query(
            "DELETE FROM refresh_tokens WHERE hash IN (SELECT hash FROM refresh_tokens WHERE family_id = ? \
             ORDER BY expires_at DESC, used_at IS NULL DESC LIMIT -1 OFFSET ?)",
        )
        .bind(family)
        .bind(most)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    async fn keep_newest_families(&mut self, member: MemberId, most: u32) -> StoreResult<()> {
        sqlx::query(
            "DELETE FROM token_families WHERE id IN (SELECT id FROM token_families WHERE member_id = ? \
             ORDER BY expires_at DESC, created_at DESC LIMIT -1 OFFSET ?)",
        )
        .bind(member)
        .bind(most)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    async fn end_token_family(&mut self, family: FamilyId) -> StoreResult<()> {
        let delete = sqlx::query("DELETE FROM token_families WHERE id = ?");
        delete.bind(family).execute(&mut *self.0).await?;
        Ok(())
    }

    async fn idempotent_outcome(
        &mut self,
        member: MemberId,
        key_hash: &[u8; 32],
        since: Timestamp,
    ) -> StoreResult<Option<IdempotentOutcome>> {
        let row = sqlx::query(
            "SELECT request, outcome FROM idempotency_keys WHERE member_id = ? AND key_hash = ? AND created_at > ?",
        )
        .bind(member)
        .bind(key_hash.to_vec())
        .bind(since)
        .fetch_optional(&mut *self.0)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(IdempotentOutcome { request: row.try_get("request")?, outcome: row.try_get("outcome")? }))
    }

    async fn keep_idempotent_outcome(
        &mut self,
        member: MemberId,
        key_hash: &[u8; 32],
        outcome: &IdempotentOutcome,
        now: Timestamp,
    ) -> StoreResult<()> {
        sqlx::query(
            "INSERT INTO idempotency_keys (member_id, key_hash, request, outcome, created_at) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT DO UPDATE SET request = excluded.request, outcome = excluded.outcome, \
             created_at = excluded.created_at",
        )
        .bind(member)
        .bind(key_hash.to_vec())
        .bind(&outcome.request)
        .bind(&outcome.outcome)
        .bind(now)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}

fn refresh_token(row: &SqliteRow) -> StoreResult<RefreshToken> {
    Ok(RefreshToken {
        family: row.try_get("family_id")?,
        member: row.try_get("member_id")?,
        expires_at: row.try_get("expires_at")?,
        used_at: row.try_get("used_at")?,
    })
}
