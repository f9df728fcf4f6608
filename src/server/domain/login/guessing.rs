//! Whether a guess at a login code may be evaluated. Who guesses is charged, and the charge committed, before the code is
//! looked at; a right guess is given back.

use super::Guess;
use crate::error::{AppError, AppResult};
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::domain::FlowId;
use crate::server::domain::budget::{Account, UseId};
use crate::server::domain::visitor::{Standing, Visitor};
use crate::server::limits::Limits;
use crate::server::secrets::hex;
use crate::server::storage::Transaction;

/// Charges everybody who pays for a guess. Where there is no code to guess at, only the network pays;
/// but as much is read and written, so that the time it takes does not tell.
///
/// # Errors
/// `TooManyWrongCodes`, `NetworkBusy`, `LoginsPaused`; then nothing counts that was charged in `tx`.
pub async fn charge(
    tx: &mut dyn Transaction,
    limits: &Limits,
    guess: &Guess<'_>,
    is_aimed: bool,
    now: Timestamp,
) -> AppResult<Vec<UseId>> {
    let purpose = purpose(guess.flow);
    let of_phone = account(limits, guess.standing, &guess.phone);
    let mut aimed =
        vec![of_phone.take(tx, &purpose, now).await?.map_err(|seconds| AppError::TooManyWrongCodes { seconds })?];
    let mut charged = Vec::new();
    if guess.standing == Standing::Stranger {
        charged.push(charge_network(tx, limits, guess.visitor, &purpose, now).await?);
        let of_all = account_of_strangers(limits).take(tx, &purpose, now).await?;
        aimed.push(of_all.map_err(|seconds| AppError::LoginsPaused { seconds })?);
    }
    if is_aimed {
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
    let account = Account { name: "wrong-per-address", subject, budget: &limits.wrong_per_address };
    account.take(tx, purpose, now).await?.map_err(|seconds| AppError::NetworkBusy { seconds })
}

/// Gives back what a right guess was charged. The wrong guesses before it in the same login no longer count as those of
/// strangers in general; for the phone and the network they still do.
///
/// # Errors
/// `Unavailable`.
pub async fn give_back(tx: &mut dyn Transaction, limits: &Limits, right: &[UseId], flow: FlowId) -> AppResult<()> {
    tx.give_back(right).await?;
    let of_all = account_of_strangers(limits);
    Ok(tx.give_back_for(of_all.name, &of_all.subject, &purpose(flow)).await?)
}

/// Who pays for wrong guesses at the codes of a phone.
pub fn account<'a>(limits: &'a Limits, standing: Standing, phone: &Phone) -> Account<'a> {
    Account { name: "wrong-per-phone", subject: subject(standing, phone), budget: &limits.wrong_per_phone }
}

/// The wrong guesses of all unknown devices together, in logins that have not succeeded.
pub fn account_of_strangers(limits: &Limits) -> Account<'_> {
    Account { name: "wrong-by-strangers", subject: String::new(), budget: &limits.wrong_until_stop }
}

/// The phone, for all strangers together, or the one device.
pub fn subject(standing: Standing, phone: &Phone) -> String {
    match standing {
        Standing::Known(device) => format!("device {}", device.0),
        Standing::Stranger => phone.as_str().to_owned(),
    }
}

fn purpose(flow: FlowId) -> String {
    hex(&flow.0)
}
