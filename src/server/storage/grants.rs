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
}

/// Reads and changes inside a write transaction.
#[async_trait]
pub trait GrantTransaction: Send {
    /// Adds a grant; false if the phone has one.
    async fn add_grant(&mut self, phone: &Phone, now: Timestamp) -> StoreResult<bool>;
    /// Deletes a grant; false if there was none.
    async fn remove_grant(&mut self, phone: &Phone) -> StoreResult<bool>;
    /// See [`GrantStore::grant_of`].
    async fn grant_of(&mut self, member: MemberId) -> StoreResult<Option<Grant>>;
    /// Stores the second factor of a grant: its sealed secret and what was used of it.
    async fn keep_second_factor(&mut self, grant: &Grant) -> StoreResult<()>;
}
