//! Redeeming a code for the pages and the API: the rule, its consequences, and one commit.

use super::budget::{Account, Left};
use super::referral::{self, Redeemed, Redeemer, Typed};
use super::{Ports, events};
use crate::error::{AppError, AppResult};
use crate::model::invite_code::InviteCode;
use crate::server::data::{IdempotentOutcome, Lock, MemberId, Visitor};
use crate::server::metrics;
use crate::server::storage::Transaction;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// How long a request with the same idempotency key gets the same outcome.
pub const IDEMPOTENCY_MEMORY: Duration = Duration::from_hours(24);

/// Redeems the typed code for `invitee`.
///
/// # Errors
/// `InviteCodeMissing`, `InviteCodeTooLong`, `InviteCodeUnknown`, `InviteCodeOwn`, `InviteCodeOfInvitee`,
/// `InviteCodeBlocked`, `AlreadyRedeemed`, `TooManyUnknownCodes`.
pub async fn redeem(ports: &Ports, visitor: &Visitor, invitee: MemberId, typed: &str) -> AppResult<InviteCode> {
    let redeemer = Redeemer::of(ports, invitee, visitor).await?;
    let typed = Typed::parse(typed)?;
    let mut tx = ports.store.begin(Lock::Member(invitee)).await?;
    let redeemed = attempt(tx.as_mut(), ports, &redeemer, &typed).await?;
    commit(tx, invitee, redeemed).await
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
    let mut tx = ports.store.begin(Lock::Member(invitee)).await?;
    if let Some(kept) = tx.idempotent_outcome(invitee, &key_hash, now.minus(IDEMPOTENCY_MEMORY)).await? {
        let is_same = kept.request == typed.fingerprint();
        return if is_same { outcome_from_json(&kept.outcome) } else { Err(AppError::IdempotencyKeyReused) };
    }
    let redeemed = attempt(tx.as_mut(), ports, &redeemer, &typed).await?;
    if is_stored(&redeemed.outcome) {
        let outcome = outcome_to_json(&redeemed.outcome)?;
        let kept = IdempotentOutcome { request: typed.fingerprint(), outcome };
        tx.keep_idempotent_outcome(invitee, &key_hash, &kept, now).await?;
    }
    commit(tx, invitee, redeemed).await
}

/// How many more unknown codes a member may enter.
pub async fn unknown_codes_left(ports: &Ports, invitee: MemberId) -> AppResult<Left> {
    Ok(unknown_codes(ports, invitee).left_now(ports).await?)
}

/// The account of the unknown codes of a member.
pub fn unknown_codes(ports: &Ports, invitee: MemberId) -> Account<'_> {
    referral::unknown_codes(&ports.rules.limits.redemption, invitee)
}

/// Deletes outcomes that are no longer repeated; returns how many.
pub async fn forget_old_outcomes(ports: &Ports) -> AppResult<u64> {
    let before = ports.clock.now().minus(IDEMPOTENCY_MEMORY);
    Ok(ports.store.delete_idempotent_outcomes_before(before).await?)
}

async fn attempt(tx: &mut dyn Transaction, ports: &Ports, redeemer: &Redeemer, typed: &Typed) -> AppResult<Redeemed> {
    let limits = &ports.rules.limits.redemption;
    let redeemed = referral::redeem(tx, limits, redeemer, typed, ports.clock.now()).await?;
    if let Some(attempt) = &redeemed.attempt {
        events::attempted(tx, ports, attempt).await?;
    }
    Ok(redeemed)
}

/// Commits refused attempts, too: they are recorded, and may have used up some of a budget.
async fn commit(tx: Box<dyn Transaction>, invitee: MemberId, redeemed: Redeemed) -> AppResult<InviteCode> {
    tx.commit().await?;
    if let Some(attempt) = &redeemed.attempt {
        metrics::redemption(attempt.outcome.into_str());
    }
    if redeemed.outcome.is_ok() {
        tracing::info!(invitee = invitee.0, "code redeemed");
    }
    redeemed.outcome
}

/// Only outcomes of attempts that changed something: success, and an unknown code, which uses up some of a budget.
/// There are few of both, so nobody can fill the database with keys. Other refusals are the same when they are
/// repeated.
fn is_stored(outcome: &AppResult<InviteCode>) -> bool {
    matches!(outcome, Ok(_) | Err(AppError::InviteCodeUnknown))
}

fn outcome_to_json(outcome: &AppResult<InviteCode>) -> AppResult<String> {
    let outcome = outcome.as_ref().map(InviteCode::as_str);
    serde_json::to_string(&outcome).map_err(|error| {
        tracing::error!(%error, "an idempotent outcome could not be stored");
        AppError::Unavailable
    })
}

fn outcome_from_json(kept: &str) -> AppResult<InviteCode> {
    let outcome: AppResult<String> = serde_json::from_str(kept).map_err(|error| {
        tracing::error!(%error, "an idempotent outcome could not be read");
        AppError::Unavailable
    })?;
    InviteCode::from_symbols(outcome?).ok_or(AppError::Unavailable)
}
