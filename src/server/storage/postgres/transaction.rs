//! A write transaction.

use super::locks::{self, Key};
use crate::server::data::Lock;
use crate::server::storage::{StoreResult, Transaction};
use async_trait::async_trait;
use sqlx::postgres::PgPool;
use sqlx::{PgConnection, Postgres};

pub struct PostgresTransaction(sqlx::Transaction<'static, Postgres>);

impl PostgresTransaction {
    pub(super) async fn begin(pool: &PgPool, lock: Lock<'_>) -> StoreResult<Self> {
        let key = Key::of(lock);
        let pool = pool.clone();
        // In a task of its own: a BEGIN that is given up half-way leaves a connection of which sqlx does not know that a
        // transaction is open in it.
        let begun = tokio::spawn(async move {
            let mut tx = pool.begin().await?;
            if let Some(key) = key {
                locks::take(&mut tx, key).await?;
            }
            Ok(Self(tx))
        });
        begun.await.unwrap_or_else(|_| Err(sqlx::Error::WorkerCrashed.into()))
    }

    pub(super) fn connection(&mut self) -> &mut PgConnection {
        &mut self.0
    }
}

#[async_trait]
impl Transaction for PostgresTransaction {
    async fn commit(self: Box<Self>) -> StoreResult<()> {
        Ok(self.0.commit().await?)
    }
}
