//! What the rules may ask of a database, in their own words. One implementation per dialect; both pass `contract`.
//!
//! Reads of a single statement stand on [`Store`]; everything that must hold together stands on [`Transaction`].

mod admin;
#[cfg(test)]
mod contract;
mod import;
pub mod sqlite;

pub use admin::{AdminStore, AdminTransaction, NewAuditLine, NewTry, TryCount};
pub use import::{Conflicts, ImportStore, ImportTransaction, NewImport};

use crate::model::invite_code::InviteCode;
use crate::model::phone::Phone;
use crate::model::profile::Cursor;
use crate::server::clock::Timestamp;
use crate::server::domain::budget::UseId;
use crate::server::domain::visitor::Visitor;
use crate::server::domain::{DeviceId, Epoch, FamilyId, FlowId, Invitee, Member, MemberId};
use async_trait::async_trait;

/// The database failed, or holds what no version of Vouch wrote.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database, or the way to it, failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The migrations could not be run.
    #[error("migrating the database failed: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A stored value is not well-formed.
    #[error("the database holds a malformed {0}")]
    Malformed(&'static str),
    /// SQLite is older than the first version that cannot corrupt a WAL on reset.
    #[error("this SQLite is {found}; Vouch needs {needed} or newer")]
    TooOld {
        /// The version in use.
        found: String,
        /// The oldest usable version.
        needed: &'static str,
    },
}

/// The result of every call.
pub type StoreResult<T> = Result<T, StoreError>;

/// A login code about to be sent.
pub struct NewLoginCode {
    /// The login it belongs to.
    pub flow: FlowId,
    /// Where it goes.
    pub phone: Phone,
    /// The known device that asked for it.
    pub device: Option<DeviceId>,
    /// The code's MAC, all that is kept of it.
    pub mac: [u8; 32],
    /// How many digits it has.
    pub length: u8,
    /// Whether it is the first that its phone asked for in a while.
    pub begins_login: bool,
    /// Now.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// A login code that was sent.
pub struct SentLoginCode {
    /// Names the code.
    pub id: i64,
    /// Where it went.
    pub phone: Phone,
    /// The known device that asked for it.
    pub device: Option<DeviceId>,
    /// How many digits it has.
    pub length: u8,
    /// Its MAC.
    pub mac: Vec<u8>,
    /// Whether somebody has logged in with it.
    pub is_used: bool,
}

/// A member with what they redeemed and how many redeemed theirs.
pub struct MemberSummary {
    /// The member.
    pub member: Member,
    /// The foreign code they activated.
    pub activated: Option<InviteCode>,
    /// How many people redeemed theirs.
    pub invitees: u64,
}

/// The outcome of adding a member.
pub enum AddMember {
    /// The member exists now.
    Added(Member),
    /// Somebody has this invite code; draw another.
    InviteCodeTaken,
}

/// A stored session.
pub struct SessionRow {
    /// SHA-256 of the id in the cookie.
    pub id_hash: [u8; 32],
    /// Who is logged in.
    pub member: Option<MemberId>,
    /// Their epoch at the login.
    pub epoch: Epoch,
    /// The session's values as JSON.
    pub data: String,
}

/// Whether a token that names a member and a family may still be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenStanding {
    /// The member is blocked.
    pub is_blocked: bool,
    /// When the family began; `None` when it has ended, or belongs to an epoch that is past.
    pub begun_at: Option<Timestamp>,
}

/// A refresh token that was given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// The login that it came from.
    pub family: FamilyId,
    /// Whose login that was.
    pub member: MemberId,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// When it was exchanged for its successor.
    pub used_at: Option<Timestamp>,
}

/// How an operation under an idempotency key ended.
pub struct IdempotentOutcome {
    /// What was asked for, or a fingerprint of it.
    pub request: String,
    /// How it ended, as JSON.
    pub outcome: String,
}

/// One use of a budget.
pub struct BudgetUse<'a> {
    /// What is counted.
    pub budget: &'a str,
    /// Whose uses are counted together.
    pub subject: &'a str,
    /// What it is for: a login, a phone, or nothing in particular.
    pub purpose: &'a str,
    /// Now.
    pub used_at: Timestamp,
    /// From when on nothing counts it any more.
    pub expires_at: Timestamp,
}

/// Messages to phones that begin alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentToPrefix {
    /// How many there were.
    pub count: u32,
    /// How many of them led to a login.
    pub used: u32,
    /// The oldest.
    pub oldest: Option<Timestamp>,
}

/// What was used of a budget in the time it looks back on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetUses {
    /// How many uses.
    pub count: u32,
    /// The oldest of them.
    pub oldest: Option<Timestamp>,
}

/// A database.
#[async_trait]
pub trait Store: AdminStore + ImportStore {
    /// Begins a write transaction; it waits for the one before. Dropping it undoes it.
    async fn begin(&self) -> StoreResult<Box<dyn Transaction>>;
    /// Whether the database answers and its tables are those this version needs.
    async fn check_ready(&self) -> StoreResult<()>;
    /// Closes every connection, after the statements under way.
    async fn close(&self);

    /// The code sent last in a login.
    async fn newest_login_code(&self, flow: FlowId) -> StoreResult<Option<SentLoginCode>>;
    /// When codes went to a phone since `since` that were not used, newest first: those that this known
    /// device asked for, or all unknown ones.
    async fn unused_codes(
        &self,
        phone: &Phone,
        device: Option<DeviceId>,
        since: Timestamp,
    ) -> StoreResult<Vec<Timestamp>>;
    /// When the newest code was made.
    async fn newest_code_at(&self) -> StoreResult<Option<Timestamp>>;
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
    /// Deletes codes made before `before`; returns how many.
    async fn delete_codes_before(&self, before: Timestamp) -> StoreResult<u64>;

    /// A member with what they redeemed and how many redeemed theirs.
    async fn member(&self, id: MemberId) -> StoreResult<Option<MemberSummary>>;
    /// At most `limit` of the people who redeemed a member's code, newest first, beginning after `after`.
    async fn invitees(&self, inviter: MemberId, after: Option<Cursor>, limit: u32) -> StoreResult<Vec<Invitee>>;

    /// Stores a new session; false if there is one of this id.
    async fn create_session(&self, row: &SessionRow, now: Timestamp, expires_at: Timestamp) -> StoreResult<bool>;
    /// Changes a session that still exists: one that was ended stays ended. It never outlives `created_at` by more
    /// than `absolute_ms`. Returns whether it exists.
    async fn save_session(&self, row: &SessionRow, expires_at: Timestamp, absolute_ms: i64) -> StoreResult<bool>;
    /// A session's values, unless it has expired, or its member is blocked or has logged out everywhere since.
    async fn load_session(&self, id_hash: &[u8; 32], now: Timestamp) -> StoreResult<Option<String>>;
    /// Ends a session.
    async fn delete_session(&self, id_hash: &[u8; 32]) -> StoreResult<()>;
    /// Deletes sessions that have expired; returns how many.
    async fn delete_expired_sessions(&self, now: Timestamp) -> StoreResult<u64>;

    /// Whether tokens of this member and family may be used; `None` when there is no such member.
    async fn token_standing(&self, member: MemberId, family: FamilyId) -> StoreResult<Option<TokenStanding>>;
    /// Deletes refresh tokens and families that have expired; returns how many of both.
    async fn delete_expired_tokens(&self, now: Timestamp) -> StoreResult<u64>;
    /// What was used of a subject's budget after `since`.
    async fn budget_uses(&self, budget: &str, subject: &str, since: Timestamp) -> StoreResult<BudgetUses>;
    /// Deletes uses of budgets that nothing counts any more; returns how many.
    async fn delete_expired_budget_uses(&self, now: Timestamp) -> StoreResult<u64>;
    /// Deletes outcomes kept before `before`; returns how many.
    async fn delete_idempotent_outcomes_before(&self, before: Timestamp) -> StoreResult<u64>;
}

/// A write transaction: it alone writes, and sees everything that was committed before it began.
#[async_trait]
pub trait Transaction: AdminTransaction + ImportTransaction {
    /// Makes all of it durable.
    async fn commit(self: Box<Self>) -> StoreResult<()>;

    /// See [`Store::unused_codes`].
    async fn unused_codes(
        &mut self,
        phone: &Phone,
        device: Option<DeviceId>,
        since: Timestamp,
    ) -> StoreResult<Vec<Timestamp>>;
    /// Lets the codes of all live logins of a phone expire but the `keep` newest ones and `flow`: of those that this
    /// known device asked for, or of all unknown ones.
    async fn expire_oldest_flows(
        &mut self,
        phone: &Phone,
        device: Option<DeviceId>,
        flow: FlowId,
        keep: u32,
        now: Timestamp,
    ) -> StoreResult<()>;
    /// The codes that unknown devices asked for since `since`, for phones that begin with `prefix`, and that were used
    /// or can be used no more.
    async fn sent_to_prefix(&mut self, prefix: &str, since: Timestamp, now: Timestamp) -> StoreResult<SentToPrefix>;
    /// Stores a code; returns its id.
    async fn add_login_code(&mut self, code: &NewLoginCode) -> StoreResult<i64>;
    /// Takes a code back that could not be sent; it is not counted either.
    async fn remove_login_code(&mut self, id: i64) -> StoreResult<()>;
    /// Counts a try at the newest code of a login and returns the code; `None` when it has had `max_tries`, has
    /// expired, or was used or ended.
    async fn take_try(&mut self, flow: FlowId, max_tries: u32, now: Timestamp) -> StoreResult<Option<SentLoginCode>>;
    /// Marks a code as used; false if it was used or ended before.
    async fn use_code(&mut self, id: i64, now: Timestamp) -> StoreResult<bool>;
    /// Makes every unused code of a phone void.
    async fn end_codes(&mut self, phone: &Phone, now: Timestamp) -> StoreResult<()>;

    /// The member with this phone.
    async fn member_by_phone(&mut self, phone: &Phone) -> StoreResult<Option<Member>>;
    /// The member with this invite code.
    async fn member_by_invite_code(&mut self, code: &InviteCode) -> StoreResult<Option<Member>>;
    /// Adds a member.
    async fn add_member(&mut self, phone: &Phone, code: &InviteCode, now: Timestamp) -> StoreResult<AddMember>;

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
    /// Begins a member's next epoch, which ends all of their sessions and tokens.
    async fn next_epoch(&mut self, member: MemberId) -> StoreResult<()>;

    /// See [`Store::budget_uses`].
    async fn budget_uses(&mut self, budget: &str, subject: &str, since: Timestamp) -> StoreResult<BudgetUses>;
    /// Counts one use of a budget if each limit leaves one: so many uses after that moment. One statement.
    async fn take_budget(&mut self, new: &BudgetUse<'_>, limits: &[(u32, Timestamp)]) -> StoreResult<Option<i64>>;
    /// Undoes these uses.
    async fn give_back(&mut self, uses: &[UseId]) -> StoreResult<()>;
    /// Undoes all uses of a subject's budget for this purpose.
    async fn give_back_for(&mut self, budget: &str, subject: &str, purpose: &str) -> StoreResult<()>;

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
