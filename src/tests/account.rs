//! What a member may do with their own account: take the data with them, and delete it.

use super::*;
use crate::server::data::Act;
use crate::server::domain::admin::grants;
use crate::server::domain::{account, profile};
use crate::server::settings::InviteePhones;
use axum::http::header;
use serde_json::{Value, json};

const PHONE: &str = "+79123456789";
const PAGE: &str = "/profile/account";

async fn data_of(browser: &Browser) -> Value {
    let file = browser.get("/profile/data.json").await;
    assert_eq!(file.headers[header::CONTENT_DISPOSITION], "attachment; filename=\"vouch.json\"");
    serde_json::from_str(&file.body).unwrap()
}

/// A member with an inviter, an invitee, and a wrong attempt.
async fn member(app: &TestApp) -> Browser {
    let inviter = app.log_in("+79120000001").await;
    let browser = app.browser();
    browser.log_in(PHONE).await;
    browser.redeem("ZZZZZZ").await;
    browser.redeem(inviter.invite_code.as_str()).await;
    let own = app.log_in(PHONE).await.invite_code;
    let invitee = app.browser();
    invitee.log_in("+79120000002").await;
    invitee.redeem(own.as_str()).await;
    browser
}

pub(super) async fn request_code(browser: &Browser) -> Answer {
    browser.submit(PAGE, "/api/account/request_code", &[]).await
}

pub(super) async fn delete(browser: &Browser, code: &str) -> Answer {
    browser.submit(PAGE, "/api/account/delete", &[("code", code)]).await
}

/// The code on the page of the account.
pub(super) async fn shown_code(browser: &Browser) -> String {
    let page = browser.get(PAGE).await.body;
    let (_, message) = page.split_once("simulated-sms").expect("the message is shown");
    message.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 4).unwrap().to_owned()
}

#[tokio::test]
async fn the_file_has_what_is_kept_about_the_member() {
    let app = TestApp::new().await;
    let browser = member(&app).await;
    let data = data_of(&browser).await;
    assert_eq!((&data["phone_number"], &data["invitees"][0]["phone_number"]), (&json!(PHONE), &json!("+79120000002")));
    for list in ["logins", "devices", "codes_sent", "messages", "attempts_to_activate"] {
        assert!(!data[list].as_array().unwrap().is_empty(), "{list}: {data:#}");
    }
    assert_eq!(data["attempts_to_activate"].as_array().unwrap().len(), 2);
    assert!(data["activated"]["invite_code"].is_string());
    assert_eq!(data["language"], Value::Null);
    assert_eq!(data["on_the_board"], false);
    assert_eq!(data["left_of_limits"], json!({"messages": 3, "wrong_codes": 9}));
    assert_eq!((&data["flags"], &data["repeatable_requests"]), (&json!([]), &json!([])));
    browser.submit(PAGE, "/language", &[("language", "ru")]).await;
    assert_eq!(data_of(&browser).await["language"], "ru");
    let text = data.to_string();
    assert!(!text.contains("+79120000001"), "the number of the inviter is not the member's");
    assert_eq!(app.browser().get("/profile/data.json").await.location(), "/login?next=/profile/account");
}

#[tokio::test]
async fn an_account_is_deleted_with_a_fresh_code_and_leaves_a_row_without_a_phone() {
    let app = TestApp::new().await;
    let browser = member(&app).await;
    app.clock.advance(Duration::from_hours(1));
    assert_eq!(request_code(&browser).await.location(), PAGE);
    let code = shown_code(&browser).await;
    let wrong = if code == "0000" { "1111" } else { "0000" };
    assert_eq!(delete(&browser, wrong).await.location(), PAGE);
    assert!(browser.get(PAGE).await.body.contains("This code is wrong"));
    assert_eq!(delete(&browser, &code).await.location(), "/");
    assert_eq!(browser.get("/profile").await.location(), "/login?next=/profile");
    assert!(!app.holds(&PHONE[1..]).await, "the number is nowhere in the file");
    let inviter = app.member_id("+79120000001").await;
    assert_eq!(profile::read(&app, inviter, None, 20).await.unwrap().total, 1, "the count stays");
    assert_eq!(app.acts().await, [Act::Erase]);
    // A new account, without the past.
    let again = app.browser();
    again.log_in(PHONE).await;
    assert!(again.get("/profile").await.body.contains("Nobody yet."));
}

#[tokio::test]
async fn a_code_for_somebody_else_deletes_nothing() {
    let app = TestApp::new().await;
    let browser = member(&app).await;
    let (flow, _) = app.request_code(&stranger(), "+79120000003").await;
    let code = app.sent_code(flow).await;
    let own = app.member_id(PHONE).await;
    let refused = account::delete(&app, &stranger(), own, flow, &code).await;
    assert_eq!(refused, Err(AppError::LoginCodeRefused));
    assert_eq!(browser.get("/profile").await.status, StatusCode::OK);
    assert_eq!(delete(&browser, "1234").await.location(), "/login", "no code was requested");
}

#[tokio::test]
async fn an_admin_is_told_to_ask_the_host_first() {
    let app = TestApp::new().await;
    let browser = member(&app).await;
    grants::grant(&app, PHONE).await.unwrap();
    app.clock.advance(Duration::from_hours(1));
    assert_eq!(request_code(&browser).await.location(), PAGE);
    assert!(browser.get(PAGE).await.body.contains("vouch admin revoke"));
}

#[tokio::test]
async fn the_numbers_of_invitees_are_masked_where_the_host_wants_that() {
    let app = TestApp::with_rules(|rules| rules.invitee_phones = InviteePhones::Masked).await;
    let browser = member(&app).await;
    let page = browser.get("/profile").await.body;
    assert!(page.contains("+7 9•• •••-••-02") && !page.contains("+7 912 000-00-02"), "{page}");
    assert_eq!(data_of(&browser).await["invitees"][0]["phone_number"], "+7 9•• •••-••-02");
    app.clock.advance(Duration::from_hours(1));
    let api = Api::of(app).await;
    let profile = api.with_token(&api.log_in(PHONE).await.access).get("/profile/").await.json();
    assert_eq!(profile["invited_users"], json!(["+7 9•• •••-••-02"]));
}
