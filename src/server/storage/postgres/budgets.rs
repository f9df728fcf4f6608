//! Uses of budgets.

use super::locks::{self, Key};
use super::store::PostgresStore;
use super::transaction::PostgresTransaction;
use crate::server::clock::Timestamp;
use crate::server::data::{BudgetUse, BudgetUses, UseId};
use crate::server::storage::rows::unsigned;
use crate::server::storage::{BudgetStore, BudgetTransaction, StoreResult};
use async_trait::async_trait;
use sqlx::PgConnection;

#[async_trait]
impl BudgetStore for PostgresStore {
    async fn budget_uses(&self, budget: &str, subject: &str, since: Timestamp) -> StoreResult<BudgetUses> {
        budget_uses(&mut *self.pool.acquire().await?, budget, subject, since).await
    }

    async fn delete_expired_budget_uses(&self, now: Timestamp) -> StoreResult<u64> {
        let old = "DELETE FROM budget_uses WHERE id IN \
                   (SELECT id FROM budget_uses WHERE expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED)";
        self.forget(old, now.0).await
    }
}

#[async_trait]
impl BudgetTransaction for PostgresTransaction {
    async fn budget_uses(&mut self, budget: &str, subject: &str, since: Timestamp) -> StoreResult<BudgetUses> {
        budget_uses(self.connection(), budget, subject, since).await
    }

    async fn take_budget(&mut self, new: &BudgetUse<'_>, limits: &[(u32, Timestamp)]) -> StoreResult<Option<i64>> {
        // What is only counted is never refused, and need not be counted one after another.
        if !limits.is_empty() {
            locks::take(self.connection(), Key::of_account(new.budget, new.subject)).await?;
        }
        let (uses, since) = arrays(limits);
        let take = sqlx::query_scalar(
            "INSERT INTO budget_uses (budget, subject, purpose, used_at, expires_at) SELECT $1, $2, $3, $4, $5 \
             WHERE NOT EXISTS (SELECT 1 FROM unnest($6, $7) AS limits (uses, since) WHERE uses <= \
             (SELECT count(*) FROM budget_uses WHERE budget = $1 AND subject = $2 AND used_at > since)) RETURNING id",
        );
        let take = take.bind(new.budget).bind(new.subject).bind(new.purpose).bind(new.used_at).bind(new.expires_at);
        Ok(take.bind(uses).bind(since).fetch_optional(self.connection()).await?)
    }

    async fn is_budget_left(&mut self, budget: &str, subject: &str, limits: &[(u32, Timestamp)]) -> StoreResult<bool> {
        if limits.is_empty() {
            return Ok(true);
        }
        let (uses, since) = arrays(limits);
        let left = sqlx::query_scalar(
            "SELECT NOT EXISTS (SELECT 1 FROM unnest($3, $4) AS limits (uses, since) WHERE uses <= \
             (SELECT count(*) FROM budget_uses WHERE budget = $1 AND subject = $2 AND used_at > since))",
        );
        Ok(left.bind(budget).bind(subject).bind(uses).bind(since).fetch_one(self.connection()).await?)
    }

    async fn nth_newest_use(&mut self, budget: &str, subject: &str, nth: u32) -> StoreResult<Option<Timestamp>> {
        let used_at = sqlx::query_scalar(
            "SELECT used_at FROM budget_uses WHERE budget = $1 AND subject = $2 \
             ORDER BY used_at DESC LIMIT 1 OFFSET $3 - 1",
        );
        Ok(used_at.bind(budget).bind(subject).bind(i64::from(nth)).fetch_optional(self.connection()).await?)
    }

    async fn give_back(&mut self, uses: &[UseId]) -> StoreResult<()> {
        let ids: Vec<i64> = uses.iter().map(|id| id.0).collect();
        sqlx::query("DELETE FROM budget_uses WHERE id = ANY ($1)").bind(ids).execute(self.connection()).await?;
        Ok(())
    }

    async fn give_back_for(&mut self, budget: &str, subject: &str, purpose: &str) -> StoreResult<()> {
        let delete = sqlx::query("DELETE FROM budget_uses WHERE budget = $1 AND subject = $2 AND purpose = $3");
        delete.bind(budget).bind(subject).bind(purpose).execute(self.connection()).await?;
        Ok(())
    }

    async fn give_back_all(&mut self, budget: &str, subject: &str) -> StoreResult<()> {
        // "!" sorts after a blank.
        let delete = sqlx::query(
            "DELETE FROM budget_uses \
             WHERE budget = $1 AND (subject = $2 OR (subject > $2 || ' ' AND subject < $2 || '!'))",
        );
        delete.bind(budget).bind(subject).execute(self.connection()).await?;
        Ok(())
    }
}

/// Limits as two arrays, for `unnest`.
fn arrays(limits: &[(u32, Timestamp)]) -> (Vec<i64>, Vec<i64>) {
    limits.iter().map(|(uses, since)| (i64::from(*uses), since.0)).unzip()
}

async fn budget_uses(
    connection: &mut PgConnection,
    budget: &str,
    subject: &str,
    since: Timestamp,
) -> StoreResult<BudgetUses> {
    let uses = sqlx::query_as(
        "SELECT count(*), min(used_at) FROM budget_uses WHERE budget = $1 AND subject = $2 AND used_at > $3",
    );
    let (count, oldest): (i64, _) = uses.bind(budget).bind(subject).bind(since).fetch_one(connection).await?;
    Ok(BudgetUses { count: unsigned(count, "count")?, oldest })
}
