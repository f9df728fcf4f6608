//! Counted uses of budgets.

use crate::server::clock::Timestamp;
use crate::server::data::{BudgetUse, BudgetUses, UseId};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// Reads and single statements, outside a transaction.
#[async_trait]
pub trait BudgetStore: Send + Sync {
    /// The uses of a subject's budget after `since`.
    async fn budget_uses(&self, budget: &str, subject: &str, since: Timestamp) -> StoreResult<BudgetUses>;
    /// Deletes uses that no window of their budget counts any more; returns how many.
    async fn delete_expired_budget_uses(&self, now: Timestamp) -> StoreResult<u64>;
}

/// Reads and changes inside a write transaction.
#[async_trait]
pub trait BudgetTransaction: Send {
    /// See [`BudgetStore::budget_uses`].
    async fn budget_uses(&mut self, budget: &str, subject: &str, since: Timestamp) -> StoreResult<BudgetUses>;
    /// Adds one use, unless a limit is reached; returns its id. Each limit is a number of uses and the time after which
    /// they count. One statement, so that parallel callers cannot share the last use.
    async fn take_budget(&mut self, new: &BudgetUse<'_>, limits: &[(u32, Timestamp)]) -> StoreResult<Option<i64>>;
    /// Whether another use is allowed: no limit is reached. The limits are those of [`Self::take_budget`].
    async fn is_budget_left(&mut self, budget: &str, subject: &str, limits: &[(u32, Timestamp)]) -> StoreResult<bool>;
    /// When the `nth` newest use was, counted from one.
    async fn nth_newest_use(&mut self, budget: &str, subject: &str, nth: u32) -> StoreResult<Option<Timestamp>>;
    /// Deletes these uses.
    async fn give_back(&mut self, uses: &[UseId]) -> StoreResult<()>;
    /// Deletes all uses of a subject's budget for this purpose.
    async fn give_back_for(&mut self, budget: &str, subject: &str, purpose: &str) -> StoreResult<()>;
    /// Deletes all uses of a budget by this subject, and by those that begin with it and a blank.
    async fn give_back_all(&mut self, budget: &str, subject: &str) -> StoreResult<()>;
}
