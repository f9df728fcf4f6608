//! Cookie sessions, and where a member is logged in.

use super::members::note_visit;
use super::store::PostgresStore;
use super::transaction::PostgresTransaction;
use crate::server::clock::Timestamp;
use crate::server::data::{DeviceId, LiveLogin, LoginId, MemberId, SessionRow};
use crate::server::storage::{SessionStore, SessionTransaction, StoreResult};
use async_trait::async_trait;
use sqlx::Row;
use sqlx::postgres::PgRow;

#[async_trait]
impl SessionStore for PostgresStore {
    async fn create_session(&self, row: &SessionRow, now: Timestamp, expires_at: Timestamp) -> StoreResult<bool> {
        let (member, epoch) = row.member_and_epoch();
        let (logged_in_at, seen_at) = row.times();
        let create = sqlx::query(
            "INSERT INTO sessions (id_hash, member_id, epoch, device_id, logged_in_at, seen_at, data, created_at, \
             expires_at) VALUES ($1, $2, $3, (SELECT id FROM devices WHERE id = $4 FOR KEY SHARE), $5, $6, $7, $8, $9) \
             ON CONFLICT (id_hash) DO NOTHING",
        );
        let create = create.bind(&row.id_hash[..]).bind(member).bind(epoch);
        let create = create.bind(row.login.and_then(|login| login.device)).bind(logged_in_at).bind(seen_at);
        let created = create.bind(&row.data).bind(now).bind(expires_at).execute(&self.pool).await?;
        Ok(created.rows_affected() == 1)
    }

    async fn save_session(&self, row: &SessionRow, expires_at: Timestamp, absolute_ms: i64) -> StoreResult<bool> {
        let (member, epoch) = row.member_and_epoch();
        let (logged_in_at, seen_at) = row.times();
        let save = sqlx::query(
            "UPDATE sessions SET member_id = $1, epoch = $2, logged_in_at = $3, seen_at = $4, data = $5, \
             expires_at = least($6, created_at + $7) WHERE id_hash = $8",
        );
        let save = save.bind(member).bind(epoch).bind(logged_in_at).bind(seen_at).bind(&row.data);
        let saved = save.bind(expires_at).bind(absolute_ms).bind(&row.id_hash[..]).execute(&self.pool).await?;
        if let Some(login) = row.login {
            note_visit(&mut *self.pool.acquire().await?, login.member, login.seen_at).await?;
        }
        Ok(saved.rows_affected() == 1)
    }

    async fn load_session(&self, id_hash: &[u8; 32], now: Timestamp) -> StoreResult<Option<String>> {
        let live = sqlx::query_scalar(
            "SELECT data FROM sessions LEFT JOIN members ON members.id = member_id \
             WHERE id_hash = $1 AND expires_at > $2 \
             AND (member_id IS NULL OR (blocked_at IS NULL AND members.epoch = sessions.epoch))",
        );
        Ok(live.bind(&id_hash[..]).bind(now).fetch_optional(&self.pool).await?)
    }

    async fn delete_session(&self, id_hash: &[u8; 32]) -> StoreResult<()> {
        sqlx::query("DELETE FROM sessions WHERE id_hash = $1").bind(&id_hash[..]).execute(&self.pool).await?;
        Ok(())
    }

    async fn delete_expired_sessions(&self, now: Timestamp) -> StoreResult<u64> {
        let old = "DELETE FROM sessions WHERE id_hash IN \
                   (SELECT id_hash FROM sessions WHERE expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED)";
        self.forget(old, now.0).await
    }

    async fn live_logins_of(&self, member: MemberId, now: Timestamp, limit: u32) -> StoreResult<Vec<LiveLogin>> {
        let logins = sqlx::query(
            "SELECT substr(id_hash, 1, 16) AS id, false AS is_api, agent, \
             coalesce(logged_in_at, sessions.created_at) AS logged_in_at, \
             coalesce(sessions.seen_at, logged_in_at, sessions.created_at) AS seen_at, expires_at FROM sessions \
             JOIN members ON members.id = sessions.member_id LEFT JOIN devices ON devices.id = device_id \
             WHERE sessions.member_id = $1 AND sessions.epoch = members.epoch AND expires_at > $2 \
             AND blocked_at IS NULL \
             UNION ALL \
             SELECT token_families.id, true, agent, token_families.created_at, \
             coalesce(token_families.seen_at, token_families.created_at), expires_at FROM token_families \
             JOIN members ON members.id = token_families.member_id LEFT JOIN devices ON devices.id = device_id \
             WHERE token_families.member_id = $1 AND token_families.epoch = members.epoch AND expires_at > $2 \
             AND blocked_at IS NULL \
             ORDER BY seen_at DESC, logged_in_at DESC LIMIT $3",
        );
        let logins = logins.bind(member).bind(now).bind(i64::from(limit));
        logins.fetch_all(&self.pool).await?.iter().map(live_login).collect()
    }
}

#[async_trait]
impl SessionTransaction for PostgresTransaction {
    async fn end_login(&mut self, member: MemberId, id: LoginId) -> StoreResult<bool> {
        let session = "DELETE FROM sessions WHERE member_id = $1 AND substr(id_hash, 1, 16) = $2 RETURNING device_id";
        let family = "DELETE FROM token_families WHERE member_id = $1 AND id = $2 RETURNING device_id";
        for delete in [session, family] {
            let ended = sqlx::query_scalar(delete).bind(member).bind(id).fetch_optional(self.connection()).await?;
            let device: Option<DeviceId> = match ended {
                Some(device) => device,
                None => continue,
            };
            let forget = sqlx::query(
                "DELETE FROM devices WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM sessions WHERE device_id = $1) \
                 AND NOT EXISTS (SELECT 1 FROM token_families WHERE device_id = $1)",
            );
            forget.bind(device).execute(self.connection()).await?;
            return Ok(true);
        }
        Ok(false)
    }
}

fn live_login(row: &PgRow) -> StoreResult<LiveLogin> {
    let agent: Option<String> = row.try_get("agent")?;
    Ok(LiveLogin {
        id: row.try_get("id")?,
        is_api: row.try_get("is_api")?,
        agent: agent.unwrap_or_default(),
        logged_in_at: row.try_get("logged_in_at")?,
        seen_at: row.try_get("seen_at")?,
        expires_at: row.try_get("expires_at")?,
    })
}
