//! Accounts that are set aside: they have no phone, and wait until their owner claims them or an admin undoes it.

use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{Claimable, MemberId, SetAside};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// Reads outside a transaction.
#[async_trait]
pub trait SetAsideStore: Send + Sync {
    /// The account that was set aside last, of those that have logged in since `since` on the device with this token.
    async fn claimable(&self, token_hash: &[u8; 32], since: Timestamp) -> StoreResult<Option<Claimable>>;
}

/// Reads and changes inside a write transaction.
#[async_trait]
pub trait SetAsideTransaction: Send {
    /// Takes a member's phone away and ends all of their logins. Everything else stays, their devices too, but
    /// for the place on the board.
    async fn set_aside(&mut self, member: MemberId, now: Timestamp) -> StoreResult<()>;
    /// Notes who has got the phone of an account that was set aside.
    async fn name_successor(&mut self, member: MemberId, successor: MemberId) -> StoreResult<()>;
    /// `None` for an account that is not set aside.
    async fn aside(&mut self, member: MemberId) -> StoreResult<Option<SetAside>>;
    /// Gives an account that is set aside a phone that no member has; false if it is not set aside.
    async fn take_back(&mut self, member: MemberId, phone: &Phone, now: Timestamp) -> StoreResult<bool>;
    /// Whether a member has redeemed a code or has invitees.
    async fn has_ties(&mut self, member: MemberId) -> StoreResult<bool>;
}
