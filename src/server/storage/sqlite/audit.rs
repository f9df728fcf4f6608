//! The audit log.

use super::connection::Statements;
use super::store::SqliteStore;
use super::transaction::SqliteTransaction;
use crate::server::data::{AuditLine, AuditSearch, NewAuditLine};
use crate::server::storage::conditions::audit_search;
use crate::server::storage::rows::audit_line;
use crate::server::storage::{AuditStore, AuditTransaction, StoreResult};
use async_trait::async_trait;
use rusqlite::params;

#[async_trait]
impl AuditStore for SqliteStore {
    async fn audit_lines(&self, search: &AuditSearch) -> StoreResult<Vec<AuditLine>> {
        let mut query = audit_search(search, "instr");
        query.build().fetch_all(&self.readers).await?.iter().map(audit_line).collect()
    }
}

#[async_trait]
impl AuditTransaction for SqliteTransaction {
    async fn add_audit_line(&mut self, line: &NewAuditLine<'_>) -> StoreResult<()> {
        self.connection.change(
            "INSERT INTO audit_log (at, actor, act, subject, reason, details, address) VALUES (?, ?, ?, ?, ?, ?, ?)",
            params![line.at, line.actor, line.act, line.subject, line.reason, line.details, line.address],
        )?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::clock::Timestamp;
    use crate::server::data::{Act, Details, HOST, Lock};
    use crate::server::storage::{Constraint, Store, StoreError};

    #[tokio::test]
    async fn a_line_of_the_audit_log_can_be_neither_changed_nor_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("test.db")).await.unwrap();
        let line = NewAuditLine {
            at: Timestamp(0),
            actor: None,
            act: Act::Grant,
            subject: None,
            reason: "",
            details: &Details::None,
            address: HOST,
        };
        let mut tx = store.begin(Lock::Nothing).await.unwrap();
        tx.add_audit_line(&line).await.unwrap();
        tx.commit().await.unwrap();
        for statement in ["UPDATE audit_log SET reason = 'x'", "DELETE FROM audit_log"] {
            let refused = store.writer.write(|connection| connection.change(statement, [])).await;
            assert!(matches!(refused, Err(StoreError::Constraint(Constraint::AppendOnly))), "{refused:?}");
        }
    }
}
