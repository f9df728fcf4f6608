//! Changing the own number: both phones are proven, and nothing else changes.

use super::*;
use crate::model::invite_code::InviteCode;
use crate::server::data::{Act, NumberChange};
use crate::server::domain::admin::grants;
use crate::server::domain::login::LoggedIn;
use crate::server::domain::set_aside::SILENCE;
use crate::server::domain::{claim, number, profile, redeem, token, visitor};
use crate::server::secrets::Token;

const OLD: &str = "+79123456789";
const NEW: &str = "+79123456780";

/// A member on a known device, an hour after the login.
async fn member(app: &TestApp) -> (MemberId, Visitor) {
    let login = app.log_in_from(&stranger(), OLD).await;
    app.clock.advance(Duration::from_hours(1));
    (login.member.id, on(&login.device_token))
}

fn on(device: &Token) -> Visitor {
    Visitor { device: Token::presented(device.as_str()), ..stranger() }
}

/// The code of the message that this step has sent.
async fn code(app: &TestApp, change: NumberChange) -> String {
    match change {
        NumberChange::Asked { flow } | NumberChange::Sent { flow, .. } => app.sent_code(flow).await,
        NumberChange::Proven { .. } => panic!("nothing was sent"),
    }
}

async fn prove_present(app: &TestApp, id: MemberId, who: &Visitor) -> NumberChange {
    let asked = number::begin(app, who, id).await.unwrap();
    number::prove_present(app, who, id, asked, &code(app, asked).await).await.unwrap()
}

async fn change_to(app: &TestApp, id: MemberId, who: &Visitor, phone: &str) -> AppResult<LoggedIn> {
    let proven = prove_present(app, id, who).await;
    let sent = number::send_to_new(app, who, id, proven, phone, "").await?;
    number::finish(app, who, id, sent, &code(app, sent).await).await
}

#[tokio::test]
async fn with_a_code_from_both_phones_the_number_changes_and_nothing_else() {
    let app = TestApp::new().await;
    let inviter = app.log_in("+79120000001").await;
    let (id, who) = member(&app).await;
    let before = app.store.member(id).await.unwrap().unwrap().member;
    let activate = async |member, code: &InviteCode| {
        redeem::redeem(&app, &stranger(), member, code.as_str()).await.unwrap();
    };
    activate(id, &inviter.invite_code).await;
    let invitee = app.log_in("+79120000002").await;
    activate(invitee.id, &before.invite_code).await;

    let after = change_to(&app, id, &who, "8 912 345-67-80").await.unwrap().member;
    assert_eq!((after.id, after.phone.as_str(), &after.invite_code), (id, NEW, &before.invite_code));
    let profile = profile::read(&app, id, None, 20).await.unwrap();
    assert_eq!((profile.activated, profile.total), (Some(inviter.invite_code), 1));
    assert_eq!(app.acts().await, [Act::ChangeNumber]);
    assert_eq!(app.audit_actors().await, [Some(id)]);
    // Whoever has the old number now is somebody new, and the new number logs the member in.
    assert_ne!(app.log_in(OLD).await.id, id);
    assert_eq!(app.log_in(NEW).await.id, id);
}

#[tokio::test]
async fn all_other_logins_end_and_their_devices_become_unknown() {
    let api = Api::new().await;
    let app = &api.app;
    let elsewhere = app.browser();
    elsewhere.log_in(OLD).await;
    let tokens = api.log_in(OLD).await;
    let (id, who) = member(app).await;
    let login = change_to(app, id, &who, NEW).await.unwrap();
    assert!(elsewhere.get("/profile").await.location().starts_with("/login"));
    assert_eq!(refusal(token::authenticate(app, &tokens.access).await), AppError::TokenRefused);
    assert_eq!(refusal(token::refresh(app, &tokens.refresh).await), AppError::RefreshTokenRefused);
    let devices = app.store.devices_of(id, 10).await.unwrap();
    assert_eq!(devices.len(), 1, "this one");
    let here = on(&login.device_token);
    let standing = visitor::standing(app, &here, &login.member.phone, app.clock.now()).await.unwrap();
    assert_eq!(standing.device(), Some(login.device));
}

#[tokio::test]
async fn a_number_of_another_member_is_refused_only_after_its_code_was_right() {
    let app = TestApp::new().await;
    let other = app.log_in(NEW).await;
    let (id, who) = member(&app).await;
    let proven = prove_present(&app, id, &who).await;
    let sent = number::send_to_new(&app, &who, id, proven, NEW, "").await.unwrap();
    let right = code(&app, sent).await;
    assert_eq!(refusal(number::finish(&app, &who, id, sent, wrong(&right)).await), AppError::LoginCodeRefused);
    assert_eq!(refusal(number::finish(&app, &who, id, sent, &right).await), AppError::PhoneTaken);
    assert_eq!((app.member_id(OLD).await, app.member_id(NEW).await), (id, other.id));
    assert_eq!(app.acts().await, []);
}

#[tokio::test]
async fn a_number_whose_account_nobody_has_used_for_long_is_free_and_the_account_waits_for_its_owner() {
    let app = TestApp::new().await;
    let silent = app.log_in_from(&stranger(), NEW).await;
    app.clock.advance(SILENCE);
    let (id, who) = member(&app).await;
    change_to(&app, id, &who, NEW).await.unwrap();
    assert_eq!(app.member_id(NEW).await, id);
    let record = app.store.member_record(silent.member.id).await.unwrap().unwrap();
    assert_eq!(record.set_aside.map(|aside| aside.successor), Some(None), "the member's account is not one to give up");
    assert_eq!(app.acts().await, [Act::ChangeNumber, Act::SetAside]);
    // The owner is on a device of before, with another number.
    let device = Token::presented(silent.device_token.as_str());
    let back = app.log_in_from(&Visitor { device, ..stranger() }, "+79123456782").await;
    let offered = claim::offered(&app, Some(&back.device_token), back.member.id).await.unwrap();
    assert_eq!(offered.map(|account| account.member), Some(silent.member.id));
}

#[tokio::test]
async fn a_silent_account_that_is_blocked_or_an_admins_keeps_its_number() {
    for (is_admin, why) in [(false, AppError::PhoneTaken), (true, AppError::NumberOfAdmin)] {
        let app = TestApp::new().await;
        let silent = app.log_in(NEW).await;
        if is_admin {
            grants::grant(&app, NEW).await.unwrap();
        } else {
            app.block(NEW).await;
        }
        app.clock.advance(SILENCE);
        let (id, who) = member(&app).await;
        assert_eq!(refusal(change_to(&app, id, &who, NEW).await), why);
        assert_eq!(app.member_id(NEW).await, silent.id);
    }
}

#[tokio::test]
async fn the_own_number_and_those_that_a_login_refuses_are_refused() {
    let app = TestApp::with_rules(|rules| {
        rules.test_phones = vec!["+79990000000=48151623@2026-01-02".parse().unwrap()];
    })
    .await;
    let (id, who) = member(&app).await;
    let proven = prove_present(&app, id, &who).await;
    for (typed, why) in [
        ("89123456789", AppError::PhoneUnchanged),
        ("", AppError::PhoneMissing),
        ("12", AppError::PhoneInvalid),
        ("+74951234567", AppError::PhoneNotMobile),
        // Its code is known to all who test.
        ("+79990000000", AppError::PhoneNotMobile),
    ] {
        assert_eq!(refusal(number::send_to_new(&app, &who, id, proven, typed, "").await), why, "{typed}");
    }
    assert_eq!(app.messages_sent().await, 2);
}

#[tokio::test]
async fn no_step_can_be_left_out() {
    let app = TestApp::new().await;
    let (id, who) = member(&app).await;
    let asked = number::begin(&app, &who, id).await.unwrap();
    let right = code(&app, asked).await;
    let expired = AppError::NumberChangeExpired;
    assert_eq!(refusal(number::send_to_new(&app, &who, id, asked, NEW, "").await), expired);
    assert_eq!(refusal(number::finish(&app, &who, id, asked, &right).await), expired);
    assert_eq!(refusal(number::prove_present(&app, &who, id, asked, wrong(&right)).await), AppError::LoginCodeRefused);
    let proven = number::prove_present(&app, &who, id, asked, &right).await.unwrap();
    assert_eq!(refusal(number::finish(&app, &who, id, proven, &right).await), expired);
    assert_eq!(refusal(number::send_again(&app, &who, proven).await), expired);
    // The code of another phone proves nothing about the member's.
    let (flow, others) = app.request_code(&stranger(), "+79120000003").await;
    let foreign = NumberChange::Asked { flow };
    assert_eq!(refusal(number::prove_present(&app, &who, id, foreign, &others).await), AppError::LoginCodeRefused);
}

#[tokio::test]
async fn the_proof_of_the_present_number_lasts_half_an_hour() {
    let app = TestApp::new().await;
    let (id, who) = member(&app).await;
    let proven = prove_present(&app, id, &who).await;
    app.clock.advance(Duration::from_mins(25));
    let sent = number::send_to_new(&app, &who, id, proven, NEW, "").await.unwrap();
    let right = code(&app, sent).await;
    app.clock.advance(Duration::from_mins(5));
    let expired = AppError::NumberChangeExpired;
    assert_eq!(refusal(number::finish(&app, &who, id, sent, &right).await), expired);
    assert_eq!(refusal(number::send_to_new(&app, &who, id, proven, NEW, "").await), expired);
    assert_eq!(refusal(number::send_again(&app, &who, sent).await), expired);
    assert!(matches!(number::step(&app, Some(sent)).await.unwrap(), number::Step::Begin));
}

#[tokio::test]
async fn messages_to_the_new_number_are_limited_like_those_of_a_login() {
    let app = TestApp::new().await;
    let (id, who) = member(&app).await;
    let proven = prove_present(&app, id, &who).await;
    number::send_to_new(&app, &who, id, proven, NEW, "").await.unwrap();
    assert_eq!(
        refusal(number::send_to_new(&app, &who, id, proven, NEW, "").await),
        AppError::ResendTooSoon { seconds: 60 }
    );
    assert_eq!(refusal(login::request_code(&app, &stranger(), NEW).await), AppError::ResendTooSoon { seconds: 60 });
    for network in ["sends-per-address", "phones-per-address", "unused-sends-in-all"] {
        assert_eq!(app.uses_of(network).await, 1, "{network}: the device is unknown for the new number");
    }
}

#[tokio::test]
async fn an_admin_keeps_the_number_that_the_right_was_granted_to() {
    let app = TestApp::new().await;
    let (id, who) = member(&app).await;
    let proven = prove_present(&app, id, &who).await;
    let sent = number::send_to_new(&app, &who, id, proven, NEW, "").await.unwrap();
    grants::grant(&app, OLD).await.unwrap();
    let right = code(&app, sent).await;
    assert_eq!(refusal(number::finish(&app, &who, id, sent, &right).await), AppError::AdminAccount);
    assert_eq!(refusal(number::begin(&app, &who, id).await), AppError::AdminAccount);
    assert_eq!(app.member_id(OLD).await, id);
}

#[tokio::test]
async fn a_member_who_was_blocked_meanwhile_keeps_the_number() {
    let app = TestApp::new().await;
    let (id, who) = member(&app).await;
    let proven = prove_present(&app, id, &who).await;
    let sent = number::send_to_new(&app, &who, id, proven, NEW, "").await.unwrap();
    app.block(OLD).await;
    let right = code(&app, sent).await;
    assert_eq!(refusal(number::finish(&app, &who, id, sent, &right).await), AppError::MemberBlocked);
    assert_eq!(app.member_id(OLD).await, id);
}

const PAGE: &str = "/profile/number";

async fn post(browser: &Browser, step: &str, fields: &[(&str, &str)]) -> Answer {
    browser.submit(PAGE, &format!("/api/number/{step}"), fields).await
}

/// The code in the message on the page.
async fn shown_code(browser: &Browser) -> String {
    let page = browser.get(PAGE).await.body;
    let (_, message) = page.split_once("simulated-sms").expect("the message is shown");
    message.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 4).unwrap().to_owned()
}

/// A browser that is logged in, an hour later.
async fn browser(app: &TestApp) -> Browser {
    let browser = app.browser();
    browser.log_in(OLD).await;
    app.clock.advance(Duration::from_hours(1));
    browser
}

#[tokio::test]
async fn the_page_leads_from_one_number_to_the_other() {
    let app = TestApp::new().await;
    let browser = browser(&app).await;
    assert!(browser.get("/profile/account").await.body.contains("href=\"/profile/number\""));
    assert_eq!(post(&browser, "begin", &[]).await.location(), PAGE);
    let code = shown_code(&browser).await;
    assert_eq!(post(&browser, "prove", &[("code", wrong(&code))]).await.location(), PAGE);
    assert!(browser.get(PAGE).await.body.contains("This code is wrong"));
    assert_eq!(post(&browser, "send_again", &[]).await.location(), PAGE);
    assert!(browser.get(PAGE).await.body.contains("You can request another in"));
    post(&browser, "prove", &[("code", &code)]).await;
    assert!(browser.get(PAGE).await.body.contains("New phone number"));
    post(&browser, "send_code", &[("phone_number", OLD)]).await;
    assert!(browser.get(PAGE).await.body.contains("This is your number already."));
    post(&browser, "send_code", &[("phone_number", "07400 123456"), ("country", "GB")]).await;
    assert!(browser.get(PAGE).await.body.contains("+44 7400 123456"));
    assert_eq!(post(&browser, "another", &[]).await.location(), PAGE);
    post(&browser, "send_code", &[("phone_number", NEW)]).await;
    let (code, before) = (shown_code(&browser).await, browser.session_cookie());
    assert_eq!(post(&browser, "finish", &[("code", &code)]).await.location(), "/profile");
    assert_ne!(browser.session_cookie(), before, "the login goes on under another id");
    assert!(browser.get("/profile").await.body.contains("+7 912 345-67-80"));
    assert!(browser.get(PAGE).await.body.contains("Send a code to my present number"), "it begins anew");
}

#[tokio::test]
async fn after_the_number_of_another_member_one_more_can_be_tried() {
    let app = TestApp::new().await;
    app.log_in(NEW).await;
    let browser = browser(&app).await;
    post(&browser, "begin", &[]).await;
    post(&browser, "prove", &[("code", &shown_code(&browser).await)]).await;
    post(&browser, "send_code", &[("phone_number", NEW)]).await;
    post(&browser, "finish", &[("code", &shown_code(&browser).await)]).await;
    let page = browser.get(PAGE).await.body;
    assert!(page.contains("Another account has this number") && page.contains("New phone number"), "{page}");
}

#[tokio::test]
async fn strangers_and_codes_for_other_purposes_get_nowhere() {
    let app = TestApp::new().await;
    assert_eq!(app.browser().get(PAGE).await.location(), "/login?next=/profile/number");
    for step in ["begin", "send_again", "another"] {
        assert!(post(&app.browser(), step, &[]).await.location().starts_with("/login"), "{step}");
    }
    let browser = browser(&app).await;
    account::request_code(&browser).await;
    let code = account::shown_code(&browser).await;
    assert_eq!(post(&browser, "prove", &[("code", &code)]).await.location(), PAGE);
    assert!(browser.get(PAGE).await.body.contains("Begin again."));
}
