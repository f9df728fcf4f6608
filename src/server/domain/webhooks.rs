//! What other systems are told, and when: an event is added in the transaction of the change, and attempted until it is
//! delivered or the last attempt has failed.

use super::Ports;
use crate::error::AppResult;
use crate::server::clock::Timestamp;
use crate::server::data::{
    DueWebhook, Lock, NewWebhook, NextWebhook, WebhookAttempt, WebhookEvent, WebhookOff, WebhookResult, WebhookState,
};
use crate::server::metrics;
use crate::server::secrets::random_bytes;
use crate::server::settings::WebhookUrl;
use crate::server::storage::Transaction;
use crate::server::webhooks::{Message, Sent};
use data_encoding::HEXLOWER;
use rand::RngExt;
use serde::Serialize;
use std::time::Duration;

/// The waits between attempts. After the first attempt there are as many as these.
const WAITS: [Duration; 9] = [
    Duration::from_secs(5),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
    Duration::from_hours(14),
    Duration::from_hours(20),
    Duration::from_hours(24),
];
/// A wait is longer by up to one part in so many, so that deliveries that failed at once are not repeated at once.
const JITTER: u32 = 10;
/// The longest wait that an endpoint can ask for.
const LONGEST_WAIT: Duration = Duration::from_hours(24);
/// Longer than an attempt can take, on servers whose clocks differ by half a minute.
const LEASE: Duration = Duration::from_mins(1);
/// An endpoint is switched off after every attempt has failed for this time.
const PATIENCE: Duration = Duration::from_hours(5 * 24);
/// How long deliveries and their attempts are kept.
const MEMORY: Duration = Duration::from_hours(30 * 24);

/// Adds events for every endpoint, if there is any, in the transaction of the changes that they tell of.
///
/// # Errors
/// `Unavailable`.
pub async fn tell(tx: &mut dyn Transaction, ports: &Ports, events: &[WebhookEvent]) -> AppResult<()> {
    let endpoints: Vec<&str> = ports.rules.webhooks.iter().map(WebhookUrl::as_str).collect();
    if endpoints.is_empty() {
        return Ok(());
    }
    let mut rng = ports.rng()?;
    let mut new = |event: &WebhookEvent| {
        let message_id = format!("msg_{}", HEXLOWER.encode(&random_bytes::<16>(&mut *rng)));
        NewWebhook { message_id, event: *event }
    };
    let new: Vec<_> = events.iter().map(&mut new).collect();
    Ok(tx.add_webhooks(&endpoints, &new, ports.clock.now()).await?)
}

/// Claims deliveries that are due; no other server attempts them now.
///
/// # Errors
/// `Unavailable`.
pub async fn claim(ports: &Ports, endpoint: &str, limit: usize) -> AppResult<Vec<DueWebhook>> {
    let now = ports.clock.now();
    Ok(ports.store.claim_webhooks(endpoint, now, now.plus(LEASE), u32::try_from(limit).unwrap_or(u32::MAX)).await?)
}

#[derive(Serialize)]
struct Body {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: String,
    data: Data,
}

#[derive(Serialize)]
struct Data {
    member_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    inviter_id: Option<i64>,
}

/// What is sent. It names nobody: a receiver that needs more asks the API.
pub fn message(due: &DueWebhook) -> Message<'_> {
    let WebhookEvent { kind, member, inviter } = due.event;
    let data = Data { member_id: member.0, inviter_id: inviter.map(|inviter| inviter.0) };
    let body = Body { kind: kind.into_str(), timestamp: due.created_at.rfc3339(), data };
    // Numbers and texts can always be written.
    Message { id: &due.message_id, body: serde_json::to_string(&body).unwrap_or_default() }
}

/// Records an attempt that began at `begun_at`, and what follows from it.
///
/// # Errors
/// `Unavailable`.
pub async fn settle(ports: &Ports, endpoint: &str, due: &DueWebhook, begun_at: Timestamp, sent: Sent) -> AppResult<()> {
    let now = ports.clock.now();
    let next = next(ports, due, sent, now)?;
    let mut tx = ports.store.begin(Lock::Nothing).await?;
    tx.add_webhook_attempt(due.id, &WebhookAttempt { begun_at, took: sent.took, result: sent.result }).await?;
    tx.settle_webhook(due, &next).await?;
    let mut off = None;
    if sent.result.is_delivered() {
        tx.webhook_delivered(endpoint).await?;
    } else {
        let failing_since = tx.webhook_failed(endpoint, begun_at).await?;
        off = why_off(sent.result, failing_since, now);
    }
    if let Some(because) = off
        && !tx.switch_webhooks_off(endpoint, because, now).await?
    {
        off = None;
    }
    tx.commit().await?;
    metrics::webhook(sent.result.is_delivered());
    if let Some(because) = off {
        tracing::warn!(
            endpoint = origin(endpoint),
            because = because.into_str(),
            "an endpoint of webhooks was switched off"
        );
    }
    Ok(())
}

/// The URL of an endpoint without its path, which may have a secret in it.
pub fn origin(endpoint: &str) -> &str {
    endpoint.match_indices('/').nth(2).map_or(endpoint, |(end, _)| &endpoint[..end])
}

fn next(ports: &Ports, due: &DueWebhook, sent: Sent, now: Timestamp) -> AppResult<NextWebhook> {
    let (failures, next_at) = (due.failures, now);
    if sent.result.is_delivered() {
        return Ok(NextWebhook { state: WebhookState::Delivered, failures, next_at });
    }
    let Some(wait) = WAITS.get(failures as usize) else {
        return Ok(NextWebhook { state: WebhookState::Failed, failures: failures + 1, next_at });
    };
    let jitter = ports.rng()?.random_range(Duration::ZERO..=*wait / JITTER);
    let asked = sent.retry_after.unwrap_or_default().min(LONGEST_WAIT);
    let next_at = now.plus((*wait + jitter).max(asked));
    Ok(NextWebhook { state: WebhookState::Waiting, failures: failures + 1, next_at })
}

fn why_off(result: WebhookResult, failing_since: Timestamp, now: Timestamp) -> Option<WebhookOff> {
    if result.is_gone() {
        return Some(WebhookOff::Gone);
    }
    (failing_since <= now.minus(PATIENCE)).then_some(WebhookOff::Failing)
}

/// Deletes old deliveries; returns how many.
///
/// # Errors
/// `Unavailable`.
pub async fn forget_old(ports: &Ports) -> AppResult<u64> {
    Ok(ports.store.delete_webhooks_before(ports.clock.now().minus(MEMORY)).await?)
}
