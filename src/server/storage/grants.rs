//! Grants: who may run the referral program.

use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{Grant, MemberId};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// Reads and single statements, outside a transaction.
#[async_trait]
pub trait GrantStore: Send + Sync {
    /// All grants, the oldest first.
    async fn grants(&self) -> StoreResult<Vec<Grant>>;
    /// The grant of a member's phone.
    async fn grant_of(&self, member: MemberId) -> StoreResult<Option<Grant>>;
    /// Whether there is a valid link for the first admin with this hash of its token.
    async fn is_first_admin_link(&self, token_hash: &[u8; 32], now: Timestamp) -> StoreResult<bool>;
}

/// Reads and changes inside a write transaction.
#[async_trait]
pub trait GrantTransaction: Send {
    /// Adds a grant, and ends the links for the first admin; false if the phone has one.
    async fn add_grant(&mut self, phone: &Phone, now: Timestamp) -> StoreResult<bool>;
    /// Deletes a grant; false if there was none.
    async fn remove_grant(&mut self, phone: &Phone) -> StoreResult<bool>;
    /// See [`GrantStore::grant_of`].
    async fn grant_of(&mut self, member: MemberId) -> StoreResult<Option<Grant>>;
    /// Adds a link for the first admin, by the hash of its token, and deletes expired ones; false if there is an admin.
    async fn add_first_admin_link(
        &mut self,
        token_hash: &[u8; 32],
        now: Timestamp,
        expires_at: Timestamp,
    ) -> StoreResult<bool>;
    /// Deletes a link for the first admin; false if it was not valid.
    async fn use_first_admin_link(&mut self, token_hash: &[u8; 32], now: Timestamp) -> StoreResult<bool>;
    /// Stores the second factor of a grant: its sealed secret and what was used of it.
    async fn keep_second_factor(&mut self, grant: &Grant) -> StoreResult<()>;
}
