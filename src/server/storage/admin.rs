//! What the rules for admins ask of a database, and what is kept only for admins to see.

use super::{StoreResult, Timestamp};
use crate::model::invite_code::InviteCode;
use crate::model::phone::Phone;
use crate::server::domain::MemberId;
use crate::server::domain::admin::Grant;
use crate::server::domain::admin::audit::{Act, AuditLine, AuditSearch};
use crate::server::domain::admin::flags::{Flag, FlagKind, Verdict};
use crate::server::domain::admin::members::{
    CodeOwner, Device, ListedMember, ListedRedemption, LiveLogin, MemberRecord, MemberSearch, RedeemTry,
};
use crate::server::domain::admin::overview::{Counts, DailyCount};
use crate::server::domain::admin::repair::Subject;
use crate::server::domain::referral::TryOutcome;
use crate::server::domain::visitor::BrowserId;
use async_trait::async_trait;
use std::collections::HashSet;

/// A try to redeem a code, about to be kept.
#[derive(Clone, Copy)]
pub struct NewTry<'a> {
    /// Who tried.
    pub member: MemberId,
    /// What was typed, as far as it is kept.
    pub typed: &'a str,
    /// Whose code it is.
    pub inviter: Option<MemberId>,
    /// How it ended.
    pub outcome: TryOutcome,
    /// Now.
    pub at: Timestamp,
    /// From which network.
    pub network: &'a str,
    /// With which browser.
    pub browser: Option<BrowserId>,
}

/// Which tries are counted.
#[derive(Clone, Copy)]
pub struct TryCount<'a> {
    /// Those that ended like this.
    pub outcome: TryOutcome,
    /// Those of this member.
    pub member: Option<MemberId>,
    /// Those with a code of this member.
    pub inviter: Option<MemberId>,
    /// Those from this network.
    pub network: Option<&'a str>,
    /// Those with this browser.
    pub browser: Option<BrowserId>,
    /// Those after this moment.
    pub since: Timestamp,
}

impl Default for TryCount<'_> {
    fn default() -> Self {
        let (outcome, since) = (TryOutcome::Redeemed, Timestamp(0));
        Self { outcome, member: None, inviter: None, network: None, browser: None, since }
    }
}

/// A line about to be added to the audit log.
pub struct NewAuditLine<'a> {
    /// Now.
    pub at: Timestamp,
    /// Who; `None` is the host.
    pub actor: Option<MemberId>,
    /// What.
    pub act: Act,
    /// To whom.
    pub subject: Option<MemberId>,
    /// Why.
    pub reason: &'a str,
    /// What was before, and what is now.
    pub details: &'a str,
    /// From which network.
    pub address: &'a str,
}

/// The part of [`super::Store`] for admins.
#[async_trait]
pub trait AdminStore: Send + Sync {
    /// Every grant, the oldest first.
    async fn grants(&self) -> StoreResult<Vec<Grant>>;
    /// The grant of the phone that a member has.
    async fn grant_of(&self, member: MemberId) -> StoreResult<Option<Grant>>;

    /// Members as a search wants them.
    async fn find_members(&self, search: &MemberSearch) -> StoreResult<Vec<ListedMember>>;
    /// One member, erased or not.
    async fn member_record(&self, id: MemberId) -> StoreResult<Option<MemberRecord>>;
    /// At most `limit` members, erased or not, in the order of their numbers, beginning after `after`.
    async fn member_records(&self, after: MemberId, limit: u32) -> StoreResult<Vec<MemberRecord>>;
    /// At most `limit` redemptions, in the order of the invitees' numbers, beginning after `after`.
    async fn redemptions(&self, after: MemberId, limit: u32) -> StoreResult<Vec<ListedRedemption>>;
    /// At most `limit` of those who came through a member, newest first.
    async fn invitees_listed(&self, inviter: MemberId, limit: u32) -> StoreResult<Vec<ListedMember>>;
    /// The newest tries of a member.
    async fn tries_of(&self, member: MemberId, limit: u32) -> StoreResult<Vec<RedeemTry>>;
    /// The devices on which a member logged in, the last used first.
    async fn devices_of(&self, member: MemberId, limit: u32) -> StoreResult<Vec<Device>>;
    /// The sessions and API logins of a member that are good, newest first.
    async fn live_logins_of(&self, member: MemberId, now: Timestamp, limit: u32) -> StoreResult<Vec<LiveLogin>>;
    /// The member who has, or had, an invite code.
    async fn owner_of_code(&self, code: &InviteCode) -> StoreResult<Option<MemberId>>;
    /// Those who have, or had, one of these invite codes, but for who was erased.
    async fn owners_of_codes(&self, codes: &HashSet<InviteCode>) -> StoreResult<Vec<CodeOwner>>;
    /// The member with this phone.
    async fn member_with_phone(&self, phone: &Phone) -> StoreResult<Option<MemberId>>;

    /// What happened on each day since this one, counted from 1970.
    async fn daily_counts(&self, since: i64) -> StoreResult<Vec<DailyCount>>;
    /// What happened since the beginning.
    async fn total_counts(&self) -> StoreResult<Counts>;
    /// How many members are locked out, and how many were erased.
    async fn blocked_and_erased(&self) -> StoreResult<(u64, u64)>;

    /// Flags that wait, or those that were reviewed, in the order of their numbers, beginning after `after`.
    async fn flags(&self, waiting: bool, after: i64, limit: u32) -> StoreResult<Vec<Flag>>;
    /// One flag.
    async fn flag(&self, id: i64) -> StoreResult<Option<Flag>>;

    /// Lines of the audit log, newest first.
    async fn audit_lines(&self, search: &AuditSearch) -> StoreResult<Vec<AuditLine>>;

    /// The browser that keeps this token.
    async fn browser(&self, token_hash: &[u8; 32]) -> StoreResult<Option<BrowserId>>;
    /// Forgets from where codes were tried before `before`, in flags too; returns for how many tries.
    async fn forget_networks_before(&self, before: Timestamp) -> StoreResult<u64>;
}

/// The part of [`super::Transaction`] for admins.
#[async_trait]
pub trait AdminTransaction: Send {
    /// Grants the right to a phone; false if it has it.
    async fn add_grant(&mut self, phone: &Phone, now: Timestamp) -> StoreResult<bool>;
    /// Takes it away; false if there was none.
    async fn remove_grant(&mut self, phone: &Phone) -> StoreResult<bool>;
    /// See [`AdminStore::grant_of`].
    async fn grant_of(&mut self, member: MemberId) -> StoreResult<Option<Grant>>;
    /// Keeps the secret of a grant's second factor, and what was used of it.
    async fn keep_second_factor(&mut self, grant: &Grant) -> StoreResult<()>;

    /// A member, erased or not.
    async fn subject(&mut self, id: MemberId) -> StoreResult<Option<Subject>>;
    /// Locks a member out since then, or lets them in.
    async fn set_blocked(&mut self, member: MemberId, blocked_at: Option<Timestamp>) -> StoreResult<()>;
    /// Undoes the redemption of a member; returns whose code it was.
    async fn remove_redemption(&mut self, invitee: MemberId) -> StoreResult<Option<(MemberId, InviteCode)>>;
    /// Gives a member another code; false if somebody has or had it.
    async fn replace_invite_code(&mut self, member: MemberId, code: &InviteCode, now: Timestamp) -> StoreResult<bool>;
    /// Deletes a member's phone, and every row that holds it or says where and when they were.
    async fn erase_member(&mut self, member: MemberId, phone: &Phone, now: Timestamp) -> StoreResult<()>;
    /// See [`AdminStore::owner_of_code`].
    async fn owner_of_code(&mut self, code: &InviteCode) -> StoreResult<Option<MemberId>>;

    /// Adds a line to the audit log.
    async fn add_audit_line(&mut self, line: &NewAuditLine<'_>) -> StoreResult<()>;

    /// How many different tries of a member there were after `since`.
    async fn tries_since(&mut self, member: MemberId, since: Timestamp) -> StoreResult<u32>;
    /// Counts a try that was the same after `since`; false if there was none.
    async fn repeat_try(&mut self, again: &NewTry<'_>, since: Timestamp) -> StoreResult<bool>;
    /// Keeps a try.
    async fn add_try(&mut self, new: &NewTry<'_>) -> StoreResult<()>;
    /// How many tries there were, each as often as it was made. Those without a network are no sign of anything: they were
    /// imported, or long ago.
    async fn count_tries(&mut self, which: &TryCount<'_>) -> StoreResult<u32>;

    /// How many redemptions after `since` were between members who both logged in with this browser.
    async fn redemptions_within_browser(&mut self, browser: BrowserId, since: Timestamp) -> StoreResult<u32>;
    /// When a flag like this was reviewed last.
    async fn flag_reviewed_at(
        &mut self,
        kind: FlagKind,
        member: MemberId,
        source: &str,
    ) -> StoreResult<Option<Timestamp>>;
    /// Raises a flag, or brings one that waits up to date.
    async fn raise_flag(
        &mut self,
        kind: FlagKind,
        member: MemberId,
        source: &str,
        count: u32,
        now: Timestamp,
    ) -> StoreResult<()>;
    /// Keeps what was made of a flag; false if it was reviewed before.
    async fn review_flag(&mut self, id: i64, verdict: Verdict, now: Timestamp) -> StoreResult<bool>;
}
