//! Limits on guesses at login codes. A guess is charged, and the charge committed, before the code is compared; the
//! charge for a right guess is given back.

use super::Guess;
use crate::error::{AppError, AppResult};
use crate::model::login_code::CodeLength;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{SentLoginCode, UseId, Visitor};
use crate::server::domain::budget::Account;
use crate::server::domain::visitor::Standing;
use crate::server::limits::Limits;
use crate::server::storage::Transaction;
use data_encoding::HEXLOWER;

/// Charges the phone, and for strangers also the network and all strangers together, for a guess at `target`. Without a
/// live code only the network is charged, but the same rows are read and written, so that the time does not reveal it.
///
/// # Errors
/// `TooManyWrongCodes`, `NetworkBusy`, `LoginsPaused`; then the caller drops `tx`, and nothing is charged.
pub async fn charge(
    tx: &mut dyn Transaction,
    limits: &Limits,
    guess: &Guess<'_>,
    target: Option<&SentLoginCode>,
    now: Timestamp,
) -> AppResult<Vec<UseId>> {
    let purpose = target.map(|target| purpose(guess, target)).unwrap_or_default();
    let of_phone = account(limits, guess.standing, &guess.phone);
    let mut of_target =
        vec![of_phone.take(tx, &purpose, now).await?.map_err(|seconds| AppError::TooManyWrongCodes { seconds })?];
    let mut charged = Vec::new();
    if guess.standing == Standing::Stranger {
        charged.push(charge_network(tx, limits, guess.visitor, &purpose, now).await?);
        let of_all = account_of_strangers(limits).take(tx, &purpose, now).await?;
        of_target.push(of_all.map_err(|seconds| AppError::LoginsPaused { seconds })?);
    }
    if target.is_some() {
        charged.append(&mut of_target);
    } else {
        tx.give_back(&of_target).await?;
    }
    Ok(charged)
}

async fn charge_network(
    tx: &mut dyn Transaction,
    limits: &Limits,
    visitor: &Visitor,
    purpose: &str,
    now: Timestamp,
) -> AppResult<UseId> {
    let subject = visitor.network.as_str().to_owned();
    let account = Account { name: "wrong-per-address", subject, budget: &limits.login.wrong_per_address };
    account.take(tx, purpose, now).await?.map_err(|seconds| AppError::NetworkBusy { seconds })
}

/// Many wrong guesses in total make codes longer, and finally stop logins from unknown devices.
///
/// # Errors
/// `LoginsPaused`.
pub async fn code_length_for_strangers(
    tx: &mut dyn Transaction,
    limits: &Limits,
    now: Timestamp,
) -> AppResult<CodeLength> {
    let left = account_of_strangers(limits).left(tx, now).await?;
    if left.uses == 0 {
        return Err(AppError::LoginsPaused { seconds: left.more_in });
    }
    let total = limits.login.wrong_until_stop.0.iter().map(|allowance| allowance.uses).min().unwrap_or(u32::MAX);
    let is_under_attack = total.saturating_sub(left.uses) >= limits.login.wrong_until_long_codes;
    Ok(if is_under_attack {
        limits.login.long_code_length.max(limits.login.code_length)
    } else {
        limits.login.code_length
    })
}

/// Gives back the charge for a right guess. Earlier wrong guesses of the same login are no longer charged to all
/// strangers together; they are still charged to the phone and the network.
///
/// # Errors
/// `Unavailable`.
pub async fn give_back(
    tx: &mut dyn Transaction,
    limits: &Limits,
    guess: &Guess<'_>,
    target: &SentLoginCode,
    right: &[UseId],
) -> AppResult<()> {
    tx.give_back(right).await?;
    let of_all = account_of_strangers(limits);
    Ok(tx.give_back_for(of_all.name, &of_all.subject, &purpose(guess, target)).await?)
}

/// The account of wrong guesses at the codes of a phone.
pub fn account<'a>(limits: &'a Limits, standing: Standing, phone: &Phone) -> Account<'a> {
    Account { name: "wrong-per-phone", subject: subject(standing, phone), budget: &limits.login.wrong_per_phone }
}

/// The account of wrong guesses of all unknown devices together, in logins that have not succeeded.
pub fn account_of_strangers(limits: &Limits) -> Account<'_> {
    Account { name: "wrong-by-strangers", subject: String::new(), budget: &limits.login.wrong_until_stop }
}

/// One subject for all strangers, and one for all known devices of the phone. Known devices share a subject, so that
/// having many of them gives no more guesses.
pub fn subject(standing: Standing, phone: &Phone) -> String {
    match standing {
        Standing::Known(_) => format!("known devices of {}", phone.as_str()),
        Standing::Stranger => phone.as_str().to_owned(),
    }
}

/// The login that a guess belongs to. All API logins of strangers share a flow, so there each code counts as a login.
fn purpose(guess: &Guess<'_>, target: &SentLoginCode) -> String {
    let is_api = guess.flow == super::api_flow(&guess.phone, guess.standing);
    if is_api { format!("code {}", target.id) } else { HEXLOWER.encode(&guess.flow.0) }
}
