//! Cookie sessions, and where a member is logged in.

use super::store::{SqliteStore, forget};
use crate::server::clock::Timestamp;
use crate::server::data::{LiveLogin, MemberId, SessionRow};
use crate::server::storage::{SessionStore, StoreResult};
use async_trait::async_trait;
use sqlx::Row;

#[async_trait]
impl SessionStore for SqliteStore {
    async fn create_session(&self, row: &SessionRow, now: Timestamp, expires_at: Timestamp) -> StoreResult<bool> {
        let done = sqlx::query(
            "INSERT INTO sessions (id_hash, member_id, epoch, data, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?) \
             ON CONFLICT (id_hash) DO NOTHING",
        )
        .bind(row.id_hash.to_vec())
        .bind(row.member)
        .bind(row.epoch)
        .bind(&row.data)
        .bind(now)
        .bind(expires_at)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn save_session(&self, row: &SessionRow, expires_at: Timestamp, absolute_ms: i64) -> StoreResult<bool> {
        let done = sqlx::query(
            "UPDATE sessions SET member_id = ?, epoch = ?, data = ?, expires_at = min(?, created_at + ?) \
             WHERE id_hash = ?",
        )
        .bind(row.member)
        .bind(row.epoch)
        .bind(&row.data)
        .bind(expires_at)
        .bind(absolute_ms)
        .bind(row.id_hash.to_vec())
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn load_session(&self, id_hash: &[u8; 32], now: Timestamp) -> StoreResult<Option<String>> {
        Ok(sqlx::query_scalar(
            "SELECT data FROM sessions LEFT JOIN members ON members.id = member_id \
             WHERE id_hash = ? AND expires_at > ? \
             AND (member_id IS NULL OR (blocked_at IS NULL AND members.epoch = sessions.epoch))",
        )
        .bind(id_hash.to_vec())
        .bind(now)
        .fetch_optional(&self.readers)
        .await?)
    }

    async fn delete_session(&self, id_hash: &[u8; 32]) -> StoreResult<()> {
        sqlx::query("DELETE FROM sessions WHERE id_hash = ?").bind(id_hash.to_vec()).execute(&self.writer).await?;
        Ok(())
    }

    async fn delete_expired_sessions(&self, now: Timestamp) -> StoreResult<u64> {
        let old = "DELETE FROM sessions WHERE id_hash IN (SELECT id_hash FROM sessions WHERE expires_at <= ? LIMIT ?)";
        forget(&self.writer, old, now.0).await
    }

    async fn live_logins_of(&self, member: MemberId, now: Timestamp, limit: u32) -> StoreResult<Vec<LiveLogin>> {
        let rows = sqlx::query(
            "SELECT false AS is_api, sessions.created_at, expires_at FROM sessions JOIN members ON id = member_id \
             WHERE member_id = ?1 AND sessions.epoch = members.epoch AND expires_at > ?2 AND blocked_at IS NULL \
             UNION ALL \
             SELECT true, token_families.created_at, expires_at FROM token_families \
             JOIN members ON members.id = member_id \
             WHERE member_id = ?1 AND token_families.epoch = members.epoch AND expires_at > ?2 AND blocked_at IS NULL \
             ORDER BY 2 DESC LIMIT ?3",
        );
        let rows = rows.bind(member).bind(now).bind(limit).fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| {
                Ok(LiveLogin {
                    is_api: row.try_get("is_api")?,
                    created_at: row.try_get("created_at")?,
                    expires_at: row.try_get("expires_at")?,
                })
            })
            .collect()
    }
}
