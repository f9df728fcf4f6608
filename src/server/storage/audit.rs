//! The audit log.

use crate::server::data::{AuditLine, AuditSearch, NewAuditLine};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;

/// What is asked outside of a transaction.
#[async_trait]
pub trait AuditStore: Send + Sync {
    /// Lines of the audit log, newest first.
    async fn audit_lines(&self, search: &AuditSearch) -> StoreResult<Vec<AuditLine>>;
}

/// What is asked and changed within a transaction.
#[async_trait]
pub trait AuditTransaction: Send {
    /// Adds a line to the audit log.
    async fn add_audit_line(&mut self, line: &NewAuditLine<'_>) -> StoreResult<()>;
}
