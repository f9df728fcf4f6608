//! Tokens of the API, and outcomes kept under an idempotency key.

use super::store::PostgresStore;
use super::transaction::PostgresTransaction;
use crate::server::clock::Timestamp;
use crate::server::data::{
    DeviceId, Epoch, FamilyId, IdempotentOutcome, MemberId, RefreshToken, RepeatableRequest, TokenStanding,
};
use crate::server::storage::{StoreResult, TokenStore, TokenTransaction};
use async_trait::async_trait;
use sqlx::Row;
use sqlx::postgres::PgRow;

#[async_trait]
impl TokenStore for PostgresStore {
    async fn token_standing(&self, member: MemberId, family: FamilyId) -> StoreResult<Option<TokenStanding>> {
        let standing = sqlx::query_as(
            "SELECT blocked_at IS NOT NULL, token_families.created_at FROM members \
             LEFT JOIN token_families ON token_families.id = $1 AND member_id = members.id \
             AND token_families.epoch = members.epoch WHERE members.id = $2 AND phone IS NOT NULL",
        );
        let standing = standing.bind(family).bind(member).fetch_optional(&self.pool).await?;
        Ok(standing.map(|(is_blocked, begun_at)| TokenStanding { is_blocked, begun_at }))
    }

    async fn delete_expired_tokens(&self, now: Timestamp) -> StoreResult<u64> {
        let tokens = "DELETE FROM refresh_tokens WHERE hash IN \
                      (SELECT hash FROM refresh_tokens WHERE expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED)";
        let families = "DELETE FROM token_families WHERE id IN \
                        (SELECT id FROM token_families WHERE expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED)";
        Ok(self.forget(tokens, now.0).await? + self.forget(families, now.0).await?)
    }

    async fn repeatable_requests(&self, member: MemberId, limit: u32) -> StoreResult<Vec<RepeatableRequest>> {
        let kept = sqlx::query_as(
            "SELECT request, created_at FROM idempotency_keys WHERE member_id = $1 ORDER BY created_at DESC LIMIT $2",
        );
        let kept = kept.bind(member).bind(i64::from(limit)).fetch_all(&self.pool).await?;
        Ok(kept.into_iter().map(|(request, at)| RepeatableRequest { request, at }).collect())
    }

    async fn delete_idempotent_outcomes_before(&self, before: Timestamp) -> StoreResult<u64> {
        let old = "DELETE FROM idempotency_keys WHERE (member_id, key_hash) IN \
                   (SELECT member_id, key_hash FROM idempotency_keys WHERE created_at < $1 \
                    LIMIT $2 FOR UPDATE SKIP LOCKED)";
        self.forget(old, before.0).await
    }
}

#[async_trait]
impl TokenTransaction for PostgresTransaction {
    async fn add_token_family(
        &mut self,
        family: FamilyId,
        member: MemberId,
        epoch: Epoch,
        device: Option<DeviceId>,
        now: Timestamp,
    ) -> StoreResult<()> {
        let add = sqlx::query(
            "INSERT INTO token_families (id, member_id, epoch, device_id, created_at, seen_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $5, $5)",
        );
        add.bind(family).bind(member).bind(epoch).bind(device).bind(now).execute(self.connection()).await?;
        Ok(())
    }

    async fn add_refresh_token(
        &mut self,
        family: FamilyId,
        hash: &[u8; 32],
        now: Timestamp,
        expires_at: Timestamp,
    ) -> StoreResult<()> {
        let add = sqlx::query("INSERT INTO refresh_tokens (hash, family_id, expires_at) VALUES ($1, $2, $3)");
        add.bind(&hash[..]).bind(family).bind(expires_at).execute(self.connection()).await?;
        let extend =
            sqlx::query("UPDATE token_families SET seen_at = $1, expires_at = greatest(expires_at, $2) WHERE id = $3");
        extend.bind(now).bind(expires_at).bind(family).execute(self.connection()).await?;
        Ok(())
    }

    async fn refresh_token(&mut self, hash: &[u8; 32]) -> StoreResult<Option<RefreshToken>> {
        // The family is locked first, in a statement of its own, so that the token is read as the exchange before has left
        // it: two requests with one token must not both find it unused.
        let family = "SELECT 1 FROM token_families WHERE id = (SELECT family_id FROM refresh_tokens WHERE hash = $1) \
                      FOR UPDATE";
        sqlx::query(family).bind(&hash[..]).execute(self.connection()).await?;
        let token = sqlx::query(
            "SELECT family_id, member_id, refresh_tokens.expires_at, used_at FROM refresh_tokens \
             JOIN token_families ON token_families.id = family_id JOIN members ON members.id = member_id \
             WHERE hash = $1 AND members.epoch = token_families.epoch AND blocked_at IS NULL",
        );
        let token = token.bind(&hash[..]).fetch_optional(self.connection()).await?;
        token.as_ref().map(refresh_token).transpose()
    }

    async fn use_refresh_token(&mut self, hash: &[u8; 32], now: Timestamp) -> StoreResult<()> {
        let mark = sqlx::query("UPDATE refresh_tokens SET used_at = $1 WHERE hash = $2 AND used_at IS NULL");
        mark.bind(now).bind(&hash[..]).execute(self.connection()).await?;
        Ok(())
    }

    async fn keep_newest_tokens(&mut self, family: FamilyId, most: u32) -> StoreResult<()> {
        let delete = sqlx::query(
            "DELETE FROM refresh_tokens WHERE hash IN (SELECT hash FROM refresh_tokens WHERE family_id = $1 \
             ORDER BY expires_at DESC, used_at IS NULL DESC OFFSET $2)",
        );
        delete.bind(family).bind(i64::from(most)).execute(self.connection()).await?;
        Ok(())
    }

    async fn keep_newest_families(&mut self, member: MemberId, most: u32) -> StoreResult<()> {
        let delete = sqlx::query(
            "DELETE FROM token_families WHERE id IN (SELECT id FROM token_families WHERE member_id = $1 \
             ORDER BY expires_at DESC, created_at DESC OFFSET $2)",
        );
        delete.bind(member).bind(i64::from(most)).execute(self.connection()).await?;
        Ok(())
    }

    async fn end_token_family(&mut self, family: FamilyId) -> StoreResult<()> {
        sqlx::query("DELETE FROM token_families WHERE id = $1").bind(family).execute(self.connection()).await?;
        Ok(())
    }

    async fn idempotent_outcome(
        &mut self,
        member: MemberId,
        key_hash: &[u8; 32],
        since: Timestamp,
    ) -> StoreResult<Option<IdempotentOutcome>> {
        let kept = sqlx::query_as(
            "SELECT request, outcome FROM idempotency_keys \
             WHERE member_id = $1 AND key_hash = $2 AND created_at > $3",
        );
        let kept = kept.bind(member).bind(&key_hash[..]).bind(since).fetch_optional(self.connection()).await?;
        Ok(kept.map(|(request, outcome)| IdempotentOutcome { request, outcome }))
    }

    async fn keep_idempotent_outcome(
        &mut self,
        member: MemberId,
        key_hash: &[u8; 32],
        outcome: &IdempotentOutcome,
        now: Timestamp,
    ) -> StoreResult<()> {
        let keep = sqlx::query(
            "INSERT INTO idempotency_keys (member_id, key_hash, request, outcome, created_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (member_id, key_hash) DO UPDATE SET request = excluded.request, \
             outcome = excluded.outcome, created_at = excluded.created_at",
        );
        let keep = keep.bind(member).bind(&key_hash[..]).bind(&outcome.request).bind(&outcome.outcome).bind(now);
        keep.execute(self.connection()).await?;
        Ok(())
    }
}

fn refresh_token(row: &PgRow) -> StoreResult<RefreshToken> {
    Ok(RefreshToken {
        family: row.try_get("family_id")?,
        member: row.try_get("member_id")?,
        expires_at: row.try_get("expires_at")?,
        used_at: row.try_get("used_at")?,
    })
}
