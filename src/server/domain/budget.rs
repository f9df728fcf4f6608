//! Budgets: how often something may be done within sliding windows of time. The numbers are in `limits`.
//!
//! Uses are counted in the database, so that a budget holds across servers and restarts.

use super::Ports;
use crate::error::AppResult;
use crate::server::clock::Timestamp;
use crate::server::data::{BudgetUse, BudgetUses, UseId};
use crate::server::limits::{Allowance, Budget};
use crate::server::storage::{StoreResult, Transaction};

/// One subject's use of a budget.
#[derive(Clone, Debug)]
pub struct Account<'a> {
    /// The name of the budget in the database and in headers.
    pub name: &'static str,
    /// Uses with the same subject are counted together.
    pub subject: String,
    pub budget: &'a Budget,
}

/// What is left of a budget, in its most used window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    pub uses: u32,
    /// Seconds until one more use is available; 0 when nothing is used.
    pub more_in: u32,
}

impl Account<'_> {
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
        let limits: Vec<_> = self.budget.0.iter().map(|each| (each.uses, now.minus(each.window))).collect();
        let expires_at = now.plus(self.budget.longest());
        let new = BudgetUse { budget: self.name, subject: &self.subject, purpose, used_at: now, expires_at };
        match tx.take_budget(&new, &limits).await? {
            Some(id) => Ok(Ok(UseId(id))),
            None => Ok(Err(self.left(tx, now).await?.more_in)),
        }
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

/// Deletes uses that no window counts any more; returns how many.
///
/// # Errors
/// `Unavailable`.
pub async fn forget_expired_uses(ports: &Ports) -> AppResult<u64> {
    Ok(ports.store.delete_expired_budget_uses(ports.clock.now()).await?)
}
