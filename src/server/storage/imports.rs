//! Files of members and their lines.

use crate::server::clock::Timestamp;
use crate::server::data::{BadLine, Import, Line, NewAttempt, NewImport};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// What is asked outside of a transaction.
#[async_trait]
pub trait ImportStore: Send + Sync {
    /// The newest files, the last one first.
    async fn imports(&self, limit: u32) -> StoreResult<Vec<Import>>;
    /// One file.
    async fn import(&self, id: i64) -> StoreResult<Option<Import>>;
    /// Lines with which something is wrong, in their order, beginning after line `after`.
    async fn bad_lines(&self, import: i64, after: u64, limit: u32) -> StoreResult<Vec<BadLine>>;
    /// So many lines were looked at.
    async fn note_progress(&self, import: i64, checked: u32, now: Timestamp) -> StoreResult<()>;
    /// Deletes the lines of a file that was taken over, a few at a time, so that nobody waits for it.
    async fn forget_lines(&self, import: i64) -> StoreResult<()>;
    /// Deletes files that were brought before `before`; returns how many.
    async fn forget_imports_before(&self, before: Timestamp) -> StoreResult<u64>;
}

/// What is asked and changed within a transaction.
#[async_trait]
pub trait ImportTransaction: Send {
    /// Adds a file; returns its number.
    async fn add_import(&mut self, new: &NewImport<'_>) -> StoreResult<i64>;
    /// Adds lines to a file.
    async fn add_lines(&mut self, import: i64, lines: &[Line]) -> StoreResult<()>;
    /// Says of every line whether it goes together with the members there are; returns with how many lines of the file
    /// something is wrong.
    async fn mark_conflicts(&mut self, import: i64) -> StoreResult<u32>;
    /// A file was looked through; unless it was taken over already.
    async fn finish_check(&mut self, import: i64, now: Timestamp) -> StoreResult<()>;
    /// Begins to take a file over; false unless it was looked through, or was begun before `stalled_before` and went no
    /// further.
    async fn begin_import(&mut self, import: i64, now: Timestamp, stalled_before: Timestamp) -> StoreResult<bool>;
    /// Imports a file; returns the number of new members, and the attempts behind their redemptions.
    async fn write_import(&mut self, import: i64, now: Timestamp) -> StoreResult<(u64, Vec<NewAttempt>)>;
}
