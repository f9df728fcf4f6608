//! What the host does with a whole database, and the check of the secret.

use super::transaction::SqliteTransaction;
use crate::server::clock::Timestamp;
use crate::server::data::EndedLogins;
use crate::server::storage::{StoreError, StoreResult, UpkeepTransaction};
use async_trait::async_trait;

#[async_trait]
impl UpkeepTransaction for SqliteTransaction {
    async fn secret_check(&mut self) -> StoreResult<Option<[u8; 32]>> {
        let value = sqlx::query_scalar("SELECT value FROM secret_check");
        let value: Option<Vec<u8>> = value.fetch_optional(&mut *self.0).await?;
        let value = value.map(<[u8; 32]>::try_from).transpose();
        value.map_err(|_| StoreError::Malformed("secret_check.value".to_owned()))
    }

    async fn keep_secret_check(&mut self, value: &[u8; 32]) -> StoreResult<()> {
        let keep = "INSERT INTO secret_check VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value";
        sqlx::query(keep).bind(value.to_vec()).execute(&mut *self.0).await?;
        Ok(())
    }

    async fn end_every_login(&mut self, now: Timestamp) -> StoreResult<EndedLogins> {
        // Also of those who have only a page open: a new visit begins a new session.
        let sessions = sqlx::query("DELETE FROM sessions WHERE member_id IS NOT NULL").execute(&mut *self.0).await?;
        sqlx::query("DELETE FROM sessions").execute(&mut *self.0).await?;
        // Their refresh tokens go with them; an access token is valid only while its family exists.
        let families = sqlx::query("DELETE FROM token_families").execute(&mut *self.0).await?;
        let end = "UPDATE login_codes SET ended_at = ?1 WHERE used_at IS NULL AND ended_at IS NULL AND expires_at > ?1";
        let codes = sqlx::query(end).bind(now).execute(&mut *self.0).await?;
        Ok(EndedLogins {
            sessions: sessions.rows_affected(),
            token_families: families.rows_affected(),
            codes: codes.rows_affected(),
        })
    }
}
