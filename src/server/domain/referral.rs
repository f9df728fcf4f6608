//! Redeeming a foreign invite code: once per member, never one's own, never in a circle. Every try is kept, with how it
//! ended, so that an admin can tell why one did not count.

use super::admin::flags;
use super::budget::{Account, Left};
use super::visitor::{self, BrowserId, Network, Visitor};
use super::{MemberId, Ports};
use crate::error::{AppError, AppResult};
use crate::model::invite_code::InviteCode;
use crate::server::clock::Timestamp;
use crate::server::secrets::hex;
use crate::server::storage::{IdempotentOutcome, NewTry, StoreResult, Transaction};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// How long the outcome of a request with an idempotency key is told again.
pub const IDEMPOTENCY_MEMORY: Duration = Duration::from_secs(24 * 60 * 60);

/// The same try within this time is one row with a count.
const REPEATED_WITHIN: Duration = Duration::from_secs(60 * 60);
/// So many different tries of a member are kept within that time; of further ones only the number.
const TRIES_KEPT: u32 = 50;
/// How much is kept of a text that can be no code.
const TYPED_KEPT: usize = 12;

/// How a try to redeem a code ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TryOutcome {
    /// It counted.
    Redeemed,
    /// The member had activated a code before.
    Second,
    /// No code can look like this.
    Malformed,
    /// Nobody had this code.
    Unknown,
    /// Its owner had been given another one.
    Replaced,
    /// It was the member's own.
    Own,
    /// Its owner had come through the member.
    OfInvitee,
    /// Its owner was blocked.
    OwnerBlocked,
    /// The member had tried too many unknown codes; this one was not looked at.
    TooMany,
}

impl TryOutcome {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Redeemed,
        Self::Second,
        Self::Malformed,
        Self::Unknown,
        Self::Replaced,
        Self::Own,
        Self::OfInvitee,
        Self::OwnerBlocked,
        Self::TooMany,
    ];

    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Redeemed => "redeemed",
            Self::Second => "second",
            Self::Malformed => "malformed",
            Self::Unknown => "unknown",
            Self::Replaced => "replaced",
            Self::Own => "own",
            Self::OfInvitee => "of-invitee",
            Self::OwnerBlocked => "owner-blocked",
            Self::TooMany => "too-many",
        }
    }

    /// Reads it again.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == text)
    }

    /// `None` for a failure of ours, which is undone and not kept.
    fn of<T>(outcome: &AppResult<T>, owner: Option<MemberId>) -> Option<Self> {
        Some(match outcome {
            Ok(_) => Self::Redeemed,
            Err(AppError::AlreadyRedeemed { .. }) => Self::Second,
            Err(AppError::InviteCodeTooLong) => Self::Malformed,
            Err(AppError::InviteCodeUnknown) if owner.is_some() => Self::Replaced,
            Err(AppError::InviteCodeUnknown) => Self::Unknown,
            Err(AppError::InviteCodeOwn) => Self::Own,
            Err(AppError::InviteCodeOfInvitee) => Self::OfInvitee,
            Err(AppError::InviteCodeBlocked) => Self::OwnerBlocked,
            Err(AppError::TooManyUnknownCodes { .. }) => Self::TooMany,
            Err(_) => return None,
        })
    }
}

/// A member who redeems a code, and from where.
struct Redeemer<'a> {
    member: MemberId,
    network: &'a Network,
    browser: Option<BrowserId>,
}

impl<'a> Redeemer<'a> {
    async fn of(ports: &Ports, member: MemberId, visitor: &'a Visitor) -> AppResult<Self> {
        Ok(Self { member, network: &visitor.network, browser: visitor::browser(ports, visitor).await? })
    }

    fn tried<'t>(
        &'t self,
        typed: &'t str,
        inviter: Option<MemberId>,
        outcome: TryOutcome,
        at: Timestamp,
    ) -> NewTry<'t> {
        let (network, browser) = (self.network.as_str(), self.browser);
        NewTry { member: self.member, typed, inviter, outcome, at, network, browser }
    }
}

/// Redeems the code that was typed for `invitee`.
///
/// All checks and the insertion stand in one write transaction, so that parallel tries see one another.
///
/// # Errors
/// `InviteCodeMissing`, `InviteCodeTooLong`, `InviteCodeUnknown`, `InviteCodeOwn`, `InviteCodeOfInvitee`,
/// `InviteCodeBlocked`, `AlreadyRedeemed`, `TooManyUnknownCodes`.
pub async fn redeem(ports: &Ports, visitor: &Visitor, invitee: MemberId, typed: &str) -> AppResult<InviteCode> {
    let redeemer = Redeemer::of(ports, invitee, visitor).await?;
    let code = Typed::parse(ports, &redeemer, typed).await?;
    let mut tx = ports.store.begin().await?;
    let outcome = redeem_in(tx.as_mut(), ports, &redeemer, &code).await;
    commit(tx, invitee, outcome).await
}

/// Like [`redeem`], but whoever repeats the request with the same key is told the outcome of the first one again.
///
/// # Errors
/// Those of [`redeem`], and `IdempotencyKeyReused` for the same key with another code.
pub async fn redeem_once(
    ports: &Ports,
    visitor: &Visitor,
    invitee: MemberId,
    typed: &str,
    key: &str,
) -> AppResult<InviteCode> {
    let redeemer = Redeemer::of(ports, invitee, visitor).await?;
    let code = Typed::parse(ports, &redeemer, typed).await?;
    let key_hash = Sha256::digest(key).into();
    let now = ports.clock.now();
    let mut tx = ports.store.begin().await?;
    if let Some(kept) = tx.idempotent_outcome(invitee, &key_hash, now.minus(IDEMPOTENCY_MEMORY)).await? {
        let is_same = kept.request == code.fingerprint();
        return if is_same { told_again(&kept.outcome) } else { Err(AppError::IdempotencyKeyReused) };
    }
    let outcome = redeem_in(tx.as_mut(), ports, &redeemer, &code).await;
    if is_worth_keeping(&outcome) {
        let kept = IdempotentOutcome { request: code.fingerprint(), outcome: to_be_kept(&outcome)? };
        tx.keep_idempotent_outcome(invitee, &key_hash, &kept, now).await?;
    }
    commit(tx, invitee, outcome).await
}

/// How many more unknown codes a member may try.
///
/// # Errors
/// `Unavailable`.
pub async fn unknown_codes_left(ports: &Ports, invitee: MemberId) -> AppResult<Left> {
    Ok(unknown_codes(ports, invitee).left_now(ports).await?)
}

/// The account of the codes that nobody has and that a member tried.
pub fn unknown_codes(ports: &Ports, invitee: MemberId) -> Account<'_> {
    Account { name: "unknown-codes", subject: invitee.0.to_string(), budget: &ports.rules.limits.unknown_invite_codes }
}

/// Forgets outcomes that are no longer told again.
///
/// # Errors
/// `Unavailable`.
pub async fn forget_old_outcomes(ports: &Ports) -> AppResult<u64> {
    let before = ports.clock.now().minus(IDEMPOTENCY_MEMORY);
    Ok(ports.store.delete_idempotent_outcomes_before(before).await?)
}

/// Forgets from where codes were tried long ago (`VOUCH_NETWORK_MEMORY`).
///
/// # Errors
/// `Unavailable`.
pub async fn forget_networks(ports: &Ports) -> AppResult<u64> {
    Ok(ports.store.forget_networks_before(ports.clock.now().minus(ports.rules.limits.network_memory)).await?)
}

/// A code as it was typed: one that may be somebody's, or a text that can be nobody's.
enum Typed {
    Possible(InviteCode),
    Impossible(String),
}

impl Typed {
    async fn parse(ports: &Ports, redeemer: &Redeemer<'_>, typed: &str) -> AppResult<Self> {
        match InviteCode::parse(typed) {
            Ok(code) => Ok(Self::Possible(code)),
            Err(AppError::InviteCodeUnknown) => Ok(Self::Impossible(typed.trim().to_owned())),
            Err(refused @ AppError::InviteCodeTooLong) => {
                let mut tx = ports.store.begin().await?;
                let kept = Self::Impossible(typed.trim().to_owned()).shortened();
                record(tx.as_mut(), &redeemer.tried(&kept, None, TryOutcome::Malformed, ports.clock.now())).await?;
                tx.commit().await?;
                Err(refused)
            }
            Err(refused) => Err(refused),
        }
    }

    /// What is kept of it.
    fn shortened(&self) -> String {
        match self {
            Self::Possible(code) => code.to_string(),
            Self::Impossible(text) if text.chars().count() > TYPED_KEPT => {
                text.chars().take(TYPED_KEPT).chain(['…']).collect()
            }
            Self::Impossible(text) => text.clone(),
        }
    }

    /// What two spellings of one request have in common; never longer than a hash.
    fn fingerprint(&self) -> String {
        match self {
            Self::Possible(code) => code.to_string(),
            Self::Impossible(text) => hex(&Sha256::digest(text)),
        }
    }
}

async fn redeem_in(
    tx: &mut dyn Transaction,
    ports: &Ports,
    redeemer: &Redeemer<'_>,
    typed: &Typed,
) -> AppResult<InviteCode> {
    let now = ports.clock.now();
    let (owner, outcome) = try_in(tx, ports, redeemer.member, typed, now).await?;
    if let Some(kept) = TryOutcome::of(&outcome, owner) {
        let typed = typed.shortened();
        let tried = redeemer.tried(&typed, owner, kept, now);
        record(tx, &tried).await?;
        flags::notice(tx, &ports.rules.limits, &tried).await?;
    }
    outcome
}

/// Whose code it is, and whether it was redeemed.
async fn try_in(
    tx: &mut dyn Transaction,
    ports: &Ports,
    invitee: MemberId,
    typed: &Typed,
    now: Timestamp,
) -> StoreResult<(Option<MemberId>, AppResult<InviteCode>)> {
    if let Some(activated) = tx.activated_code(invitee).await? {
        let owner = match typed {
            Typed::Possible(code) => tx.owner_of_code(code).await?,
            Typed::Impossible(_) => None,
        };
        return Ok((owner, Err(AppError::AlreadyRedeemed { code: activated.to_string() })));
    }
    let unknown = unknown_codes(ports, invitee);
    let left = unknown.left(tx, now).await?;
    if left.uses == 0 {
        return Ok((None, Err(AppError::TooManyUnknownCodes { seconds: left.more_in })));
    }
    let (owner, former_owner) = match typed {
        Typed::Possible(code) => (tx.member_by_invite_code(code).await?, tx.owner_of_code(code).await?),
        Typed::Impossible(_) => (None, None),
    };
    let Some(inviter) = owner else {
        let refused = match unknown.take(tx, "", now).await? {
            Ok(_) => AppError::InviteCodeUnknown,
            Err(seconds) => AppError::TooManyUnknownCodes { seconds },
        };
        return Ok((former_owner, Err(refused)));
    };
    if inviter.is_blocked {
        return Ok((Some(inviter.id), Err(AppError::InviteCodeBlocked)));
    }
    let connected = connect(tx, invitee, inviter.id, &inviter.invite_code, now).await?;
    Ok((Some(inviter.id), connected.map(|()| inviter.invite_code)))
}

/// Puts a redemption in place by hand: what was not known or allowed when the member tried may be, now that an admin has
/// looked at it; the shape of the tree stays guarded.
///
/// # Errors
/// `AlreadyRedeemed`, `InviteCodeOwn`, `InviteCodeOfInvitee`.
pub async fn attach(
    tx: &mut dyn Transaction,
    invitee: MemberId,
    inviter: MemberId,
    code: &InviteCode,
    now: Timestamp,
) -> AppResult<()> {
    if let Some(activated) = tx.activated_code(invitee).await? {
        return Err(AppError::AlreadyRedeemed { code: activated.to_string() });
    }
    connect(tx, invitee, inviter, code, now).await?
}

async fn connect(
    tx: &mut dyn Transaction,
    invitee: MemberId,
    inviter: MemberId,
    code: &InviteCode,
    now: Timestamp,
) -> StoreResult<AppResult<()>> {
    if inviter == invitee {
        return Ok(Err(AppError::InviteCodeOwn));
    }
    if tx.was_brought_in_by(inviter, invitee).await? {
        return Ok(Err(AppError::InviteCodeOfInvitee));
    }
    tx.add_redemption(invitee, inviter, code, now).await?;
    Ok(Ok(()))
}

/// Keeps a try. Nobody can fill the disk with them: the same one again only counts, and so do all beyond [`TRIES_KEPT`].
async fn record(tx: &mut dyn Transaction, tried: &NewTry<'_>) -> StoreResult<()> {
    let since = tried.at.minus(REPEATED_WITHIN);
    let is_too_many = tried.outcome != TryOutcome::Redeemed && tx.tries_since(tried.member, since).await? >= TRIES_KEPT;
    let kept = NewTry { typed: if is_too_many { "…" } else { tried.typed }, ..*tried };
    if !tx.repeat_try(&kept, since).await? {
        tx.add_try(&kept).await?;
    }
    Ok(())
}

/// Commits a refused try, too: it may have used up some of a budget.
async fn commit(tx: Box<dyn Transaction>, invitee: MemberId, outcome: AppResult<InviteCode>) -> AppResult<InviteCode> {
    tx.commit().await?;
    if outcome.is_ok() {
        tracing::info!(invitee = invitee.0, "code redeemed");
    }
    outcome
}

/// Only what changed something: a success, and an unknown code, which used up some of the budget. There are few of both,
/// so a stranger cannot fill the database with keys; other refusals come out the same by themselves.
fn is_worth_keeping(outcome: &AppResult<InviteCode>) -> bool {
    matches!(outcome, Ok(_) | Err(AppError::InviteCodeUnknown))
}

fn to_be_kept(outcome: &AppResult<InviteCode>) -> AppResult<String> {
    let outcome = outcome.as_ref().map(InviteCode::as_str);
    serde_json::to_string(&outcome).map_err(|error| {
        tracing::error!(%error, "an outcome could not be kept");
        AppError::Unavailable
    })
}

fn told_again(kept: &str) -> AppResult<InviteCode> {
    let outcome: AppResult<String> = serde_json::from_str(kept).map_err(|error| {
        tracing::error!(%error, "a kept outcome could not be read");
        AppError::Unavailable
    })?;
    InviteCode::from_symbols(outcome?).ok_or(AppError::Unavailable)
}
