//! Limits on sending login codes. They keep strangers from flooding a phone, from causing high costs, and from getting
//! more codes to guess at than the limits on guesses assume.

use super::accounts::{self, Claimant};
use crate::error::{AppError, AppResult};
use crate::server::clock::Timestamp;
use crate::server::data::UseId;
use crate::server::domain::budget;
use crate::server::limits::Limits;
use crate::server::metrics;
use crate::server::storage::Transaction;
use std::time::Duration;

/// How long messages to a prefix are counted.
const PREFIX_MEMORY: Duration = Duration::from_hours(24);
/// With fewer messages than this, a prefix is not judged.
const PREFIX_SAMPLE: u32 = 20;

/// Charges a message to the phone, and for strangers also to the network, the prefix and the total. Returns the uses that
/// are given back if the message cannot be sent.
///
/// # Errors
/// `TooManyMessages`, `NetworkBusy`, `LoginsPaused`; then the caller drops `tx`, and nothing is charged.
pub async fn charge(
    tx: &mut dyn Transaction,
    limits: &Limits,
    who: &Claimant<'_>,
    purpose: &str,
    now: Timestamp,
) -> AppResult<Vec<UseId>> {
    let of_phone = budget::take_all(&accounts::sends_per_phone(limits, who), tx, purpose, now).await?;
    let mut refundable = of_phone.map_err(|seconds| AppError::TooManyMessages { seconds })?;
    if !who.is_stranger() {
        return Ok(refundable);
    }
    charge_network(tx, limits, who, purpose, now).await?;
    pause_unused_prefix(tx, limits, who, now).await?;
    let shared = [
        accounts::sends_per_prefix(limits, who.phone),
        accounts::sends_in_all(limits),
        accounts::unused_sends_in_all(limits),
    ];
    let taken = budget::take_all(&shared, tx, purpose, now).await?;
    refundable.extend(taken.map_err(|seconds| AppError::LoginsPaused { seconds })?);
    Ok(refundable)
}

/// Charges a message that the person did not ask for: their code has to be longer than the one that they have. The phone's
/// limits do not refuse it, but count it.
///
/// # Errors
/// `LoginsPaused`; then the caller drops `tx`, and nothing is charged.
pub async fn charge_longer_code(
    tx: &mut dyn Transaction,
    limits: &Limits,
    who: &Claimant<'_>,
    purpose: &str,
    now: Timestamp,
) -> AppResult<Vec<UseId>> {
    let mut refundable = Vec::new();
    for account in accounts::sends_per_phone(limits, who) {
        refundable.extend(account.count(tx, purpose, now).await?);
    }
    let in_all = accounts::sends_in_all(limits).take(tx, purpose, now).await?;
    refundable.push(in_all.map_err(|seconds| AppError::LoginsPaused { seconds })?);
    Ok(refundable)
}

/// A network is charged for each message, and once for each phone: an earlier use for the same phone is replaced.
async fn charge_network(
    tx: &mut dyn Transaction,
    limits: &Limits,
    who: &Claimant<'_>,
    purpose: &str,
    now: Timestamp,
) -> AppResult<()> {
    let busy = |seconds| AppError::NetworkBusy { seconds };
    let messages = accounts::sends_per_address(limits, who.visitor);
    budget::take_all(&messages, tx, purpose, now).await?.map_err(busy)?;
    let phones = accounts::phones_per_address(limits, who.visitor);
    for account in &phones {
        tx.give_back_for(account.name, &account.subject, who.phone.as_str()).await?;
    }
    budget::take_all(&phones, tx, who.phone.as_str(), now).await?.map_err(busy)?;
    Ok(())
}

/// Fraudsters who have messages sent to their own numbers for a share of the fee do not log in with the codes.
async fn pause_unused_prefix(
    tx: &mut dyn Transaction,
    limits: &Limits,
    who: &Claimant<'_>,
    now: Timestamp,
) -> AppResult<()> {
    let sent = tx.sent_to_prefix(accounts::prefix(who.phone), now.minus(PREFIX_MEMORY), now).await?;
    let share_is_low = u64::from(sent.used) * 100 < u64::from(sent.count) * u64::from(limits.login.prefix_used_percent);
    if sent.count < PREFIX_SAMPLE || !share_is_low {
        return Ok(());
    }
    metrics::limit_reached("prefix-used");
    tracing::warn!(
        count = sent.count,
        used = sent.used,
        "few messages to a prefix lead to logins; no more are sent to it for now"
    );
    let until = sent.oldest.unwrap_or(now).plus(PREFIX_MEMORY);
    Err(AppError::LoginsPaused { seconds: until.seconds_from(now) })
}
