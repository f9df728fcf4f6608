//! Uses of budgets.

use super::store::{SqliteStore, forget};
use super::transaction::SqliteTransaction;
use crate::server::clock::Timestamp;
use crate::server::data::{BudgetUse, BudgetUses, UseId};
use crate::server::storage::{BudgetStore, BudgetTransaction, StoreResult};
use async_trait::async_trait;
use sqlx::{QueryBuilder, Row, Sqlite};

#[async_trait]
impl BudgetStore for SqliteStore {
    async fn budget_uses(&self, budget: &str, subject: &str, since: Timestamp) -> StoreResult<BudgetUses> {
        budget_uses(&self.readers, budget, subject, since).await
    }

    async fn delete_expired_budget_uses(&self, now: Timestamp) -> StoreResult<u64> {
        let old = "DELETE FROM budget_uses WHERE id IN (SELECT id FROM budget_uses WHERE expires_at <= ? LIMIT ?)";
        forget(&self.writer, old, now.0).await
    }
}

#[async_trait]
impl BudgetTransaction for SqliteTransaction {
    async fn budget_uses(&mut self, budget: &str, subject: &str, since: Timestamp) -> StoreResult<BudgetUses> {
        budget_uses(&mut *self.0, budget, subject, since).await
    }

    async fn take_budget(&mut self, new: &BudgetUse<'_>, limits: &[(u32, Timestamp)]) -> StoreResult<Option<i64>> {
        let mut take =
            QueryBuilder::new("INSERT INTO budget_uses (budget, subject, purpose, used_at, expires_at) SELECT ");
        let mut values = take.separated(", ");
        values.push_bind(new.budget).push_bind(new.subject).push_bind(new.purpose);
        values.push_bind(new.used_at).push_bind(new.expires_at);
        take.push(" WHERE ");
        push_limits(&mut take, new.budget, new.subject, limits);
        take.push(" RETURNING id");
        Ok(take.build_query_scalar().fetch_optional(&mut *self.0).await?)
    }

    async fn is_budget_left(&mut self, budget: &str, subject: &str, limits: &[(u32, Timestamp)]) -> StoreResult<bool> {
        let mut left = QueryBuilder::new("SELECT ");
        push_limits(&mut left, budget, subject, limits);
        Ok(left.build_query_scalar().fetch_one(&mut *self.0).await?)
    }

    async fn nth_newest_use(&mut self, budget: &str, subject: &str, nth: u32) -> StoreResult<Option<Timestamp>> {
        let used_at = sqlx::query_scalar(
            "SELECT used_at FROM budget_uses WHERE budget = ? AND subject = ? \
             ORDER BY used_at DESC LIMIT 1 OFFSET ? - 1",
        );
        Ok(used_at.bind(budget).bind(subject).bind(nth).fetch_optional(&mut *self.0).await?)
    }

    async fn give_back(&mut self, uses: &[UseId]) -> StoreResult<()> {
        let mut delete = QueryBuilder::new("DELETE FROM budget_uses WHERE id IN (");
        let mut ids = delete.separated(", ");
        for id in uses {
            ids.push_bind(id);
        }
        delete.push(")").build().execute(&mut *self.0).await?;
        Ok(())
    }

    async fn give_back_for(&mut self, budget: &str, subject: &str, purpose: &str) -> StoreResult<()> {
        sqlx::query("DELETE FROM budget_uses WHERE budget = ? AND subject = ? AND purpose = ?")
            .bind(budget)
            .bind(subject)
            .bind(purpose)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    async fn give_back_all(&mut self, budget: &str, subject: &str) -> StoreResult<()> {
        // "!" sorts after a blank.
        sqlx::query(
            "DELETE FROM budget_uses \
             WHERE budget = ?1 AND (subject = ?2 OR (subject > ?2 || ' ' AND subject < ?2 || '!'))",
        )
        .bind(budget)
        .bind(subject)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}

/// A condition that holds while no limit is reached.
fn push_limits(query: &mut QueryBuilder<Sqlite>, budget: &str, subject: &str, limits: &[(u32, Timestamp)]) {
    query.push("true");
    for (uses, since) in limits {
        query.push(" AND (SELECT count(*) FROM budget_uses WHERE budget = ").push_bind(budget);
        query.push(" AND subject = ").push_bind(subject);
        query.push(" AND used_at > ").push_bind(since).push(") < ").push_bind(*uses);
    }
}

async fn budget_uses<'e, E>(executor: E, budget: &str, subject: &str, since: Timestamp) -> StoreResult<BudgetUses>
where
    E: sqlx::Executor<'e, Database = Sqlite>,
{
    let row = sqlx::query(
        "SELECT count(*) AS count, min(used_at) AS oldest FROM budget_uses \
         WHERE budget = ? AND subject = ? AND used_at > ?",
    )
    .bind(budget)
    .bind(subject)
    .bind(since)
    .fetch_one(executor)
    .await?;
    let oldest: Option<i64> = row.try_get("oldest")?;
    Ok(BudgetUses { count: row.try_get("count")?, oldest: oldest.map(Timestamp) })
}
