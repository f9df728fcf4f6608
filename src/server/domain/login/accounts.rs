//! The budgets of logins, and who uses each: the phone, the network, all unknown devices together.

use crate::model::login_code::CodeLength;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::Visitor;
use crate::server::domain::budget::Account;
use crate::server::domain::visitor::Standing;
use crate::server::limits::{Allowance, Budget, Limits};
use crate::server::storage::{StoreResult, Transaction};
use std::borrow::Cow;
use std::time::Duration;

/// The window in which the wrong guesses of all unknown devices are counted.
pub const STRANGERS_WINDOW: Duration = Duration::from_hours(24);

const SENDS_PER_PHONE: &str = "sends-per-phone";
const WRONG_PER_PHONE: &str = "wrong-per-phone";
const WRONG_PER_PHONE_LONG: &str = "wrong-per-phone-long";

/// Somebody who wants to log a phone in (the claimant of NIST SP 800-63B).
#[derive(Clone, Copy)]
pub struct Claimant<'a> {
    pub visitor: &'a Visitor,
    pub standing: Standing,
    pub phone: &'a Phone,
}

impl Claimant<'_> {
    pub fn is_stranger(&self) -> bool {
        self.standing == Standing::Stranger
    }
}

/// Messages to a phone: the phone's account and, for strangers, that of their network's part.
pub fn sends_per_phone<'a>(limits: &'a Limits, who: &Claimant<'_>) -> Vec<Account<'a>> {
    of_phone(SENDS_PER_PHONE, &limits.login.sends_per_phone, limits, who)
}

/// Wrong guesses at the codes of a phone that have this length: the phone's account and, for strangers, that of their
/// network's part.
pub fn wrong_per_phone<'a>(limits: &'a Limits, who: &Claimant<'_>, length: CodeLength) -> Vec<Account<'a>> {
    if length == CodeLength::MAX {
        of_phone(WRONG_PER_PHONE_LONG, &limits.login.wrong_per_phone_long, limits, who)
    } else {
        of_phone(WRONG_PER_PHONE, &limits.login.wrong_per_phone, limits, who)
    }
}

fn of_phone<'a>(name: &'static str, budget: &'a Budget, limits: &Limits, who: &Claimant<'_>) -> Vec<Account<'a>> {
    let mut accounts = vec![Account::new(name, subject(who), budget)];
    if who.is_stranger() {
        let subject = format!("{} {}", who.phone.as_str(), who.visitor.network.of_one_customer());
        accounts.push(Account { name, subject, budget: Cow::Owned(budget.share(limits.login.network_parts)) });
    }
    accounts
}

/// One subject for all strangers, and one for all known devices of the phone. Known devices share a subject, so that
/// having many of them gives no more guesses.
fn subject(who: &Claimant<'_>) -> String {
    match who.standing {
        Standing::Known(_) => of_known_devices(who.phone),
        Standing::Stranger => who.phone.as_str().to_owned(),
    }
}

fn of_known_devices(phone: &Phone) -> String {
    format!("known devices of {}", phone.as_str())
}

/// Wrong guesses of all unknown devices together, in logins that have not succeeded. They are counted, and never refused.
pub fn wrong_by_strangers() -> Account<'static> {
    let count = Allowance { uses: u32::MAX, window: STRANGERS_WINDOW };
    Account { name: "wrong-by-strangers", subject: String::new(), budget: Cow::Owned(Budget(vec![count])) }
}

pub fn sends_per_address<'a>(limits: &Limits, visitor: &Visitor) -> Vec<Account<'a>> {
    Account::of_network("sends-per-address", &visitor.network, &limits.login.sends_per_address)
}

pub fn phones_per_address<'a>(limits: &Limits, visitor: &Visitor) -> Vec<Account<'a>> {
    Account::of_network("phones-per-address", &visitor.network, &limits.login.phones_per_address)
}

/// Wrong guesses of a network at codes that exist.
pub fn wrong_per_address<'a>(limits: &Limits, visitor: &Visitor) -> Vec<Account<'a>> {
    Account::of_network("wrong-per-address", &visitor.network, &limits.login.wrong_per_address)
}

/// Guesses of a network where no code is to be guessed.
pub fn aimless_per_address<'a>(limits: &Limits, visitor: &Visitor) -> Vec<Account<'a>> {
    Account::of_network("aimless-per-address", &visitor.network, &limits.login.aimless_per_address)
}

/// The phone without its last four digits is its prefix: numbers are given out in such blocks.
pub fn prefix(phone: &Phone) -> &str {
    let number = phone.as_str();
    number.get(..number.len().saturating_sub(4)).unwrap_or(number)
}

pub fn sends_per_prefix<'a>(limits: &'a Limits, phone: &Phone) -> Account<'a> {
    Account::new("sends-per-prefix", prefix(phone).to_owned(), &limits.login.sends_per_prefix)
}

pub fn sends_in_all(limits: &Limits) -> Account<'_> {
    Account::new("sends-in-all", String::new(), &limits.login.sends_in_all)
}

/// Messages that have not led to a login.
pub fn unused_sends_in_all(limits: &Limits) -> Account<'_> {
    Account::new("unused-sends-in-all", String::new(), &limits.login.unused_sends_in_all)
}

/// Gives a network and all strangers back what led to a login, but not the phone: messages to it and wrong guesses at its
/// codes stay counted.
pub async fn give_back_login(
    tx: &mut dyn Transaction,
    limits: &Limits,
    who: &Claimant<'_>,
    purpose: &str,
) -> StoreResult<()> {
    let mut accounts = vec![wrong_by_strangers(), unused_sends_in_all(limits)];
    // The owner is at this network, so its part is not a stranger's.
    accounts.extend(sends_per_phone(limits, who).into_iter().skip(1));
    accounts.extend(sends_per_address(limits, who.visitor));
    accounts.extend(wrong_per_address(limits, who.visitor));
    for account in accounts {
        tx.give_back_for(account.name, &account.subject, purpose).await?;
    }
    for account in phones_per_address(limits, who.visitor) {
        tx.give_back_for(account.name, &account.subject, who.phone.as_str()).await?;
    }
    Ok(())
}

/// Forgets all messages to a phone and all wrong guesses at its codes.
pub async fn clear(tx: &mut dyn Transaction, phone: &Phone) -> StoreResult<()> {
    for name in [SENDS_PER_PHONE, WRONG_PER_PHONE, WRONG_PER_PHONE_LONG] {
        tx.give_back_all(name, phone.as_str()).await?;
        tx.give_back_all(name, &of_known_devices(phone)).await?;
    }
    Ok(())
}

/// When the `nth` newest wrong guess of all unknown devices was made, if that is in the window that counts.
pub async fn nth_wrong_by_strangers(
    tx: &mut dyn Transaction,
    nth: u32,
    now: Timestamp,
) -> StoreResult<Option<Timestamp>> {
    let account = wrong_by_strangers();
    let used_at = tx.nth_newest_use(account.name, &account.subject, nth).await?;
    Ok(used_at.filter(|at| *at > now.minus(STRANGERS_WINDOW)))
}
