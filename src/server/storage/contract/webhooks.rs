//! The outbox of webhooks, and the log of its deliveries.

use super::*;
use crate::server::data::{
    DueWebhook, NewWebhook, NextWebhook, WebhookAttempt, WebhookEvent, WebhookKind, WebhookOff, WebhookResult,
    WebhookSearch, WebhookState, WebhookTrouble,
};

pub const ENDPOINT: &str = "https://hooks.example/";
pub const LEASE: Duration = Duration::from_mins(1);

/// Adds so many events, of one member, for one endpoint.
pub async fn add_events(store: &dyn Store, member: MemberId, count: u32, now: Timestamp) {
    let event = WebhookEvent::of_member(WebhookKind::MemberCreated, member);
    let events: Vec<_> = (0..count).map(|number| NewWebhook { message_id: format!("msg_{number}"), event }).collect();
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.add_webhooks(&[ENDPOINT], &events, now).await.unwrap();
    tx.commit().await.unwrap();
}

pub async fn claim(store: &dyn Store, now: Timestamp, limit: u32) -> Vec<DueWebhook> {
    store.claim_webhooks(ENDPOINT, now, now.plus(LEASE), limit).await.unwrap()
}

async fn settle(store: &dyn Store, due: &DueWebhook, state: WebhookState, next_at: Timestamp) {
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.settle_webhook(due, &NextWebhook { state, failures: due.failures + 1, next_at }).await.unwrap();
    tx.commit().await.unwrap();
}

async fn states(store: &dyn Store) -> Vec<WebhookState> {
    let search = WebhookSearch { limit: 9, ..WebhookSearch::default() };
    store.webhooks(&search).await.unwrap().into_iter().map(|delivery| delivery.state).collect()
}

pub async fn a_delivery_is_claimed_until_its_lease_ends(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    add_events(store, member, 3, NOW).await;
    assert!(claim(store, NOW.minus(Duration::from_millis(1)), 9).await.is_empty(), "none is due yet");
    let first = claim(store, NOW, 2).await;
    assert_eq!(first.len(), 2);
    assert_eq!(claim(store, NOW, 9).await.len(), 1);
    assert!(store.claim_webhooks("https://other.example/", NOW, NOW, 9).await.unwrap().is_empty());
    let end = NOW.plus(LEASE);
    assert!(claim(store, end.minus(Duration::from_millis(1)), 9).await.is_empty());
    let again = claim(store, end, 9).await;
    assert_eq!(again.len(), 3);
    // The server that lost its lease changes nothing, and the one that has it does.
    settle(store, &first[0], WebhookState::Failed, NOW).await;
    assert_eq!(states(store).await, [WebhookState::Waiting; 3]);
    settle(store, &again[0], WebhookState::Failed, NOW).await;
    assert_eq!(states(store).await.iter().filter(|state| **state == WebhookState::Failed).count(), 1);
}

pub async fn a_delivery_waits_until_it_is_due_and_can_be_replayed(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    add_events(store, member, 1, NOW).await;
    let due = &claim(store, NOW, 9).await[0];
    let later = NOW.plus(Duration::from_secs(5));
    settle(store, due, WebhookState::Waiting, later).await;
    assert!(claim(store, later.minus(Duration::from_millis(1)), 9).await.is_empty());
    let again = claim(store, later, 9).await;
    assert_eq!((again[0].id, again[0].failures, &again[0].message_id), (due.id, 1, &due.message_id));
    settle(store, &again[0], WebhookState::Failed, later).await;
    assert!(claim(store, later.plus(LEASE), 9).await.is_empty());

    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    assert!(!tx.replay_webhook(due.id + 1, later).await.unwrap());
    assert_eq!(tx.replay_failed_webhooks(later).await.unwrap(), 1);
    assert_eq!(tx.replay_failed_webhooks(later).await.unwrap(), 0);
    tx.commit().await.unwrap();
    let replayed = &claim(store, later, 9).await[0];
    assert_eq!(replayed.failures, 0);
    settle(store, replayed, WebhookState::Delivered, later).await;
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    assert_eq!(tx.replay_failed_webhooks(later).await.unwrap(), 0);
    assert!(tx.replay_webhook(due.id, later).await.unwrap(), "also after it was delivered");
    tx.commit().await.unwrap();
    assert_eq!(claim(store, later, 9).await.len(), 1);
}

pub async fn nothing_is_claimed_for_an_endpoint_that_is_off(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    add_events(store, member, 1, NOW).await;
    let later = NOW.plus(Duration::from_hours(1));
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    assert!(!tx.switch_webhooks_off(ENDPOINT, WebhookOff::Gone, NOW).await.unwrap(), "it has never failed");
    assert_eq!(tx.webhook_failed(ENDPOINT, NOW).await.unwrap(), NOW);
    assert_eq!(tx.webhook_failed(ENDPOINT, later).await.unwrap(), NOW);
    tx.webhook_delivered(ENDPOINT).await.unwrap();
    assert_eq!(tx.webhook_failed(ENDPOINT, later).await.unwrap(), later);
    assert!(tx.switch_webhooks_off(ENDPOINT, WebhookOff::Failing, later).await.unwrap());
    assert!(!tx.switch_webhooks_off(ENDPOINT, WebhookOff::Gone, later).await.unwrap(), "it is off");
    tx.commit().await.unwrap();
    assert!(claim(store, NOW, 9).await.is_empty());
    let endpoint = &store.webhook_endpoints().await.unwrap()[0];
    assert_eq!((endpoint.failing_since, endpoint.off), (Some(later), Some((later, WebhookOff::Failing))));

    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    assert!(tx.switch_webhooks_on(ENDPOINT).await.unwrap());
    assert!(!tx.switch_webhooks_on(ENDPOINT).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(claim(store, NOW, 9).await.len(), 1);
    let endpoint = &store.webhook_endpoints().await.unwrap()[0];
    assert_eq!((endpoint.failing_since, endpoint.off), (None, None));
}

pub async fn deliveries_are_listed_with_their_attempts_and_deleted_with_them(store: &dyn Store) {
    let inviter = add_member(store, 1, "AAAAAA").await.id;
    let invitee = add_member(store, 2, "BBBBBB").await.id;
    let created = WebhookEvent::of_member(WebhookKind::MemberCreated, invitee);
    let redeemed = WebhookEvent::of_redemption(WebhookKind::RedemptionCreated, invitee, inviter);
    let events =
        [("msg_1", created), ("msg_2", redeemed)].map(|(id, event)| NewWebhook { message_id: id.to_owned(), event });
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.add_webhooks(&[ENDPOINT, "https://other.example/"], &events, NOW).await.unwrap();
    tx.commit().await.unwrap();
    let due = claim(store, NOW, 9).await;
    let attempts = [WebhookResult::Failed(WebhookTrouble::TimedOut), WebhookResult::Answered(503)]
        .map(|result| WebhookAttempt { begun_at: NOW, took: Duration::from_millis(17), result });
    let redemption = due.iter().find(|due| due.event == redeemed).unwrap();
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    for attempt in &attempts {
        tx.add_webhook_attempt(redemption.id, attempt).await.unwrap();
    }
    tx.settle_webhook(redemption, &NextWebhook { state: WebhookState::Failed, failures: 10, next_at: NOW })
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let list = async |search: WebhookSearch| store.webhooks(&search).await.unwrap();
    let all = list(WebhookSearch { limit: 9, ..WebhookSearch::default() }).await;
    assert_eq!(all.len(), 4);
    assert!(all.is_sorted_by(|newer, older| newer.id > older.id));
    let failed = list(WebhookSearch { state: Some(WebhookState::Failed), limit: 9, ..WebhookSearch::default() }).await;
    assert_eq!((failed.len(), failed[0].event, &*failed[0].message_id), (1, redeemed, "msg_2"));
    assert_eq!((&*failed[0].endpoint, &failed[0].attempts[..]), (ENDPOINT, &attempts[..]));
    let kind = Some(WebhookKind::RedemptionCreated);
    assert_eq!(list(WebhookSearch { kind, limit: 9, ..WebhookSearch::default() }).await.len(), 2);
    let rest = list(WebhookSearch { before: Some(all[1].id), limit: 1, ..WebhookSearch::default() }).await;
    assert_eq!(rest, all[2..3]);

    assert_eq!(store.delete_webhooks_before(NOW).await.unwrap(), 0);
    assert_eq!(store.delete_webhooks_before(NOW.plus(Duration::from_millis(1))).await.unwrap(), 4);
    assert!(list(WebhookSearch { limit: 9, ..WebhookSearch::default() }).await.is_empty());
}

pub async fn the_last_delivery_to_an_endpoint_is_told(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    add_events(store, member, 3, NOW).await;
    let last = async |endpoint| store.last_webhook_delivered(endpoint).await.unwrap();
    assert_eq!(last(ENDPOINT).await, None);
    let due = claim(store, NOW, 9).await;
    let [second, third] = [1, 2].map(|seconds| NOW.plus(Duration::from_secs(seconds)));
    settle(store, &due[0], WebhookState::Delivered, second).await;
    settle(store, &due[1], WebhookState::Delivered, NOW).await;
    settle(store, &due[2], WebhookState::Failed, third).await;
    assert_eq!(last(ENDPOINT).await, Some(second));
    assert_eq!(last("https://other.example/").await, None);
}
