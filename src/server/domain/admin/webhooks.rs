//! Webhooks for admins: what was sent, what failed, and sending it again. Where they are sent is decided by the host.

use super::actor::{Actor, Admin};
use super::reason::Reason;
use super::{audit, filters};
use crate::model::admin::{AdminResult, Refusal, WebhookQuery};
use crate::server::clock::Timestamp;
use crate::server::data::{
    Act, Details, Lock, WebhookDelivery, WebhookEndpoint, WebhookResult, WebhookSearch, WebhookState, WebhookTrouble,
};
use crate::server::domain::Ports;
use crate::server::domain::webhooks::origin;
use crate::server::settings::WebhookUrl;
use crate::words;

/// Newest first.
///
/// # Errors
/// `Unavailable`.
pub async fn list(ports: &Ports, _: &Admin, search: &WebhookSearch) -> AdminResult<Vec<WebhookDelivery>> {
    Ok(ports.store.webhooks(search).await?)
}

/// Like [`list`], for a search form.
///
/// # Errors
/// `FilterUnknown`.
pub async fn search(ports: &Ports, by: &Admin, query: &WebhookQuery, limit: u32) -> AdminResult<Vec<WebhookDelivery>> {
    let search = WebhookSearch {
        state: filters::filter(&query.state)?,
        kind: filters::filter(&query.event)?,
        before: filters::number(&query.before)?,
        limit,
    };
    list(ports, by, &search).await
}

/// # Errors
/// `NoSuchWebhook`.
pub async fn read(ports: &Ports, by: &Admin, id: i64) -> AdminResult<WebhookDelivery> {
    let search = WebhookSearch { before: Some(id.saturating_add(1)), limit: 1, ..WebhookSearch::default() };
    let newest = list(ports, by, &search).await?.pop();
    newest.filter(|delivery| delivery.id == id).ok_or(Refusal::NoSuchWebhook)
}

/// Whether any delivery has failed for good.
///
/// # Errors
/// `Unavailable`.
pub async fn has_failed(ports: &Ports, by: &Admin) -> AdminResult<bool> {
    let search = WebhookSearch { state: Some(WebhookState::Failed), limit: 1, ..WebhookSearch::default() };
    Ok(!list(ports, by, &search).await?.is_empty())
}

/// An endpoint, and when something was last delivered to it, as far as deliveries are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointReport {
    pub endpoint: WebhookEndpoint,
    pub delivered_at: Option<Timestamp>,
}

/// Like [`endpoints`], with their last deliveries.
///
/// # Errors
/// `Unavailable`.
pub async fn reports(ports: &Ports, by: &Admin) -> AdminResult<Vec<EndpointReport>> {
    let mut reports = Vec::new();
    for endpoint in endpoints(ports, by).await? {
        reports
            .push(EndpointReport { delivered_at: ports.store.last_webhook_delivered(&endpoint.url).await?, endpoint });
    }
    Ok(reports)
}

/// The endpoint at a place in the settings of the host, from 1.
///
/// # Errors
/// `NoSuchEndpoint`.
pub async fn report(ports: &Ports, by: &Admin, number: usize) -> AdminResult<EndpointReport> {
    let mut endpoints = endpoints(ports, by).await?;
    let place = number.checked_sub(1).filter(|place| *place < endpoints.len()).ok_or(Refusal::NoSuchEndpoint)?;
    let endpoint = endpoints.swap_remove(place);
    Ok(EndpointReport { delivered_at: ports.store.last_webhook_delivered(&endpoint.url).await?, endpoint })
}

/// The endpoints that the host has set, in their order.
///
/// # Errors
/// `Unavailable`.
pub async fn endpoints(ports: &Ports, _: &Admin) -> AdminResult<Vec<WebhookEndpoint>> {
    let known = ports.store.webhook_endpoints().await?;
    let endpoint = |url: &WebhookUrl| {
        let known = known.iter().find(|known| known.url == url.as_str()).cloned();
        known.unwrap_or_else(|| WebhookEndpoint { url: url.as_str().to_owned(), ..WebhookEndpoint::default() })
    };
    Ok(ports.rules.webhooks.iter().map(endpoint).collect())
}

/// Why an attempt failed, if it did.
pub fn problem_text(result: WebhookResult) -> Option<String> {
    let words = words::admin();
    Some(match result {
        WebhookResult::Answered(200..=299) => return None,
        WebhookResult::Answered(status) => words.webhook_status(status),
        WebhookResult::Failed(WebhookTrouble::TimedOut) => words.webhook_timed_out.to_owned(),
        WebhookResult::Failed(WebhookTrouble::AddressRefused) => words.webhook_address_refused.to_owned(),
        WebhookResult::Failed(WebhookTrouble::NotConnected) => words.webhook_not_connected.to_owned(),
        WebhookResult::Failed(WebhookTrouble::BrokenOff) => words.webhook_broken_off.to_owned(),
    })
}

/// Sends an event to its endpoint again, with the same id, whether it was delivered or not.
///
/// # Errors
/// `ReasonMissing`, `ReasonTooLong`, `NoSuchWebhook`.
pub async fn replay(ports: &Ports, by: &Admin, id: i64, reason: &str) -> AdminResult<()> {
    let reason = Reason::parse(reason)?;
    let now = ports.clock.now();
    let mut tx = ports.store.begin(Lock::Nothing).await?;
    if !tx.replay_webhook(id, now).await? {
        return Err(Refusal::NoSuchWebhook);
    }
    let (actor, details) = (Actor::Admin(by), Details::Webhook(id));
    audit::write(tx.as_mut(), now, actor, Act::ReplayWebhooks, None, reason.as_str(), details).await?;
    Ok(tx.commit().await?)
}

/// Sends every event again that could not be delivered; returns how many deliveries that are.
///
/// # Errors
/// `ReasonMissing`, `ReasonTooLong`.
pub async fn replay_failed(ports: &Ports, by: &Admin, reason: &str) -> AdminResult<u64> {
    let reason = Reason::parse(reason)?;
    let now = ports.clock.now();
    let mut tx = ports.store.begin(Lock::Nothing).await?;
    let count = tx.replay_failed_webhooks(now).await?;
    let (actor, details) = (Actor::Admin(by), Details::Webhooks(count));
    audit::write(tx.as_mut(), now, actor, Act::ReplayWebhooks, None, reason.as_str(), details).await?;
    tx.commit().await?;
    Ok(count)
}

/// Lets an endpoint that was switched off get what has been waiting for it.
///
/// # Errors
/// `ReasonMissing`, `ReasonTooLong`, `NoSuchEndpoint`, `EndpointIsOn`.
pub async fn switch_on(ports: &Ports, by: &Admin, url: &str, reason: &str) -> AdminResult<()> {
    let reason = Reason::parse(reason)?;
    if !ports.rules.webhooks.iter().any(|known| known.as_str() == url) {
        return Err(Refusal::NoSuchEndpoint);
    }
    let now = ports.clock.now();
    let mut tx = ports.store.begin(Lock::Nothing).await?;
    if !tx.switch_webhooks_on(url).await? {
        return Err(Refusal::EndpointIsOn);
    }
    let (actor, details) = (Actor::Admin(by), Details::Endpoint(origin(url).to_owned()));
    audit::write(tx.as_mut(), now, actor, Act::SwitchOnWebhooks, None, reason.as_str(), details).await?;
    Ok(tx.commit().await?)
}
