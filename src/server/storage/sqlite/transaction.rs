//! A write transaction of `SQLite`: the writing connection, lent by `writer`.

use super::connection::closed;
use crate::server::storage::{StoreResult, Transaction};
use async_trait::async_trait;
use rusqlite::Connection;
use tokio::sync::{OwnedMutexGuard, oneshot};

/// Whoever waits until a transaction is on disk.
pub(super) type Waiting = oneshot::Sender<StoreResult<()>>;

/// Dropping it gives the connection back without a word, and the writer undoes the changes.
pub(super) struct SqliteTransaction {
    pub connection: OwnedMutexGuard<Connection>,
    pub completed: oneshot::Sender<Waiting>,
}

#[async_trait]
impl Transaction for SqliteTransaction {
    async fn commit(self: Box<Self>) -> StoreResult<()> {
        let Self { connection, completed } = *self;
        drop(connection);
        let (waiting, on_disk) = oneshot::channel();
        completed.send(waiting).map_err(|_| closed())?;
        on_disk.await.map_err(|_| closed())?
    }
}
