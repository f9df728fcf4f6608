//! The progress of members as inviters, and the board of those who want to be on it.

use crate::server::clock::Timestamp;
use crate::server::data::{BoardRow, DayOfInvitees, InviterRecord, MemberId};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// Reads and single statements, outside a transaction.
#[async_trait]
pub trait ProgressStore: Send + Sync {
    /// `None` also for an erased member.
    async fn inviter(&self, member: MemberId) -> StoreResult<Option<InviterRecord>>;
    /// How many of the present invitees joined on each day since then, oldest first; no row for a day without any.
    async fn days_of_invitees(&self, inviter: MemberId, since: Timestamp) -> StoreResult<Vec<DayOfInvitees>>;
    /// Members who want to be on the board and have invitees, most invitees first, without blocked ones.
    async fn board(&self, limit: u32) -> StoreResult<Vec<BoardRow>>;
    async fn set_on_board(&self, member: MemberId, is_on_board: bool) -> StoreResult<()>;
}
