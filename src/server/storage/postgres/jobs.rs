//! When each job is due.

use super::store::PostgresStore;
use crate::server::clock::Timestamp;
use crate::server::storage::{JobStore, StoreResult};
use async_trait::async_trait;

#[async_trait]
impl JobStore for PostgresStore {
    async fn claim_job(&self, name: &str, now: Timestamp, next: Timestamp) -> StoreResult<bool> {
        let claim = sqlx::query(
            "INSERT INTO jobs (name, due_at) VALUES ($1, $3) \
             ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at WHERE jobs.due_at <= $2",
        );
        Ok(claim.bind(name).bind(now).bind(next).execute(&self.pool).await?.rows_affected() == 1)
    }
}
