//! A write transaction of `SQLite`: the writing connection, between BEGIN and COMMIT.

use crate::server::storage::{StoreResult, Transaction};
use async_trait::async_trait;
use sqlx::Sqlite;

pub(super) struct SqliteTransaction(pub(super) sqlx::Transaction<'static, Sqlite>);

#[async_trait]
impl Transaction for SqliteTransaction {
    async fn commit(self: Box<Self>) -> StoreResult<()> {
        Ok(self.0.commit().await?)
    }
}
