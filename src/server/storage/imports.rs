//! Imports and their lines.

use crate::server::clock::Timestamp;
use crate::server::data::{BadLine, Import, Line, MemberId, NewAttempt, NewImport};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// Reads and single statements, outside a transaction.
#[async_trait]
pub trait ImportStore: Send + Sync {
    /// The newest imports first.
    async fn imports(&self, limit: u32) -> StoreResult<Vec<Import>>;
    async fn import(&self, id: i64) -> StoreResult<Option<Import>>;
    /// Lines with problems, in order, after line `after`.
    async fn bad_lines(&self, import: i64, after: u64, limit: u32) -> StoreResult<Vec<BadLine>>;
    /// Stores how many lines have been checked.
    async fn note_progress(&self, import: i64, checked: u32, now: Timestamp) -> StoreResult<()>;
    /// Deletes the lines of an import, in portions, so that other writers do not wait long.
    async fn forget_lines(&self, import: i64) -> StoreResult<()>;
    /// Deletes imports begun before `before`, with their lines; returns how many.
    async fn forget_imports_before(&self, before: Timestamp) -> StoreResult<u64>;
}

/// Reads and changes inside a write transaction.
#[async_trait]
pub trait ImportTransaction: Send {
    /// Adds an import; returns its id.
    async fn add_import(&mut self, new: &NewImport<'_>) -> StoreResult<i64>;
    async fn add_lines(&mut self, import: i64, lines: &[Line]) -> StoreResult<()>;
    /// Adds a problem to every line that conflicts with the present members. Returns how many lines have problems.
    async fn mark_conflicts(&mut self, import: i64) -> StoreResult<u32>;
    /// Sets the state to checked, unless the import is done.
    async fn finish_check(&mut self, import: i64, now: Timestamp) -> StoreResult<()>;
    /// Sets the state to writing. False unless the import was checked, or has been writing without progress since
    /// before `stalled_before`.
    async fn begin_import(&mut self, import: i64, now: Timestamp, stalled_before: Timestamp) -> StoreResult<bool>;
    /// Writes the members and redemptions of an import. Returns the new members, and an attempt for each
    /// redemption.
    async fn write_import(&mut self, import: i64, now: Timestamp) -> StoreResult<(Vec<MemberId>, Vec<NewAttempt>)>;
}
