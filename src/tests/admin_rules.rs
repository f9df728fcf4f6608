//! Who may run the programme, and what they can find out and put right.

use super::*;
use crate::error::AppError;
use crate::model::admin::{AuditQuery, MemberQuery, TypedAct};
use crate::model::phone::Phone;
use crate::server::domain::admin::audit::{self, Act};
use crate::server::domain::admin::flags::{self, FlagKind, Verdict};
use crate::server::domain::admin::overview::{self, Counted, Unit};
use crate::server::domain::admin::repair::repair;
use crate::server::domain::admin::{Admin, AdminResult, Refusal, authenticate, grants, members, second_factor};
use crate::server::domain::referral::{self, TryOutcome};
use crate::server::domain::{MemberId, profile};
use crate::server::limits::Budget;
use std::time::Duration;
use totp_rs::{Builder, Secret as AppSecret, Totp};

const ADMIN: &str = "+79120000001";
const MEMBER: &str = "+79123456789";
const FRIEND: &str = "+79123456780";

/// The authenticator app on an admin's phone.
fn authenticator(secret: &str) -> Totp {
    let secret = AppSecret::try_from_base32(secret.replace(' ', "")).unwrap();
    Builder::new().with_secret(secret).build_noncompliant()
}

/// What the app shows now.
fn shown(app: &TestApp, totp: &Totp) -> String {
    totp.generate((app.clock.now().0 / 1000) as u64).to_string()
}

/// Somebody with the right and a second factor that waits for its first code.
async fn set_up(app: &TestApp, phone: &str) -> (MemberId, Totp, Vec<String>) {
    grants::grant(app, phone).await.unwrap();
    let member = app.log_in(phone).await.id;
    second_factor::set_up(app, member).await.unwrap();
    let setup = second_factor::setup(app, member).await.unwrap().unwrap();
    (member, authenticator(&setup.secret), setup.recovery_codes)
}

async fn prove(app: &TestApp, member: MemberId, code: &str) -> AdminResult<()> {
    second_factor::prove(app, &stranger(), (member, true), code).await.map(|_| ())
}

/// An admin at work.
async fn admin(app: &TestApp) -> Admin {
    let (member, totp, _) = set_up(app, ADMIN).await;
    let grant = second_factor::prove(app, &stranger(), (member, true), &shown(app, &totp)).await.unwrap();
    authenticate(app, &stranger(), member, Some(grant)).await.unwrap()
}

async fn act(app: &TestApp, by: &Admin, on: MemberId, act: &str, reason: &str) -> AdminResult<()> {
    repair(app, by, on, act, &TypedAct { reason: reason.to_owned(), ..TypedAct::default() }).await
}

async fn attach(app: &TestApp, by: &Admin, on: MemberId, code: &str) -> AdminResult<()> {
    repair(app, by, on, "attach", &TypedAct { invite_code: code.to_owned(), reason: "a test".to_owned() }).await
}

async fn redeem(app: &TestApp, who: MemberId, code: &str) -> AppResult<()> {
    referral::redeem(app, &stranger(), who, code).await.map(|_| ())
}

/// How the tries of a member ended, newest first, and how often each was made.
async fn tries(app: &TestApp, by: &Admin, who: MemberId) -> Vec<(TryOutcome, u32)> {
    let details = members::read(app, by, who).await.unwrap();
    details.tries.iter().map(|tried| (tried.outcome, tried.times)).collect()
}

async fn log(app: &TestApp, by: &Admin) -> Vec<audit::AuditLine> {
    audit::search(app, by, &AuditQuery::default(), 100).await.unwrap()
}

#[tokio::test]
async fn only_who_was_granted_the_right_and_proved_the_second_factor_of_that_grant_is_an_admin() {
    let app = TestApp::new().await;
    let member = app.log_in(MEMBER).await.id;
    assert_eq!(authenticate(&app, &stranger(), member, None).await.unwrap_err(), Refusal::NotAnAdmin);
    let (id, totp, _) = set_up(&app, ADMIN).await;
    assert_eq!(authenticate(&app, &stranger(), id, None).await.unwrap_err(), Refusal::SecondFactorRequired);
    let proven = second_factor::prove(&app, &stranger(), (id, true), &shown(&app, &totp)).await.unwrap();
    assert!(authenticate(&app, &stranger(), id, Some(proven)).await.is_ok());
    assert_eq!(authenticate(&app, &stranger(), member, Some(proven)).await.unwrap_err(), Refusal::NotAnAdmin);

    assert!(grants::revoke(&app, ADMIN).await.unwrap());
    assert_eq!(authenticate(&app, &stranger(), id, Some(proven)).await.unwrap_err(), Refusal::NotAnAdmin);
    assert!(grants::grant(&app, ADMIN).await.unwrap());
    let again = authenticate(&app, &stranger(), id, Some(proven)).await;
    assert_eq!(again.unwrap_err(), Refusal::SecondFactorRequired, "the proof was of another grant");
}

#[tokio::test]
async fn a_code_of_the_app_works_once_and_for_a_minute() {
    let app = TestApp::new().await;
    let (id, totp, _) = set_up(&app, ADMIN).await;
    let code = shown(&app, &totp);
    app.clock.advance(Duration::from_secs(29));
    assert_eq!(prove(&app, id, &code).await, Ok(()));
    assert_eq!(prove(&app, id, &code).await, Err(Refusal::SecondFactorRefused));
    app.clock.advance(Duration::from_secs(60));
    let code = shown(&app, &totp);
    app.clock.advance(Duration::from_secs(61));
    assert_eq!(prove(&app, id, &code).await, Err(Refusal::SecondFactorRefused));
}

#[tokio::test]
async fn of_parallel_uses_of_one_code_one_counts() {
    let app = TestApp::new().await;
    let (id, totp, _) = set_up(&app, ADMIN).await;
    let code = shown(&app, &totp);
    let all = join_all((0..5).map(|_| prove(&app, id, &code))).await;
    assert_eq!(all.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{all:?}");
}

#[tokio::test]
async fn a_recovery_code_works_once_and_only_after_the_app_was_set_up() {
    let app = TestApp::new().await;
    let (id, totp, recovery) = set_up(&app, ADMIN).await;
    assert_eq!(prove(&app, id, &recovery[0]).await, Err(Refusal::SecondFactorRefused));
    prove(&app, id, &shown(&app, &totp)).await.unwrap();
    assert_eq!(prove(&app, id, &recovery[3].to_lowercase()).await, Ok(()));
    assert_eq!(prove(&app, id, &recovery[3]).await, Err(Refusal::SecondFactorRefused));
    assert_eq!(prove(&app, id, &recovery[4].replace('-', " ")).await, Ok(()));
    assert_eq!(recovery.iter().collect::<std::collections::HashSet<_>>().len(), 10);
}

#[tokio::test]
async fn wrong_second_factors_are_few_and_right_ones_cost_nothing() {
    let app = TestApp::new().await;
    let (id, totp, _) = set_up(&app, ADMIN).await;
    prove(&app, id, &shown(&app, &totp)).await.unwrap();
    for _ in 0..5 {
        assert_eq!(prove(&app, id, "AAAAAAAAAA").await, Err(Refusal::SecondFactorRefused));
    }
    app.clock.advance(Duration::from_secs(60));
    let right = shown(&app, &totp);
    assert_eq!(prove(&app, id, &right).await, Err(Refusal::TooManySecondFactors { seconds: 840 }));
    app.clock.advance(Duration::from_secs(840));
    assert_eq!(prove(&app, id, &shown(&app, &totp)).await, Ok(()));
}

#[tokio::test]
async fn the_secret_is_shown_until_it_is_used_and_never_again() {
    let app = TestApp::new().await;
    let (id, totp, _) = set_up(&app, ADMIN).await;
    // Setting up anew draws another secret, as long as the first was not used.
    second_factor::set_up(&app, id).await.unwrap();
    let setup = second_factor::setup(&app, id).await.unwrap().unwrap();
    assert_eq!(prove(&app, id, &shown(&app, &totp)).await, Err(Refusal::SecondFactorRefused));
    let totp = authenticator(&setup.secret);
    prove(&app, id, &shown(&app, &totp)).await.unwrap();
    assert!(second_factor::setup(&app, id).await.unwrap().is_none());
    assert_eq!(second_factor::set_up(&app, id).await, Err(Refusal::AlreadySetUp));
    let secret = totp.secret().as_bytes().to_vec();
    assert!(
        !app.stored_bytes().windows(secret.len()).any(|bytes| bytes == secret),
        "the secret is stored in the clear"
    );
}

#[tokio::test]
async fn an_old_login_does_not_become_an_admins() {
    let app = TestApp::new().await;
    let (id, totp, _) = set_up(&app, ADMIN).await;
    let outcome = second_factor::prove(&app, &stranger(), (id, false), &shown(&app, &totp)).await;
    assert_eq!(outcome.unwrap_err(), Refusal::LoginTooOld);
}

#[tokio::test]
async fn a_blocked_member_is_out_at_once_and_stays_out() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let browser = app.browser();
    browser.log_in(MEMBER).await;
    let id = app.member_id(MEMBER).await;
    act(&app, &by, id, "block", "spam").await.unwrap();
    assert!(browser.get("/profile").await.location().starts_with("/login"));
    assert_eq!(act(&app, &by, id, "block", "spam").await, Err(Refusal::AlreadyBlocked));

    app.clock.advance(Duration::from_secs(60));
    browser.request_code(MEMBER).await;
    let code = browser.shown_code().await;
    assert_eq!(browser.verify(&code).await.location(), "/login");
    assert!(browser.get("/login").await.body.contains("This account is blocked."));

    act(&app, &by, id, "unblock", "a mistake").await.unwrap();
    assert!(browser.get("/profile").await.location().starts_with("/login"), "the old session is not revived");
    assert_eq!(act(&app, &by, id, "unblock", "a mistake").await, Err(Refusal::NotBlocked));
    app.clock.advance(Duration::from_secs(60));
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
    for kind in crate::model::admin::RepairKind::ALL {
        let kind = kind.as_str();
        assert_eq!(act(&app, &by, id, kind, "  ").await, Err(Refusal::ReasonMissing), "{kind}");
        assert_eq!(act(&app, &by, id, kind, &"x".repeat(501)).await, Err(Refusal::ReasonTooLong), "{kind}");
        let typed = TypedAct { invite_code: "ZZZZZZ".into(), reason: "x".into() };
        assert_eq!(repair(&app, &by, MemberId(99), kind, &typed).await, Err(Refusal::NoSuchMember), "{kind}");
    }
    assert_eq!(act(&app, &by, id, "promote", "why not").await, Err(Refusal::NoSuchAct));
    assert_eq!(log(&app, &by).await.iter().filter(|line| line.subject == Some(id)).count(), 0);
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
    assert_eq!(tries(&app, &by, other.id).await, [(TryOutcome::Replaced, 1)]);
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
    app.clock.advance(Duration::from_secs(60));
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

    let phone = MEMBER.as_bytes();
    app.settle().await;
    assert!(!app.stored_bytes().windows(phone.len()).any(|bytes| bytes == phone), "the phone is still in the files");
    for kind in ["block", "erase", "log-out-everywhere"] {
        assert_eq!(act(&app, &by, middle.id, kind, "again").await, Err(Refusal::Erased));
    }
    app.clock.advance(Duration::from_secs(60));
    assert_ne!(app.log_in(MEMBER).await.id, middle.id, "who comes back is a new member");
}

#[tokio::test]
async fn every_try_is_kept_with_how_it_ended() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let (me, friend, blocked) = (app.log_in(MEMBER).await, app.log_in(FRIEND).await, app.log_in("+79123456781").await);
    redeem(&app, friend.id, me.invite_code.as_str()).await.unwrap();
    act(&app, &by, blocked.id, "block", "a test").await.unwrap();
    for (code, outcome) in [
        ("ZZZZZZ", TryOutcome::Unknown),
        ("what is this", TryOutcome::Malformed),
        ("AB1", TryOutcome::Unknown),
        (me.invite_code.as_str(), TryOutcome::Own),
        (friend.invite_code.as_str(), TryOutcome::OfInvitee),
        (blocked.invite_code.as_str(), TryOutcome::OwnerBlocked),
    ] {
        app.clock.advance(Duration::from_secs(1));
        redeem(&app, me.id, code).await.unwrap_err();
        assert_eq!(tries(&app, &by, me.id).await[0], (outcome, 1), "{code}");
    }
    let good = app.log_in("+79123456782").await;
    app.clock.advance(Duration::from_secs(1));
    redeem(&app, me.id, good.invite_code.as_str()).await.unwrap();
    assert_eq!(tries(&app, &by, me.id).await[0], (TryOutcome::Redeemed, 1));
    app.clock.advance(Duration::from_secs(1));
    redeem(&app, me.id, "ZZZZZZ").await.unwrap_err();
    assert_eq!(tries(&app, &by, me.id).await[0], (TryOutcome::Second, 1));
}

#[tokio::test]
async fn tries_cannot_fill_the_disk() {
    let app = TestApp::with_limits(|limits| limits.unknown_invite_codes = "1000/1h".parse::<Budget>().unwrap()).await;
    let by = admin(&app).await;
    let me = app.log_in(MEMBER).await;
    for _ in 0..20 {
        redeem(&app, me.id, "ZZZZZZ").await.unwrap_err();
    }
    assert_eq!(tries(&app, &by, me.id).await, [(TryOutcome::Unknown, 20)]);
    for number in 0..100 {
        redeem(&app, me.id, &format!("X{number}")).await.unwrap_err();
    }
    let kept = members::read(&app, &by, me.id).await.unwrap().tries;
    assert_eq!(kept.len(), 51);
    assert_eq!(kept.iter().map(|tried| tried.times).sum::<u32>(), 120, "all of them are counted");
}

#[tokio::test]
async fn from_where_a_code_was_tried_is_forgotten_in_time() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let me = app.log_in(MEMBER).await;
    redeem(&app, me.id, "ZZZZZZ").await.unwrap_err();
    let network = |details: members::MemberDetails| details.tries[0].network.clone();
    assert_eq!(network(members::read(&app, &by, me.id).await.unwrap()).as_deref(), Some("192.0.2.1"));
    app.clock.advance(Duration::from_secs(91 * 24 * 60 * 60));
    assert_eq!(referral::forget_networks(&app).await, Ok(1));
    assert_eq!(network(members::read(&app, &by, me.id).await.unwrap()), None);
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
    assert_eq!(search(AuditQuery { from: "2026-01-02".into(), ..AuditQuery::default() }).await, Ok(0));
    assert_eq!(search(AuditQuery { until: "2026-01-01".into(), ..AuditQuery::default() }).await, Ok(3));
    assert_eq!(
        search(AuditQuery { from: "tomorrow".into(), ..AuditQuery::default() }).await,
        Err(Refusal::DayMalformed)
    );
    assert_eq!(search(AuditQuery { actor: "me".into(), ..AuditQuery::default() }).await, Err(Refusal::NumberMalformed));
}

#[tokio::test]
async fn a_line_of_the_audit_log_can_be_neither_changed_nor_deleted() {
    let app = TestApp::new().await;
    grants::grant(&app, ADMIN).await.unwrap();
    for statement in ["UPDATE audit_log SET reason = 'x'", "DELETE FROM audit_log"] {
        let refused = app.try_to_run(statement).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
    let holds_phones = app.count("SELECT count(*) FROM audit_log WHERE details LIKE '%0000001%'").await;
    assert_eq!(holds_phones, 0);
}

#[tokio::test]
async fn members_are_found_by_phone_code_inviter_status_and_day() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let (me, friend) = (app.log_in(MEMBER).await, app.log_in(FRIEND).await);
    redeem(&app, friend.id, me.invite_code.as_str()).await.unwrap();
    let (app, by) = (&app, &by);
    let find = |query: MemberQuery| async move {
        let found = members::search(app, by, &query, 10).await;
        found.map(|found| found.iter().map(|member| member.id).collect::<Vec<_>>())
    };
    let q = |q: &str| MemberQuery { q: q.to_owned(), ..MemberQuery::default() };
    assert_eq!(find(q("345-67-89")).await, Ok(vec![me.id]));
    assert_eq!(find(q("+7 912 345")).await, Ok(vec![friend.id, me.id]));
    assert_eq!(find(q("89")).await, Ok(vec![me.id]));
    assert_eq!(find(q(&me.invite_code.as_str().to_lowercase())).await, Ok(vec![me.id]));
    assert_eq!(find(q("somebody")).await, Err(Refusal::SearchUnclear));
    assert_eq!(find(q("100%")).await, Err(Refusal::SearchUnclear));
    for query in [
        MemberQuery { status: "sleepy".into(), ..q("") },
        MemberQuery { sort: "best".into(), ..q("") },
        MemberQuery { after: "1-x".into(), ..q("") },
    ] {
        assert_eq!(find(query).await, Err(Refusal::FilterUnknown));
    }
    for inviter in [me.invite_code.as_str(), "8 912 345 67 89"] {
        assert_eq!(find(MemberQuery { inviter: inviter.to_owned(), ..q("") }).await, Ok(vec![friend.id]));
    }
    assert_eq!(find(MemberQuery { inviter: "ZZZZZZ".into(), ..q("") }).await, Err(Refusal::InviterUnknown));
    assert_eq!(find(MemberQuery { status: "redeemed".into(), ..q("") }).await, Ok(vec![friend.id]));
    assert_eq!(find(MemberQuery { status: "not-redeemed".into(), ..q("345") }).await, Ok(vec![me.id]));
    assert_eq!(find(MemberQuery { from: "2026-01-02".into(), ..q("") }).await, Ok(vec![]));
    assert_eq!(find(MemberQuery { until: "2026-01-01".into(), ..q("345") }).await, Ok(vec![friend.id, me.id]));
    assert_eq!(find(MemberQuery { sort: "oldest".into(), ..q("345") }).await, Ok(vec![me.id, friend.id]));
    assert_eq!(find(MemberQuery { sort: "most-invitees".into(), ..q("345") }).await, Ok(vec![me.id, friend.id]));
    act(app, by, me.id, "block", "a test").await.unwrap();
    assert_eq!(find(MemberQuery { status: "blocked".into(), ..q("") }).await, Ok(vec![me.id]));
    act(app, by, friend.id, "erase", "a test").await.unwrap();
    assert_eq!(find(MemberQuery { status: "erased".into(), ..q("") }).await, Ok(vec![friend.id]));
    assert_eq!(find(q("3456780")).await, Ok(vec![]), "the index knows no erased phone");
    assert_eq!(find(MemberQuery { status: "active".into(), ..q("") }).await, Ok(vec![by.member()]));
}

#[tokio::test]
async fn pages_of_members_follow_one_another_without_gap_or_overlap() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    for number in 0..20 {
        app.add(&Phone::from_e164(&format!("+7921{number:07}")).unwrap()).await;
        app.clock.advance(Duration::from_millis(number % 2));
    }
    app.run("INSERT INTO redemptions SELECT id, 1 + id % 4, 'AAAAAA', 0 FROM members WHERE id > 5").await;
    for sort in ["", "oldest", "most-invitees"] {
        let query = |after: String| MemberQuery { sort: sort.to_owned(), after, ..MemberQuery::default() };
        let all = members::search(&app, &by, &query(String::new()), 100).await.unwrap();
        assert_eq!(all.len(), 21);
        let (mut paged, mut after) = (Vec::new(), String::new());
        loop {
            let page = members::search(&app, &by, &query(after), 4).await.unwrap();
            let Some(last) = page.last() else { break };
            after = members::Place::of(last, &query(String::new())).to_string();
            paged.extend(page);
        }
        assert_eq!(paged, all, "{sort}");
    }
}

#[tokio::test]
async fn the_overview_counts_what_happened_when_it_happened() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let me = app.log_in(MEMBER).await;
    // A code that is asked for again belongs to the same login; one that is never used begins one, and no more.
    login::request_code(&app, &stranger(), FRIEND).await.unwrap();
    app.clock.advance(Duration::from_secs(60));
    login::request_code(&app, &stranger(), FRIEND).await.unwrap();
    app.clock.advance(Duration::from_secs(24 * 60 * 60));
    let friend = app.log_in(FRIEND).await;
    redeem(&app, friend.id, me.invite_code.as_str()).await.unwrap();
    let overview = overview::read(&app, &by, Unit::Day).await.unwrap();
    let of = |day: usize| Counted::ALL.map(|what| overview.stretches[28 + day].counts.of(what));
    // Members, redemptions, logins begun, finished, messages.
    assert_eq!((of(0), of(1)), ([2, 0, 3, 2, 4], [1, 1, 1, 1, 1]));
    assert_eq!(Counted::ALL.map(|what| overview.totals.of(what)), [3, 1, 4, 3, 5]);
    assert_eq!(overview.top.iter().map(|member| member.id).collect::<Vec<_>>(), [me.id]);

    act(&app, &by, friend.id, "detach", "a test").await.unwrap();
    let months = overview::read(&app, &by, Unit::Month).await.unwrap();
    assert_eq!(Counted::ALL.map(|what| months.stretches[23].counts.of(what)), [3, 0, 4, 3, 5]);
    act(&app, &by, friend.id, "erase", "a test").await.unwrap();
    act(&app, &by, me.id, "block", "a test").await.unwrap();
    let overview = overview::read(&app, &by, Unit::Week).await.unwrap();
    assert_eq!((overview.blocked, overview.erased, overview.totals.of(Counted::Members)), (1, 1, 3));
}

/// The flags that wait: their kind, whom they are about, and how much there is.
async fn waiting(app: &TestApp, by: &Admin) -> Vec<(FlagKind, MemberId, u32)> {
    let flags = flags::list(app, by, true, 0, 100).await.unwrap();
    flags.iter().map(|flag| (flag.kind, flag.member, flag.count)).collect()
}

/// People who join and redeem a code, each from a network of their own but for the last part of it.
async fn join(app: &TestApp, people: std::ops::Range<u32>, code: &str, network: impl Fn(u32) -> String) {
    for number in people {
        let member = app.add(&Phone::from_e164(&format!("+7930{number:07}")).unwrap()).await;
        let visitor = stranger_at(&network(number));
        referral::redeem(app, &visitor, member.id, code).await.unwrap();
    }
}

#[tokio::test]
async fn many_redemptions_from_one_network_are_flagged_and_block_nobody() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let me = app.log_in(MEMBER).await;
    join(&app, 0..9, me.invite_code.as_str(), |_| "198.51.100.1".to_owned()).await;
    assert_eq!(waiting(&app, &by).await, []);
    join(&app, 9..12, me.invite_code.as_str(), |_| "198.51.100.1".to_owned()).await;
    assert_eq!(waiting(&app, &by).await, [(FlagKind::SameNetwork, me.id, 12)]);
    assert!(!members::record(&app, &by, me.id).await.unwrap().listed.is_blocked);
}

#[tokio::test]
async fn a_code_that_many_redeem_at_once_may_have_been_posted() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let me = app.log_in(MEMBER).await;
    let everywhere = |number: u32| format!("203.0.113.{number}");
    join(&app, 0..15, me.invite_code.as_str(), everywhere).await;
    app.clock.advance(Duration::from_secs(60 * 60));
    join(&app, 15..34, me.invite_code.as_str(), everywhere).await;
    assert_eq!(waiting(&app, &by).await, [], "fifteen and nineteen in an hour are not twenty");
    join(&app, 34..35, me.invite_code.as_str(), everywhere).await;
    assert_eq!(waiting(&app, &by).await, [(FlagKind::Posted, me.id, 20)]);
}

#[tokio::test]
async fn codes_tried_at_random_are_flagged() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let me = app.log_in(MEMBER).await;
    for number in 0..8 {
        assert_eq!(waiting(&app, &by).await, []);
        redeem(&app, me.id, &format!("ZZZZZ{}", char::from(b'A' + number))).await.unwrap_err();
    }
    assert_eq!(waiting(&app, &by).await, [(FlagKind::Guessing, me.id, 8)]);
}

#[tokio::test]
async fn members_of_one_browser_who_bring_one_another_in_are_a_ring() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let mut visitor = stranger();
    let mut people = Vec::new();
    for number in 0..4 {
        let phone = format!("+7941000000{number}");
        let flow = login::request_code(&app, &stranger_at(&format!("203.0.113.{number}")), &phone).await.unwrap();
        let login = login::verify(&app, &visitor, flow, &app.sent_code(flow)).await.unwrap();
        visitor.device = Some(login.device);
        people.push(login.member);
    }
    referral::redeem(&app, &visitor, people[1].id, people[0].invite_code.as_str()).await.unwrap();
    assert_eq!(waiting(&app, &by).await, []);
    referral::redeem(&app, &visitor, people[2].id, people[1].invite_code.as_str()).await.unwrap();
    assert_eq!(waiting(&app, &by).await, [(FlagKind::Ring, people[1].id, 2)]);
    // Three for one code is another kind of oddness.
    for (invitee, inviter) in [(3, 0)] {
        referral::redeem(&app, &visitor, people[invitee].id, people[inviter].invite_code.as_str()).await.unwrap();
    }
    let kinds: Vec<_> = waiting(&app, &by).await.into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, [FlagKind::Ring, FlagKind::Ring]);
    let newcomer = app.add(&Phone::from_e164("+79420000000").unwrap()).await;
    referral::redeem(&app, &visitor, newcomer.id, people[0].invite_code.as_str()).await.unwrap();
    let kinds: Vec<_> = waiting(&app, &by).await.into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, [FlagKind::Ring, FlagKind::Ring, FlagKind::SameBrowser]);
}

#[tokio::test]
async fn a_flag_is_reviewed_once_and_what_was_reviewed_counts_no_more() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let me = app.log_in(MEMBER).await;
    let home = |_| "198.51.100.1".to_owned();
    join(&app, 0..10, me.invite_code.as_str(), home).await;
    let id = flags::list(&app, &by, true, 0, 1).await.unwrap()[0].id;
    assert_eq!(flags::review(&app, &by, id, "maybe", "a school").await, Err(Refusal::VerdictMissing));
    assert_eq!(flags::review(&app, &by, id, "dismissed", " ").await, Err(Refusal::ReasonMissing));
    assert_eq!(flags::review(&app, &by, 99, "dismissed", "a school").await, Err(Refusal::NoSuchFlag));
    flags::review(&app, &by, id, "dismissed", "a school").await.unwrap();
    assert_eq!(flags::review(&app, &by, id, "accepted", "a school").await, Err(Refusal::AlreadyReviewed));
    assert_eq!(waiting(&app, &by).await, []);
    assert_eq!(flags::list(&app, &by, false, 0, 9).await.unwrap()[0].verdict, Some(Verdict::Dismissed));
    let line = &log(&app, &by).await[0];
    assert_eq!((line.act, line.subject, line.reason.as_str()), (Act::DismissFlag, Some(me.id), "a school"));

    app.clock.advance(Duration::from_secs(60 * 60));
    join(&app, 10..19, me.invite_code.as_str(), home).await;
    assert_eq!(waiting(&app, &by).await, [], "only nine are new");
    join(&app, 19..20, me.invite_code.as_str(), home).await;
    assert_eq!(waiting(&app, &by).await, [(FlagKind::SameNetwork, me.id, 10)]);
}

#[tokio::test]
async fn a_flag_keeps_its_network_no_longer_than_the_tries_do() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let me = app.log_in(MEMBER).await;
    join(&app, 0..10, me.invite_code.as_str(), |_| "198.51.100.1".to_owned()).await;
    app.clock.advance(Duration::from_secs(91 * 24 * 60 * 60));
    join(&app, 10..20, me.invite_code.as_str(), |_| "198.51.100.2".to_owned()).await;
    referral::forget_networks(&app).await.unwrap();
    let flags = flags::list(&app, &by, true, 0, 9).await.unwrap();
    let sources: Vec<_> = flags.iter().map(|flag| flag.source.as_str()).collect();
    assert_eq!(sources, ["no longer kept, 1", "198.51.100.2"]);
}
