//! The limits of logins as they are used now: for admins, who help members that are refused.

use super::accounts::{self, Claimant};
use super::guessing;
use crate::error::AppResult;
use crate::model::login_code::CodeLength;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{Lock, LoginAttempt, Network, SentMessage, Visitor};
use crate::server::domain::Ports;
use crate::server::domain::budget::Left;
use crate::server::domain::visitor::Standing;
use crate::server::storage::Transaction;

/// How many logins and messages of a member an admin sees.
const LOGINS_SHOWN: u32 = 20;

/// What unknown devices can still do with a phone, and what was done.
#[derive(Clone, Debug)]
pub struct LoginLimitsOfPhone {
    pub messages: Left,
    pub wrong_codes: Left,
    pub logins: Vec<LoginAttempt>,
    /// Newest first.
    pub sent: Vec<SentMessage>,
}

/// Reads the limits of a phone.
///
/// # Errors
/// `Unavailable`.
pub async fn of_phone(ports: &Ports, phone: &Phone) -> AppResult<LoginLimitsOfPhone> {
    let limits = &ports.rules.limits;
    let visitor = Visitor { network: Network::of(None), device: None, agent: String::new(), language: None };
    let who = Claimant { visitor: &visitor, standing: Standing::Stranger, phone };
    Ok(LoginLimitsOfPhone {
        messages: accounts::sends_per_phone(limits, &who)[0].left_now(ports).await?,
        wrong_codes: accounts::wrong_per_phone(limits, &who, CodeLength::MIN)[0].left_now(ports).await?,
        logins: ports.store.logins_of(phone, LOGINS_SHOWN).await?,
        sent: ports.store.messages_to(phone, LOGINS_SHOWN).await?,
    })
}

/// Makes a phone as if nobody had tried to log it in: forgets messages, wrong guesses, waits, and logins in progress.
///
/// # Errors
/// `Unavailable`.
pub async fn allow_again(tx: &mut dyn Transaction, phone: &Phone) -> AppResult<()> {
    accounts::clear(tx, phone).await?;
    Ok(tx.delete_unused_codes(phone).await?)
}

/// Why the codes of unknown devices are longer than usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LongerCodes {
    pub length: CodeLength,
    /// When the wrong guess was made with which this began.
    pub since: Timestamp,
}

/// Whether many wrong guesses make the codes of unknown devices longer now.
///
/// # Errors
/// `Unavailable`.
pub async fn longer_codes(ports: &Ports) -> AppResult<Option<LongerCodes>> {
    let (login, now) = (&ports.rules.limits.login, ports.clock.now());
    let mut tx = ports.store.begin(Lock::Nothing).await?;
    let length = guessing::length_for_strangers(tx.as_mut(), &ports.rules.limits, now).await?;
    let until = if length == CodeLength::MAX { login.wrong_until_longest_codes } else { login.wrong_until_long_codes };
    let since = accounts::nth_wrong_by_strangers(tx.as_mut(), until, now).await?;
    Ok(since.map(|since| LongerCodes { length, since }))
}
