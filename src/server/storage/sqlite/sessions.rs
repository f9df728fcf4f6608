//! Cookie sessions, and where a member is logged in.

use super::connection::{Statements, value};
use super::members::note_visit;
use super::store::SqliteStore;
use super::transaction::SqliteTransaction;
use crate::server::clock::Timestamp;
use crate::server::data::{DeviceId, LiveLogin, LoginId, MemberId, SessionRow};
use crate::server::storage::{SessionStore, SessionTransaction, StoreResult};
use async_trait::async_trait;
use rusqlite::{Row, params};

#[async_trait]
impl SessionStore for SqliteStore {
    async fn create_session(&self, row: &SessionRow, now: Timestamp, expires_at: Timestamp) -> StoreResult<bool> {
        let created = self.writer.write(|connection| {
            let (member, epoch) = row.member_and_epoch();
            let device = row.login.and_then(|login| login.device);
            let (logged_in_at, seen_at) = row.times();
            connection.change(
                "INSERT INTO sessions (id_hash, member_id, epoch, device_id, logged_in_at, seen_at, data, created_at, \
                 expires_at) VALUES (?, ?, ?, (SELECT id FROM devices WHERE id = ?), ?, ?, ?, ?, ?) \
                 ON CONFLICT (id_hash) DO NOTHING",
                params![row.id_hash, member, epoch, device, logged_in_at, seen_at, row.data, now, expires_at],
            )
        });
        Ok(created.await? == 1)
    }

    async fn save_session(&self, row: &SessionRow, expires_at: Timestamp, absolute_ms: i64) -> StoreResult<bool> {
        let saved = self.writer.write(|connection| {
            let (member, epoch) = row.member_and_epoch();
            let (logged_in_at, seen_at) = row.times();
            if let Some(login) = row.login {
                note_visit(connection, login.member, login.seen_at)?;
            }
            connection.change(
                "UPDATE sessions SET member_id = ?, epoch = ?, logged_in_at = ?, seen_at = ?, data = ?, \
                 expires_at = min(?, created_at + ?) WHERE id_hash = ?",
                params![member, epoch, logged_in_at, seen_at, row.data, expires_at, absolute_ms, row.id_hash],
            )
        });
        Ok(saved.await? == 1)
    }

    async fn load_session(&self, id_hash: &[u8; 32], now: Timestamp) -> StoreResult<Option<String>> {
        let live = "SELECT data FROM sessions LEFT JOIN members ON members.id = member_id \
                    WHERE id_hash = ? AND expires_at > ? \
                    AND (member_id IS NULL OR (blocked_at IS NULL AND members.epoch = sessions.epoch))";
        self.reads.read(|connection| connection.first(live, params![id_hash, now], value)).await
    }

    async fn delete_session(&self, id_hash: &[u8; 32]) -> StoreResult<()> {
        let delete = "DELETE FROM sessions WHERE id_hash = ?";
        self.writer.write(|connection| connection.change(delete, [id_hash])).await?;
        Ok(())
    }

    async fn delete_expired_sessions(&self, now: Timestamp) -> StoreResult<u64> {
        let old = "DELETE FROM sessions WHERE id_hash IN (SELECT id_hash FROM sessions WHERE expires_at <= ? LIMIT ?)";
        self.forget(old, now.0).await
    }

    async fn live_logins_of(&self, member: MemberId, now: Timestamp, limit: u32) -> StoreResult<Vec<LiveLogin>> {
        let logins = "SELECT substr(id_hash, 1, 16) AS id, false AS is_api, agent, \
             coalesce(logged_in_at, sessions.created_at) AS logged_in_at, \
             coalesce(sessions.seen_at, logged_in_at, sessions.created_at) AS seen_at, expires_at FROM sessions \
             JOIN members ON members.id = sessions.member_id LEFT JOIN devices ON devices.id = device_id \
             WHERE sessions.member_id = ?1 AND sessions.epoch = members.epoch AND expires_at > ?2 \
             AND blocked_at IS NULL \
             UNION ALL \
             SELECT token_families.id, true, agent, token_families.created_at, \
             coalesce(token_families.seen_at, token_families.created_at), expires_at FROM token_families \
             JOIN members ON members.id = token_families.member_id LEFT JOIN devices ON devices.id = device_id \
             WHERE token_families.member_id = ?1 AND token_families.epoch = members.epoch AND expires_at > ?2 \
             AND blocked_at IS NULL \
             ORDER BY seen_at DESC, logged_in_at DESC LIMIT ?3";
        let login = |row: &Row<'_>| {
            let agent: Option<String> = row.get(2)?;
            Ok(LiveLogin {
                id: row.get(0)?,
                is_api: row.get(1)?,
                agent: agent.unwrap_or_default(),
                logged_in_at: row.get(3)?,
                seen_at: row.get(4)?,
                expires_at: row.get(5)?,
            })
        };
        self.reads.read(|connection| connection.all(logins, params![member, now, limit], login)).await
    }
}

#[async_trait]
impl SessionTransaction for SqliteTransaction {
    async fn end_login(&mut self, member: MemberId, id: LoginId) -> StoreResult<bool> {
        let session = "DELETE FROM sessions WHERE member_id = ? AND substr(id_hash, 1, 16) = ? RETURNING device_id";
        let family = "DELETE FROM token_families WHERE member_id = ? AND id = ? RETURNING device_id";
        for delete in [session, family] {
            let ended = self.connection.first(delete, params![member, id], value)?;
            let device: Option<DeviceId> = match ended {
                Some(device) => device,
                None => continue,
            };
            self.connection.change(
                "DELETE FROM devices WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM sessions WHERE device_id = ?1) \
                 AND NOT EXISTS (SELECT 1 FROM token_families WHERE device_id = ?1)",
                params![device],
            )?;
            return Ok(true);
        }
        Ok(false)
    }
}
