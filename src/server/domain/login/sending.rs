//! Whether a code may be sent: the budgets that keep a stranger from flooding a phone, from running up the bill, and from
//! getting more codes to guess at than the sums allow.

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

/// How many characters of a phone in E.164 form are its prefix: "+" and seven digits.
const PREFIX: usize = 1 + 7;
/// How far back the messages to a prefix count that should have led to logins.
const PREFIX_MEMORY: Duration = Duration::from_secs(24 * 60 * 60);
/// How many messages say something about a prefix.
const PREFIX_SAMPLE: u32 = 20;

/// A code that may be sent.
pub struct Allowed {
    /// How many digits it has.
    pub code_length: CodeLength,
    /// What is given back if it cannot be sent.
    pub refundable: Vec<UseId>,
}

/// Charges everybody who pays for a code to `phone`.
///
/// # Errors
/// `TooManyWrongCodes`, `TooManyMessages`, `NetworkBusy`, `LoginsPaused`; then nothing counts that was charged in `tx`.
pub async fn charge(
    tx: &mut dyn Transaction,
    limits: &Limits,
    visitor: &Visitor,
    standing: Standing,
    phone: &Phone,
    now: Timestamp,
) -> AppResult<Allowed> {
    // A code that nobody may guess at is not worth its message.
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

/// A network pays for each message, and for each phone once in a while: the use of a phone is the last one.
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

/// Somebody who has messages sent to numbers of their own, for a share of the fee, does not log in with them.
async fn pause_unused_prefix(tx: &mut dyn Transaction, limits: &Limits, prefix: &str, now: Timestamp) -> AppResult<()> {
    let sent = tx.sent_to_prefix(prefix, now.minus(PREFIX_MEMORY), now).await?;
    let share_is_low = u64::from(sent.used) * 100 < u64::from(sent.count) * u64::from(limits.login.prefix_used_percent);
    if sent.count < PREFIX_SAMPLE || !share_is_low {
        return Ok(());
    }
    tracing::warn!(count = sent.count, used = sent.used, "few messages to a prefix lead to logins; it is paused");
    let until = sent.oldest.unwrap_or(now).plus(PREFIX_MEMORY);
    Err(AppError::LoginsPaused { seconds: until.seconds_from(now) })
}
