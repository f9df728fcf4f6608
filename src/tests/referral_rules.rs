//! The rules of redeeming a code.

use super::*;
use crate::model::profile::Cursor;
use crate::server::domain::{profile, redeem};

async fn members(app: &TestApp, count: usize) -> Vec<Member> {
    let mut members = Vec::new();
    for number in 0..count {
        members.push(app.add(&format!("+7912{number:07}")).await);
    }
    members
}

async fn redeem(app: &TestApp, invitee: &Member, inviter: &Member) -> AppResult<()> {
    redeem::redeem(app, &stranger(), invitee.id, inviter.invite_code.as_str()).await.map(|_| ())
}

#[tokio::test]
async fn a_code_is_redeemed_in_any_usual_spelling_and_both_see_it() {
    let app = TestApp::new().await;
    let people = members(&app, 2).await;
    let typed = format!(" {} ", people[0].invite_code.as_str().to_lowercase());
    let redeemed = redeem::redeem(&app, &stranger(), people[1].id, &typed).await;
    assert_eq!(redeemed, Ok(people[0].invite_code.clone()));

    let inviter = profile::read(&app, people[0].id, None, 20).await.unwrap();
    assert_eq!((inviter.total, inviter.invitees[0].phone.as_ref()), (1, Some(&people[1].phone)));
    let invitee = profile::read(&app, people[1].id, None, 20).await.unwrap();
    assert_eq!(invitee.activated, Some(people[0].invite_code.clone()));
}

#[tokio::test]
async fn what_is_no_code_of_a_member_is_refused_and_changes_nothing() {
    let app = TestApp::new().await;
    let people = members(&app, 1).await;
    let me = people[0].id;
    assert_eq!(refusal(redeem::redeem(&app, &stranger(), me, " ").await), AppError::InviteCodeMissing);
    assert_eq!(refusal(redeem::redeem(&app, &stranger(), me, "AAAAAAA").await), AppError::InviteCodeTooLong);
    assert_eq!(refusal(redeem::redeem(&app, &stranger(), me, "ZZZZZZ").await), AppError::InviteCodeUnknown);
    assert_eq!(refusal(redeem(&app, &people[0], &people[0]).await), AppError::InviteCodeOwn);
    assert_eq!(app.redemptions().await, []);
}

#[tokio::test]
async fn a_second_redemption_is_refused_with_the_code_activated_before() {
    let app = TestApp::new().await;
    let people = members(&app, 3).await;
    redeem(&app, &people[0], &people[1]).await.unwrap();
    let code = people[1].invite_code.to_string();
    for second in [&people[2], &people[1]] {
        assert_eq!(refusal(redeem(&app, &people[0], second).await), AppError::AlreadyRedeemed { code: code.clone() });
    }
    assert_eq!(app.redemptions().await.len(), 1);
}

#[tokio::test]
async fn nobody_redeems_the_code_of_an_invitee_at_any_depth() {
    let app = TestApp::new().await;
    let people = members(&app, 50).await;
    for pair in people.windows(2) {
        redeem(&app, &pair[1], &pair[0]).await.unwrap();
    }
    for descendant in &people[1..] {
        assert_eq!(refusal(redeem(&app, &people[0], descendant).await), AppError::InviteCodeOfInvitee);
    }
    assert_eq!(app.redemptions().await.len(), 49);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_hundred_parallel_redemptions_by_one_member_one_wins() {
    let app = TestApp::new().await;
    let people = members(&app, 201).await;
    let me = people[0].id;
    let attempts: Vec<_> = people[1..]
        .iter()
        .map(|owner| {
            let (ports, code) = (app.state.ports.clone(), owner.invite_code.clone());
            tokio::spawn(async move { redeem::redeem(&ports, &stranger(), me, code.as_str()).await })
        })
        .collect();
    let mut outcomes = Vec::new();
    for outcome in attempts {
        outcomes.push(outcome.await.unwrap());
    }
    let winners: Vec<_> = outcomes.iter().flatten().collect();
    assert_eq!(winners.len(), 1);
    let lost = AppError::AlreadyRedeemed { code: winners[0].to_string() };
    assert!(outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).all(|error| *error == lost));
    assert_eq!(app.redemptions().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_members_who_redeem_each_other_at_once_make_no_circle() {
    let app = TestApp::new().await;
    let people = members(&app, 40).await;
    for pair in people.chunks(2) {
        let attempts = [(0, 1), (1, 0)].map(|(invitee, inviter)| {
            let (ports, me, code) = (app.state.ports.clone(), pair[invitee].id, pair[inviter].invite_code.clone());
            tokio::spawn(async move { redeem::redeem(&ports, &stranger(), me, code.as_str()).await })
        });
        let mut won = 0;
        for outcome in attempts {
            won += i32::from(outcome.await.unwrap().is_ok());
        }
        assert_eq!(won, 1);
    }
}

#[tokio::test]
async fn invitees_come_newest_first_and_each_on_one_page() {
    let app = TestApp::new().await;
    let people = members(&app, 46).await;
    for (number, invitee) in people[1..].iter().enumerate() {
        redeem(&app, invitee, &people[0]).await.unwrap();
        // Every third shares its millisecond with the one before.
        if number % 3 != 0 {
            app.clock.advance(Duration::from_millis(1));
        }
    }
    let mut seen = Vec::new();
    let mut after: Option<Cursor> = None;
    loop {
        let page = profile::read(&app, people[0].id, after, 20).await.unwrap();
        assert_eq!(page.total, 45);
        assert!(page.invitees.len() <= 20);
        seen.extend(page.invitees.into_iter().map(|invitee| invitee.id));
        // A cursor survives being written into an address.
        after = page.older.map(|cursor| Cursor::parse(&cursor.to_string()).unwrap());
        if after.is_none() {
            break;
        }
    }
    let newest_first: Vec<_> = people[1..].iter().rev().map(|member| member.id).collect();
    assert_eq!(seen, newest_first);
}
