//! Flags, and their review.

use super::*;
use crate::server::data::{FlagKind, Verdict};
use crate::server::domain::admin::{flags, members};

/// The flags that wait for a review: kind, member, count.
async fn waiting(app: &TestApp, by: &Admin) -> Vec<(FlagKind, MemberId, u32)> {
    let flags = flags::list(app, by, true, 0, 100).await.unwrap();
    flags.iter().map(|flag| (flag.kind, flag.member, flag.count)).collect()
}

/// People who join and redeem a code, each from a network of their own but for the last part of it.
async fn join(app: &TestApp, people: std::ops::Range<u32>, code: &str, network: impl Fn(u32) -> String) {
    for number in people {
        let member = app.add(&format!("+7930{number:07}")).await;
        let visitor = stranger_at(&network(number));
        redeem::redeem(app, &visitor, member.id, code).await.unwrap();
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
    app.clock.advance(seconds(60 * 60));
    join(&app, 15..34, me.invite_code.as_str(), everywhere).await;
    assert_eq!(waiting(&app, &by).await, [], "fifteen and nineteen in an hour are not twenty");
    join(&app, 34..35, me.invite_code.as_str(), everywhere).await;
    assert_eq!(waiting(&app, &by).await, [(FlagKind::Posted, me.id, 20)]);
}

#[tokio::test]
async fn attempts_at_random_are_flagged() {
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
async fn members_of_one_browser_who_invite_one_another_are_a_ring() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let mut visitor = stranger();
    let mut people = Vec::new();
    for number in 0..4 {
        let phone = format!("+7941000000{number}");
        let flow = login::request_code(&app, &stranger_at(&format!("203.0.113.{number}")), &phone).await.unwrap();
        let login = login::verify(&app, &visitor, flow, &app.sent_code(flow).await).await.unwrap();
        visitor.device = Some(login.device_token);
        people.push(login.member);
    }
    redeem::redeem(&app, &visitor, people[1].id, people[0].invite_code.as_str()).await.unwrap();
    assert_eq!(waiting(&app, &by).await, []);
    redeem::redeem(&app, &visitor, people[2].id, people[1].invite_code.as_str()).await.unwrap();
    assert_eq!(waiting(&app, &by).await, [(FlagKind::Ring, people[1].id, 2)]);
    // Three redemptions of one code are not a ring.
    for (invitee, inviter) in [(3, 0)] {
        redeem::redeem(&app, &visitor, people[invitee].id, people[inviter].invite_code.as_str()).await.unwrap();
    }
    let kinds: Vec<_> = waiting(&app, &by).await.into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, [FlagKind::Ring, FlagKind::Ring]);
    let newcomer = app.add("+79420000000").await;
    redeem::redeem(&app, &visitor, newcomer.id, people[0].invite_code.as_str()).await.unwrap();
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

    app.clock.advance(seconds(60 * 60));
    join(&app, 10..19, me.invite_code.as_str(), home).await;
    assert_eq!(waiting(&app, &by).await, [], "only nine are new");
    join(&app, 19..20, me.invite_code.as_str(), home).await;
    assert_eq!(waiting(&app, &by).await, [(FlagKind::SameNetwork, me.id, 10)]);
}

#[tokio::test]
async fn a_flag_keeps_its_network_no_longer_than_the_attempts_do() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let me = app.log_in(MEMBER).await;
    join(&app, 0..10, me.invite_code.as_str(), |_| "198.51.100.1".to_owned()).await;
    app.clock.advance(seconds(91 * 24 * 60 * 60));
    join(&app, 10..20, me.invite_code.as_str(), |_| "198.51.100.2".to_owned()).await;
    crate::server::domain::referral::forget_networks(&app).await.unwrap();
    let flags = flags::list(&app, &by, true, 0, 9).await.unwrap();
    let sources: Vec<_> = flags.iter().map(|flag| flag.source.as_str()).collect();
    assert_eq!(sources, ["forgotten:1", "198.51.100.2"]);
}
