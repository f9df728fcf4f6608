//! Devices on which members have logged in.

use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{BrowserId, Device, DeviceId, MemberId, Visitor};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// Reads and single statements, outside a transaction.
#[async_trait]
pub trait DeviceStore: Send + Sync {
    /// The device with this token, if a member with this phone has logged in on it since `since`.
    async fn known_device(
        &self,
        token_hash: &[u8; 32],
        phone: &Phone,
        since: Timestamp,
    ) -> StoreResult<Option<DeviceId>>;
    /// Whether any member has logged in on a device with this token since `since`.
    async fn is_known_device(&self, token_hash: &[u8; 32], since: Timestamp) -> StoreResult<bool>;
    /// Deletes devices whose last login was before `before`, and on which no login over the API goes on; returns how many.
    async fn delete_devices_seen_before(&self, before: Timestamp) -> StoreResult<u64>;
    /// Forgets what devices call themselves and their networks, if their last login was before `before` and no login over
    /// the API goes on; returns how many.
    async fn forget_device_details_before(&self, before: Timestamp) -> StoreResult<u64>;
    /// The devices of a member, the last used first.
    async fn devices_of(&self, member: MemberId, limit: u32) -> StoreResult<Vec<Device>>;
    /// The browser with this token, if any member has logged in on it.
    async fn browser(&self, token_hash: &[u8; 32]) -> StoreResult<Option<BrowserId>>;
}

/// Reads and changes inside a write transaction.
#[async_trait]
pub trait DeviceTransaction: Send {
    /// Records a login of a member on the visitor's device. If the device had the token `before`, the new token
    /// replaces it for every member who has logged in on it. Returns the member's device.
    async fn remember_device(
        &mut self,
        member: MemberId,
        before: Option<&[u8; 32]>,
        token_hash: &[u8; 32],
        visitor: &Visitor,
        now: Timestamp,
    ) -> StoreResult<DeviceId>;
    /// Deletes all devices of a member but this one.
    async fn forget_devices(&mut self, member: MemberId, except: Option<DeviceId>) -> StoreResult<()>;
}
