//! Webhooks: an outbox, and the log of its deliveries.

use super::store::PostgresStore;
use super::transaction::PostgresTransaction;
use crate::server::clock::Timestamp;
use crate::server::data::{
    DueWebhook, NewWebhook, NextWebhook, WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent, WebhookOff,
    WebhookResult, WebhookSearch, WebhookState,
};
use crate::server::storage::conditions::{webhook_attempts, webhook_search};
use crate::server::storage::rows::{number, webhook_attempt, webhook_delivery, webhook_endpoint, webhook_event};
use crate::server::storage::{StoreResult, WebhookStore, WebhookTransaction};
use async_trait::async_trait;
use sqlx::postgres::PgRow;
use sqlx::{Postgres, QueryBuilder, Row};

/// Events in one statement, which has eight parameters for each; PostgreSQL allows 65,535.
const EVENTS_AT_ONCE: usize = 1000;

#[async_trait]
impl WebhookStore for PostgresStore {
    async fn claim_webhooks(
        &self,
        endpoint: &str,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<DueWebhook>> {
        // Materialized, so that the rows are chosen and locked once.
        let claim = sqlx::query(
            "WITH due AS MATERIALIZED (SELECT id FROM webhook_deliveries WHERE endpoint = $1 AND state = 'waiting' \
                 AND next_at <= $2 AND coalesce(leased_until, 0) <= $2 \
                 AND NOT EXISTS (SELECT 1 FROM webhook_endpoints WHERE url = $1 AND off_at IS NOT NULL) \
                 ORDER BY next_at, id LIMIT $4 FOR UPDATE SKIP LOCKED) \
             UPDATE webhook_deliveries SET leased_until = $3 WHERE id IN (SELECT id FROM due) \
             RETURNING id, message_id, type, member_id, inviter_id, created_at, failures, leased_until",
        );
        let claim = claim.bind(endpoint).bind(now).bind(until).bind(i64::from(limit));
        claim.fetch_all(&self.pool).await?.iter().map(due_webhook).collect()
    }

    async fn webhooks(&self, search: &WebhookSearch) -> StoreResult<Vec<WebhookDelivery>> {
        let rows = webhook_search(search).build().fetch_all(&self.pool).await?;
        let mut found: Vec<_> = rows.iter().map(webhook_delivery).collect::<StoreResult<_>>()?;
        for attempt in webhook_attempts(&found).build().fetch_all(&self.pool).await? {
            let delivery: i64 = attempt.try_get("delivery_id")?;
            if let Some(delivery) = found.iter_mut().find(|found| found.id == delivery) {
                delivery.attempts.push(webhook_attempt(&attempt)?);
            }
        }
        Ok(found)
    }

    async fn webhook_endpoints(&self) -> StoreResult<Vec<WebhookEndpoint>> {
        let all = sqlx::query("SELECT url, failing_since, off_at, off_because FROM webhook_endpoints ORDER BY url");
        all.fetch_all(&self.pool).await?.iter().map(webhook_endpoint).collect()
    }

    async fn last_webhook_delivered(&self, endpoint: &str) -> StoreResult<Option<Timestamp>> {
        // What has been delivered was so at the time at which it was to be attempted next.
        let last = "SELECT max(next_at) FROM webhook_deliveries WHERE endpoint = $1 AND state = 'delivered'";
        Ok(sqlx::query_scalar(last).bind(endpoint).fetch_one(&self.pool).await?)
    }

    async fn delete_webhooks_before(&self, before: Timestamp) -> StoreResult<u64> {
        let delete = "DELETE FROM webhook_deliveries WHERE id IN \
                      (SELECT id FROM webhook_deliveries WHERE created_at < $1 LIMIT $2)";
        self.forget(delete, before.0).await
    }
}

#[async_trait]
impl WebhookTransaction for PostgresTransaction {
    async fn add_webhooks(&mut self, endpoints: &[&str], events: &[NewWebhook], now: Timestamp) -> StoreResult<()> {
        for endpoint in endpoints {
            for events in events.chunks(EVENTS_AT_ONCE) {
                let mut add = QueryBuilder::<Postgres>::new(
                    "INSERT INTO webhook_deliveries (message_id, type, member_id, inviter_id, created_at, endpoint, state, \
                     failures, next_at) ",
                );
                add.push_values(events, |mut row, new| {
                    let WebhookEvent { kind, member, inviter } = new.event;
                    row.push_bind(&new.message_id).push_bind(kind).push_bind(member).push_bind(inviter);
                    row.push_bind(now).push_bind(*endpoint).push_bind(WebhookState::Waiting).push("0").push_bind(now);
                });
                add.build().execute(self.connection()).await?;
            }
        }
        Ok(())
    }

    async fn add_webhook_attempt(&mut self, delivery: i64, attempt: &WebhookAttempt) -> StoreResult<()> {
        let (status, trouble) = match attempt.result {
            WebhookResult::Answered(status) => (Some(i64::from(status)), None),
            WebhookResult::Failed(trouble) => (None, Some(trouble)),
        };
        let took = i64::try_from(attempt.took.as_millis()).unwrap_or(i64::MAX);
        let add = sqlx::query(
            "INSERT INTO webhook_attempts (delivery_id, begun_at, took, status, trouble) VALUES ($1, $2, $3, $4, $5)",
        );
        let add = add.bind(delivery).bind(attempt.begun_at).bind(took).bind(status).bind(trouble);
        add.execute(self.connection()).await?;
        Ok(())
    }

    async fn settle_webhook(&mut self, due: &DueWebhook, next: &NextWebhook) -> StoreResult<()> {
        let settle = sqlx::query(
            "UPDATE webhook_deliveries SET state = $1, failures = $2, next_at = $3, leased_until = NULL \
             WHERE id = $4 AND leased_until = $5",
        );
        let settle = settle.bind(next.state).bind(i64::from(next.failures)).bind(next.next_at);
        settle.bind(due.id).bind(due.leased_until).execute(self.connection()).await?;
        Ok(())
    }

    async fn webhook_failed(&mut self, endpoint: &str, at: Timestamp) -> StoreResult<Timestamp> {
        let failed = sqlx::query_scalar(
            "INSERT INTO webhook_endpoints AS endpoints (url, failing_since) VALUES ($1, $2) ON CONFLICT (url) DO UPDATE \
             SET failing_since = coalesce(endpoints.failing_since, excluded.failing_since) RETURNING failing_since",
        );
        Ok(failed.bind(endpoint).bind(at).fetch_one(self.connection()).await?)
    }

    async fn webhook_delivered(&mut self, endpoint: &str) -> StoreResult<()> {
        let forget = sqlx::query(
            "UPDATE webhook_endpoints SET failing_since = NULL WHERE url = $1 AND failing_since IS NOT NULL",
        );
        forget.bind(endpoint).execute(self.connection()).await?;
        Ok(())
    }

    async fn switch_webhooks_off(&mut self, endpoint: &str, because: WebhookOff, now: Timestamp) -> StoreResult<bool> {
        let off =
            sqlx::query("UPDATE webhook_endpoints SET off_at = $1, off_because = $2 WHERE url = $3 AND off_at IS NULL");
        let off = off.bind(now).bind(because).bind(endpoint);
        Ok(off.execute(self.connection()).await?.rows_affected() == 1)
    }

    async fn switch_webhooks_on(&mut self, endpoint: &str) -> StoreResult<bool> {
        let on = sqlx::query(
            "UPDATE webhook_endpoints SET failing_since = NULL, off_at = NULL, off_because = NULL \
             WHERE url = $1 AND off_at IS NOT NULL",
        );
        Ok(on.bind(endpoint).execute(self.connection()).await?.rows_affected() == 1)
    }

    async fn replay_webhook(&mut self, id: i64, now: Timestamp) -> StoreResult<bool> {
        let replay =
            sqlx::query("UPDATE webhook_deliveries SET state = 'waiting', failures = 0, next_at = $1 WHERE id = $2");
        Ok(replay.bind(now).bind(id).execute(self.connection()).await?.rows_affected() == 1)
    }

    async fn replay_failed_webhooks(&mut self, now: Timestamp) -> StoreResult<u64> {
        let replay = sqlx::query(
            "UPDATE webhook_deliveries SET state = 'waiting', failures = 0, next_at = $1 WHERE state = 'failed'",
        );
        Ok(replay.bind(now).execute(self.connection()).await?.rows_affected())
    }
}

fn due_webhook(row: &PgRow) -> StoreResult<DueWebhook> {
    Ok(DueWebhook {
        id: row.try_get("id")?,
        message_id: row.try_get("message_id")?,
        event: webhook_event(row)?,
        created_at: row.try_get("created_at")?,
        failures: number(row, "failures")?,
        leased_until: row.try_get("leased_until")?,
    })
}
