//! The audit log.

use super::store::PostgresStore;
use super::transaction::PostgresTransaction;
use crate::server::data::{AuditLine, AuditSearch, NewAuditLine};
use crate::server::storage::conditions::audit_search;
use crate::server::storage::rows::audit_line;
use crate::server::storage::{AuditStore, AuditTransaction, StoreResult};
use async_trait::async_trait;

#[async_trait]
impl AuditStore for PostgresStore {
    async fn audit_lines(&self, search: &AuditSearch) -> StoreResult<Vec<AuditLine>> {
        let mut query = audit_search(search, "strpos");
        query.build().fetch_all(&self.pool).await?.iter().map(audit_line).collect()
    }
}

#[async_trait]
impl AuditTransaction for PostgresTransaction {
    async fn add_audit_line(&mut self, line: &NewAuditLine<'_>) -> StoreResult<()> {
        let add = sqlx::query(
            "INSERT INTO audit_log (at, actor, act, subject, reason, details, address) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        );
        let add = add.bind(line.at).bind(line.actor).bind(line.act).bind(line.subject);
        add.bind(line.reason).bind(line.details).bind(line.address).execute(self.connection()).await?;
        Ok(())
    }
}
