//! Flags for admins to review.

use crate::server::clock::Timestamp;
use crate::server::data::{Flag, FlagKind, MemberId, Verdict};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// What is asked outside of a transaction.
#[async_trait]
pub trait FlagStore: Send + Sync {
    /// Flags that wait, or those that were reviewed, in the order of their numbers, beginning after `after`.
    async fn flags(&self, waiting: bool, after: i64, limit: u32) -> StoreResult<Vec<Flag>>;
    /// One flag.
    async fn flag(&self, id: i64) -> StoreResult<Option<Flag>>;
}

/// What is asked and changed within a transaction.
#[async_trait]
pub trait FlagTransaction: Send {
    /// When a flag like this was reviewed last.
    async fn flag_reviewed_at(
        &mut self,
        kind: FlagKind,
        member: MemberId,
        source: &str,
    ) -> StoreResult<Option<Timestamp>>;
    /// Raises a flag, or brings one that waits up to date.
    async fn raise_flag(
        &mut self,
        kind: FlagKind,
        member: MemberId,
        source: &str,
        count: u32,
        now: Timestamp,
    ) -> StoreResult<()>;
    /// Keeps what was made of a flag; false if it was reviewed before.
    async fn review_flag(&mut self, id: i64, verdict: Verdict, now: Timestamp) -> StoreResult<bool>;
}
