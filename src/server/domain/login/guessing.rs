//! Limits on guesses at login codes. A guess is charged, and the charge committed, before the code is compared; the
//! charge for a right guess is given back. Many wrong guesses make codes longer, for the phone or for all.

use super::Guess;
use super::accounts::{self, Claimant};
use crate::error::{AppError, AppResult};
use crate::model::login_code::CodeLength;
use crate::server::clock::Timestamp;
use crate::server::data::{SentLoginCode, UseId};
use crate::server::domain::budget::{self, Account};
use crate::server::limits::Limits;
use crate::server::storage::Transaction;

/// How long a code must be before guesses at it are evaluated.
#[derive(Clone, Copy)]
pub struct NeededLength {
    pub for_claimant: CodeLength,
    /// Without what only the claimant's network has used up.
    pub for_phone: CodeLength,
}

/// How long the codes of a phone must be, after the wrong guesses at them and, for strangers, at the codes of all phones.
///
/// # Errors
/// `TooManyWrongCodes` if no guess is left at codes of any length.
pub async fn needed_length(
    tx: &mut dyn Transaction,
    limits: &Limits,
    who: &Claimant<'_>,
    now: Timestamp,
) -> AppResult<NeededLength> {
    let everywhere =
        if who.is_stranger() { length_for_strangers(tx, limits, now).await? } else { limits.login.code_length };
    let mut needed = NeededLength { for_claimant: everywhere, for_phone: everywhere };
    let ordinary = accounts::wrong_per_phone(limits, who, CodeLength::MIN);
    for (account, is_of_phone) in ordinary.iter().zip([true, false]) {
        if !account.is_left(tx, now).await? {
            needed.for_claimant = CodeLength::MAX;
            needed.for_phone = if is_of_phone { CodeLength::MAX } else { needed.for_phone };
        }
    }
    if needed.for_claimant == CodeLength::MAX {
        refuse_exhausted(tx, &accounts::wrong_per_phone(limits, who, CodeLength::MAX), now).await?;
    }
    Ok(needed)
}

async fn refuse_exhausted(tx: &mut dyn Transaction, accounts: &[Account<'_>], now: Timestamp) -> AppResult<()> {
    for account in accounts {
        account.check(tx, now).await?.map_err(|seconds| AppError::TooManyWrongCodes { seconds })?;
    }
    Ok(())
}

/// How long the codes of strangers must be, after the wrong guesses of all of them.
pub async fn length_for_strangers(tx: &mut dyn Transaction, limits: &Limits, now: Timestamp) -> AppResult<CodeLength> {
    let login = &limits.login;
    let (long, longest) = (login.wrong_until_long_codes, login.wrong_until_longest_codes);
    // As a rule there are few, so few are counted first.
    if accounts::nth_wrong_by_strangers(tx, long.min(longest), now).await?.is_none() {
        return Ok(login.code_length);
    }
    if accounts::nth_wrong_by_strangers(tx, longest, now).await?.is_some() {
        return Ok(CodeLength::MAX);
    }
    Ok(login.long_code_length.max(login.code_length))
}

/// Charges the phone, and for strangers also the network and all strangers together, for a guess at `target`. Without a
/// live code only the network is charged, but rows of the same accounts are read and written, so that the time does not
/// reveal it. `needed` is the length of a code that would be sent now.
///
/// # Errors
/// `TooManyWrongCodes`, `NetworkBusy`; then the caller drops `tx`, and nothing is charged.
pub async fn charge(
    tx: &mut dyn Transaction,
    limits: &Limits,
    guess: &Guess<'_>,
    target: Option<&SentLoginCode>,
    needed: CodeLength,
    now: Timestamp,
) -> AppResult<Vec<UseId>> {
    let purpose = target.map(|target| guess.purpose(target)).unwrap_or_default();
    let length = target.map_or(needed, |target| target.length);
    let of_phone = accounts::wrong_per_phone(limits, &guess.who, length);
    let taken = budget::take_all(&of_phone, tx, &purpose, now).await?;
    let mut of_target = taken.map_err(|seconds| AppError::TooManyWrongCodes { seconds })?;
    let mut charged = Vec::new();
    if guess.who.is_stranger() {
        charged.append(&mut charge_network(tx, limits, guess, target, &purpose, now).await?);
        of_target.extend(accounts::wrong_by_strangers().count(tx, &purpose, now).await?);
    }
    if target.is_some() {
        charged.append(&mut of_target);
    } else {
        tx.give_back(&of_target).await?;
    }
    Ok(charged)
}

/// The first guess at a code is evaluated even if nothing is left: otherwise a stranger in the same network, such as the
/// address that a provider of mobile networks gives to many, could keep its honest visitors out.
async fn charge_network(
    tx: &mut dyn Transaction,
    limits: &Limits,
    guess: &Guess<'_>,
    target: Option<&SentLoginCode>,
    purpose: &str,
    now: Timestamp,
) -> AppResult<Vec<UseId>> {
    let visitor = guess.who.visitor;
    let of_network = match target {
        Some(_) => accounts::wrong_per_address(limits, visitor),
        None => accounts::aimless_per_address(limits, visitor),
    };
    if target.is_some_and(|target| target.tries == 1) {
        let mut counted = Vec::new();
        for account in &of_network {
            counted.extend(account.count(tx, purpose, now).await?);
        }
        return Ok(counted);
    }
    let taken = budget::take_all(&of_network, tx, purpose, now).await?;
    taken.map_err(|seconds| AppError::NetworkBusy { seconds })
}

/// Gives back the charge for a right guess, and everything else of the same login but the wrong guesses at the phone.
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
    Ok(accounts::give_back_login(tx, limits, &guess.who, &guess.purpose(target)).await?)
}
