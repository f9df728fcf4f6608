//! Webhooks: what is told, how it is signed, and what follows from the answers.

mod receiver;

use super::*;
use crate::model::admin::{AuditQuery, Refusal};
use crate::server::clock::SystemClock;
use crate::server::data::{
    Details, Lock, WebhookDelivery, WebhookOff, WebhookResult, WebhookSearch, WebhookState, WebhookTrouble,
};
use crate::server::domain::admin::{Admin, audit, import, webhooks as rules};
use crate::server::domain::webhooks::forget_old;
use crate::server::jobs::webhooks::Courier;
use crate::server::jobs::{Jobs, webhooks as jobs};
use crate::server::settings::{WebhookKeys, WebhookUrl};
use crate::server::webhooks::Endpoint;
use axum::response::{IntoResponse, Response};
use receiver::{Received, Receiver, SECRET};
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

const INVITER: &str = "+79123456789";
const NEWCOMER: &str = "+79120000019";
const DAY: u64 = 24 * 3600;

fn kinds(received: &[Received]) -> Vec<String> {
    received.iter().map(Received::kind).collect()
}

/// A receiver, and an app that has one event for it.
async fn with_event() -> (Receiver, TestApp) {
    let receiver = Receiver::new().await;
    let app = receiver.app().await;
    app.log_in(INVITER).await;
    (receiver, app)
}

async fn deliveries(app: &TestApp) -> Vec<WebhookDelivery> {
    app.store.webhooks(&WebhookSearch { limit: 1000, ..WebhookSearch::default() }).await.unwrap()
}

fn answer(status: u16, retry_after: &str) -> Response {
    (StatusCode::from_u16(status).unwrap(), [(header::RETRY_AFTER, retry_after.to_owned())]).into_response()
}

/// Lets an attempt be made and answered so; returns after how many milliseconds the next one is due.
async fn wait_after(receiver: &Receiver, app: &TestApp, answered: Response) -> i64 {
    receiver.answer([answered]);
    assert_eq!(receiver.send_due(app).await.len(), 1);
    deliveries(app).await[0].next_at.0 - app.clock.now().0
}

#[tokio::test]
async fn a_redemption_is_told_with_ids_and_without_phones() {
    let receiver = Receiver::new().await;
    let app = receiver.app().await;
    let inviter = app.log_in(INVITER).await;
    let browser = app.browser();
    browser.log_in(NEWCOMER).await;
    receiver.send_due(&app).await;
    browser.redeem(inviter.invite_code.as_str()).await;
    let received = receiver.send_due(&app).await;
    let newcomer = app.member_id(NEWCOMER).await;
    assert_eq!(
        received[0].body,
        format!(
            r#"{{"type":"redemption.created","timestamp":"2026-01-01T00:00:00Z","data":{{"member_id":{},"inviter_id":{}}}}}"#,
            newcomer.0, inviter.id.0
        )
    );
    assert_eq!(received.len(), 1);
    assert!(receiver.send_due(&app).await.is_empty(), "it is sent once");
}

#[tokio::test]
async fn every_change_of_a_member_is_told_and_no_refused_one() {
    let receiver = Receiver::new().await;
    let app = receiver.app().await;
    let by = admin(&app).await;
    let inviter = app.log_in(INVITER).await;
    let member = app.log_in(NEWCOMER).await.id;
    assert_eq!(kinds(&receiver.send_due(&app).await), ["member.created"; 3]);
    attach(&app, &by, member, inviter.invite_code.as_str()).await.unwrap();
    attach(&app, &by, member, inviter.invite_code.as_str()).await.unwrap_err();
    let received = receiver.send_due(&app).await;
    assert_eq!(kinds(&received), ["redemption.created"]);
    let ids = json!({"member_id": member.0, "inviter_id": inviter.id.0});
    assert_eq!(received[0].json()["data"], ids);
    for (done, kind, data) in [
        ("detach", "redemption.removed", &ids),
        ("block", "member.blocked", &json!({"member_id": member.0})),
        ("erase", "member.erased", &json!({"member_id": member.0})),
    ] {
        act(&app, &by, member, done, "a test").await.unwrap();
        act(&app, &by, member, done, "a test").await.unwrap_err();
        let received = receiver.send_due(&app).await;
        assert_eq!(kinds(&received), [kind]);
        assert_eq!(&received[0].json()["data"], data);
    }
    // A login of a member who is there adds nobody, and an own code is not redeemed.
    app.clock.advance(seconds(60));
    let browser = app.browser();
    browser.log_in(INVITER).await;
    browser.redeem(inviter.invite_code.as_str()).await;
    assert!(receiver.send_due(&app).await.is_empty());
}

#[tokio::test]
async fn an_account_that_its_member_deletes_is_told_as_erased() {
    let (receiver, app) = with_event().await;
    receiver.send_due(&app).await;
    let browser = app.browser();
    app.clock.advance(seconds(60));
    browser.log_in(INVITER).await;
    app.clock.advance(seconds(60));
    account::request_code(&browser).await;
    account::delete(&browser, &account::shown_code(&browser).await).await;
    assert_eq!(kinds(&receiver.send_due(&app).await), ["member.erased"]);
}

#[tokio::test]
async fn an_import_tells_of_each_member_and_each_redemption() {
    let receiver = Receiver::new().await;
    let app = receiver.app().await;
    let by = admin(&app).await;
    receiver.send_due(&app).await;
    let file = "phone_number,invite_code,redeemed_code\n\
                +79130000001,BBBBB2,BBBBB3\n+79130000002,BBBBB3,BBBBB4\n+79130000003,BBBBB4,\n";
    let check = import::begin(&app.state.ports, &by, "members.csv", file.into()).await.unwrap();
    let id = check.id;
    check.run().await;
    import::apply(&app.state.ports, &by, id, "we moved").await.unwrap().run().await;
    let mut kinds = kinds(&receiver.send_due(&app).await);
    kinds.sort();
    let (member, redemption) = ("member.created", "redemption.created");
    assert_eq!(kinds, [member, member, member, redemption, redemption]);
}

#[tokio::test]
async fn nothing_is_stored_as_long_as_nobody_is_to_be_told() {
    let app = TestApp::new().await;
    app.log_in(INVITER).await;
    assert_eq!(deliveries(&app).await, []);
}

#[tokio::test]
async fn a_message_is_signed_as_standard_webhooks_asks() {
    let (receiver, app) = with_event().await;
    // The library compares the time with that of the machine, as every receiver does.
    app.clock.set_wall(SystemClock::starting_after(None).now().0 - app.clock.now().0);
    let received = &receiver.send_due(&app).await[0];
    assert_eq!(verified(received, SECRET), 1);
    assert_eq!(received.header("content-type"), "application/json");
    assert!(received.header("webhook-id").starts_with("msg_"));
}

#[tokio::test]
async fn while_the_secret_is_changed_both_sign() {
    let (receiver, app) = with_event().await;
    app.clock.set_wall(SystemClock::starting_after(None).now().0 - app.clock.now().0);
    let new = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    let keys = WebhookKeys::parse(&format!("{new},{SECRET}")).unwrap();
    let mut courier = Courier::new(app.state.ports.clone(), Endpoint::new(receiver.url.clone(), keys, true).unwrap());
    courier.begin().await.unwrap();
    courier.finish().await;
    let received = &receiver.take()[0];
    assert_eq!((verified(received, SECRET), verified(received, new)), (2, 2));
}

/// How many signatures a message has. The library of Standard Webhooks must find one by this secret.
fn verified(received: &Received, secret: &str) -> usize {
    let library = standardwebhooks::Webhook::new(secret).unwrap();
    library.verify(received.body.as_bytes(), &received.headers).unwrap();
    received.header("webhook-signature").split(' ').count()
}

#[tokio::test]
async fn a_delivery_is_attempted_ten_times_with_the_same_id_and_then_given_up() {
    let (receiver, app) = with_event().await;
    receiver.answer_status(500, 10);
    let mut ids = Vec::new();
    for wait in [5, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, DAY] {
        let received = receiver.send_due(&app).await;
        ids.extend(received.iter().map(|one| one.header("webhook-id").to_owned()));
        let delivery = &deliveries(&app).await[0];
        assert_eq!(delivery.state, WebhookState::Waiting);
        let waits = delivery.next_at.0 - app.clock.now().0;
        let expected = 1000 * i64::try_from(wait).unwrap();
        assert!((expected..=expected * 11 / 10).contains(&waits), "{waits} instead of {expected}");
        app.clock.advance(Duration::from_millis(waits.unsigned_abs() - 1));
        assert!(receiver.send_due(&app).await.is_empty(), "a millisecond too early");
        app.clock.advance(Duration::from_millis(1));
    }
    ids.extend(receiver.send_due(&app).await.iter().map(|one| one.header("webhook-id").to_owned()));
    let delivery = &deliveries(&app).await[0];
    assert_eq!((ids.len(), delivery.state, delivery.attempts.len()), (10, WebhookState::Failed, 10));
    assert!(ids.iter().all(|id| *id == delivery.message_id));
    app.clock.advance(seconds(10 * DAY));
    assert!(receiver.send_due(&app).await.is_empty());
}

#[tokio::test]
async fn two_deliveries_that_failed_at_once_are_not_repeated_at_once() {
    let (receiver, app) = with_event().await;
    app.log_in(NEWCOMER).await;
    receiver.answer_status(500, 2);
    receiver.send_due(&app).await;
    let deliveries = deliveries(&app).await;
    assert_ne!(deliveries[0].next_at, deliveries[1].next_at);
}

#[tokio::test]
async fn an_endpoint_may_ask_for_a_longer_wait_but_for_no_more_than_a_day() {
    let (receiver, app) = with_event().await;
    assert_eq!(wait_after(&receiver, &app, answer(503, "120")).await, 120_000);
    app.clock.advance(seconds(120));
    let waits = wait_after(&receiver, &app, answer(429, "2")).await;
    assert!((300_000..=330_000).contains(&waits), "never earlier than planned: {waits}");
    app.clock.advance(seconds(330));
    assert_eq!(wait_after(&receiver, &app, answer(503, "99999999999")).await, 86_400_000);
}

#[tokio::test]
async fn an_endpoint_may_ask_for_a_wait_until_a_date() {
    let (receiver, app) = with_event().await;
    let waits = wait_after(&receiver, &app, answer(503, "Thu, 01 Jan 2026 01:00:00 GMT")).await;
    assert_eq!(waits, 3_600_000);
    app.clock.advance(seconds(3600));
    let waits = wait_after(&receiver, &app, answer(503, "Thu, 01 Jan 2026 00:00:00 GMT")).await;
    assert!((300_000..=330_000).contains(&waits), "a date that is past: {waits}");
}

#[tokio::test]
async fn redirects_are_failures_and_are_not_followed() {
    let (receiver, app) = with_event().await;
    let elsewhere = Receiver::new().await;
    receiver.answer([(StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, elsewhere.url.as_str())]).into_response()]);
    receiver.send_due(&app).await;
    assert!(elsewhere.take().is_empty());
    let delivery = &deliveries(&app).await[0];
    assert_eq!((delivery.state, delivery.attempts[0].result), (WebhookState::Waiting, WebhookResult::Answered(307)));
}

async fn off(app: &TestApp, by: &Admin) -> Option<WebhookOff> {
    rules::endpoints(app, by).await.unwrap()[0].off.map(|(_, because)| because)
}

#[tokio::test]
async fn an_endpoint_that_is_gone_gets_nothing_until_an_admin_switches_it_on() {
    let receiver = Receiver::new().await;
    let app = receiver.app().await;
    let by = admin(&app).await;
    assert_eq!(off(&app, &by).await, None);
    receiver.answer_status(410, 1);
    receiver.send_due(&app).await;
    assert_eq!(off(&app, &by).await, Some(WebhookOff::Gone));
    app.log_in(INVITER).await;
    app.clock.advance(seconds(DAY));
    assert!(receiver.send_due(&app).await.is_empty());

    let url = receiver.url.as_str();
    let switch_on = async |url: &str| rules::switch_on(&app, &by, url, "it is back").await;
    assert_eq!(switch_on("https://other.example/").await, Err(Refusal::NoSuchEndpoint));
    switch_on(url).await.unwrap();
    assert_eq!(switch_on(url).await, Err(Refusal::EndpointIsOn));
    assert_eq!(off(&app, &by).await, None);
    assert_eq!(receiver.send_due(&app).await.len(), 2, "what has been waiting is sent");
    let switched_on = audit::search(&app, &by, &AuditQuery::default(), 1).await.unwrap();
    let origin = url.strip_suffix("/hooks").unwrap();
    assert_eq!(switched_on[0].details, Details::Endpoint(origin.to_owned()), "a path may have a secret in it");
}

#[tokio::test]
async fn an_endpoint_is_off_after_five_days_in_which_every_attempt_failed() {
    let receiver = Receiver::new().await;
    let app = receiver.app().await;
    let by = admin(&app).await;
    receiver.answer_status(500, 1);
    receiver.send_due(&app).await;
    app.clock.advance(seconds(4 * DAY));
    assert_eq!(receiver.send_due(&app).await.len(), 1);
    // That was a delivery: the five days begin anew.
    app.log_in(INVITER).await;
    receiver.answer_status(500, 3);
    receiver.send_due(&app).await;
    app.clock.advance(seconds(5 * DAY - 1));
    receiver.send_due(&app).await;
    assert_eq!(off(&app, &by).await, None);
    app.clock.advance(seconds(400));
    receiver.send_due(&app).await;
    assert_eq!(off(&app, &by).await, Some(WebhookOff::Failing));
}

#[tokio::test]
async fn an_endpoint_that_hangs_holds_four_attempts_and_no_other_endpoint() {
    let (hanging, other) = (Receiver::new().await, Receiver::new().await);
    let urls = vec![hanging.url.clone(), other.url.clone()];
    let app = TestApp::with_rules(|rules| rules.webhooks = urls).await;
    for number in 0..6 {
        app.log_in(&format!("+7912000000{number}")).await;
    }
    hanging.hold(true);
    let mut courier = hanging.courier(&app);
    assert_eq!(courier.begin().await.unwrap(), 4);
    hanging.take_when(4).await;
    assert_eq!(courier.begin().await.unwrap(), 0);
    assert_eq!(other.send_due(&app).await.len(), 6);
    hanging.hold(false);
    courier.finish().await;
    assert_eq!(courier.begin().await.unwrap(), 2);
    courier.finish().await;
}

#[tokio::test]
async fn the_job_sends_by_itself_and_ends_with_the_server() {
    let (receiver, app) = with_event().await;
    let running = Jobs::default();
    jobs::start(&running, &app.state.ports, vec![receiver.endpoint()]);
    assert_eq!(receiver.take_when(1).await.len(), 1);
    app.log_in(NEWCOMER).await;
    assert_eq!(receiver.take_when(1).await.len(), 1);
    running.finish(Duration::from_mins(1)).await;
    assert_eq!(deliveries(&app).await.iter().filter(|one| one.state == WebhookState::Delivered).count(), 2);
}

/// What comes of an attempt at this URL.
async fn result_at(url: &str, allows_private: bool) -> WebhookResult {
    let url: WebhookUrl = url.parse().unwrap();
    let app = TestApp::with_rules(|rules| rules.webhooks = vec![url.clone()]).await;
    app.log_in(INVITER).await;
    let endpoint = Endpoint::new(url, WebhookKeys::parse(SECRET).unwrap(), allows_private).unwrap();
    let mut courier = Courier::new(app.state.ports.clone(), endpoint);
    assert_eq!(courier.begin().await.unwrap(), 1);
    courier.finish().await;
    deliveries(&app).await[0].attempts[0].result
}

#[tokio::test]
async fn a_name_that_leads_to_a_private_address_is_refused_unless_the_host_allows_it() {
    let receiver = Receiver::new().await;
    let port = receiver.url.url().port().unwrap();
    let refused = WebhookResult::Failed(WebhookTrouble::AddressRefused);
    assert_eq!(result_at(&format!("https://localhost:{port}/"), false).await, refused);
    assert_eq!(result_at(&format!("http://localhost:{port}/"), true).await, WebhookResult::Answered(204));
    for url in ["https://127.0.0.1/", "https://[::ffff:10.0.0.1]/", "https://169.254.169.254/latest", "http://8.8.8.8/"]
    {
        let keys = WebhookKeys::parse(SECRET).unwrap();
        assert!(Endpoint::new(url.parse().unwrap(), keys, false).is_err(), "{url}");
    }
}

#[tokio::test]
async fn why_there_was_no_answer_is_recorded() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let not_connected = WebhookResult::Failed(WebhookTrouble::NotConnected);
    assert_eq!(result_at(&format!("http://{closed}/"), true).await, not_connected);
    let receiver = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = receiver.local_addr().unwrap();
    tokio::spawn(async move { drop(receiver.accept().await) });
    let broken_off = WebhookResult::Failed(WebhookTrouble::BrokenOff);
    assert_eq!(result_at(&format!("http://{address}/"), true).await, broken_off);
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_its_end() {
    let (receiver, app) = with_event().await;
    let endless = futures::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'x'; 4096]));
    receiver.answer([Body::from_stream(endless).into_response()]);
    receiver.send_due(&app).await;
    let delivery = &deliveries(&app).await[0];
    assert_eq!(delivery.state, WebhookState::Delivered);
    assert!(delivery.attempts[0].took < Duration::from_secs(14), "{:?}", delivery.attempts[0].took);
}

#[tokio::test]
async fn what_has_failed_is_sent_again_when_an_admin_asks_for_it() {
    let receiver = Receiver::new().await;
    let app = receiver.app().await;
    let by = admin(&app).await;
    receiver.answer_status(500, 10);
    for _ in 0..10 {
        assert_eq!(receiver.send_due(&app).await.len(), 1);
        let next_at = deliveries(&app).await[0].next_at;
        app.clock.advance(Duration::from_millis((next_at.0 - app.clock.now().0).unsigned_abs()));
    }
    let delivery = &deliveries(&app).await[0];
    assert_eq!(delivery.state, WebhookState::Failed);
    assert_eq!(rules::replay(&app, &by, delivery.id + 1, "x").await, Err(Refusal::NoSuchWebhook));
    assert_eq!(rules::replay_failed(&app, &by, " ").await, Err(Refusal::ReasonMissing));
    assert_eq!(rules::replay_failed(&app, &by, "mended").await, Ok(1));
    let again = receiver.send_due(&app).await;
    assert_eq!(again[0].header("webhook-id"), delivery.message_id);
    rules::replay(&app, &by, delivery.id, "they lost it").await.unwrap();
    assert_eq!(receiver.send_due(&app).await[0].header("webhook-id"), delivery.message_id);
    assert_eq!(deliveries(&app).await[0].attempts.len(), 10 + 2);
}

#[tokio::test]
async fn the_receiver_of_the_documentation_takes_what_is_genuine_and_each_event_once() {
    let mut python = Command::new("python3");
    python.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/webhooks/receiver.py")).arg("0");
    python.env("VOUCH_WEBHOOK_SECRET", SECRET).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = python.spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
    let port = lines.next().unwrap().rsplit_once(' ').unwrap().1.to_owned();
    let url: WebhookUrl = format!("http://127.0.0.1:{port}/").parse().unwrap();
    let app = TestApp::with_rules(|rules| rules.webhooks = vec![url.clone()]).await;
    app.log_in(INVITER).await;
    let send = async |secret: &str| {
        let endpoint = Endpoint::new(url.clone(), WebhookKeys::parse(secret).unwrap(), true).unwrap();
        let mut courier = Courier::new(app.state.ports.clone(), endpoint);
        let mut tx = app.store.begin(Lock::Nothing).await.unwrap();
        assert!(tx.replay_webhook(1, app.clock.now()).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(courier.begin().await.unwrap(), 1);
        courier.finish().await;
        deliveries(&app).await[0].attempts.last().unwrap().result
    };
    assert_eq!(send(SECRET).await, WebhookResult::Answered(401), "the clocks differ by more than five minutes");
    app.clock.set_wall(SystemClock::starting_after(None).now().0 - app.clock.now().0);
    assert_eq!(send("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD").await, WebhookResult::Answered(401));
    assert_eq!(send(SECRET).await, WebhookResult::Answered(204));
    assert_eq!(send(SECRET).await, WebhookResult::Answered(204));
    process.kill().unwrap();
    process.wait().unwrap();
    let member = app.member_id(INVITER).await.0;
    let line = format!("member.created 2026-01-01T00:00:00Z {{'member_id': {member}}}");
    assert_eq!(lines.collect::<Vec<_>>(), [line]);
}

#[tokio::test]
async fn deliveries_are_kept_for_thirty_days() {
    let (receiver, app) = with_event().await;
    receiver.send_due(&app).await;
    app.clock.advance(seconds(30 * DAY));
    assert_eq!(forget_old(&app).await, Ok(0));
    app.clock.advance(seconds(1));
    assert_eq!(forget_old(&app).await, Ok(1));
    assert_eq!(deliveries(&app).await, []);
}
