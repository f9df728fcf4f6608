//! Limits on sending login codes. They keep strangers from flooding a phone, from causing high costs, and from getting
//! more codes to guess at than the limits on guesses assume.

use super::guessing;
use crate::error::{AppError, AppResult};
use crate::model::login_code::CodeLength;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{UseId, Visitor};
use crate::server::domain::budget::Account;
use crate::server::domain::visitor::Standing;
use crate::server::limits::Limits;
use crate::server::storage::Transaction;
use std::time::Duration;

/// Characters of a phone in E.164 form that are its prefix: "+" and seven digits.
const PREFIX: usize = 1 + 7;
/// How long messages to a prefix are counted.
const PREFIX_MEMORY: Duration = Duration::from_hours(24);
/// With fewer messages than this, a prefix is not judged.
const PREFIX_SAMPLE: u32 = 20;

pub struct Allowed {
    pub code_length: CodeLength,
    /// Uses that are given back if the message cannot be sent.
    pub refundable: Vec<UseId>,
}

/// Charges a code to the phone, and for strangers also to the network, the prefix and the total.
///
/// # Errors
/// `TooManyWrongCodes`, `TooManyMessages`, `NetworkBusy`, `LoginsPaused`; then the caller drops `tx`, and nothing is
/// charged.
pub async fn charge(
    tx: &mut dyn Transaction,
    limits: &Limits,
    visitor: &Visitor,
    standing: Standing,
    phone: &Phone,
    now: Timestamp,
) -> AppResult<Allowed> {
    // A code at which no guess is allowed is not worth a message.
    let guesses = guessing::account(limits, standing, phone).left(tx, now).await?;
    if guesses.uses == 0 {
        return Err(AppError::TooManyWrongCodes { seconds: guesses.more_in });
    }
    let sends = account("sends-per-phone", guessing::subject(standing, phone), &limits.login.sends_per_phone);
    let used = sends.take(tx, "", now).await?.map_err(|seconds| AppError::TooManyMessages { seconds })?;
    if let Standing::Known(_) = standing {
        return Ok(Allowed { code_length: limits.login.code_length, refundable: vec![used] });
    }

    let code_length = guessing::code_length_for_strangers(tx, limits, now).await?;
    charge_network(tx, limits, visitor, phone, now).await?;
    let prefix = phone.as_str().get(..PREFIX).unwrap_or(phone.as_str());
    pause_unused_prefix(tx, limits, prefix, now).await?;
    let mut refundable = vec![used];
    for account in [
        account("sends-per-prefix", prefix.to_owned(), &limits.login.sends_per_prefix),
        account("sends-in-all", String::new(), &limits.login.sends_in_all),
    ] {
        refundable.push(account.take(tx, "", now).await?.map_err(|seconds| AppError::LoginsPaused { seconds })?);
    }
    Ok(Allowed { code_length, refundable })
}

fn account<'a>(name: &'static str, subject: String, budget: &'a crate::server::limits::Budget) -> Account<'a> {
    Account { name, subject, budget }
}

/// A network is charged for each message, and once for each phone: an earlier use for the same phone is replaced.
async fn charge_network(
    tx: &mut dyn Transaction,
    limits: &Limits,
    visitor: &Visitor,
    phone: &Phone,
    now: Timestamp,
) -> AppResult<()> {
    let busy = |seconds| AppError::NetworkBusy { seconds };
    let subject = || visitor.network.as_str().to_owned();
    account("sends-per-address", subject(), &limits.login.sends_per_address).take(tx, "", now).await?.map_err(busy)?;
    let phones = account("phones-per-address", subject(), &limits.login.phones_per_address);
    tx.give_back_for(phones.name, &phones.subject, phone.as_str()).await?;
    phones.take(tx, phone.as_str(), now).await?.map_err(busy)?;
    Ok(())
}

/// Fraudsters who have messages sent to their own numbers for a share of the fee do not log in with the codes.
async fn pause_unused_prefix(tx: &mut dyn Transaction, limits: &Limits, prefix: &str, now: Timestamp) -> AppResult<()> {
    let sent = tx.sent_to_prefix(prefix, now.minus(PREFIX_MEMORY), now).await?;
    let share_is_low = u64::from(sent.used) * 100 < u64::from(sent.count) * u64::from(limits.login.prefix_used_percent);
    if sent.count < PREFIX_SAMPLE || !share_is_low {
        return Ok(());
    }
    tracing::warn!(
        count = sent.count,
        used = sent.used,
        "few messages to a prefix lead to logins; no more are sent to it for now"
    );
    let until = sent.oldest.unwrap_or(now).plus(PREFIX_MEMORY);
    Err(AppError::LoginsPaused { seconds: until.seconds_from(now) })
}
