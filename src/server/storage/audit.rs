//! The audit log. Lines can be added and read, never changed or deleted.

use crate::server::data::{AuditLine, AuditSearch, NewAuditLine};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// Reads and single statements, outside a transaction.
#[async_trait]
pub trait AuditStore: Send + Sync {
    /// The matching lines, newest first.
    async fn audit_lines(&self, search: &AuditSearch) -> StoreResult<Vec<AuditLine>>;
}

/// Reads and changes inside a write transaction.
#[async_trait]
pub trait AuditTransaction: Send {
    async fn add_audit_line(&mut self, line: &NewAuditLine<'_>) -> StoreResult<()>;
}
