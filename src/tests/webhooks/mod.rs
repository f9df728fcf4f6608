//! Webhooks: what is told, how it is signed, and what follows from the answers.

mod receiver;

use super::*;
use crate::server::clock::SystemClock;
use receiver::{Received, Receiver, SECRET};
use serde_json::json;

const INVITER: &str = "+79123456789";
const NEWCOMER: &str = "+79120000019";

fn kinds(received: &[Received]) -> Vec<String> {
    received.iter().map(Received::kind).collect()
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
    assert_eq!(kinds(&received), ["redemption.created"]);
    let newcomer = app.member_id(NEWCOMER).await;
    assert_eq!(
        received[0].body,
        format!(
            r#"{{"type":"redemption.created","timestamp":"2026-01-01T00:00:00Z","data":{{"member_id":{},"inviter_id":{}}}}}"#,
            newcomer.0, inviter.id.0
        )
    );
    assert!(receiver.send_due(&app).await.is_empty(), "it is sent once");
}

#[tokio::test]
async fn a_message_is_signed_as_standard_webhooks_asks() {
    let receiver = Receiver::new().await;
    let app = receiver.app().await;
    // The library compares the time with that of the machine, and so does every receiver.
    app.clock.set_wall(SystemClock::starting_after(None).now().0 - app.clock.now().0);
    app.log_in(INVITER).await;
    let received = &receiver.send_due(&app).await[0];
    assert_eq!(received.header("content-type"), "application/json");
    assert_eq!(signatures(received), 1);
    assert!(received.header("webhook-id").starts_with("msg_"));
    assert_eq!(received.json()["data"], json!({"member_id": app.member_id(INVITER).await.0}));
}

/// How many signatures a message has. The library of Standard Webhooks must find one by its secret.
fn signatures(received: &Received) -> usize {
    let library = standardwebhooks::Webhook::new(SECRET).unwrap();
    library.verify(received.body.as_bytes(), &received.headers).unwrap();
    received.header("webhook-signature").split(' ').count()
}
