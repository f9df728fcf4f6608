//! What the host does with a whole database, and the check of the secret.

use super::connection::{Statements, at_length, value};
use super::transaction::SqliteTransaction;
use crate::server::clock::Timestamp;
use crate::server::data::EndedLogins;
use crate::server::storage::{StoreResult, UpkeepTransaction};
use async_trait::async_trait;
use rusqlite::params;

#[async_trait]
impl UpkeepTransaction for SqliteTransaction {
    async fn secret_check(&mut self) -> StoreResult<Option<[u8; 32]>> {
        self.connection.first("SELECT value FROM secret_check", [], value)
    }

    async fn keep_secret_check(&mut self, value: &[u8; 32]) -> StoreResult<()> {
        let keep = "INSERT INTO secret_check VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value";
        self.connection.change(keep, params![value])?;
        Ok(())
    }

    async fn end_every_login(&mut self, now: Timestamp) -> StoreResult<EndedLogins> {
        let end = "UPDATE login_codes SET ended_at = ?1 WHERE used_at IS NULL AND ended_at IS NULL AND expires_at > ?1";
        at_length(|| {
            // Also of those who have only a page open: a new visit begins a new session.
            let sessions = self.connection.change("DELETE FROM sessions WHERE member_id IS NOT NULL", [])?;
            self.connection.change("DELETE FROM sessions", [])?;
            // Their refresh tokens go with them; an access token is valid only while its family exists.
            let token_families = self.connection.change("DELETE FROM token_families", [])?;
            Ok(EndedLogins { sessions, token_families, codes: self.connection.change(end, [now])? })
        })
    }
}
