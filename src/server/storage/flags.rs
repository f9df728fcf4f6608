//! Flags for admins to review.

use crate::server::clock::Timestamp;
use crate::server::data::{Flag, FlagKind, MemberId, Verdict};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// Reads and single statements, outside a transaction.
#[async_trait]
pub trait FlagStore: Send + Sync {
    /// Waiting or reviewed flags, in the order of their ids, after `after`.
    async fn flags(&self, waiting: bool, after: i64, limit: u32) -> StoreResult<Vec<Flag>>;
    /// Those of a member, newest first.
    async fn flags_of(&self, member: MemberId, limit: u32) -> StoreResult<Vec<Flag>>;
    async fn flag(&self, id: i64) -> StoreResult<Option<Flag>>;
}

/// Reads and changes inside a write transaction.
#[async_trait]
pub trait FlagTransaction: Send {
    /// When a flag of this kind, member and source was last reviewed.
    async fn flag_reviewed_at(
        &mut self,
        kind: FlagKind,
        member: MemberId,
        source: &str,
    ) -> StoreResult<Option<Timestamp>>;
    /// Adds a flag, or updates the count and time of a waiting one.
    async fn raise_flag(
        &mut self,
        kind: FlagKind,
        member: MemberId,
        source: &str,
        count: u32,
        now: Timestamp,
    ) -> StoreResult<()>;
    /// Stores the verdict; false if the flag was reviewed before.
    async fn review_flag(&mut self, id: i64, verdict: Verdict, now: Timestamp) -> StoreResult<bool>;
}
