//! Redemptions, and every attempt to redeem a code.

use crate::model::invite_code::InviteCode;
use crate::server::clock::Timestamp;
use crate::server::data::{Attempt, AttemptCount, BrowserId, ListedMember, ListedRedemption, MemberId, NewAttempt};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;
use std::time::Duration;

/// Reads and single statements, outside a transaction.
#[async_trait]
pub trait RedemptionStore: Send + Sync {
    /// At most `limit` invitees of a member, newest first, for admins.
    async fn invitees_listed(&self, inviter: MemberId, limit: u32) -> StoreResult<Vec<ListedMember>>;
    /// At most `limit` redemptions, in the order of the invitees' ids, after `after`.
    async fn redemptions(&self, after: MemberId, limit: u32) -> StoreResult<Vec<ListedRedemption>>;
    /// Whether `member` is an invitee of `ancestor`, at any depth.
    async fn descends_from(&self, member: MemberId, ancestor: MemberId) -> StoreResult<bool>;
    /// The median of the times from joining to redeeming of the newest redemptions in a time, at most `newest`. Of an even
    /// number it is the shorter of the two in the middle. `None` if there are none.
    async fn median_time_to_redeem(
        &self,
        from: Timestamp,
        until: Timestamp,
        newest: u32,
    ) -> StoreResult<Option<Duration>>;
    /// The newest attempts of a member first.
    async fn attempts_of(&self, member: MemberId, limit: u32) -> StoreResult<Vec<Attempt>>;
    /// Deletes the networks and browsers of attempts before `before`, in flags too; returns for how many attempts.
    async fn forget_networks_before(&self, before: Timestamp) -> StoreResult<u64>;
}

/// Reads and changes inside a write transaction.
#[async_trait]
pub trait RedemptionTransaction: Send {
    /// The foreign code a member activated.
    async fn activated_code(&mut self, invitee: MemberId) -> StoreResult<Option<InviteCode>>;
    /// As [`RedemptionStore::descends_from`]; until the transaction ends, no other one changes the answer.
    async fn descends_from(&mut self, member: MemberId, ancestor: MemberId) -> StoreResult<bool>;
    /// `code` is the code of `inviter` at this time.
    async fn add_redemption(
        &mut self,
        invitee: MemberId,
        inviter: MemberId,
        code: &InviteCode,
        now: Timestamp,
    ) -> StoreResult<()>;
    /// Deletes the redemption of a member; returns the inviter and the code.
    async fn remove_redemption(&mut self, invitee: MemberId) -> StoreResult<Option<(MemberId, InviteCode)>>;
    /// How many recorded attempts of a member there were after `since`; equal ones count once.
    async fn attempts_since(&mut self, member: MemberId, since: Timestamp) -> StoreResult<u32>;
    /// Increments the count of an equal attempt after `since`; false if there is none.
    async fn repeat_attempt(&mut self, again: &NewAttempt, since: Timestamp) -> StoreResult<bool>;
    async fn add_attempt(&mut self, new: &NewAttempt) -> StoreResult<()>;
    /// How many attempts there were; a repeated one counts as often as it was made. Attempts without a network
    /// (imported, or older than `VOUCH_NETWORK_MEMORY`) are not counted.
    async fn count_attempts(&mut self, which: &AttemptCount<'_>) -> StoreResult<u32>;
    /// How many redemptions after `since` were between two members who have both logged in with this browser.
    async fn redemptions_within_browser(&mut self, browser: BrowserId, since: Timestamp) -> StoreResult<u32>;
}
