//! Redeeming a code, as the doors ask for it: the rule, what follows from the attempt, and one commit.

use super::budget::{Account, Left};
use super::referral::{self, Redeemer, Typed};
use super::{Ports, events};
use crate::error::{AppError, AppResult};
use crate::model::invite_code::InviteCode;
use crate::server::data::{IdempotentOutcome, MemberId, Visitor};
use crate::server::storage::Transaction;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// How long the outcome of a request with an idempotency key is repeated.
pub const IDEMPOTENCY_MEMORY: Duration = Duration::from_secs(24 * 60 * 60);

/// Redeems the code that was typed for `invitee`.
///
/// # Errors
/// `InviteCodeMissing`, `InviteCodeTooLong`, `InviteCodeUnknown`, `InviteCodeOwn`, `InviteCodeOfInvitee`,
/// `InviteCodeBlocked`, `AlreadyRedeemed`, `TooManyUnknownCodes`.
pub async fn redeem(ports: &Ports, visitor: &Visitor, invitee: MemberId, typed: &str) -> AppResult<InviteCode> {
    let redeemer = Redeemer::of(ports, invitee, visitor).await?;
    let typed = Typed::parse(typed)?;
    let mut tx = ports.store.begin().await?;
    let outcome = attempt(tx.as_mut(), ports, &redeemer, &typed).await?;
    commit(tx, invitee, outcome).await
}

/// Like [`redeem`], but a repeated request with the same key gets the outcome of the first one.
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
    let typed = Typed::parse(typed)?;
    let key_hash = Sha256::digest(key).into();
    let now = ports.clock.now();
    let mut tx = ports.store.begin().await?;
    if let Some(kept) = tx.idempotent_outcome(invitee, &key_hash, now.minus(IDEMPOTENCY_MEMORY)).await? {
        let is_same = kept.request == typed.fingerprint();
        return if is_same { repeated(&kept.outcome) } else { Err(AppError::IdempotencyKeyReused) };
    }
    let outcome = attempt(tx.as_mut(), ports, &redeemer, &typed).await?;
    if is_worth_keeping(&outcome) {
        let kept = IdempotentOutcome { request: typed.fingerprint(), outcome: to_be_kept(&outcome)? };
        tx.keep_idempotent_outcome(invitee, &key_hash, &kept, now).await?;
    }
    commit(tx, invitee, outcome).await
}

/// The unknown codes that a member may still try.
pub async fn unknown_codes_left(ports: &Ports, invitee: MemberId) -> AppResult<Left> {
    Ok(unknown_codes(ports, invitee).left_now(ports).await?)
}

/// The account of the unknown codes that a member tried.
pub fn unknown_codes(ports: &Ports, invitee: MemberId) -> Account<'_> {
    referral::unknown_codes(&ports.rules.limits.redemption, invitee)
}

/// Deletes outcomes that are no longer repeated, and returns how many.
pub async fn forget_old_outcomes(ports: &Ports) -> AppResult<u64> {
    let before = ports.clock.now().minus(IDEMPOTENCY_MEMORY);
    Ok(ports.store.delete_idempotent_outcomes_before(before).await?)
}

async fn attempt(
    tx: &mut dyn Transaction,
    ports: &Ports,
    redeemer: &Redeemer,
    typed: &Typed,
) -> AppResult<AppResult<InviteCode>> {
    let limits = &ports.rules.limits;
    let redeemed = referral::redeem(tx, &limits.redemption, redeemer, typed, ports.clock.now()).await?;
    if let Some(attempt) = &redeemed.attempt {
        events::attempted(tx, limits, attempt).await?;
    }
    Ok(redeemed.outcome)
}

/// Commits a refused attempt, too: it may have used up some of a budget.
async fn commit(tx: Box<dyn Transaction>, invitee: MemberId, outcome: AppResult<InviteCode>) -> AppResult<InviteCode> {
    tx.commit().await?;
    if outcome.is_ok() {
        tracing::info!(invitee = invitee.0, "code redeemed");
    }
    outcome
}

/// Only what changed something: a success, and an unknown code, which used up some of the budget. There are few of both,
/// so a stranger cannot fill the database with keys; other refusals repeat by themselves.
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

fn repeated(kept: &str) -> AppResult<InviteCode> {
    let outcome: AppResult<String> = serde_json::from_str(kept).map_err(|error| {
        tracing::error!(%error, "a kept outcome could not be read");
        AppError::Unavailable
    })?;
    InviteCode::from_symbols(outcome?).ok_or(AppError::Unavailable)
}
