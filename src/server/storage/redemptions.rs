//! Redemptions, and every attempt to redeem a code.

use crate::model::invite_code::InviteCode;
use crate::model::profile::Cursor;
use crate::server::clock::Timestamp;
use crate::server::data::{
    Attempt, AttemptCount, BrowserId, Invitee, ListedMember, ListedRedemption, MemberId, NewAttempt,
};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// What is asked outside of a transaction.
#[async_trait]
pub trait RedemptionStore: Send + Sync {
    /// At most `limit` of the people who redeemed a member's code, newest first, beginning after `after`.
    async fn invitees(&self, inviter: MemberId, after: Option<Cursor>, limit: u32) -> StoreResult<Vec<Invitee>>;
    /// At most `limit` of those who came through a member, newest first.
    async fn invitees_listed(&self, inviter: MemberId, limit: u32) -> StoreResult<Vec<ListedMember>>;
    /// At most `limit` redemptions, in the order of the invitees' numbers, beginning after `after`.
    async fn redemptions(&self, after: MemberId, limit: u32) -> StoreResult<Vec<ListedRedemption>>;
    /// The newest tries of a member.
    async fn attempts_of(&self, member: MemberId, limit: u32) -> StoreResult<Vec<Attempt>>;
    /// Forgets from where codes were tried before `before`, in flags too; returns for how many tries.
    async fn forget_networks_before(&self, before: Timestamp) -> StoreResult<u64>;
}

/// What is asked and changed within a transaction.
#[async_trait]
pub trait RedemptionTransaction: Send {
    /// The foreign code a member activated.
    async fn activated_code(&mut self, invitee: MemberId) -> StoreResult<Option<InviteCode>>;
    /// Whether `ancestor` brought `member` in, directly or along a chain of redemptions.
    async fn was_brought_in_by(&mut self, member: MemberId, ancestor: MemberId) -> StoreResult<bool>;
    /// Records that `invitee` redeemed the `code` of `inviter`.
    async fn add_redemption(
        &mut self,
        invitee: MemberId,
        inviter: MemberId,
        code: &InviteCode,
        now: Timestamp,
    ) -> StoreResult<()>;
    /// Undoes the redemption of a member; returns whose code it was.
    async fn remove_redemption(&mut self, invitee: MemberId) -> StoreResult<Option<(MemberId, InviteCode)>>;
    /// How many different tries of a member there were after `since`.
    async fn attempts_since(&mut self, member: MemberId, since: Timestamp) -> StoreResult<u32>;
    /// Counts a try that was the same after `since`; false if there was none.
    async fn repeat_attempt(&mut self, again: &NewAttempt, since: Timestamp) -> StoreResult<bool>;
    /// Keeps a try.
    async fn add_attempt(&mut self, new: &NewAttempt) -> StoreResult<()>;
    /// How many tries there were, each as often as it was made. Those without a network are no sign of anything: they were
    /// imported, or long ago.
    async fn count_attempts(&mut self, which: &AttemptCount<'_>) -> StoreResult<u32>;
    /// How many redemptions after `since` were between members who both logged in with this browser.
    async fn redemptions_within_browser(&mut self, browser: BrowserId, since: Timestamp) -> StoreResult<u32>;
}
