//! What is kept about people is deleted in time: the table in SECURITY.md, row by row. Imports: `admin/files`.

use super::*;
use crate::server::domain::{self, budget, redeem, referral, session, token, visitor};
use serde_json::json;

/// In seconds.
const DAY: u64 = 24 * 3600;

#[tokio::test]
async fn every_job_deletes_what_has_been_kept_long_enough_and_nothing_before() {
    let webhooks = vec!["https://hooks.example/".parse().unwrap()];
    let api = Api::of(TestApp::with_rules(|rules| rules.webhooks = webhooks).await).await;
    let app = &api.app;
    let browser = app.browser();
    browser.log_in("+79123456780").await;
    let member = api.with_token(&api.log_in("+79123456789").await.access);
    let body = json!({"invite_code": "ZZZZZZ"});
    member.post_with("/implement_invite/", body, &[("idempotency-key", "\"one\"")]).await.problem(404);
    api.post("/authorize/", json!({"phone_number": "+79123456781", "code": "0000"})).await.problem(401);

    let mut passed = 0;
    let mut until_second = |second: u64| {
        app.clock.advance(seconds(second.saturating_sub(passed)));
        passed = passed.max(second);
    };
    for (life, forgotten, least, is_first_of_its_life) in [
        (DAY, "idempotent outcomes", 1, true),
        (7 * DAY, "sessions", 1, true),
        (30 * DAY, "login codes", 2, true),
        (30 * DAY, "tokens", 1, false),
        (30 * DAY, "uses", 1, false),
        (30 * DAY, "webhooks", 2, false),
        (90 * DAY, "networks", 1, true),
        (180 * DAY, "devices", 2, true),
    ] {
        let forget = async || match forgotten {
            "idempotent outcomes" => redeem::forget_old_outcomes(app).await,
            "sessions" => session::forget_expired(app).await,
            "login codes" => login::forget_old_codes(app).await,
            "tokens" => token::forget_expired(app).await,
            "uses" => budget::forget_expired_uses(app).await,
            "webhooks" => domain::webhooks::forget_old(app).await,
            "networks" => referral::forget_networks(app).await,
            _ => visitor::forget_old_devices(app).await,
        };
        until_second(life - 1);
        if is_first_of_its_life {
            assert_eq!(forget().await, Ok(0), "{forgotten} too early");
        }
        until_second(life + 1);
        let deleted = forget().await.unwrap();
        assert!(deleted >= least, "{forgotten}: {deleted}");
        assert_eq!(forget().await, Ok(0), "{forgotten} again");
    }
}

#[tokio::test]
async fn security_md_names_every_table() {
    let (_, table) = include_str!("../../SECURITY.md").split_once("## What is kept about people").unwrap();
    let table = table.split_once("\n## ").unwrap().0;
    for name in TestApp::new().await.tables().await {
        assert!(table.contains(&format!("`{name}`")), "{name}");
    }
}
