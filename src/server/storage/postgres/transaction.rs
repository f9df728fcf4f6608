//! A write transaction.

use super::locks::{self, Key, Queues};
use crate::server::data::Lock;
use crate::server::storage::{StoreResult, Transaction};
use async_trait::async_trait;
use sqlx::postgres::PgPool;
use sqlx::{PgConnection, Postgres};
use std::time::Duration;
use tokio::sync::OwnedMutexGuard;
use tokio::time::timeout;

/// How long a transaction waits for others of this server with the same lock, as with SQLite for the writer.
const QUEUE_TIMEOUT: Duration = Duration::from_secs(5);

pub struct PostgresTransaction {
    tx: sqlx::Transaction<'static, Postgres>,
    /// Others of this server that want the same lock wait for it. Dropped after the transaction.
    _turn: Option<OwnedMutexGuard<()>>,
}

impl PostgresTransaction {
    pub(super) async fn begin(pool: &PgPool, queues: &Queues, lock: Lock<'_>) -> StoreResult<Self> {
        let key = Key::of(lock);
        let turn = match key {
            Some(key) => Some(timeout(QUEUE_TIMEOUT, queues.turn(key)).await.map_err(|_| sqlx::Error::PoolTimedOut)?),
            None => None,
        };
        let pool = pool.clone();
        // In a task of its own: a BEGIN that is given up half-way leaves a connection of which sqlx does not know that a
        // transaction is open in it.
        let begun = tokio::spawn(async move {
            let mut tx = pool.begin().await?;
            if let Some(key) = key {
                locks::take(&mut tx, key).await?;
            }
            Ok(Self { tx, _turn: turn })
        });
        begun.await.unwrap_or_else(|_| Err(sqlx::Error::WorkerCrashed.into()))
    }

    pub(super) fn connection(&mut self) -> &mut PgConnection {
        &mut self.tx
    }
}

#[async_trait]
impl Transaction for PostgresTransaction {
    async fn commit(self: Box<Self>) -> StoreResult<()> {
        Ok(self.tx.commit().await?)
    }
}
