//! Devices on which members have logged in.

use super::store::{SqliteStore, forget};
use super::transaction::SqliteTransaction;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{BrowserId, Device, DeviceId, MemberId, Visitor};
use crate::server::storage::{DeviceStore, DeviceTransaction, StoreResult};
use async_trait::async_trait;
use sqlx::Row;

#[async_trait]
impl DeviceStore for SqliteStore {
    async fn known_device(
        &self,
        token_hash: &[u8; 32],
        phone: &Phone,
        since: Timestamp,
    ) -> StoreResult<Option<DeviceId>> {
        let id: Option<i64> = sqlx::query_scalar(
            "SELECT devices.id FROM devices JOIN members ON members.id = member_id \
             WHERE token_hash = ? AND phone = ? AND seen_at > ?",
        )
        .bind(token_hash.to_vec())
        .bind(phone)
        .bind(since)
        .fetch_optional(&self.readers)
        .await?;
        Ok(id.map(DeviceId))
    }

    async fn is_known_device(&self, token_hash: &[u8; 32], since: Timestamp) -> StoreResult<bool> {
        let known = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM devices WHERE token_hash = ? AND seen_at > ?)");
        Ok(known.bind(token_hash.to_vec()).bind(since).fetch_one(&self.readers).await?)
    }

    async fn delete_devices_seen_before(&self, before: Timestamp) -> StoreResult<u64> {
        let old = "DELETE FROM devices WHERE id IN (SELECT id FROM devices WHERE seen_at < ? AND NOT EXISTS \
                   (SELECT 1 FROM token_families WHERE device_id = devices.id) LIMIT ?)";
        forget(&self.writer, old, before.0).await
    }

    async fn devices_of(&self, member: MemberId, limit: u32) -> StoreResult<Vec<Device>> {
        let rows = sqlx::query(
            "SELECT agent, network, created_at, seen_at FROM devices WHERE member_id = ? ORDER BY seen_at DESC LIMIT ?",
        );
        let rows = rows.bind(member).bind(limit).fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| {
                Ok(Device {
                    agent: row.try_get("agent")?,
                    network: row.try_get("network")?,
                    created_at: row.try_get("created_at")?,
                    seen_at: row.try_get("seen_at")?,
                })
            })
            .collect()
    }

    async fn browser(&self, token_hash: &[u8; 32]) -> StoreResult<Option<BrowserId>> {
        let browser: Option<Option<i64>> =
            sqlx::query_scalar("SELECT browser FROM devices WHERE token_hash = ? LIMIT 1")
                .bind(token_hash.to_vec())
                .fetch_optional(&self.readers)
                .await?;
        Ok(browser.flatten().map(BrowserId))
    }
}

#[async_trait]
impl DeviceTransaction for SqliteTransaction {
    async fn remember_device(
        &mut self,
        member: MemberId,
        before: Option<&[u8; 32]>,
        token_hash: &[u8; 32],
        visitor: &Visitor,
        now: Timestamp,
    ) -> StoreResult<DeviceId> {
        if let Some(before) = before {
            sqlx::query("UPDATE devices SET token_hash = ? WHERE token_hash = ?")
                .bind(token_hash.to_vec())
                .bind(before.to_vec())
                .execute(&mut *self.0)
                .await?;
        }
        let id: DeviceId = sqlx::query_scalar(
            "INSERT INTO devices (token_hash, member_id, created_at, seen_at, agent, network, browser) \
             VALUES (?1, ?2, ?3, ?3, ?4, ?5, (SELECT browser FROM devices WHERE token_hash = ?1)) \
             ON CONFLICT (token_hash, member_id) DO UPDATE SET seen_at = excluded.seen_at, agent = excluded.agent, \
             network = excluded.network RETURNING id",
        )
        .bind(token_hash.to_vec())
        .bind(member)
        .bind(now)
        .bind(&visitor.agent)
        .bind(visitor.network.as_str())
        .fetch_one(&mut *self.0)
        .await?;
        // The first device of a browser sets the browser's id.
        let name = sqlx::query("UPDATE devices SET browser = id WHERE id = ? AND browser IS NULL");
        name.bind(id).execute(&mut *self.0).await?;
        Ok(id)
    }

    async fn forget_devices(&mut self, member: MemberId) -> StoreResult<()> {
        sqlx::query("DELETE FROM devices WHERE member_id = ?").bind(member).execute(&mut *self.0).await?;
        Ok(())
    }
}
