//! Webhooks for admins: what was sent, what failed, and sending it again. Where they are sent is decided by the host.

use super::actor::{Actor, Admin};
use super::audit;
use super::reason::Reason;
use crate::model::admin::{AdminResult, Refusal};
use crate::server::data::{
    Act, Details, Lock, WebhookDelivery, WebhookEndpoint, WebhookResult, WebhookSearch, WebhookTrouble,
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
