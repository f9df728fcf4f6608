//! The rules of logging in.

use super::*;
use crate::server::data::Counts;
use crate::server::domain::{phone, profile};

const PHONE: &str = "+79123456789";

#[tokio::test]
async fn a_member_is_made_by_the_first_right_code_and_not_before() {
    let app = TestApp::new().await;
    let (flow, code) = app.request_code(&stranger(), PHONE).await;
    assert_eq!(app.members().await.len(), 0);
    assert_eq!(refusal(login::verify(&app, &stranger(), flow, wrong(&code)).await), AppError::LoginCodeRefused);
    assert_eq!(app.members().await.len(), 0);
    login::verify(&app, &stranger(), flow, &code).await.unwrap();
    assert_eq!(app.members().await.len(), 1);
}

#[tokio::test]
async fn the_same_phone_is_the_same_member_however_it_is_written() {
    let app = TestApp::new().await;
    let first = app.log_in("8 (912) 345-67-89").await;
    let second = app.log_in("+7 912 345 67 89").await;
    assert_eq!(first, second);
    assert_eq!(phone::international(&first.phone), "+7 912 345-67-89");
}

#[tokio::test]
async fn a_code_is_used_once() {
    let app = TestApp::new().await;
    let (flow, code) = app.request_code(&stranger(), PHONE).await;
    login::verify(&app, &stranger(), flow, &code).await.unwrap();
    assert_eq!(refusal(login::verify(&app, &stranger(), flow, &code).await), AppError::LoginCodeRefused);
}

#[tokio::test]
async fn a_code_lives_ten_minutes() {
    let app = TestApp::new().await;
    let (flow, code) = app.request_code(&stranger(), PHONE).await;
    app.clock.advance(seconds(600));
    assert_eq!(refusal(login::verify(&app, &stranger(), flow, &code).await), AppError::LoginCodeRefused);

    let (flow, code) = app.request_code(&stranger(), PHONE).await;
    app.clock.advance(seconds(599));
    login::verify(&app, &stranger(), flow, &code).await.unwrap();
}

#[tokio::test]
async fn three_guesses_are_evaluated_and_the_fourth_is_not_even_if_right() {
    let app = TestApp::new().await;
    let (flow, code) = app.request_code(&stranger(), PHONE).await;
    for _ in 0..3 {
        assert_eq!(refusal(login::verify(&app, &stranger(), flow, wrong(&code)).await), AppError::LoginCodeRefused);
    }
    assert_eq!(refusal(login::verify(&app, &stranger(), flow, &code).await), AppError::LoginCodeRefused);
    assert_eq!(app.guesses_at(flow).await, 3);
}

#[tokio::test]
async fn an_entry_that_cannot_be_a_code_uses_no_guess() {
    let app = TestApp::new().await;
    let (flow, code) = app.request_code(&stranger(), PHONE).await;
    assert_eq!(refusal(login::verify(&app, &stranger(), flow, "").await), AppError::LoginCodeMissing);
    for _ in 0..5 {
        assert_eq!(
            refusal(login::verify(&app, &stranger(), flow, "12x4").await),
            AppError::LoginCodeMalformed { length: 4 }
        );
    }
    login::verify(&app, &stranger(), flow, &code).await.unwrap();
}

#[tokio::test]
async fn the_code_of_one_login_does_not_fit_another() {
    let app = TestApp::new().await;
    let (_, my_code) = app.request_code(&stranger(), PHONE).await;
    let (other, other_code) = app.request_code(&stranger(), "+79123456780").await;
    assert_ne!(my_code, other_code, "the seed gives two codes");
    assert_eq!(refusal(login::verify(&app, &stranger(), other, &my_code).await), AppError::LoginCodeRefused);
    assert_eq!(refusal(login::verify(&app, &stranger(), FlowId([7; 16]), &my_code).await), AppError::LoginCodeRefused);
}

#[tokio::test]
async fn the_wait_for_another_message_grows() {
    let app = TestApp::new().await;
    let flow = login::request_code(&app, &stranger(), PHONE).await.unwrap();
    for (number, wait) in (0..).zip([60, 120, 300, 900]) {
        // Each from a network of its own, of which each may ask for a part of the messages.
        let who = stranger_at(&format!("198.51.100.{number}"));
        assert_eq!(refusal(login::send_again(&app, &who, flow).await), AppError::ResendTooSoon { seconds: wait });
        app.clock.advance(seconds(u64::from(wait) - 1));
        // Neither another login of the same phone nor another way to write it gets round the wait.
        assert_eq!(
            refusal(login::request_code(&app, &who, "89123456789").await),
            AppError::ResendTooSoon { seconds: 1 }
        );
        app.clock.advance(seconds(1));
        login::send_again(&app, &who, flow).await.unwrap();
    }
    assert_eq!(refusal(login::send_again(&app, &stranger(), flow).await), AppError::ResendTooSoon { seconds: 900 });
}

#[tokio::test]
async fn a_login_ends_the_wait() {
    let app = TestApp::new().await;
    app.log_in(PHONE).await;
    app.log_in(PHONE).await;
}

#[tokio::test]
async fn the_same_code_is_sent_again_so_that_no_message_becomes_wrong() {
    let app = TestApp::new().await;
    let (flow, first) = app.request_code(&stranger(), PHONE).await;
    app.clock.advance(seconds(60));
    login::send_again(&app, &stranger(), flow).await.unwrap();
    assert_eq!(app.sent_code(flow).await, first);
    assert_eq!((app.unused_messages(PHONE).await, app.messages_sent().await), (2, 2));
    login::verify(&app, &stranger(), flow, &first).await.unwrap();
}

#[tokio::test]
async fn sending_again_does_not_lengthen_the_life_of_a_code() {
    let app = TestApp::new().await;
    let (flow, code) = app.request_code(&stranger(), PHONE).await;
    app.clock.advance(seconds(480));
    login::send_again(&app, &stranger(), flow).await.unwrap();
    assert_eq!(app.sent_code(flow).await, code);
    app.clock.advance(seconds(120));
    assert_eq!(refusal(login::verify(&app, &stranger(), flow, &code).await), AppError::LoginCodeRefused);
}

#[tokio::test]
async fn another_code_is_sent_when_the_first_nearly_expired_or_allows_no_more_guesses() {
    let app = TestApp::new().await;
    let (flow, code) = app.request_code(&stranger(), PHONE).await;
    app.clock.advance(seconds(481));
    login::send_again(&app, &stranger(), flow).await.unwrap();
    let second = app.sent_code(flow).await;
    assert_ne!(code, second, "the seed gives two codes");
    for _ in 0..3 {
        refusal(login::verify(&app, &stranger(), flow, wrong(&second)).await);
    }
    app.clock.advance(seconds(120));
    let elsewhere = stranger_at("198.51.100.1");
    login::send_again(&app, &elsewhere, flow).await.unwrap();
    assert_ne!(app.sent_code(flow).await, second);
    login::verify(&app, &elsewhere, flow, &app.sent_code(flow).await).await.unwrap();
}

#[tokio::test]
async fn a_login_makes_the_other_codes_of_the_phone_void() {
    let app = TestApp::new().await;
    let (abandoned, code) = app.request_code(&stranger(), PHONE).await;
    app.clock.advance(seconds(60));
    app.log_in(PHONE).await;
    assert_eq!(refusal(login::verify(&app, &stranger(), abandoned, &code).await), AppError::LoginCodeRefused);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_parallel_right_codes_one_logs_in() {
    let app = TestApp::new().await;
    let (flow, code) = app.request_code(&stranger(), PHONE).await;
    let tries: Vec<_> = (0..50)
        .map(|_| {
            let (ports, code) = (app.state.ports.clone(), code.clone());
            tokio::spawn(async move { login::verify(&ports, &stranger(), flow, &code).await })
        })
        .collect();
    let mut winners = 0;
    for outcome in tries {
        match outcome.await.unwrap() {
            Ok(_) => winners += 1,
            // The late ones guess at a used code, which a network may do a number of times an hour.
            Err(error) => assert!(matches!(error, AppError::LoginCodeRefused | AppError::NetworkBusy { .. })),
        }
    }
    assert_eq!(winners, 1);
    assert_eq!(app.members().await.len(), 1);
}

#[tokio::test]
async fn the_database_never_holds_a_code() {
    let app = TestApp::with_limits(|limits| limits.login.code_length = "8".parse().unwrap()).await;
    let (_, code) = app.request_code(&stranger(), PHONE).await;
    assert!(app.holds(PHONE).await, "the right files are searched");
    assert!(!app.holds(&code).await);
}

#[tokio::test]
async fn a_message_that_did_not_go_out_imposes_no_wait() {
    let sms = Arc::new(SilentSms::broken());
    let app = TestApp::with_sms(sms.clone()).await;
    assert_eq!(refusal(login::request_code(&app, &stranger(), PHONE).await), AppError::SmsNotSent);
    assert_eq!(app.store.newest_code_at().await.unwrap(), None);
    assert_eq!(app.store.total_counts().await.unwrap(), Counts::default(), "nor is it counted");
    sms.mend();
    login::request_code(&app, &stranger(), PHONE).await.unwrap();
}

#[tokio::test]
async fn old_codes_are_forgotten_and_newer_ones_kept() {
    let app = TestApp::new().await;
    login::request_code(&app, &stranger(), PHONE).await.unwrap();
    app.clock.advance(seconds(30 * 24 * 3600 + 1));
    login::request_code(&app, &stranger(), PHONE).await.unwrap();
    assert_eq!(login::forget_old_codes(&app).await, Ok(1));
    assert_eq!(app.unused_messages(PHONE).await, 1);
}

#[tokio::test]
async fn a_member_that_does_not_exist_has_no_profile() {
    let app = TestApp::new().await;
    let outcome = profile::read(&app, MemberId(404), None, 20).await;
    assert_eq!(outcome.map(|profile| profile.total), Err(AppError::LoginRequired));
}

#[tokio::test]
async fn a_test_phone_has_a_fixed_code_until_its_last_day_and_is_limited_like_others() {
    let sms = Arc::new(SilentSms::broken());
    let rules = |rules: &mut crate::server::settings::Rules| {
        rules.test_phones = vec!["+79990000000=48151623@2026-01-02".parse().unwrap()];
    };
    let app = TestApp::with(sms, rules).await;
    let test_phone = "+79990000000";
    // No message is sent, or the broken gateway would refuse it.
    let flow = login::request_code(&app, &stranger(), test_phone).await.unwrap();
    refusal(login::verify(&app, &stranger(), flow, "48151624").await);
    login::verify(&app, &stranger(), flow, "48151623").await.unwrap();
    assert_eq!(login::verify(&app, &stranger(), flow, "48151623").await.err(), Some(AppError::LoginCodeRefused));
    let flow = login::request_code(&app, &stranger(), test_phone).await.unwrap();
    for _ in 0..3 {
        refusal(login::verify(&app, &stranger(), flow, "48151624").await);
    }
    refusal(login::verify(&app, &stranger(), flow, "48151623").await);
    assert_eq!(refusal(login::request_code(&app, &stranger(), PHONE).await), AppError::SmsNotSent);
    app.clock.advance(seconds(2 * 24 * 3600));
    assert_eq!(refusal(login::request_code(&app, &stranger(), test_phone).await), AppError::SmsNotSent);
}
