//! Redeeming a foreign invite code: once per member, never one's own, never in a circle.

use super::budget::{Account, Left};
use super::{MemberId, Ports};
use crate::error::{AppError, AppResult};
use crate::model::invite_code::InviteCode;
use crate::server::secrets::hex;
use crate::server::storage::{IdempotentOutcome, Transaction};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// How long the outcome of a request with an idempotency key is told again.
pub const IDEMPOTENCY_MEMORY: Duration = Duration::from_secs(24 * 60 * 60);

/// Redeems the code that was typed for `invitee`.
///
/// All checks and the insertion stand in one write transaction, so that parallel tries see one another.
///
/// # Errors
/// `InviteCodeMissing`, `InviteCodeTooLong`, `InviteCodeUnknown`, `InviteCodeOwn`, `InviteCodeOfInvitee`,
/// `InviteCodeBlocked`, `AlreadyRedeemed`, `TooManyUnknownCodes`.
pub async fn redeem(ports: &Ports, invitee: MemberId, typed: &str) -> AppResult<InviteCode> {
    let code = Typed::parse(typed)?;
    let mut tx = ports.store.begin().await?;
    let outcome = redeem_in(tx.as_mut(), ports, invitee, &code).await;
    commit(tx, invitee, outcome).await
}

/// Like [`redeem`], but whoever repeats the request with the same key is told the outcome of the first one again.
///
/// # Errors
/// Those of [`redeem`], and `IdempotencyKeyReused` for the same key with another code.
pub async fn redeem_once(ports: &Ports, invitee: MemberId, typed: &str, key: &str) -> AppResult<InviteCode> {
    let code = Typed::parse(typed)?;
    let key_hash = Sha256::digest(key).into();
    let now = ports.clock.now();
    let mut tx = ports.store.begin().await?;
    if let Some(kept) = tx.idempotent_outcome(invitee, &key_hash, now.minus(IDEMPOTENCY_MEMORY)).await? {
        let is_same = kept.request == code.fingerprint();
        return if is_same { told_again(&kept.outcome) } else { Err(AppError::IdempotencyKeyReused) };
    }
    let outcome = redeem_in(tx.as_mut(), ports, invitee, &code).await;
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

/// A code as it was typed: one that may be somebody's, or a text that can be nobody's.
enum Typed {
    Possible(InviteCode),
    Impossible(String),
}

impl Typed {
    fn parse(typed: &str) -> AppResult<Self> {
        match InviteCode::parse(typed) {
            Ok(code) => Ok(Self::Possible(code)),
            Err(AppError::InviteCodeUnknown) => Ok(Self::Impossible(typed.trim().to_owned())),
            Err(refused) => Err(refused),
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

async fn redeem_in(tx: &mut dyn Transaction, ports: &Ports, invitee: MemberId, typed: &Typed) -> AppResult<InviteCode> {
    if let Some(activated) = tx.activated_code(invitee).await? {
        return Err(AppError::AlreadyRedeemed { code: activated.to_string() });
    }
    let now = ports.clock.now();
    let unknown = unknown_codes(ports, invitee);
    let left = unknown.left(tx, now).await?;
    if left.uses == 0 {
        return Err(AppError::TooManyUnknownCodes { seconds: left.more_in });
    }
    let owner = match typed {
        Typed::Possible(code) => tx.member_by_invite_code(code).await?,
        Typed::Impossible(_) => None,
    };
    let Some(inviter) = owner else {
        return match unknown.take(tx, "", now).await? {
            Ok(_) => Err(AppError::InviteCodeUnknown),
            Err(seconds) => Err(AppError::TooManyUnknownCodes { seconds }),
        };
    };
    if inviter.id == invitee {
        return Err(AppError::InviteCodeOwn);
    }
    if inviter.is_blocked {
        return Err(AppError::InviteCodeBlocked);
    }
    if tx.was_brought_in_by(inviter.id, invitee).await? {
        return Err(AppError::InviteCodeOfInvitee);
    }
    tx.add_redemption(invitee, inviter.id, &inviter.invite_code, now).await?;
    Ok(inviter.invite_code)
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
