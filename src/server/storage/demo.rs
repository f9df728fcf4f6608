//! Invented members, many at once.

use crate::server::clock::Timestamp;
use crate::server::data::Joined;
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// Changes inside a write transaction.
#[async_trait]
pub trait DemoTransaction: Send {
    /// Adds members to a database in which nobody has their ids, phones, invite codes and devices. It is then as if they
    /// had joined one by one. Codes that were sent before `codes_since` are counted, and not kept.
    async fn add_joined(&mut self, joined: &[Joined], codes_since: Timestamp) -> StoreResult<()>;
}
