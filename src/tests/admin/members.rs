//! What admins see of members, their attempts, and the referral program.

use super::*;
use crate::model::admin::MemberQuery;
use crate::model::invite_code::InviteCode;
use crate::server::data::{Counted, Counts, Place, Sort};
use crate::server::domain::admin::members;
use crate::server::domain::admin::overview;
use crate::server::domain::periods::Unit;
use crate::server::limits::Budget;
use strum::VariantArray;

/// Members, redemptions, logins begun, logins finished, messages.
fn counts_of(counts: &Counts) -> Vec<u64> {
    Counted::VARIANTS.iter().map(|what| counts.of(*what)).collect()
}

#[tokio::test]
async fn every_attempt_is_kept_with_how_it_ended() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let (me, friend, blocked) = (app.log_in(MEMBER).await, app.log_in(FRIEND).await, app.log_in("+79123456781").await);
    redeem(&app, friend.id, me.invite_code.as_str()).await.unwrap();
    act(&app, &by, blocked.id, "block", "a test").await.unwrap();
    for (code, outcome) in [
        ("ZZZZZZ", AttemptOutcome::Unknown),
        ("what is this", AttemptOutcome::Malformed),
        ("AB1", AttemptOutcome::Unknown),
        (me.invite_code.as_str(), AttemptOutcome::Own),
        (friend.invite_code.as_str(), AttemptOutcome::OfInvitee),
        (blocked.invite_code.as_str(), AttemptOutcome::OwnerBlocked),
    ] {
        app.clock.advance(seconds(1));
        redeem(&app, me.id, code).await.unwrap_err();
        assert_eq!(attempts(&app, &by, me.id).await[0], (outcome, 1), "{code}");
    }
    let good = app.log_in("+79123456782").await;
    app.clock.advance(seconds(1));
    redeem(&app, me.id, good.invite_code.as_str()).await.unwrap();
    assert_eq!(attempts(&app, &by, me.id).await[0], (AttemptOutcome::Redeemed, 1));
    app.clock.advance(seconds(1));
    redeem(&app, me.id, "ZZZZZZ").await.unwrap_err();
    assert_eq!(attempts(&app, &by, me.id).await[0], (AttemptOutcome::Second, 1));
    app.clock.advance(seconds(1));
    redeem(&app, me.id, blocked.invite_code.as_str()).await.unwrap_err();
    let newest = &members::read(&app, &by, me.id).await.unwrap().attempts[0];
    assert_eq!((newest.outcome, newest.inviter), (AttemptOutcome::Second, Some(blocked.id)));
}

#[tokio::test]
async fn what_was_typed_is_kept_only_if_it_may_be_a_mistyped_code() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let me = app.log_in(MEMBER).await;
    for typed in ["km-7q 2", "KM7Q2O", "KM7Q2PP", "+79123456780", "hunter2!", "my password", "пароль"] {
        redeem(&app, me.id, typed).await.unwrap_err();
        app.clock.advance(seconds(1));
    }
    let kept = members::read(&app, &by, me.id).await.unwrap().attempts;
    let typed: Vec<_> = kept.iter().map(|attempt| attempt.typed.as_str()).collect();
    assert_eq!(typed, ["", "", "KM7Q2PP", "KM7Q2O", "km7q2"]);
    assert!(!app.holds("hunter2").await);
}

#[tokio::test]
async fn codes_close_to_a_mistyped_one_are_suggested() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let (me, friend) = (app.log_in(MEMBER).await, app.log_in(FRIEND).await);
    let slip = |code: &InviteCode| code.as_str()[..5].to_owned();
    redeem(&app, friend.id, &slip(&me.invite_code)).await.unwrap_err();
    app.clock.advance(seconds(1));
    redeem(&app, friend.id, &slip(&friend.invite_code)).await.unwrap_err();
    let details = members::read(&app, &by, friend.id).await.unwrap();
    let meant: Vec<_> = details.attempts.iter().map(|attempt| details.meant[&attempt.id].as_slice()).collect();
    let [[], [of_me]] = meant[..] else { panic!("{meant:?}") };
    assert_eq!((&of_me.code, of_me.member), (&me.invite_code, me.id));
}

#[tokio::test]
async fn attempts_cannot_fill_the_disk() {
    let app =
        TestApp::with_limits(|limits| limits.redemption.unknown_codes = "1000/1h".parse::<Budget>().unwrap()).await;
    let by = admin(&app).await;
    let me = app.log_in(MEMBER).await;
    for _ in 0..20 {
        redeem(&app, me.id, "ZZZZZZ").await.unwrap_err();
    }
    assert_eq!(attempts(&app, &by, me.id).await, [(AttemptOutcome::Unknown, 20)]);
    for number in 0..100 {
        redeem(&app, me.id, &format!("X{number}")).await.unwrap_err();
    }
    let kept = members::read(&app, &by, me.id).await.unwrap().attempts;
    assert_eq!(kept.len(), 51);
    assert_eq!(kept.iter().map(|attempt| attempt.times).sum::<u32>(), 120, "all of them are counted");
}

#[tokio::test]
async fn the_network_of_an_attempt_is_forgotten_in_time() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let me = app.log_in(MEMBER).await;
    redeem(&app, me.id, "ZZZZZZ").await.unwrap_err();
    let network = |details: members::MemberDetails| details.attempts[0].network.clone();
    assert_eq!(network(members::read(&app, &by, me.id).await.unwrap()).as_deref(), Some("192.0.2.1"));
    app.clock.advance(seconds(91 * 24 * 60 * 60));
    assert_eq!(crate::server::domain::referral::forget_networks(&app).await, Ok(1));
    assert_eq!(network(members::read(&app, &by, me.id).await.unwrap()), None);
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
    assert_eq!(find(q("8 (912) 345-67-89")).await, Ok(vec![me.id]), "as it is written at home");
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
    let mut people = Vec::new();
    for number in 0..20 {
        people.push(app.add(&format!("+7921{number:07}")).await);
        app.clock.advance(Duration::from_millis(number % 2));
    }
    for (number, invitee) in people.iter().enumerate().skip(4) {
        redeem(&app, invitee.id, people[number % 4].invite_code.as_str()).await.unwrap();
    }
    for (sort, order) in [("", Sort::Newest), ("oldest", Sort::Oldest), ("most-invitees", Sort::MostInvitees)] {
        let query = |after: String| MemberQuery { sort: sort.to_owned(), after, ..MemberQuery::default() };
        let all = members::search(&app, &by, &query(String::new()), 100).await.unwrap();
        assert_eq!(all.len(), 21);
        let (mut paged, mut after) = (Vec::new(), String::new());
        loop {
            let page = members::search(&app, &by, &query(after), 4).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Place::of(last, order).to_string();
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
    app.clock.advance(seconds(60));
    login::request_code(&app, &stranger(), FRIEND).await.unwrap();
    app.clock.advance(seconds(24 * 60 * 60));
    let friend = app.log_in(FRIEND).await;
    redeem(&app, friend.id, me.invite_code.as_str()).await.unwrap();
    let overview = overview::read(&app, &by, Unit::Day).await.unwrap();
    let of = |day: usize| counts_of(&overview.stretches[28 + day].counts);
    assert_eq!([of(0), of(1)], [[2, 0, 3, 2, 4], [1, 1, 1, 1, 1]]);
    assert_eq!(counts_of(&overview.totals), [3, 1, 4, 3, 5]);
    assert_eq!(overview.top.iter().map(|member| member.id).collect::<Vec<_>>(), [me.id]);

    act(&app, &by, friend.id, "detach", "a test").await.unwrap();
    let months = overview::read(&app, &by, Unit::Month).await.unwrap();
    assert_eq!(counts_of(&months.stretches[23].counts), [3, 0, 4, 3, 5]);
    act(&app, &by, friend.id, "erase", "a test").await.unwrap();
    act(&app, &by, me.id, "block", "a test").await.unwrap();
    let overview = overview::read(&app, &by, Unit::Week).await.unwrap();
    assert_eq!((overview.blocked, overview.erased, overview.totals.of(Counted::Members)), (1, 1, 3));
}
