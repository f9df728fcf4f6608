//! The acts of admins on members, and their lines in the audit log.

use super::*;
use crate::server::data::AuditSearch;
use crate::server::domain::admin::overview;
use crate::server::domain::periods::Unit;
use crate::server::domain::profile;
use crate::server::present;
use strum::VariantArray;

#[tokio::test]
async fn a_blocked_member_is_logged_out_at_once_and_cannot_log_in_again() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let browser = app.browser();
    browser.log_in(MEMBER).await;
    let id = app.member_id(MEMBER).await;
    act(&app, &by, id, "block", "spam").await.unwrap();
    assert!(browser.get("/profile").await.location().starts_with("/login"));
    assert_eq!(act(&app, &by, id, "block", "spam").await, Err(Refusal::AlreadyBlocked));

    app.clock.advance(seconds(60));
    browser.request_code(MEMBER).await;
    let code = browser.shown_code().await;
    assert_eq!(browser.verify(&code).await.location(), "/login");
    assert!(browser.get("/login").await.body.contains("This account is blocked."));

    act(&app, &by, id, "unblock", "a mistake").await.unwrap();
    assert!(browser.get("/profile").await.location().starts_with("/login"), "the old session is not revived");
    assert_eq!(act(&app, &by, id, "unblock", "a mistake").await, Err(Refusal::NotBlocked));
    app.clock.advance(seconds(60));
    browser.log_in(MEMBER).await;
}

#[tokio::test]
async fn an_admin_can_neither_block_nor_erase_themselves_nor_erase_another_admin() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    for kind in ["block", "erase"] {
        assert_eq!(act(&app, &by, by.member(), kind, "why not").await, Err(Refusal::OwnAccount));
    }
    grants::grant(&app, MEMBER).await.unwrap();
    let other = app.log_in(MEMBER).await.id;
    assert_eq!(act(&app, &by, other, "erase", "why not").await, Err(Refusal::IsAdmin));
}

#[tokio::test]
async fn every_act_needs_a_reason_and_a_member_and_is_one_of_the_list() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let id = app.log_in(MEMBER).await.id;
    for kind in crate::model::admin::RepairKind::VARIANTS {
        let kind = kind.into_str();
        assert_eq!(act(&app, &by, id, kind, "  ").await, Err(Refusal::ReasonMissing), "{kind}");
        assert_eq!(act(&app, &by, id, kind, &"x".repeat(501)).await, Err(Refusal::ReasonTooLong), "{kind}");
        let typed = TypedAct { invite_code: "ZZZZZZ".into(), reason: "x".into() };
        assert_eq!(repair(&app, &by, MemberId(99), kind, &typed).await, Err(Refusal::NoSuchMember), "{kind}");
    }
    assert_eq!(act(&app, &by, id, "promote", "why not").await, Err(Refusal::NoSuchAct));
    assert_eq!(log(&app, &by).await.iter().filter(|line| line.subject == Some(id)).count(), 0);
}

/// As a newcomer would: asks for a code on an unknown device, and types it.
async fn new_device_logs_in(app: &TestApp, at: u32) -> AppResult<()> {
    let who = stranger_at(&format!("198.51.100.{at}"));
    let flow = login::request_code(app, &who, MEMBER).await?;
    login::verify(app, &who, flow, &app.sent_code(flow).await).await.map(|_| ())
}

#[tokio::test]
async fn an_admin_sees_what_strangers_used_up_and_allows_logins_again() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let id = app.log_in(MEMBER).await.id;
    for (number, wait) in [(0, 300), (1, 300), (2, 300), (3, 900)] {
        let who = stranger_at(&format!("203.0.113.{number}"));
        let (flow, code) = app.request_code(&who, MEMBER).await;
        for _ in 0..3 {
            refusal(login::verify(&app, &who, flow, wrong(&code)).await);
        }
        app.clock.advance(seconds(wait));
    }
    assert!(matches!(new_device_logs_in(&app, 1).await, Err(AppError::TooManyMessages { .. })));
    let page = domain::admin::members::page(&app, &by, id, &[]).await.unwrap();
    let view = present::admin::member(&page, &[]);
    assert_eq!(
        view.limits,
        [
            "New devices can request no message for 30 min.",
            "Codes for new devices have 8 digits for 24 hours, because of wrong codes."
        ]
    );
    let begun: Vec<_> = view.begun.iter().map(|login| (login.outcome.as_str(), login.details.as_str())).collect();
    assert_eq!(begun.len(), 5);
    assert_eq!((view.messages.len(), view.messages[0].1.as_str()), (5, "Sent by simulated"));
    assert_eq!(begun[0], ("Not finished", "unknown device, 8 digits, 1 message, 3 codes entered"));
    assert_eq!(begun[4], ("Logged in", "unknown device, 4 digits, 1 message, 1 code entered"));

    act(&app, &by, id, "allow-logins", "called from the number").await.unwrap();
    assert_eq!(log(&app, &by).await[0].act, Act::AllowLogins);
    new_device_logs_in(&app, 1).await.unwrap();
    let page = domain::admin::members::page(&app, &by, id, &[]).await.unwrap();
    assert_eq!(
        present::admin::member(&page, &[]).limits,
        ["New devices can request 4 more messages.", "After 9 more wrong codes, codes for new devices have 8 digits."]
    );
}

#[tokio::test]
async fn the_overview_says_since_when_codes_are_longer() {
    let app = TestApp::with_limits(|limits| {
        limits.login.wrong_until_long_codes = 2;
        limits.login.wrong_until_longest_codes = 4;
    })
    .await;
    let by = admin(&app).await;
    let notice = async || {
        let overview = overview::read(&app, &by, Unit::Day).await.unwrap();
        present::overview::overview(&overview, Unit::Day).notice
    };
    assert_eq!(notice().await, None);
    for number in 0..4_u32 {
        let who = stranger_at(&format!("203.0.113.{number}"));
        let (flow, code) = app.request_code(&who, &format!("+7912{number:03}0000")).await;
        refusal(login::verify(&app, &who, flow, wrong(&code)).await);
        app.clock.advance(seconds(60));
        if number == 1 {
            assert!(notice().await.unwrap().contains("6 digits since 1 Jan 2026, 00:00 UTC"), "{:?}", notice().await);
        }
    }
    assert!(notice().await.unwrap().contains("8 digits since 1 Jan 2026, 00:00 UTC"), "{:?}", notice().await);
    app.clock.advance(seconds(24 * 3600));
    assert_eq!(notice().await, None);
}

#[tokio::test]
async fn a_redemption_is_attached_and_detached_within_the_rules_of_the_tree() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let (inviter, friend) = (app.log_in(MEMBER).await, app.log_in(FRIEND).await);
    let code = inviter.invite_code.as_str();
    attach(&app, &by, friend.id, code).await.unwrap();
    let shown = profile::read(&app, friend.id, None, 1).await.unwrap();
    assert_eq!(shown.activated.as_ref(), Some(&inviter.invite_code));
    assert_eq!(profile::read(&app, inviter.id, None, 1).await.unwrap().total, 1);

    let again = attach(&app, &by, friend.id, code).await;
    assert_eq!(again, Err(AppError::AlreadyRedeemed { code: code.to_owned() }.into()));
    assert_eq!(attach(&app, &by, inviter.id, code).await, Err(AppError::InviteCodeOwn.into()));
    let circle = attach(&app, &by, inviter.id, friend.invite_code.as_str()).await;
    assert_eq!(circle, Err(AppError::InviteCodeOfInvitee.into()));
    assert_eq!(attach(&app, &by, inviter.id, "ZZZZZZ").await, Err(AppError::InviteCodeUnknown.into()));

    act(&app, &by, friend.id, "detach", "a test").await.unwrap();
    assert_eq!(act(&app, &by, friend.id, "detach", "a test").await, Err(Refusal::NoRedemption));
    assert_eq!(profile::read(&app, inviter.id, None, 1).await.unwrap().total, 0);
    redeem(&app, friend.id, code).await.unwrap();
}

#[tokio::test]
async fn an_inviter_is_named_by_code_or_phone() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let (inviter, friend) = (app.log_in(MEMBER).await, app.log_in(FRIEND).await);
    assert_eq!(attach(&app, &by, friend.id, "8 912 345-67-00").await, Err(AppError::InviteCodeTooLong.into()));
    attach(&app, &by, friend.id, "8 912 345-67-89").await.unwrap();
    let shown = profile::read(&app, friend.id, None, 1).await.unwrap();
    assert_eq!(shown.activated, Some(inviter.invite_code));
}

#[tokio::test]
async fn a_replaced_code_stops_working_and_what_came_with_it_stays() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let (inviter, friend, other) =
        (app.log_in(MEMBER).await, app.log_in(FRIEND).await, app.log_in("+79123456781").await);
    let old = inviter.invite_code.as_str();
    redeem(&app, friend.id, old).await.unwrap();
    act(&app, &by, inviter.id, "replace-invite-code", "posted in public").await.unwrap();
    let now = profile::read(&app, inviter.id, None, 1).await.unwrap();
    assert_ne!(now.member.invite_code.as_str(), old);
    assert_eq!(now.total, 1);
    assert_eq!(refusal(redeem(&app, other.id, old).await), AppError::InviteCodeUnknown);
    assert_eq!(attempts(&app, &by, other.id).await, [(AttemptOutcome::Replaced, 1)]);
    // An admin may count it after all.
    attach(&app, &by, other.id, old).await.unwrap();
    assert_eq!(profile::read(&app, inviter.id, None, 1).await.unwrap().total, 2);
}

#[tokio::test]
async fn an_erased_members_phone_is_nowhere_and_the_numbers_stay() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let (inviter, middle, friend) =
        (app.log_in("+79123456781").await, app.log_in(MEMBER).await, app.log_in(FRIEND).await);
    redeem(&app, middle.id, inviter.invite_code.as_str()).await.unwrap();
    redeem(&app, friend.id, middle.invite_code.as_str()).await.unwrap();
    let api = app.browser();
    app.clock.advance(seconds(60));
    api.log_in(MEMBER).await;
    act(&app, &by, middle.id, "erase", "asked for it").await.unwrap();

    assert!(api.get("/profile").await.location().starts_with("/login"));
    let of_inviter = profile::read(&app, inviter.id, None, 10).await.unwrap();
    assert_eq!((of_inviter.total, of_inviter.invitees[0].phone.as_ref()), (1, None));
    let of_friend = profile::read(&app, friend.id, None, 1).await.unwrap();
    assert_eq!(of_friend.activated, Some(middle.invite_code.clone()));
    let circle = refusal(redeem(&app, inviter.id, friend.invite_code.as_str()).await);
    assert_eq!(circle, AppError::InviteCodeOfInvitee, "the chain still leads through the one who was erased");
    let newcomer = app.log_in("+79123456782").await;
    let unknown = refusal(redeem(&app, newcomer.id, middle.invite_code.as_str()).await);
    assert_eq!(unknown, AppError::InviteCodeUnknown);
    assert!(!app.holds(MEMBER).await, "the phone is still in the files");
    for kind in ["block", "erase", "log-out-everywhere"] {
        assert_eq!(act(&app, &by, middle.id, kind, "again").await, Err(Refusal::Erased));
    }
    app.clock.advance(seconds(60));
    assert_ne!(app.log_in(MEMBER).await.id, middle.id, "who comes back is a new member");
}

#[tokio::test]
async fn the_audit_log_names_actor_act_subject_reason_time_and_address() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let id = app.log_in(MEMBER).await.id;
    act(&app, &by, id, "block", "  spam in the chat ").await.unwrap();
    let lines = log(&app, &by).await;
    let acts: Vec<_> = lines.iter().map(|line| line.act).collect();
    assert_eq!(acts, [Act::Block, Act::SetUpSecondFactor, Act::Grant]);
    let line = &lines[0];
    assert_eq!((line.actor, line.subject, line.at), (Some(by.member()), Some(id), app.clock.now()));
    assert_eq!((line.reason.as_str(), line.address.as_str()), ("spam in the chat", "192.0.2.1"));
    assert_eq!(lines[2].actor, None);

    let (app, by) = (&app, &by);
    let search = |query: AuditQuery| async move { audit::search(app, by, &query, 100).await.map(|lines| lines.len()) };
    assert_eq!(search(AuditQuery { q: "CHAT".into(), ..AuditQuery::default() }).await, Ok(1));
    assert_eq!(search(AuditQuery { act: "grant".into(), ..AuditQuery::default() }).await, Ok(1));
    assert_eq!(search(AuditQuery { subject: id.0.to_string(), ..AuditQuery::default() }).await, Ok(1));
    assert_eq!(search(AuditQuery { subject: "8 912 345-67-89".into(), ..AuditQuery::default() }).await, Ok(1));
    let unknown = AuditQuery { actor: "8 912 345-67-00".into(), ..AuditQuery::default() };
    assert_eq!(search(unknown).await, Err(Refusal::ActorUnknown));
    assert_eq!(search(AuditQuery { from: "2026-01-02".into(), ..AuditQuery::default() }).await, Ok(0));
    assert_eq!(search(AuditQuery { until: "2026-01-01".into(), ..AuditQuery::default() }).await, Ok(3));
    assert_eq!(
        search(AuditQuery { from: "tomorrow".into(), ..AuditQuery::default() }).await,
        Err(Refusal::DayMalformed)
    );
    assert_eq!(search(AuditQuery { actor: "me".into(), ..AuditQuery::default() }).await, Err(Refusal::ActorUnknown));
}

#[tokio::test]
async fn the_audit_log_holds_no_phone() {
    let app = TestApp::new().await;
    grants::grant(&app, ADMIN).await.unwrap();
    assert_eq!(app.acts().await, [Act::Grant]);
    let with_phone = AuditSearch { text: Some("0000001".into()), limit: 9, ..AuditSearch::default() };
    assert_eq!(app.store.audit_lines(&with_phone).await.unwrap(), []);
}
