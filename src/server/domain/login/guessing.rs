//! Whether a guess at a login code may be evaluated. Who guesses is charged, and the charge committed, before the code is
//! looked at; a right guess is given back.

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

/// Charges everybody who pays for a guess at the code `aim`. Where there is none, only the network
/// pays; but as much is read and written, so that the time it takes does not tell.
///
/// # Errors
/// `TooManyWrongCodes`, `NetworkBusy`, `LoginsPaused`; then nothing counts that was charged in `tx`.
pub async fn charge(
    tx: &mut dyn Transaction,
    limits: &Limits,
    guess: &Guess<'_>,
    aim: Option<&SentLoginCode>,
    now: Timestamp,
) -> AppResult<Vec<UseId>> {
    let purpose = aim.map(|aim| purpose(guess, aim)).unwrap_or_default();
    let of_phone = account(limits, guess.standing, &guess.phone);
    let mut aimed =
        vec![of_phone.take(tx, &purpose, now).await?.map_err(|seconds| AppError::TooManyWrongCodes { seconds })?];
    let mut charged = Vec::new();
    if guess.standing == Standing::Stranger {
        charged.push(charge_network(tx, limits, guess.visitor, &purpose, now).await?);
        let of_all = account_of_strangers(limits).take(tx, &purpose, now).await?;
        aimed.push(of_all.map_err(|seconds| AppError::LoginsPaused { seconds })?);
    }
    if aim.is_some() {
        charged.append(&mut aimed);
    } else {
        tx.give_back(&aimed).await?;
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

/// The breaker: many wrong guesses anywhere make codes longer, and in the end stop logins from unknown devices.
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

/// Gives back what a right guess was charged. The wrong guesses before it in the same login no longer count as those of
/// strangers in general; for the phone and the network they still do.
///
/// # Errors
/// `Unavailable`.
pub async fn give_back(
    tx: &mut dyn Transaction,
    limits: &Limits,
    guess: &Guess<'_>,
    aim: &SentLoginCode,
    right: &[UseId],
) -> AppResult<()> {
    tx.give_back(right).await?;
    let of_all = account_of_strangers(limits);
    Ok(tx.give_back_for(of_all.name, &of_all.subject, &purpose(guess, aim)).await?)
}

/// Who pays for wrong guesses at the codes of a phone.
pub fn account<'a>(limits: &'a Limits, standing: Standing, phone: &Phone) -> Account<'a> {
    Account { name: "wrong-per-phone", subject: subject(standing, phone), budget: &limits.login.wrong_per_phone }
}

/// The wrong guesses of all unknown devices together, in logins that have not succeeded.
pub fn account_of_strangers(limits: &Limits) -> Account<'_> {
    Account { name: "wrong-by-strangers", subject: String::new(), budget: &limits.login.wrong_until_stop }
}

/// The phone, once for all strangers together, and once for all devices that have logged it in. These share theirs, so
/// that nobody gains by having many.
pub fn subject(standing: Standing, phone: &Phone) -> String {
    match standing {
        Standing::Known(_) => format!("known devices of {}", phone.as_str()),
        Standing::Stranger => phone.as_str().to_owned(),
    }
}

/// The login that a guess belongs to. Over the API all strangers have one flow, so there each code is a login.
fn purpose(guess: &Guess<'_>, aim: &SentLoginCode) -> String {
    let is_api = guess.flow == super::api_flow(&guess.phone, guess.standing);
    if is_api { format!("code {}", aim.id) } else { HEXLOWER.encode(&guess.flow.0) }
}
