//! Uses of budgets.

use super::connection::{Statements, value};
use super::store::SqliteStore;
use super::transaction::SqliteTransaction;
use crate::server::clock::Timestamp;
use crate::server::data::{BudgetUse, BudgetUses, UseId};
use crate::server::storage::{BudgetStore, BudgetTransaction, StoreResult};
use async_trait::async_trait;
use rusqlite::{Connection, Params, ToSql, params, params_from_iter};

#[async_trait]
impl BudgetStore for SqliteStore {
    async fn budget_uses(&self, budget: &str, subject: &str, since: Timestamp) -> StoreResult<BudgetUses> {
        self.reads.read(|connection| budget_uses(connection, budget, subject, since)).await
    }

    async fn delete_expired_budget_uses(&self, now: Timestamp) -> StoreResult<u64> {
        let old = "DELETE FROM budget_uses WHERE id IN (SELECT id FROM budget_uses WHERE expires_at <= ? LIMIT ?)";
        self.forget(old, now.0).await
    }
}

#[async_trait]
impl BudgetTransaction for SqliteTransaction {
    async fn budget_uses(&mut self, budget: &str, subject: &str, since: Timestamp) -> StoreResult<BudgetUses> {
        budget_uses(&self.connection, budget, subject, since)
    }

    async fn take_budget(&mut self, new: &BudgetUse<'_>, limits: &[(u32, Timestamp)]) -> StoreResult<Option<i64>> {
        let take = format!(
            "INSERT INTO budget_uses (budget, subject, purpose, used_at, expires_at) SELECT ?1, ?2, ?3, ?4, ?5 \
             WHERE {} RETURNING id",
            is_left(limits.len(), 6),
        );
        let new: [&dyn ToSql; _] = [&new.budget, &new.subject, &new.purpose, &new.used_at, &new.expires_at];
        self.connection.first(&take, with_limits(&new, limits), value)
    }

    async fn is_budget_left(&mut self, budget: &str, subject: &str, limits: &[(u32, Timestamp)]) -> StoreResult<bool> {
        if limits.is_empty() {
            return Ok(true);
        }
        let left = format!("SELECT {}", is_left(limits.len(), 3));
        self.connection.one(&left, with_limits(&[&budget, &subject], limits), value)
    }

    async fn nth_newest_use(&mut self, budget: &str, subject: &str, nth: u32) -> StoreResult<Option<Timestamp>> {
        let used_at = "SELECT used_at FROM budget_uses WHERE budget = ? AND subject = ? \
                       ORDER BY used_at DESC LIMIT 1 OFFSET ? - 1";
        self.connection.first(used_at, params![budget, subject, nth], value)
    }

    async fn give_back(&mut self, uses: &[UseId]) -> StoreResult<()> {
        for id in uses {
            self.connection.change("DELETE FROM budget_uses WHERE id = ?", [id])?;
        }
        Ok(())
    }

    async fn give_back_for(&mut self, budget: &str, subject: &str, purpose: &str) -> StoreResult<()> {
        self.connection.change(
            "DELETE FROM budget_uses WHERE budget = ? AND subject = ? AND purpose = ?",
            params![budget, subject, purpose],
        )?;
        Ok(())
    }

    async fn give_back_all(&mut self, budget: &str, subject: &str) -> StoreResult<()> {
        // "!" sorts after a blank.
        self.connection.change(
            "DELETE FROM budget_uses \
             WHERE budget = ?1 AND (subject = ?2 OR (subject > ?2 || ' ' AND subject < ?2 || '!'))",
            params![budget, subject],
        )?;
        Ok(())
    }
}

/// A condition that holds while none of so many limits is reached. The first two parameters of the statement are the
/// budget and the subject; the limits are the parameters from `first` on.
fn is_left(limits: usize, first: usize) -> String {
    let conditions = (0..limits).map(|limit| {
        let (uses, since) = (first + 2 * limit, first + 2 * limit + 1);
        format!(
            "(SELECT count(*) FROM budget_uses WHERE budget = ?1 AND subject = ?2 AND used_at > ?{since}) < ?{uses}"
        )
    });
    ["true".to_owned()].into_iter().chain(conditions).collect::<Vec<_>>().join(" AND ")
}

/// The parameters of a statement with [`is_left`].
fn with_limits<'a>(others: &'a [&'a dyn ToSql], limits: &'a [(u32, Timestamp)]) -> impl Params {
    let limits = limits.iter().flat_map(|(uses, since)| [uses as &dyn ToSql, since]);
    params_from_iter(others.iter().copied().chain(limits))
}

fn budget_uses(connection: &Connection, budget: &str, subject: &str, since: Timestamp) -> StoreResult<BudgetUses> {
    connection.one(
        "SELECT count(*) AS count, min(used_at) AS oldest FROM budget_uses \
         WHERE budget = ? AND subject = ? AND used_at > ?",
        params![budget, subject, since],
        |row| Ok(BudgetUses { count: row.get("count")?, oldest: row.get("oldest")? }),
    )
}
