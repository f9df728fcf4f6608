//! The right to run the referral program.

use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{Grant, MemberId};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// What is asked outside of a transaction.
#[async_trait]
pub trait GrantStore: Send + Sync {
    /// Every grant, the oldest first.
    async fn grants(&self) -> StoreResult<Vec<Grant>>;
    /// The grant of the phone that a member has.
    async fn grant_of(&self, member: MemberId) -> StoreResult<Option<Grant>>;
}

/// What is asked and changed within a transaction.
#[async_trait]
pub trait GrantTransaction: Send {
    /// Grants the right to a phone; false if it has it.
    async fn add_grant(&mut self, phone: &Phone, now: Timestamp) -> StoreResult<bool>;
    /// Takes it away; false if there was none.
    async fn remove_grant(&mut self, phone: &Phone) -> StoreResult<bool>;
    /// See [`GrantStore::grant_of`].
    async fn grant_of(&mut self, member: MemberId) -> StoreResult<Option<Grant>>;
    /// Keeps the secret of a grant's second factor, and what was used of it.
    async fn keep_second_factor(&mut self, grant: &Grant) -> StoreResult<()>;
}
