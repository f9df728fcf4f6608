//! The pages of webhooks.

use super::pages::{candidate, prove_in};
use super::*;
use crate::server::data::{
    Lock, NewWebhook, NextWebhook, WebhookEvent, WebhookKind, WebhookOff, WebhookSearch, WebhookState,
};
use crate::server::settings::Rules;

const ENDPOINT: &str = "https://hooks.example/secret-path";
const OTHER: &str = "https://other.example/vouch";

fn with_endpoints(rules: &mut Rules) {
    rules.webhooks = [ENDPOINT, OTHER].map(|url| url.parse().unwrap()).into();
}

/// An app with two endpoints, and the browser of its admin.
async fn app() -> (TestApp, Browser) {
    let app = TestApp::with_rules(with_endpoints).await;
    let (browser, totp) = candidate(&app).await;
    prove_in(&app, &browser, &totp).await;
    (app, browser)
}

/// Lets so many members join, as far as the endpoints are concerned.
async fn tell(app: &TestApp, count: usize) {
    let event = WebhookEvent::of_member(WebhookKind::MemberCreated, app.member_id(ADMIN).await);
    let events: Vec<_> = (0..count).map(|number| NewWebhook { message_id: format!("msg_{number}"), event }).collect();
    let mut tx = app.store.begin(Lock::Nothing).await.unwrap();
    tx.add_webhooks(&[ENDPOINT, OTHER], &events, app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn switch_off(app: &TestApp) {
    let mut tx = app.store.begin(Lock::Nothing).await.unwrap();
    tx.webhook_failed(ENDPOINT, app.clock.now()).await.unwrap();
    assert!(tx.switch_webhooks_off(ENDPOINT, WebhookOff::Gone, app.clock.now()).await.unwrap());
    tx.commit().await.unwrap();
}

/// Lets all that waits for an endpoint fail for good.
async fn fail_all(app: &TestApp) {
    let now = app.clock.now();
    let due = app.store.claim_webhooks(ENDPOINT, now, now.plus(seconds(60)), 100).await.unwrap();
    let mut tx = app.store.begin(Lock::Nothing).await.unwrap();
    for due in &due {
        let next = NextWebhook { state: WebhookState::Failed, failures: 10, next_at: now };
        tx.settle_webhook(due, &next).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn count(app: &TestApp, state: WebhookState) -> usize {
    let search = WebhookSearch { state: Some(state), limit: 1000, ..WebhookSearch::default() };
    app.store.webhooks(&search).await.unwrap().len()
}

fn rows(page: &str, test_id: &str) -> usize {
    page.matches(&format!("data-testid=\"{test_id}\"")).count()
}

#[tokio::test]
async fn endpoints_are_shown_with_their_state_and_one_that_is_off_is_switched_on_for_a_reason() {
    let (app, browser) = app().await;
    let page = browser.get("/admin/webhooks").await.body;
    assert_eq!((rows(&page, "endpoint"), page.contains("/admin/webhooks/endpoints/")), (2, false), "{page}");
    assert_eq!(page.matches("Next attempt").count(), 2, "{page}");
    assert!(page.contains(ENDPOINT) && page.contains("No delivery in the last 30 days"));

    switch_off(&app).await;
    let page = browser.get("/admin/webhooks").await.body;
    assert!(page.contains("Nothing is sent since 1 Jan 2026, 00:00 UTC: it answered 410 Gone."), "{page}");
    assert_eq!(page.matches("Next attempt").count(), 1, "none is made at an endpoint that is off: {page}");
    let form = "/admin/webhooks/endpoints/1";
    assert!(page.contains(form) && !page.contains("/admin/webhooks/endpoints/2"));
    assert!(browser.get(form).await.body.contains(ENDPOINT));
    let switch_on = async |reason| {
        let fields = [("number", "1"), ("url", ENDPOINT), ("reason", reason)];
        browser.submit(form, "/api/admin/webhooks/switch_on", &fields).await
    };
    assert_eq!(switch_on("").await.location(), form);
    assert!(browser.get(form).await.body.contains("Say why"));
    assert_eq!(switch_on("it is back").await.location(), "/admin/webhooks");
    assert!(app.acts().await.contains(&Act::SwitchOnWebhooks));
    assert!(!browser.get("/admin/webhooks").await.body.contains("410 Gone"));
    assert_eq!(switch_on("twice").await.location(), form);
    assert!(browser.get(form).await.body.contains("This endpoint is on."));
    for unknown in ["/admin/webhooks/endpoints/0", "/admin/webhooks/endpoints/3", "/admin/webhooks/endpoints/x"] {
        assert_eq!(browser.get(unknown).await.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn the_last_delivery_to_an_endpoint_is_shown() {
    let (app, browser) = app().await;
    app.clock.advance(seconds(60));
    let now = app.clock.now();
    let due = app.store.claim_webhooks(OTHER, now, now.plus(seconds(60)), 1).await.unwrap();
    let mut tx = app.store.begin(Lock::Nothing).await.unwrap();
    let next = NextWebhook { state: WebhookState::Delivered, failures: 0, next_at: now };
    tx.settle_webhook(&due[0], &next).await.unwrap();
    tx.commit().await.unwrap();
    let page = browser.get("/admin/webhooks").await.body;
    assert!(page.contains("Last delivery ") && page.contains("1 Jan 2026, 00:01 UTC"), "{page}");
}

#[tokio::test]
async fn deliveries_are_listed_newest_first_in_pages_by_state_and_event() {
    let (app, browser) = app().await;
    tell(&app, 30).await;
    // The admin has joined, too, and everything is told to two endpoints.
    let first = browser.get("/admin/webhooks").await.body;
    assert_eq!(rows(&first, "delivery"), 50);
    let next = "/admin/webhooks?before=13";
    assert!(first.contains(&format!("href=\"{next}\"")), "{first}");
    assert_eq!(rows(&browser.get(next).await.body, "delivery"), 12);
    assert_eq!(rows(&browser.get("/admin/webhooks?event=member.blocked").await.body, "delivery"), 0);
    fail_all(&app).await;
    let failed = browser.get("/admin/webhooks?state=failed&event=member.created").await.body;
    assert_eq!(rows(&failed, "delivery"), 31);
    assert_eq!(rows(&browser.get("/admin/webhooks?state=delivered").await.body, "delivery"), 0);
    for unknown in ["state=lost", "event=x", "before=x"] {
        let page = browser.get(&format!("/admin/webhooks?{unknown}")).await;
        assert!(page.body.contains("The address contains a filter that does not exist"), "{unknown}: {}", page.body);
    }
}

#[tokio::test]
async fn one_delivery_or_all_failed_ones_are_sent_again_for_a_reason() {
    let (app, browser) = app().await;
    assert!(!browser.get("/admin/webhooks").await.body.contains("/admin/webhooks/failed"));
    tell(&app, 1).await;
    fail_all(&app).await;
    assert!(browser.get("/admin/webhooks").await.body.contains("/admin/webhooks/failed"));

    let page = browser.get("/admin/webhooks/1").await.body;
    assert!(page.contains(ENDPOINT) && page.contains("msg_") && page.contains("Member joined"), "{page}");
    let replay = async |reason| {
        browser.submit("/admin/webhooks/1", "/api/admin/webhooks/replay", &[("id", "1"), ("reason", reason)]).await
    };
    assert_eq!(replay(" ").await.location(), "/admin/webhooks/1");
    assert!(browser.get("/admin/webhooks/1").await.body.contains("Say why"));
    assert_eq!(count(&app, WebhookState::Failed).await, 2);
    assert_eq!(replay("they lost it").await.location(), "/admin/webhooks");
    assert_eq!(count(&app, WebhookState::Failed).await, 1);

    let form = "/admin/webhooks/failed";
    assert!(browser.get(form).await.body.contains("Send all failed ones again?"));
    let replay = async |reason| browser.submit(form, "/api/admin/webhooks/replay_failed", &[("reason", reason)]).await;
    assert_eq!(replay("").await.location(), form);
    assert!(browser.get(form).await.body.contains("Say why"));
    assert_eq!(replay("they are back").await.location(), "/admin/webhooks");
    assert_eq!(count(&app, WebhookState::Failed).await, 0);
    assert_eq!(app.acts().await.iter().filter(|act| **act == Act::ReplayWebhooks).count(), 2);
    assert_eq!(browser.get("/admin/webhooks/99").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn without_endpoints_the_page_says_who_can_set_them() {
    let app = TestApp::new().await;
    let (browser, totp) = candidate(&app).await;
    prove_in(&app, &browser, &totp).await;
    let page = browser.get("/admin/webhooks").await.body;
    assert!(page.contains("VOUCH_WEBHOOKS") && rows(&page, "endpoint") == 0, "{page}");
    assert!(!browser.get("/admin").await.body.contains("/admin/webhooks"), "nothing leads there");
}
