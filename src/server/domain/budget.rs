//! Budgets: how often somebody may do a thing within times that slide along.
//!
//! Uses are counted in the database, so a budget holds however many servers share it, and across restarts.

use super::Ports;
use crate::error::AppResult;
use crate::server::clock::Timestamp;
use crate::server::data::{BudgetUse, BudgetUses, UseId};
use crate::server::limits::{Allowance, Budget};
use crate::server::storage::{StoreResult, Transaction};

/// One subject's account of a budget.
#[derive(Clone, Debug)]
pub struct Account<'a> {
    /// What is counted, in the database and in headers.
    pub name: &'static str,
    /// Whose uses are counted together.
    pub subject: String,
    /// How many there may be.
    pub budget: &'a Budget,
}

/// What is left of a budget, in the stretch of time in which least is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// How many uses are left now.
    pub uses: u32,
    /// Seconds until there is one more; 0 when nothing is used.
    pub more_in: u32,
}

impl Account<'_> {
    /// Takes one use, if one is left in every stretch of time: one statement, so that parallel takers cannot share it.
    ///
    /// # Errors
    /// When the database fails; the inner error says how many seconds there is nothing left.
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

    /// What is left of it, as a transaction sees it.
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

    /// What is left of it, outside of any transaction.
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

/// Where nothing is left in either stretch, the longer wait counts.
fn scarcer(one: Left, other: Left) -> Left {
    let key = |left: &Left| (left.uses, std::cmp::Reverse(left.more_in));
    std::cmp::min_by_key(one, other, key)
}

/// Forgets uses that no budget counts any more.
///
/// # Errors
/// `Unavailable`.
pub async fn forget_expired_uses(ports: &Ports) -> AppResult<u64> {
    Ok(ports.store.delete_expired_budget_uses(ports.clock.now()).await?)
}
