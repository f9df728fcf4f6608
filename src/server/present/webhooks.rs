//! The pages of webhooks for admins.

use super::admin::about_form;
use super::moment;
use crate::model::admin::{
    DeliveryRow, DeliveryView, EndpointRow, EndpointView, ROWS, Refusal, WebhookQuery, WebhooksView,
};
use crate::model::moment::Moment;
use crate::model::profile::Flash;
use crate::server::data::{
    WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookKind, WebhookOff, WebhookResult, WebhookState,
};
use crate::server::domain::admin::webhooks::{EndpointReport, problem_text};
use crate::server::domain::admin::{AdminResult, page};
use crate::server::domain::webhooks::origin;
use crate::words;
use strum::VariantArray;

/// The endpoints and the log, or why the search was refused.
///
/// # Errors
/// Refusals that are not about the search form.
pub fn list(
    reports: &[EndpointReport],
    found: AdminResult<Vec<WebhookDelivery>>,
    query: WebhookQuery,
    has_failed: bool,
) -> AdminResult<WebhooksView> {
    let (problem, found) = about_form(found)?;
    let (found, next) = page(found, ROWS, |last| last.id);
    let state = |state: &WebhookState| (state.into_str().to_owned(), state_text(*state).to_owned());
    let event = |kind: &WebhookKind| (kind.into_str().to_owned(), event_text(*kind).to_owned());
    Ok(WebhooksView {
        endpoints: reports.iter().zip(1..).map(|(report, number)| endpoint_row(number, report)).collect(),
        query,
        problem,
        states: WebhookState::VARIANTS.iter().map(state).collect(),
        events: WebhookKind::VARIANTS.iter().map(event).collect(),
        rows: found.iter().map(|delivery| delivery_row(delivery, is_on(reports, delivery))).collect(),
        next,
        has_failed,
    })
}

pub fn delivery(reports: &[EndpointReport], delivery: &WebhookDelivery, flash: Flash<Refusal>) -> DeliveryView {
    DeliveryView {
        flash,
        row: delivery_row(delivery, is_on(reports, delivery)),
        event_id: delivery.message_id.clone(),
        url: delivery.endpoint.clone(),
        attempts: delivery.attempts.iter().rev().map(attempt).collect(),
    }
}

pub fn endpoint(number: usize, report: &EndpointReport, flash: Flash<Refusal>) -> EndpointView {
    EndpointView { flash, row: endpoint_row(number, report) }
}

fn endpoint_row(number: usize, report: &EndpointReport) -> EndpointRow {
    let (words, endpoint) = (words::admin(), &report.endpoint);
    let (state, trouble) = match (endpoint.off, endpoint.failing_since) {
        (Some(_), _) => (words.endpoint_off, off_text(endpoint)),
        (None, Some(since)) => (words.endpoint_failing, words.failing_since(&moment(since).text)),
        (None, None) => (words.endpoint_on, String::new()),
    };
    EndpointRow {
        number,
        url: endpoint.url.clone(),
        is_off: endpoint.off.is_some(),
        state: state.to_owned(),
        trouble,
        last_delivery: report.delivered_at.map(moment),
    }
}

/// Since when and why an endpoint is off; empty if it is on.
fn off_text(endpoint: &WebhookEndpoint) -> String {
    let words = words::admin();
    match endpoint.off {
        Some((since, WebhookOff::Gone)) => words.off_because_gone(&moment(since).text),
        Some((since, WebhookOff::Failing)) => words.off_because_failing(&moment(since).text),
        None => String::new(),
    }
}

/// Whether anything is sent to the endpoint of a delivery; nothing is to one that the host has taken out.
fn is_on(reports: &[EndpointReport], delivery: &WebhookDelivery) -> bool {
    let mut on = reports.iter().filter(|report| report.endpoint.off.is_none());
    on.any(|report| report.endpoint.url == delivery.endpoint)
}

fn delivery_row(delivery: &WebhookDelivery, is_on: bool) -> DeliveryRow {
    let will_be_attempted = is_on && delivery.state == WebhookState::Waiting;
    DeliveryRow {
        id: delivery.id,
        event: event_text(delivery.event.kind).to_owned(),
        member: delivery.event.member.0,
        at: moment(delivery.created_at),
        endpoint: origin(&delivery.endpoint).to_owned(),
        state: state_text(delivery.state).to_owned(),
        has_failed: delivery.state == WebhookState::Failed,
        attempts: delivery.attempts.len(),
        next: will_be_attempted.then(|| moment(delivery.next_at)),
    }
}

fn attempt(attempt: &WebhookAttempt) -> (Moment, String) {
    let words = words::admin();
    let text = problem_text(attempt.result).unwrap_or_else(|| match attempt.result {
        WebhookResult::Answered(status) => words.webhook_status(status),
        WebhookResult::Failed(_) => String::new(),
    });
    (moment(attempt.begun_at), text + &words.attempt_took(attempt.took.as_millis()))
}

fn state_text(state: WebhookState) -> &'static str {
    let words = words::admin();
    match state {
        WebhookState::Waiting => words.delivery_waiting,
        WebhookState::Delivered => words.delivery_delivered,
        WebhookState::Failed => words.delivery_failed,
    }
}

fn event_text(kind: WebhookKind) -> &'static str {
    let words = words::admin();
    match kind {
        WebhookKind::MemberCreated => words.event_member_created,
        WebhookKind::RedemptionCreated => words.event_redemption_created,
        WebhookKind::RedemptionRemoved => words.event_redemption_removed,
        WebhookKind::MemberBlocked => words.event_member_blocked,
        WebhookKind::MemberErased => words.event_member_erased,
    }
}
