//! Tokens of the API, and outcomes kept under an idempotency key.

use crate::server::clock::Timestamp;
use crate::server::data::{Epoch, FamilyId, IdempotentOutcome, MemberId, RefreshToken, TokenStanding};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// What is asked outside of a transaction.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// Whether tokens of this member and family may be used; `None` when there is no such member.
    async fn token_standing(&self, member: MemberId, family: FamilyId) -> StoreResult<Option<TokenStanding>>;
    /// Deletes refresh tokens and families that have expired; returns how many of both.
    async fn delete_expired_tokens(&self, now: Timestamp) -> StoreResult<u64>;
    /// Deletes outcomes kept before `before`; returns how many.
    async fn delete_idempotent_outcomes_before(&self, before: Timestamp) -> StoreResult<u64>;
}

/// What is asked and changed within a transaction.
#[async_trait]
pub trait TokenTransaction: Send {
    /// Begins a family of tokens for a member in `epoch`; it lives as long as the refresh tokens added to it.
    async fn add_token_family(
        &mut self,
        family: FamilyId,
        member: MemberId,
        epoch: Epoch,
        now: Timestamp,
    ) -> StoreResult<()>;
    /// Adds a refresh token to a family, which lives as long as it.
    async fn add_refresh_token(&mut self, family: FamilyId, hash: &[u8; 32], expires_at: Timestamp) -> StoreResult<()>;
    /// A refresh token of a live family whose member is not blocked.
    async fn refresh_token(&mut self, hash: &[u8; 32]) -> StoreResult<Option<RefreshToken>>;
    /// Marks a refresh token as used.
    async fn use_refresh_token(&mut self, hash: &[u8; 32], now: Timestamp) -> StoreResult<()>;
    /// Ends every token of a family.
    async fn end_token_family(&mut self, family: FamilyId) -> StoreResult<()>;
    /// How a member's operation under this key ended, if that was after `since`.
    async fn idempotent_outcome(
        &mut self,
        member: MemberId,
        key_hash: &[u8; 32],
        since: Timestamp,
    ) -> StoreResult<Option<IdempotentOutcome>>;
    /// Keeps how a member's operation under this key ended, in place of one that is past.
    async fn keep_idempotent_outcome(
        &mut self,
        member: MemberId,
        key_hash: &[u8; 32],
        outcome: &IdempotentOutcome,
        now: Timestamp,
    ) -> StoreResult<()>;
}
