//! Devices on which members have logged in.

use super::connection::{Statements, value};
use super::store::SqliteStore;
use super::transaction::SqliteTransaction;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{BrowserId, Device, DeviceId, MemberId, Visitor};
use crate::server::storage::rows::device;
use crate::server::storage::{DeviceStore, DeviceTransaction, StoreResult};
use async_trait::async_trait;
use rusqlite::params;

#[async_trait]
impl DeviceStore for SqliteStore {
    async fn known_device(
        &self,
        token_hash: &[u8; 32],
        phone: &Phone,
        since: Timestamp,
    ) -> StoreResult<Option<DeviceId>> {
        let known = "SELECT devices.id FROM devices JOIN members ON members.id = member_id \
                     WHERE token_hash = ? AND phone = ? AND seen_at > ?";
        self.reads.read(|connection| connection.first(known, params![token_hash, phone, since], value)).await
    }

    async fn is_known_device(&self, token_hash: &[u8; 32], since: Timestamp) -> StoreResult<bool> {
        let known = "SELECT EXISTS (SELECT 1 FROM devices WHERE token_hash = ? AND seen_at > ?)";
        self.reads.read(|connection| connection.one(known, params![token_hash, since], value)).await
    }

    async fn delete_devices_seen_before(&self, before: Timestamp) -> StoreResult<u64> {
        let old = "DELETE FROM devices WHERE id IN (SELECT id FROM devices WHERE seen_at < ? AND NOT EXISTS \
                   (SELECT 1 FROM token_families WHERE device_id = devices.id) LIMIT ?)";
        self.forget(old, before.0).await
    }

    async fn forget_device_details_before(&self, before: Timestamp) -> StoreResult<u64> {
        let old = "UPDATE devices SET agent = '', network = '' WHERE id IN (SELECT id FROM devices WHERE seen_at < ? \
                   AND (agent <> '' OR network <> '') AND NOT EXISTS \
                   (SELECT 1 FROM token_families WHERE device_id = devices.id) LIMIT ?)";
        self.forget(old, before.0).await
    }

    async fn devices_of(&self, member: MemberId, limit: u32) -> StoreResult<Vec<Device>> {
        let rows = sqlx::query(
            "SELECT agent, network, created_at, seen_at FROM devices WHERE member_id = ? ORDER BY seen_at DESC LIMIT ?",
        );
        let rows = rows.bind(member).bind(limit).fetch_all(&self.readers).await?;
        rows.iter().map(device).collect()
    }

    async fn browser(&self, token_hash: &[u8; 32]) -> StoreResult<Option<BrowserId>> {
        let browser = "SELECT browser FROM devices WHERE token_hash = ? LIMIT 1";
        Ok(self.reads.read(|connection| connection.first(browser, [token_hash], value)).await?.flatten())
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
            self.connection
                .change("UPDATE devices SET token_hash = ? WHERE token_hash = ?", params![token_hash, before])?;
        }
        let id: DeviceId = self.connection.one(
            "INSERT INTO devices (token_hash, member_id, created_at, seen_at, agent, network, browser) \
             VALUES (?1, ?2, ?3, ?3, ?4, ?5, (SELECT browser FROM devices WHERE token_hash = ?1)) \
             ON CONFLICT (token_hash, member_id) DO UPDATE SET seen_at = excluded.seen_at, agent = excluded.agent, \
             network = excluded.network RETURNING id",
            params![token_hash, member, now, visitor.agent, visitor.network.as_str()],
            value,
        )?;
        // The first device of a browser sets the browser's id.
        self.connection.change("UPDATE devices SET browser = id WHERE id = ? AND browser IS NULL", [id])?;
        Ok(id)
    }

    async fn forget_devices(&mut self, member: MemberId, except: Option<DeviceId>) -> StoreResult<()> {
        let others = "DELETE FROM devices WHERE member_id = ? AND id IS NOT ?";
        self.connection.change(others, params![member, except])?;
        Ok(())
    }
}
