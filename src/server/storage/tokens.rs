//! Tokens of the API, and outcomes kept under an idempotency key.

use crate::server::clock::Timestamp;
use crate::server::data::{
    DeviceId, Epoch, FamilyId, IdempotentOutcome, MemberId, RefreshToken, RepeatableRequest, TokenStanding,
};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// Reads and single statements, outside a transaction.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// Whether tokens of this member and family may be used; `None` when there is no such member.
    async fn token_standing(&self, member: MemberId, family: FamilyId) -> StoreResult<Option<TokenStanding>>;
    /// Deletes refresh tokens and families that have expired; returns how many of both.
    async fn delete_expired_tokens(&self, now: Timestamp) -> StoreResult<u64>;
    /// Deletes outcomes kept before `before`; returns how many.
    /// The requests of a member whose outcome is kept, newest first.
    async fn repeatable_requests(&self, member: MemberId, limit: u32) -> StoreResult<Vec<RepeatableRequest>>;
    async fn delete_idempotent_outcomes_before(&self, before: Timestamp) -> StoreResult<u64>;
}

/// Reads and changes inside a write transaction.
#[async_trait]
pub trait TokenTransaction: Send {
    /// `epoch` is the epoch of the member. The family lives as long as its last refresh token.
    async fn add_token_family(
        &mut self,
        family: FamilyId,
        member: MemberId,
        epoch: Epoch,
        device: Option<DeviceId>,
        now: Timestamp,
    ) -> StoreResult<()>;
    /// Adds a token, which is also a use of the family.
    async fn add_refresh_token(
        &mut self,
        family: FamilyId,
        hash: &[u8; 32],
        now: Timestamp,
        expires_at: Timestamp,
    ) -> StoreResult<()>;
    /// A refresh token, used or not, of a live family whose member is not blocked.
    async fn refresh_token(&mut self, hash: &[u8; 32]) -> StoreResult<Option<RefreshToken>>;
    async fn use_refresh_token(&mut self, hash: &[u8; 32], now: Timestamp) -> StoreResult<()>;
    /// Deletes all refresh tokens of a family but the newest `most`.
    async fn keep_newest_tokens(&mut self, family: FamilyId, most: u32) -> StoreResult<()>;
    /// Ends all families of a member but the `most` that were used last.
    async fn keep_newest_families(&mut self, member: MemberId, most: u32) -> StoreResult<()>;
    /// Ends all tokens of a family.
    async fn end_token_family(&mut self, family: FamilyId) -> StoreResult<()>;
    /// How a member's operation under this key ended, if that was after `since`.
    async fn idempotent_outcome(
        &mut self,
        member: MemberId,
        key_hash: &[u8; 32],
        since: Timestamp,
    ) -> StoreResult<Option<IdempotentOutcome>>;
    /// Stores how a member's operation under this key ended, and replaces an older outcome.
    async fn keep_idempotent_outcome(
        &mut self,
        member: MemberId,
        key_hash: &[u8; 32],
        outcome: &IdempotentOutcome,
        now: Timestamp,
    ) -> StoreResult<()>;
}
