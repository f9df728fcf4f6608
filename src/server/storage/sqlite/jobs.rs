//! When each job is due.

use super::connection::Statements;
use super::store::SqliteStore;
use crate::server::clock::Timestamp;
use crate::server::storage::{JobStore, StoreResult};
use async_trait::async_trait;
use rusqlite::params;

#[async_trait]
impl JobStore for SqliteStore {
    async fn claim_job(&self, name: &str, now: Timestamp, next: Timestamp) -> StoreResult<bool> {
        let claim = "INSERT INTO jobs (name, due_at) VALUES (?1, ?3) \
                     ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at WHERE jobs.due_at <= ?2";
        Ok(self.writer.write(|connection| connection.change(claim, params![name, now, next])).await? == 1)
    }
}
