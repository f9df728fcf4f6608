//! Uses of budgets.

use crate::server::clock::Timestamp;
use crate::server::data::{BudgetUse, BudgetUses, UseId};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// What is asked outside of a transaction.
#[async_trait]
pub trait BudgetStore: Send + Sync {
    /// What was used of a subject's budget after `since`.
    async fn budget_uses(&self, budget: &str, subject: &str, since: Timestamp) -> StoreResult<BudgetUses>;
    /// Deletes uses of budgets that nothing counts any more; returns how many.
    async fn delete_expired_budget_uses(&self, now: Timestamp) -> StoreResult<u64>;
}

/// What is asked and changed within a transaction.
#[async_trait]
pub trait BudgetTransaction: Send {
    /// See [`BudgetStore::budget_uses`].
    async fn budget_uses(&mut self, budget: &str, subject: &str, since: Timestamp) -> StoreResult<BudgetUses>;
    /// Counts one use of a budget if each limit leaves one: so many uses after that moment. One statement.
    async fn take_budget(&mut self, new: &BudgetUse<'_>, limits: &[(u32, Timestamp)]) -> StoreResult<Option<i64>>;
    /// Undoes these uses.
    async fn give_back(&mut self, uses: &[UseId]) -> StoreResult<()>;
    /// Undoes all uses of a subject's budget for this purpose.
    async fn give_back_for(&mut self, budget: &str, subject: &str, purpose: &str) -> StoreResult<()>;
}
