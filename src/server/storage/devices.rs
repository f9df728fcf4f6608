//! Devices on which members have logged in.

use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{BrowserId, Device, DeviceId, MemberId, Visitor};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// What is asked outside of a transaction.
#[async_trait]
pub trait DeviceStore: Send + Sync {
    /// The device with this token that has logged this phone in since `since`.
    async fn known_device(
        &self,
        token_hash: &[u8; 32],
        phone: &Phone,
        since: Timestamp,
    ) -> StoreResult<Option<DeviceId>>;
    /// Whether a device with this token has logged anybody in since `since`.
    async fn is_known_device(&self, token_hash: &[u8; 32], since: Timestamp) -> StoreResult<bool>;
    /// Deletes devices that last logged in before `before`; returns how many.
    async fn delete_devices_seen_before(&self, before: Timestamp) -> StoreResult<u64>;
    /// The devices on which a member logged in, the last used first.
    async fn devices_of(&self, member: MemberId, limit: u32) -> StoreResult<Vec<Device>>;
    /// The browser that keeps this token.
    async fn browser(&self, token_hash: &[u8; 32]) -> StoreResult<Option<BrowserId>>;
}

/// What is asked and changed within a transaction.
#[async_trait]
pub trait DeviceTransaction: Send {
    /// Makes a visitor's device known for a member. Its token `before` gives way to `token_hash`, for all that it has
    /// logged in.
    async fn remember_device(
        &mut self,
        member: MemberId,
        before: Option<&[u8; 32]>,
        token_hash: &[u8; 32],
        visitor: &Visitor,
        now: Timestamp,
    ) -> StoreResult<()>;
    /// Makes all devices of a member unknown.
    async fn forget_devices(&mut self, member: MemberId) -> StoreResult<()>;
}
