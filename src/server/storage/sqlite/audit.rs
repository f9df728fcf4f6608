//! The audit log.

use super::connection::Statements;
use super::store::SqliteStore;
use super::transaction::SqliteTransaction;
use crate::server::data::{AuditLine, AuditSearch, NewAuditLine};
use crate::server::storage::{AuditStore, AuditTransaction, StoreResult};
use async_trait::async_trait;
use rusqlite::params;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

#[async_trait]
impl AuditStore for SqliteStore {
    async fn audit_lines(&self, search: &AuditSearch) -> StoreResult<Vec<AuditLine>> {
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT id, at, actor, act, subject, reason, details, address FROM audit_log WHERE true",
        );
        if let Some(actor) = search.actor {
            query.push(" AND actor = ").push_bind(actor);
        }
        if let Some(subject) = search.subject {
            query.push(" AND subject = ").push_bind(subject);
        }
        if let Some(act) = search.act {
            query.push(" AND act = ").push_bind(act);
        }
        if let Some(text) = &search.text {
            query.push(" AND (instr(lower(reason), lower(").push_bind(text);
            query.push(")) > 0 OR instr(lower(details), lower(").push_bind(text).push(")) > 0)");
        }
        if let Some(from) = search.from {
            query.push(" AND at >= ").push_bind(from);
        }
        if let Some(until) = search.until {
            query.push(" AND at < ").push_bind(until);
        }
        if let Some(before) = search.before {
            query.push(" AND id < ").push_bind(before);
        }
        query.push(" ORDER BY id DESC LIMIT ").push_bind(search.limit);
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

fn audit_line(row: &SqliteRow) -> StoreResult<AuditLine> {
    Ok(AuditLine {
        id: row.try_get("id")?,
        at: row.try_get("at")?,
        actor: row.try_get("actor")?,
        act: row.try_get("act")?,
        subject: row.try_get("subject")?,
        reason: row.try_get("reason")?,
        details: row.try_get("details")?,
        address: row.try_get("address")?,
    })
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
