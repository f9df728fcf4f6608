//! What the host does with a whole database, and the check of the secret.

use super::connection::bytes32;
use super::transaction::PostgresTransaction;
use crate::server::clock::Timestamp;
use crate::server::data::EndedLogins;
use crate::server::storage::{StoreResult, UpkeepTransaction};
use async_trait::async_trait;

#[async_trait]
impl UpkeepTransaction for PostgresTransaction {
    async fn secret_check(&mut self) -> StoreResult<Option<[u8; 32]>> {
        let kept: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT value FROM secret_check").fetch_optional(self.connection()).await?;
        kept.map(|value| bytes32(value, "value")).transpose()
    }

    async fn keep_secret_check(&mut self, value: &[u8; 32]) -> StoreResult<()> {
        let keep = "INSERT INTO secret_check VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET value = excluded.value";
        sqlx::query(keep).bind(&value[..]).execute(self.connection()).await?;
        Ok(())
    }

    async fn end_every_login(&mut self, now: Timestamp) -> StoreResult<EndedLogins> {
        let connection = self.connection();
        // Also of those who have only a page open: a new visit begins a new session.
        let sessions =
            sqlx::query("DELETE FROM sessions WHERE member_id IS NOT NULL").execute(&mut *connection).await?;
        sqlx::query("DELETE FROM sessions").execute(&mut *connection).await?;
        // Their refresh tokens go with them; an access token is valid only while its family exists.
        let token_families = sqlx::query("DELETE FROM token_families").execute(&mut *connection).await?;
        let end = "UPDATE login_codes SET ended_at = $1 WHERE used_at IS NULL AND ended_at IS NULL AND expires_at > $1";
        let codes = sqlx::query(end).bind(now).execute(connection).await?;
        Ok(EndedLogins {
            sessions: sessions.rows_affected(),
            token_families: token_families.rows_affected(),
            codes: codes.rows_affected(),
        })
    }
}
