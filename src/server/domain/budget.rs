//! Budgets: how often something may be done within sliding windows of time. The numbers are in `limits`.
//!
//! Uses are counted in the database, so that a budget holds across servers and restarts.

use super::Ports;
use crate::error::AppResult;
use crate::server::clock::Timestamp;
use crate::server::data::{BudgetUse, BudgetUses, Network, UseId};
use crate::server::limits::{Allowance, Budget};
use crate::server::metrics;
use crate::server::storage::{StoreResult, Transaction};
use std::borrow::Cow;

/// One subject's use of a budget.
#[derive(Clone, Debug)]
pub struct Account<'a> {
    /// The name of the budget in the database and in headers.
    pub name: &'static str,
    /// Uses with the same subject are counted together.
    pub subject: String,
    pub budget: Cow<'a, Budget>,
}

/// What is left of a budget, in its most used window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    pub uses: u32,
    /// Seconds until one more use is available; 0 when nothing is used.
    pub more_in: u32,
}

impl<'a> Account<'a> {
    pub fn new(name: &'static str, subject: String, budget: &'a Budget) -> Self {
        Self { name, subject, budget: Cow::Borrowed(budget) }
    }

    /// The accounts of a network and, for IPv6, of the larger networks around it, which have more uses.
    pub fn of_network(name: &'static str, network: &Network, budget: &Budget) -> Vec<Self> {
        let account = |(subject, factor)| Self { name, subject, budget: Cow::Owned(budget.times(factor)) };
        network.with_surroundings().into_iter().map(account).collect()
    }

    /// Takes one use if every window has one left, in one statement, so that parallel callers cannot share the last
    /// one.
    ///
    /// # Errors
    /// When the database fails. The inner error is the number of seconds until a use is available.
    pub async fn take(
        &self,
        tx: &mut dyn Transaction,
        purpose: &str,
        now: Timestamp,
    ) -> StoreResult<Result<UseId, u32>> {
        match tx.take_budget(&self.new_use(purpose, now), &self.limits(now)).await? {
            Some(id) => Ok(Ok(UseId(id))),
            None => Ok(Err(self.refuse(self.left(tx, now).await?))),
        }
    }

    /// Refuses if nothing is left, and takes nothing.
    ///
    /// # Errors
    /// As [`Self::take`].
    pub async fn check(&self, tx: &mut dyn Transaction, now: Timestamp) -> StoreResult<Result<(), u32>> {
        let left = self.left(tx, now).await?;
        Ok(if left.uses == 0 { Err(self.refuse(left)) } else { Ok(()) })
    }

    /// Counts a refusal. Returns the seconds until a use is available.
    fn refuse(&self, left: Left) -> u32 {
        metrics::limit_reached(self.name);
        left.more_in
    }

    /// Counts a use, even if nothing is left.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(&self, tx: &mut dyn Transaction, purpose: &str, now: Timestamp) -> StoreResult<Option<UseId>> {
        Ok(tx.take_budget(&self.new_use(purpose, now), &[]).await?.map(UseId))
    }

    /// Whether another use is left.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_left(&self, tx: &mut dyn Transaction, now: Timestamp) -> StoreResult<bool> {
        tx.is_budget_left(self.name, &self.subject, &self.limits(now)).await
    }

    fn limits(&self, now: Timestamp) -> Vec<(u32, Timestamp)> {
        self.budget.0.iter().map(|each| (each.uses, now.minus(each.window))).collect()
    }

    fn new_use<'u>(&'u self, purpose: &'u str, now: Timestamp) -> BudgetUse<'u> {
        let expires_at = now.plus(self.budget.longest());
        BudgetUse { budget: self.name, subject: &self.subject, purpose, used_at: now, expires_at }
    }

    /// What is left, including the uses of `tx`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn left(&self, tx: &mut dyn Transaction, now: Timestamp) -> StoreResult<Left> {
        let mut least = Left::PLENTY;
        for allowance in &self.budget.0 {
            let used = tx.budget_uses(self.name, &self.subject, now.minus(allowance.window)).await?;
            least = scarcer(least, Left::of(allowance, used, now));
        }
        Ok(least)
    }

    /// What is left, outside a transaction.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn left_now(&self, ports: &Ports) -> StoreResult<Left> {
        let now = ports.clock.now();
        let mut least = Left::PLENTY;
        for allowance in &self.budget.0 {
            let used = ports.store.budget_uses(self.name, &self.subject, now.minus(allowance.window)).await?;
            least = scarcer(least, Left::of(allowance, used, now));
        }
        Ok(least)
    }
}

impl Left {
    const PLENTY: Self = Self { uses: u32::MAX, more_in: 0 };

    fn of(allowance: &Allowance, used: BudgetUses, now: Timestamp) -> Self {
        let more_in = used.oldest.map_or(0, |oldest| oldest.plus(allowance.window).seconds_from(now));
        Self { uses: allowance.uses.saturating_sub(used.count), more_in }
    }
}

/// Of two windows with nothing left, the one with the longer wait.
fn scarcer(one: Left, other: Left) -> Left {
    let key = |left: &Left| (left.uses, std::cmp::Reverse(left.more_in));
    std::cmp::min_by_key(one, other, key)
}

/// Takes one use of each account.
///
/// # Errors
/// As [`Account::take`]. If one account has nothing left, the caller drops `tx`, and nothing is taken.
pub async fn take_all(
    accounts: &[Account<'_>],
    tx: &mut dyn Transaction,
    purpose: &str,
    now: Timestamp,
) -> StoreResult<Result<Vec<UseId>, u32>> {
    let mut taken = Vec::new();
    for account in accounts {
        match account.take(tx, purpose, now).await? {
            Ok(used) => taken.push(used),
            Err(seconds) => return Ok(Err(seconds)),
        }
    }
    Ok(Ok(taken))
}

/// Deletes uses that no window counts any more; returns how many.
///
/// # Errors
/// `Unavailable`.
pub async fn forget_expired_uses(ports: &Ports) -> AppResult<u64> {
    Ok(ports.store.delete_expired_budget_uses(ports.clock.now()).await?)
}
