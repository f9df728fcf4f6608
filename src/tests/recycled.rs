//! A number that operators gave to somebody else: the newcomer is asked, the account of before waits for its owner, and an
//! admin can undo it.

use super::*;
use crate::model::admin::Refusal;
use crate::server::data::{Act, MemberRecord};
use crate::server::domain::admin::grants;
use crate::server::domain::login::LoggedIn;
use crate::server::domain::set_aside::SILENCE;
use crate::server::domain::{claim, profile, redeem, visitor};
use crate::server::secrets::Token;
use serde_json::json;

const PHONE: &str = "+79123456789";
const OTHER: &str = "+79123456780";

/// The owner logs in, redeems a code, has an invitee, and is away for long.
async fn silent(app: &TestApp) -> LoggedIn {
    let inviter = app.log_in("+79120000009").await;
    let owner = app.log_in_from(&stranger(), PHONE).await;
    activate(app, owner.member.id, &inviter).await;
    let invitee = app.log_in("+79120000002").await;
    activate(app, invitee.id, &owner.member).await;
    app.clock.advance(SILENCE);
    owner
}

async fn activate(app: &TestApp, member: MemberId, owner_of_code: &Member) {
    redeem::redeem(app, &stranger(), member, owner_of_code.invite_code.as_str()).await.unwrap();
}

fn on(device: &Token) -> Visitor {
    Visitor { device: Token::presented(device.as_str()), ..stranger() }
}

/// Types the right code on an unknown device.
async fn come(app: &TestApp, phone: &str) -> (FlowId, AppResult<LoggedIn>) {
    let (flow, code) = app.request_code(&stranger(), phone).await;
    (flow, login::verify(app, &stranger(), flow, &code).await)
}

async fn answer(app: &TestApp, is_mine: bool) -> AppResult<LoggedIn> {
    let (flow, asked) = come(app, PHONE).await;
    assert!(matches!(refusal(asked), AppError::OwnerUnclear { .. }));
    login::answer(app, &stranger(), flow, app.clock.now(), is_mine).await
}

/// Somebody else has the number of the owner.
async fn set_aside(app: &TestApp) -> (LoggedIn, Member) {
    let owner = silent(app).await;
    let newcomer = answer(app, false).await.unwrap().member;
    (owner, newcomer)
}

async fn record(app: &TestApp, id: MemberId) -> MemberRecord {
    app.store.member_record(id).await.unwrap().unwrap()
}

#[tokio::test]
async fn after_a_long_silence_an_unknown_device_is_asked_and_a_known_one_is_not() {
    let app = TestApp::new().await;
    let start = app.clock.now();
    let owner = silent(&app).await;
    let (_, asked) = come(&app, PHONE).await;
    assert_eq!(refusal(asked), AppError::OwnerUnclear { unused_since: start.0 });
    assert_eq!(app.sessions().await.len(), 0);
    // Where the host remembers devices longer, the owner's is not asked.
    let longer = app.another_server_with(|rules| rules.limits.login.device_life *= 2).await;
    longer.clock.advance(SILENCE);
    let (flow, code) = longer.request_code(&on(&owner.device_token), PHONE).await;
    login::verify(&longer, &on(&owner.device_token), flow, &code).await.unwrap();
    // That was a visit, so now nobody is asked.
    come(&app, PHONE).await.1.unwrap();
}

#[tokio::test]
async fn every_login_visit_and_use_of_the_api_ends_the_silence() {
    let api = Api::new().await;
    let app = &api.app;
    let browser = app.browser();
    browser.log_in(PHONE).await;
    app.clock.advance(Duration::from_hours(6 * 24));
    browser.get("/profile").await;
    let tokens = api.log_in(OTHER).await;
    app.clock.advance(Duration::from_hours(3 * 24));
    api.post("/token/refresh/", json!({"refresh": tokens.refresh})).await.json();
    app.clock.advance(SILENCE.saturating_sub(Duration::from_hours(3 * 24 + 1)));
    for phone in [PHONE, OTHER] {
        come(app, phone).await.1.unwrap();
    }
}

#[tokio::test]
async fn yes_logs_in_as_always() {
    let app = TestApp::new().await;
    let owner = silent(&app).await;
    assert_eq!(answer(&app, true).await.unwrap().member, owner.member);
    assert_eq!(app.acts().await, []);
    come(&app, PHONE).await.1.unwrap();
}

#[tokio::test]
async fn no_gives_a_new_account_and_the_old_one_keeps_everything_but_the_number() {
    let app = TestApp::new().await;
    let (owner, newcomer) = set_aside(&app).await;
    let old = owner.member;
    assert_ne!(newcomer.id, old.id);
    assert_ne!(newcomer.invite_code, old.invite_code);
    let profile = profile::read(&app, newcomer.id, None, 20).await.unwrap();
    assert_eq!((profile.activated, profile.total), (None, 0), "nothing of the old account");
    let kept = record(&app, old.id).await;
    assert_eq!((kept.listed.phone, kept.listed.invite_code, kept.listed.invitees), (None, old.invite_code, 1));
    assert!(kept.redemption.is_some());
    assert_eq!(app.acts().await, [Act::SetAside]);
    assert_eq!(app.audit_actors().await, [Some(newcomer.id)]);
    // From now on the number is the newcomer's.
    assert_eq!(app.log_in(PHONE).await.id, newcomer.id);
}

#[tokio::test]
async fn an_answer_counts_only_for_ten_minutes_and_after_the_right_code() {
    let app = TestApp::new().await;
    silent(&app).await;
    let (flow, _) = app.request_code(&stranger(), PHONE).await;
    let answered = login::answer(&app, &stranger(), flow, app.clock.now(), true).await;
    assert_eq!(refusal(answered), AppError::LoginFlowMissing, "no code was typed");
    app.clock.advance(seconds(60));
    let (flow, _) = come(&app, PHONE).await;
    let asked_at = app.clock.now();
    app.clock.advance(seconds(600));
    let answered = login::answer(&app, &stranger(), flow, asked_at, false).await;
    assert_eq!(refusal(answered), AppError::LoginFlowMissing);
}

#[tokio::test]
async fn an_account_that_was_used_meanwhile_is_not_set_aside() {
    let app = TestApp::new().await;
    let owner = silent(&app).await;
    let (flow, _) = come(&app, PHONE).await;
    answer(&app, true).await.unwrap();
    let answered = login::answer(&app, &stranger(), flow, app.clock.now(), false).await.unwrap();
    assert_eq!(answered.member.id, owner.member.id);
    assert_eq!(app.acts().await, []);
}

#[tokio::test]
async fn a_blocked_member_cannot_wait_for_a_new_account() {
    let app = TestApp::new().await;
    silent(&app).await;
    app.block(PHONE).await;
    assert_eq!(refusal(come(&app, PHONE).await.1), AppError::MemberBlocked);
}

#[tokio::test]
async fn the_number_of_an_admin_gets_no_new_account_before_the_right_is_revoked() {
    let app = TestApp::new().await;
    silent(&app).await;
    grants::grant(&app, PHONE).await.unwrap();
    assert_eq!(refusal(answer(&app, false).await), AppError::NumberOfAdmin);
    grants::revoke(&app, PHONE).await.unwrap();
    answer(&app, false).await.unwrap();
}

#[tokio::test]
async fn the_owner_claims_the_account_on_a_device_of_before_with_another_number() {
    let app = TestApp::new().await;
    let (owner, newcomer) = set_aside(&app).await;
    app.clock.advance(Duration::from_hours(24));
    let fresh = app.log_in_from(&on(&owner.device_token), OTHER).await;
    let offered = claim::offered(&app, Some(&fresh.device_token), fresh.member.id).await.unwrap().unwrap();
    assert_eq!(offered.member, owner.member.id);
    let who = on(&fresh.device_token);
    let back = claim::claim(&app, &who, fresh.member.id).await.unwrap();
    let (now, before) = (&back.member, &owner.member);
    assert_eq!((now.id, now.phone.as_str(), &now.invite_code), (before.id, OTHER, &before.invite_code));
    assert_eq!(profile::read(&app, now.id, None, 20).await.unwrap().total, 1);
    assert_eq!(record(&app, fresh.member.id).await.listed.phone, None, "the fresh account is gone");
    assert_eq!(record(&app, before.id).await.set_aside, None);
    assert_eq!(app.acts().await, [Act::Claim, Act::SetAside]);
    assert_eq!((app.member_id(PHONE).await, app.member_id(OTHER).await), (newcomer.id, before.id));
    // Once, and on this device only.
    let offered = claim::offered(&app, Some(&back.device_token), now.id).await;
    assert_eq!(offered.unwrap(), None);
}

#[tokio::test]
async fn nobody_claims_it_on_another_device_or_with_an_account_that_is_in_use() {
    let app = TestApp::new().await;
    let (owner, newcomer) = set_aside(&app).await;
    let elsewhere = app.log_in_from(&stranger(), OTHER).await;
    let refused = claim::claim(&app, &on(&elsewhere.device_token), elsewhere.member.id).await;
    assert_eq!(refusal(refused), AppError::NothingToClaim);
    let used = app.log_in_from(&on(&owner.device_token), "+79120000003").await;
    activate(&app, used.member.id, &newcomer).await;
    let offered = claim::offered(&app, Some(&used.device_token), used.member.id).await;
    assert_eq!(offered.unwrap(), None);
    let refused = claim::claim(&app, &on(&used.device_token), used.member.id).await;
    assert_eq!(refusal(refused), AppError::NothingToClaim);
    // Nor the newcomer, on the device where they answered.
    let refused = claim::claim(&app, &stranger(), newcomer.id).await;
    assert_eq!(refusal(refused), AppError::NothingToClaim);
}

#[tokio::test]
async fn a_device_is_forgotten_four_hundred_days_after_its_last_login() {
    let app = TestApp::new().await;
    let (owner, _) = set_aside(&app).await;
    app.clock.advance(Duration::from_hours(219 * 24));
    visitor::forget_old_devices(&app).await.unwrap();
    let offer = async |phone: &str| {
        let fresh = app.log_in_from(&on(&owner.device_token), phone).await;
        claim::offered(&app, Some(&fresh.device_token), fresh.member.id).await.unwrap()
    };
    assert!(offer(OTHER).await.is_some());
    app.clock.advance(Duration::from_hours(24));
    visitor::forget_old_devices(&app).await.unwrap();
    assert!(offer("+79120000003").await.is_none());
}

#[tokio::test]
async fn an_admin_gives_the_number_back_unless_the_newcomer_has_used_the_account() {
    let app = TestApp::new().await;
    let (owner, newcomer) = set_aside(&app).await;
    let by = admin(&app).await;
    let undo = async |id| act(&app, &by, id, "give-number-back", "it was a mistake").await;
    assert_eq!(undo(newcomer.id).await, Err(Refusal::NotSetAside));
    undo(owner.member.id).await.unwrap();
    assert_eq!(app.member_id(PHONE).await, owner.member.id);
    assert_eq!(record(&app, newcomer.id).await.listed.phone, None);
    assert_eq!(app.acts().await[..2], [Act::GiveNumberBack, Act::Erase]);

    app.clock.advance(SILENCE);
    let newcomer = answer(&app, false).await.unwrap().member;
    let invitee = app.log_in(OTHER).await;
    activate(&app, invitee.id, &newcomer).await;
    assert_eq!(undo(owner.member.id).await, Err(Refusal::SuccessorInUse));
    app.erase(PHONE).await;
    assert_eq!(undo(owner.member.id).await, Err(Refusal::NumberMovedOn));
}

#[tokio::test]
async fn an_admin_can_erase_an_account_that_was_set_aside_and_nothing_else_of_it() {
    let app = TestApp::new().await;
    let (owner, newcomer) = set_aside(&app).await;
    let by = admin(&app).await;
    let owner = owner.member.id;
    assert_eq!(act(&app, &by, owner, "block", "no").await, Err(Refusal::Erased));
    act(&app, &by, owner, "erase", "they asked").await.unwrap();
    assert_eq!(record(&app, owner).await.set_aside, None);
    assert!(app.store.devices_of(owner, 1).await.unwrap().is_empty());
    assert_eq!(app.member_id(PHONE).await, newcomer.id, "the newcomer keeps the number");
    assert_eq!(act(&app, &by, owner, "erase", "again").await, Err(Refusal::Erased));
}

#[tokio::test]
async fn over_the_api_the_same_code_comes_with_the_answer() {
    let api = Api::new().await;
    let app = &api.app;
    let owner = silent(app).await.member;
    let code = api.get_code(PHONE).await;
    let body = json!({"phone_number": PHONE, "code": code});
    let asked = api.post("/authorize/", body.clone()).await.problem(409);
    assert_eq!(asked["code"], "owner_unclear");
    assert!(asked["error"].is_string() && !asked.to_string().contains(owner.invite_code.as_str()));
    assert_eq!(app.rows(Rows::TokenFamilies).await, 0);
    assert_eq!(
        api.post("/authorize/", json!({"phone_number": PHONE, "code": code, "is_mine": 1})).await.wrong_fields(),
        ["is_mine"]
    );
    let tokens = api.post("/authorize/", json!({"phone_number": PHONE, "code": code, "is_mine": false})).await.json();
    let profile = api.with_token(tokens["access"].as_str().unwrap()).get("/profile/").await.json();
    assert_eq!((&profile["invited_total"], &profile["phone_number"]), (&json!(0), &json!(PHONE)));
    api.post("/authorize/", body).await.problem(401);
    assert_eq!(app.acts().await, [Act::SetAside]);
}

#[tokio::test]
async fn a_member_of_an_older_server_is_silent_since_they_joined() {
    let app = TestApp::new().await;
    app.log_in(PHONE).await;
    app.forget_visits().await;
    app.clock.advance(SILENCE.saturating_sub(seconds(1)));
    come(&app, PHONE).await.1.unwrap();
    app.forget_visits().await;
    app.clock.advance(seconds(1));
    assert!(matches!(refusal(come(&app, PHONE).await.1), AppError::OwnerUnclear { .. }));
}

async fn type_code(browser: &Browser, phone: &str) -> Answer {
    browser.request_code(phone).await;
    let code = browser.shown_code().await;
    browser.verify(&code).await
}

#[tokio::test]
async fn the_page_asks_without_showing_anything_of_the_account() {
    let app = TestApp::new().await;
    let owner = silent(&app).await.member;
    let browser = app.browser();
    assert_eq!(browser.get("/login/owner").await.location(), "/login");
    assert_eq!(type_code(&browser, PHONE).await.location(), "/login/owner");
    let page = browser.get("/login/owner").await.body;
    assert!(page.contains("It has not been used since 1 January 2026."), "{page}");
    assert!(!page.contains(owner.invite_code.as_str()) && !page.contains("000-00-02"), "{page}");
    assert_eq!(browser.get("/login/code").await.location(), "/login/owner");
    assert!(browser.get("/profile").await.location().starts_with("/login"), "not before the answer");
    let answer = async |is_mine: &str| {
        browser.submit("/login/owner", "/api/login/answer", &[("is_mine", is_mine)]).await.location().to_owned()
    };
    assert_eq!(answer("false").await, "/profile");
    let profile = browser.get("/profile").await.body;
    assert!(profile.contains("Nobody yet.") && !profile.contains(owner.invite_code.as_str()));
    assert_eq!(answer("true").await, "/login", "it is answered once");
    assert_eq!(browser.get("/login/owner").await.location(), "/profile");
}

#[tokio::test]
async fn the_page_offers_the_account_on_a_device_of_before() {
    let app = TestApp::new().await;
    let browser = app.browser();
    browser.log_in(PHONE).await;
    let (owner, invitee) = (app.log_in(PHONE).await, app.log_in("+79120000002").await);
    activate(&app, invitee.id, &owner).await;
    app.clock.advance(SILENCE);
    answer(&app, false).await.unwrap();
    assert_eq!(type_code(&browser, OTHER).await.location(), "/profile/claim");
    let page = browser.get("/profile/claim").await.body;
    assert!(page.contains("until 1 January 2026") && !page.contains(owner.invite_code.as_str()), "{page}");
    assert_eq!(browser.submit("/profile/claim", "/api/account/claim", &[]).await.location(), "/profile");
    let profile = browser.get("/profile").await.body;
    assert!(profile.contains(owner.invite_code.as_str()) && profile.contains("+7 912 345-67-80"), "{profile}");
    assert_eq!(browser.get("/profile/claim").await.location(), "/profile");
    assert_eq!(app.browser().get("/profile/claim").await.location(), "/login?next=/profile/claim");
}
