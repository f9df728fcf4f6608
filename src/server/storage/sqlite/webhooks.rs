//! Webhooks: an outbox, and the log of its deliveries.

use super::connection::{Statements, at_length, value};
use super::store::SqliteStore;
use super::transaction::SqliteTransaction;
use crate::server::clock::Timestamp;
use crate::server::data::{
    DueWebhook, NewWebhook, NextWebhook, WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent, WebhookOff,
    WebhookResult, WebhookSearch,
};
use crate::server::storage::conditions::{webhook_attempts, webhook_search};
use crate::server::storage::rows::{webhook_attempt, webhook_delivery, webhook_endpoint};
use crate::server::storage::{StoreResult, WebhookStore, WebhookTransaction};
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};
use sqlx::Row as _;

/// Deliveries that are due: to the endpoint ?1, at the time ?2, at most ?3.
const DUE: &str = "SELECT id FROM webhook_deliveries WHERE endpoint = ?1 AND state = 'waiting' AND next_at <= ?2 \
                   AND coalesce(leased_until, 0) <= ?2 \
                   AND NOT EXISTS (SELECT 1 FROM webhook_endpoints WHERE url = ?1 AND off_at IS NOT NULL) \
                   ORDER BY next_at, id LIMIT ?3";

#[async_trait]
impl WebhookStore for SqliteStore {
    async fn claim_webhooks(
        &self,
        endpoint: &str,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<DueWebhook>> {
        // Nothing is due nearly always, and then nobody waits for the writer.
        let is_due = |connection: &Connection| connection.first(DUE, params![endpoint, now, 1], value::<i64>);
        if self.reads.read(is_due).await?.is_none() {
            return Ok(Vec::new());
        }
        let claim = format!(
            "UPDATE webhook_deliveries SET leased_until = ?4 WHERE id IN ({DUE}) \
             RETURNING id, message_id, type, member_id, inviter_id, created_at, failures, leased_until"
        );
        self.writer.write(|connection| connection.all(&claim, params![endpoint, now, limit, until], due_webhook)).await
    }

    async fn webhooks(&self, search: &WebhookSearch) -> StoreResult<Vec<WebhookDelivery>> {
        let rows = webhook_search(search).build().fetch_all(&self.readers).await?;
        let mut found: Vec<_> = rows.iter().map(webhook_delivery).collect::<StoreResult<_>>()?;
        for attempt in webhook_attempts(&found).build().fetch_all(&self.readers).await? {
            let delivery: i64 = attempt.try_get("delivery_id")?;
            if let Some(delivery) = found.iter_mut().find(|found| found.id == delivery) {
                delivery.attempts.push(webhook_attempt(&attempt)?);
            }
        }
        Ok(found)
    }

    async fn webhook_endpoints(&self) -> StoreResult<Vec<WebhookEndpoint>> {
        let all = sqlx::query("SELECT url, failing_since, off_at, off_because FROM webhook_endpoints ORDER BY url");
        all.fetch_all(&self.readers).await?.iter().map(webhook_endpoint).collect()
    }

    async fn last_webhook_delivered(&self, endpoint: &str) -> StoreResult<Option<Timestamp>> {
        // What has been delivered was so at the time at which it was to be attempted next.
        let last = "SELECT max(next_at) FROM webhook_deliveries WHERE endpoint = ? AND state = 'delivered'";
        Ok(sqlx::query_scalar(last).bind(endpoint).fetch_one(&self.readers).await?)
    }

    async fn delete_webhooks_before(&self, before: Timestamp) -> StoreResult<u64> {
        let delete = "DELETE FROM webhook_deliveries WHERE id IN \
                      (SELECT id FROM webhook_deliveries WHERE created_at < ? LIMIT ?)";
        self.forget(delete, before.0).await
    }
}

#[async_trait]
impl WebhookTransaction for SqliteTransaction {
    async fn add_webhooks(&mut self, endpoints: &[&str], events: &[NewWebhook], now: Timestamp) -> StoreResult<()> {
        let connection = &*self.connection;
        let add = || {
            let all = events.iter().flat_map(|new| endpoints.iter().map(move |endpoint| (new, *endpoint)));
            all.into_iter().try_for_each(|(new, endpoint)| add_webhook(connection, new, endpoint, now))
        };
        at_length(add)
    }

    async fn add_webhook_attempt(&mut self, delivery: i64, attempt: &WebhookAttempt) -> StoreResult<()> {
        let (status, trouble) = match attempt.result {
            WebhookResult::Answered(status) => (Some(status), None),
            WebhookResult::Failed(trouble) => (None, Some(trouble)),
        };
        let took = i64::try_from(attempt.took.as_millis()).unwrap_or(i64::MAX);
        self.connection.change(
            "INSERT INTO webhook_attempts (delivery_id, begun_at, took, status, trouble) VALUES (?, ?, ?, ?, ?)",
            params![delivery, attempt.begun_at, took, status, trouble],
        )?;
        Ok(())
    }

    async fn settle_webhook(&mut self, due: &DueWebhook, next: &NextWebhook) -> StoreResult<()> {
        let settle = "UPDATE webhook_deliveries SET state = ?, failures = ?, next_at = ?, leased_until = NULL \
                      WHERE id = ? AND leased_until = ?";
        let values = params![next.state, next.failures, next.next_at, due.id, due.leased_until];
        self.connection.change(settle, values)?;
        Ok(())
    }

    async fn webhook_failed(&mut self, endpoint: &str, at: Timestamp) -> StoreResult<Timestamp> {
        self.connection.one(
            "INSERT INTO webhook_endpoints (url, failing_since) VALUES (?, ?) ON CONFLICT (url) DO UPDATE \
             SET failing_since = coalesce(failing_since, excluded.failing_since) RETURNING failing_since",
            params![endpoint, at],
            value,
        )
    }

    async fn webhook_delivered(&mut self, endpoint: &str) -> StoreResult<()> {
        let forget = "UPDATE webhook_endpoints SET failing_since = NULL WHERE url = ? AND failing_since IS NOT NULL";
        self.connection.change(forget, [endpoint])?;
        Ok(())
    }

    async fn switch_webhooks_off(&mut self, endpoint: &str, because: WebhookOff, now: Timestamp) -> StoreResult<bool> {
        let off = "UPDATE webhook_endpoints SET off_at = ?, off_because = ? WHERE url = ? AND off_at IS NULL";
        Ok(self.connection.change(off, params![now, because, endpoint])? == 1)
    }

    async fn switch_webhooks_on(&mut self, endpoint: &str) -> StoreResult<bool> {
        let on = "UPDATE webhook_endpoints SET failing_since = NULL, off_at = NULL, off_because = NULL \
                  WHERE url = ? AND off_at IS NOT NULL";
        Ok(self.connection.change(on, [endpoint])? == 1)
    }

    async fn replay_webhook(&mut self, id: i64, now: Timestamp) -> StoreResult<bool> {
        let replay = "UPDATE webhook_deliveries SET state = 'waiting', failures = 0, next_at = ? WHERE id = ?";
        Ok(self.connection.change(replay, params![now, id])? == 1)
    }

    async fn replay_failed_webhooks(&mut self, now: Timestamp) -> StoreResult<u64> {
        let replay =
            "UPDATE webhook_deliveries SET state = 'waiting', failures = 0, next_at = ? WHERE state = 'failed'";
        let connection = &*self.connection;
        at_length(|| connection.change(replay, [now]))
    }
}

fn add_webhook(connection: &Connection, new: &NewWebhook, endpoint: &str, now: Timestamp) -> StoreResult<()> {
    let WebhookEvent { kind, member, inviter } = new.event;
    connection.change(
        "INSERT INTO webhook_deliveries (message_id, type, member_id, inviter_id, created_at, endpoint, state, failures, \
             next_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', 0, ?5)",
        params![new.message_id, kind, member, inviter, now, endpoint],
    )?;
    Ok(())
}

fn due_webhook(row: &Row<'_>) -> rusqlite::Result<DueWebhook> {
    Ok(DueWebhook {
        id: row.get("id")?,
        message_id: row.get("message_id")?,
        event: WebhookEvent { kind: row.get("type")?, member: row.get("member_id")?, inviter: row.get("inviter_id")? },
        created_at: row.get("created_at")?,
        failures: row.get("failures")?,
        leased_until: row.get("leased_until")?,
    })
}
