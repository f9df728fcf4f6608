//! The audit log.

use super::store::PostgresStore;
use super::transaction::PostgresTransaction;
use crate::server::data::{AuditLine, AuditSearch, NewAuditLine};
use crate::server::storage::{AuditStore, AuditTransaction, StoreResult};
use async_trait::async_trait;
use sqlx::postgres::PgRow;
use sqlx::{Postgres, QueryBuilder, Row};

#[async_trait]
impl AuditStore for PostgresStore {
    async fn audit_lines(&self, search: &AuditSearch) -> StoreResult<Vec<AuditLine>> {
        let mut query = QueryBuilder::<Postgres>::new(
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
            query.push(" AND (strpos(lower(reason), lower(").push_bind(text.clone());
            query.push(")) > 0 OR strpos(lower(details), lower(").push_bind(text.clone()).push(")) > 0)");
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
        query.push(" ORDER BY id DESC LIMIT ").push_bind(i64::from(search.limit));
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

fn audit_line(row: &PgRow) -> StoreResult<AuditLine> {
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
