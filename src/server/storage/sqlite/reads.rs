//! Read-only connections for what nearly every request reads. They run on the thread that asks.

use super::connection::{self, LOCK_PAUSE, closed, is_busy};
use super::files::LOCK_TIMEOUT;
use crate::server::storage::StoreResult;
use rusqlite::Connection;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread::available_parallelism;
use std::time::Instant;

/// One for each thread that can read at the same time; `None` after they were closed.
pub(super) struct Reads(Vec<Mutex<Option<Connection>>>);

impl Reads {
    pub fn open(path: &Path) -> StoreResult<Self> {
        let count = available_parallelism()?.get();
        let connections = (0..count).map(|_| Ok(Mutex::new(Some(connection::for_reading(path)?))));
        Ok(Self(connections.collect::<StoreResult<_>>()?))
    }

    /// Runs a step that takes microseconds. While another process has locked the database, it is tried again and again.
    pub async fn read<T>(&self, step: impl Fn(&Connection) -> StoreResult<T>) -> StoreResult<T> {
        let began = Instant::now();
        loop {
            match self.attempt(&step) {
                Err(error) if is_busy(&error) && began.elapsed() < LOCK_TIMEOUT => tokio::time::sleep(LOCK_PAUSE).await,
                outcome => return outcome,
            }
        }
    }

    fn attempt<T>(&self, step: impl Fn(&Connection) -> StoreResult<T>) -> StoreResult<T> {
        step(self.free().as_ref().ok_or_else(closed)?)
    }

    /// A connection that nobody uses; there is none only if a thread was interrupted while it read.
    fn free(&self) -> MutexGuard<'_, Option<Connection>> {
        for connection in &self.0 {
            match connection.try_lock() {
                Ok(free) => return free,
                Err(TryLockError::Poisoned(free)) => return free.into_inner(),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        self.0[0].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes each connection after the statement under way.
    pub fn close(&self) {
        for connection in &self.0 {
            drop(connection.lock().unwrap_or_else(PoisonError::into_inner).take());
        }
    }
}
