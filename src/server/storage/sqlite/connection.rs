//! A connection of rusqlite, which runs statements on the thread that asks: opening it, and running short statements.
//!
//! Such a connection never waits for the lock of another process, since that would hold up the thread. Whoever uses it
//! tries again later.

use crate::server::storage::{StoreError, StoreResult};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Params, Row};
use std::path::Path;
use std::time::Duration;
use tokio::runtime::{Handle, RuntimeFlavor};

/// The pause before another attempt while another process has the lock.
pub(super) const LOCK_PAUSE: Duration = Duration::from_millis(5);
/// More than there are statements. Each keeps a few kilobytes.
const STATEMENTS_KEPT: usize = 200;

/// Opens an existing database. Deleted data is overwritten, so that an erased member's phone cannot be found in the
/// file.
pub(super) fn for_writing(path: &Path) -> rusqlite::Result<Connection> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    for (name, value) in [("synchronous", "FULL"), ("foreign_keys", "ON"), ("secure_delete", "ON")] {
        connection.pragma_update(None, name, value)?;
    }
    Ok(connection)
}

pub(super) fn for_reading(path: &Path) -> rusqlite::Result<Connection> {
    open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

/// SQLite itself needs no lock, because a connection is used by one thread at a time.
fn open(path: &Path, access: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::ZERO)?;
    // Otherwise SQLite prepares a statement anew for each value that it compares with an index (sqlite.org/qpsg.html).
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(connection)
}

/// Statements that are prepared once for a connection.
pub(super) trait Statements {
    /// Returns how many rows were changed.
    fn change(&self, sql: &str, values: impl Params) -> StoreResult<u64>;
    /// The first row, which must exist.
    fn one<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> StoreResult<T>;
    /// The first row, if there is one.
    fn first<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> StoreResult<Option<T>>;
    fn all<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> StoreResult<Vec<T>>;
}

impl Statements for Connection {
    fn change(&self, sql: &str, values: impl Params) -> StoreResult<u64> {
        Ok(self.prepare_cached(sql)?.execute(values)? as u64)
    }

    fn one<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> StoreResult<T> {
        Ok(self.prepare_cached(sql)?.query_row(values, read)?)
    }

    fn first<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> StoreResult<Option<T>> {
        Ok(self.prepare_cached(sql)?.query_row(values, read).optional()?)
    }

    fn all<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> StoreResult<Vec<T>> {
        Ok(self.prepare_cached(sql)?.query_map(values, read)?.collect::<rusqlite::Result<_>>()?)
    }
}

/// The value of the only column.
pub(super) fn value<T: rusqlite::types::FromSql>(row: &Row<'_>) -> rusqlite::Result<T> {
    row.get(0)
}

/// Runs what may take milliseconds. Other tasks of this thread go on meanwhile, on another one.
pub(super) fn at_length<T>(work: impl FnOnce() -> T) -> T {
    match Handle::current().runtime_flavor() {
        RuntimeFlavor::CurrentThread => work(),
        _ => tokio::task::block_in_place(work),
    }
}

/// Whether another process has the lock.
pub(super) fn is_busy(error: &StoreError) -> bool {
    let StoreError::Database(error) = error else { return false };
    let error = error.downcast_ref::<rusqlite::Error>();
    error.and_then(rusqlite::Error::sqlite_error_code) == Some(ErrorCode::DatabaseBusy)
}

/// The connection was closed, because the server stops.
pub(super) fn closed() -> StoreError {
    sqlx::Error::PoolClosed.into()
}
