//! How often share links were opened, by member and day.

use crate::server::data::{LinkCounts, LinkStep, MemberId};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;
use std::ops::Range;

/// Reads and single statements, outside a transaction. Days are days since 1970 (UTC), of the opening.
#[async_trait]
pub trait LinkStore: Send + Sync {
    /// Counts a step of somebody who opened the link of this member on this day.
    async fn count_link_step(&self, owner: MemberId, day: i64, step: LinkStep) -> StoreResult<()>;
    /// What became of those who opened the link of this member.
    async fn link_counts(&self, owner: MemberId) -> StoreResult<LinkCounts>;
    /// What became of those who opened any link on these days.
    async fn all_link_counts(&self, days: Range<i64>) -> StoreResult<LinkCounts>;
}
