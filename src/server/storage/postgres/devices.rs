//! Devices on which members have logged in.

use super::store::PostgresStore;
use super::transaction::PostgresTransaction;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{BrowserId, Device, DeviceId, MemberId, Visitor};
use crate::server::storage::rows::device;
use crate::server::storage::{DeviceStore, DeviceTransaction, StoreResult};
use async_trait::async_trait;

#[async_trait]
impl DeviceStore for PostgresStore {
    async fn known_device(
        &self,
        token_hash: &[u8; 32],
        phone: &Phone,
        since: Timestamp,
    ) -> StoreResult<Option<DeviceId>> {
        let known = sqlx::query_scalar(
            "SELECT devices.id FROM devices JOIN members ON members.id = member_id \
             WHERE token_hash = $1 AND phone = $2 AND seen_at > $3",
        );
        Ok(known.bind(&token_hash[..]).bind(phone).bind(since).fetch_optional(&self.pool).await?)
    }

    async fn is_known_device(&self, token_hash: &[u8; 32], since: Timestamp) -> StoreResult<bool> {
        let known = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM devices WHERE token_hash = $1 AND seen_at > $2)");
        Ok(known.bind(&token_hash[..]).bind(since).fetch_one(&self.pool).await?)
    }

    async fn delete_devices_seen_before(&self, before: Timestamp) -> StoreResult<u64> {
        let old = "DELETE FROM devices WHERE id IN (SELECT id FROM devices WHERE seen_at < $1 AND NOT EXISTS \
                   (SELECT 1 FROM token_families WHERE device_id = devices.id) LIMIT $2 FOR UPDATE SKIP LOCKED)";
        self.forget(old, before.0).await
    }

    async fn forget_device_details_before(&self, before: Timestamp) -> StoreResult<u64> {
        let old = "UPDATE devices SET agent = '', network = '' WHERE id IN (SELECT id FROM devices WHERE seen_at < $1 \
                   AND (agent <> '' OR network <> '') AND NOT EXISTS \
                   (SELECT 1 FROM token_families WHERE device_id = devices.id) LIMIT $2 FOR UPDATE SKIP LOCKED)";
        self.forget(old, before.0).await
    }

    async fn devices_of(&self, member: MemberId, limit: u32) -> StoreResult<Vec<Device>> {
        let rows = sqlx::query(
            "SELECT agent, network, created_at, seen_at FROM devices WHERE member_id = $1 \
             ORDER BY seen_at DESC LIMIT $2",
        );
        let rows = rows.bind(member).bind(i64::from(limit)).fetch_all(&self.pool).await?;
        rows.iter().map(device).collect()
    }

    async fn browser(&self, token_hash: &[u8; 32]) -> StoreResult<Option<BrowserId>> {
        let browser = sqlx::query_scalar("SELECT browser FROM devices WHERE token_hash = $1 LIMIT 1");
        let browser: Option<Option<BrowserId>> = browser.bind(&token_hash[..]).fetch_optional(&self.pool).await?;
        Ok(browser.flatten())
    }
}

#[async_trait]
impl DeviceTransaction for PostgresTransaction {
    async fn remember_device(
        &mut self,
        member: MemberId,
        before: Option<&[u8; 32]>,
        token_hash: &[u8; 32],
        visitor: &Visitor,
        now: Timestamp,
    ) -> StoreResult<DeviceId> {
        if let Some(before) = before {
            let renew = sqlx::query("UPDATE devices SET token_hash = $1 WHERE token_hash = $2");
            renew.bind(&token_hash[..]).bind(&before[..]).execute(self.connection()).await?;
        }
        let remember = sqlx::query_scalar(
            "INSERT INTO devices (token_hash, member_id, created_at, seen_at, agent, network, browser) \
             VALUES ($1, $2, $3, $3, $4, $5, (SELECT browser FROM devices WHERE token_hash = $1 LIMIT 1)) \
             ON CONFLICT (token_hash, member_id) DO UPDATE SET seen_at = excluded.seen_at, agent = excluded.agent, \
             network = excluded.network RETURNING id",
        );
        let remember = remember.bind(&token_hash[..]).bind(member).bind(now);
        let remember = remember.bind(&visitor.agent).bind(visitor.network.as_str());
        let id: DeviceId = remember.fetch_one(self.connection()).await?;
        // The first device of a browser sets the browser's id.
        let first = sqlx::query("UPDATE devices SET browser = id WHERE id = $1 AND browser IS NULL");
        first.bind(id).execute(self.connection()).await?;
        Ok(id)
    }

    async fn forget_devices(&mut self, member: MemberId, except: Option<DeviceId>) -> StoreResult<()> {
        let others = sqlx::query("DELETE FROM devices WHERE member_id = $1 AND id IS DISTINCT FROM $2");
        others.bind(member).bind(except).execute(self.connection()).await?;
        Ok(())
    }
}
