//! How many codes go out, and how many guesses at them are evaluated: every number of `server::limits` that has to do
//! with logging in.

use super::*;
use crate::model::phone::Phone;
use crate::server::data::Network;
use crate::server::domain::visitor::{self, Standing};
use crate::server::domain::{budget, token};
use crate::server::limits::Limits;

const PHONE: &str = "+79123456789";
const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The phone of this number, with a prefix of its own.
fn phone(number: u32) -> String {
    format!("+7912{number:03}0000")
}

/// A stranger from the network of this number.
fn network(number: u32) -> Visitor {
    stranger_at(&std::net::Ipv4Addr::from(0x0a00_0000 + number).to_string())
}

/// The owner's device, which has logged the phone in.
async fn known_device(app: &TestApp, phone: &str, at: &Visitor) -> Visitor {
    let login = app.log_in_from(at, phone).await;
    Visitor { device: Some(login.device), ..at.clone() }
}

/// A wrong guess at a new code for the phone, from a network of its own.
async fn guess_wrong(app: &TestApp, who: &Visitor, phone: &str) -> AppError {
    let flow = match login::request_code(app, who, phone).await {
        Ok(flow) => flow,
        Err(refused) => return refused,
    };
    let outcome = login::verify(app, who, flow, wrong(&app.sent_code(flow))).await;
    refusal(outcome)
}

/// Three wrong guesses at one code.
async fn guess_thrice(app: &TestApp, who: &Visitor, phone: &str) {
    let (flow, code) = app.request_code(who, phone).await;
    for _ in 0..3 {
        assert_eq!(refusal(login::verify(app, who, flow, wrong(&code)).await), AppError::LoginCodeRefused);
    }
}

#[tokio::test]
async fn a_phone_gets_five_codes_an_hour_and_eight_a_day() {
    let app = TestApp::new().await;
    for number in 0..5 {
        app.log_in_from(&network(number), PHONE).await;
    }
    let refused = refusal(login::request_code(&app, &network(9), PHONE).await);
    assert_eq!(refused, AppError::TooManyMessages { seconds: 3600 });
    app.clock.advance(seconds(HOUR));
    for number in 0..3 {
        app.log_in_from(&network(number), PHONE).await;
    }
    app.clock.advance(seconds(HOUR));
    let refused = refusal(login::request_code(&app, &network(9), PHONE).await);
    assert_eq!(refused, AppError::TooManyMessages { seconds: 22 * 3600 });
    app.clock.advance(seconds(22 * HOUR));
    login::request_code(&app, &network(9), PHONE).await.unwrap();
}

#[tokio::test]
async fn nine_wrong_guesses_a_day_are_evaluated_whatever_logins_and_networks_they_come_through() {
    let app = TestApp::new().await;
    for number in 0..3 {
        guess_thrice(&app, &network(number), PHONE).await;
        app.clock.advance(seconds(15 * MINUTE));
    }
    let refused = refusal(login::request_code(&app, &network(9), PHONE).await);
    assert_eq!(refused, AppError::TooManyWrongCodes { seconds: (DAY - 45 * MINUTE) as u32 });
    app.clock.advance(seconds(DAY - 45 * MINUTE));
    login::request_code(&app, &network(9), PHONE).await.unwrap();
}

#[tokio::test]
async fn a_right_guess_is_not_evaluated_when_the_wrong_ones_are_used_up() {
    let app = TestApp::new().await;
    for number in 0..2 {
        guess_thrice(&app, &network(number), PHONE).await;
        app.clock.advance(seconds(5 * MINUTE));
    }
    // This login still has a guess left when the ninth wrong one is made elsewhere.
    let (first, first_code) = app.request_code(&network(3), PHONE).await;
    let second = login::request_api_code(&app, &network(4), PHONE).await;
    assert!(matches!(second, Err(AppError::ResendTooSoon { .. })));
    for _ in 0..2 {
        refusal(login::verify(&app, &network(3), first, wrong(&first_code)).await);
    }
    app.use_budget("wrong-per-phone", PHONE).await;
    let refused = refusal(login::verify(&app, &network(3), first, &first_code).await);
    assert!(matches!(refused, AppError::TooManyWrongCodes { .. }), "{refused:?}");
    assert_eq!(app.guesses_at(first).await, 2);
}

#[tokio::test]
async fn thirty_wrong_guesses_a_month_are_evaluated() {
    let app = TestApp::new().await;
    for _ in 0..3 {
        for number in 0..3 {
            guess_thrice(&app, &network(number), PHONE).await;
            app.clock.advance(seconds(15 * MINUTE));
        }
        app.clock.advance(seconds(DAY));
    }
    guess_thrice(&app, &network(0), PHONE).await;
    let refused = refusal(login::request_code(&app, &network(9), PHONE).await);
    assert!(matches!(refused, AppError::ResendTooSoon { .. }));
    app.clock.advance(seconds(DAY));
    let refused = refusal(login::request_code(&app, &network(9), PHONE).await);
    assert!(matches!(refused, AppError::TooManyWrongCodes { seconds } if u64::from(seconds) > 25 * DAY), "{refused:?}");
}

#[tokio::test]
async fn a_success_does_not_reset_the_wrong_guesses_at_a_phone() {
    let app = TestApp::new().await;
    let who = network(1);
    let (flow, code) = app.request_code(&who, PHONE).await;
    refusal(login::verify(&app, &who, flow, wrong(&code)).await);
    refusal(login::verify(&app, &who, flow, wrong(&code)).await);
    login::verify(&app, &who, flow, &code).await.unwrap();
    assert_eq!(app.uses_of("wrong-per-phone").await, 2);
    assert_eq!(app.uses_of("wrong-per-address").await, 2);
    // The login succeeded, so nobody attacked anybody.
    assert_eq!(app.uses_of("wrong-by-strangers").await, 0);
}

#[tokio::test]
async fn a_guess_without_a_live_code_uses_no_budget_of_the_phone() {
    let app = TestApp::new().await;
    for _ in 0..5 {
        let outcome = login::verify_api(&app, &network(1), PHONE, "0000").await;
        assert_eq!(refusal(outcome), AppError::LoginCodeRefused);
    }
    assert_eq!(app.budget_uses().await, ["wrong-per-address 10.0.0.1"; 5]);
}

#[tokio::test]
async fn a_stranger_who_uses_everything_up_does_not_lock_the_owner_out() {
    let app = TestApp::new().await;
    let owner = known_device(&app, PHONE, &network(1)).await;
    // From the owner's own network, and until no more is sent.
    for _ in 0..3 {
        guess_thrice(&app, &network(1), PHONE).await;
        app.clock.advance(seconds(15 * MINUTE));
    }
    let refused = guess_wrong(&app, &network(2), PHONE).await;
    assert!(matches!(refused, AppError::TooManyWrongCodes { .. }), "{refused:?}");

    let owner = known_device(&app, PHONE, &owner).await;
    let (flow, _) = login::request_api_code(&app, &owner, PHONE).await.unwrap();
    login::verify_api(&app, &owner, PHONE, &app.sent_code(flow)).await.unwrap();
}

#[tokio::test]
async fn a_known_device_has_the_same_budgets_for_itself() {
    let app = TestApp::new().await;
    let owner = known_device(&app, PHONE, &network(1)).await;
    for _ in 0..3 {
        guess_thrice(&app, &owner, PHONE).await;
        app.clock.advance(seconds(15 * MINUTE));
    }
    let refused = guess_wrong(&app, &owner, PHONE).await;
    assert!(matches!(refused, AppError::TooManyWrongCodes { .. }), "{refused:?}");
    // For another phone it is a stranger.
    assert_eq!(guess_wrong(&app, &owner, "+79990000000").await, AppError::LoginCodeRefused);
    let mut uses = app.budget_uses().await;
    uses.retain(|used| used.contains("+79990000000"));
    assert_eq!(uses, ["sends-per-phone +79990000000", "wrong-per-phone +79990000000"]);
}

#[tokio::test]
async fn a_device_token_is_new_at_each_login_and_ends_with_log_out_everywhere() {
    let app = TestApp::new().await;
    let first = known_device(&app, PHONE, &network(1)).await;
    let second = known_device(&app, PHONE, &first).await;
    let standing = async |who: &Visitor| {
        let phone = Phone::from_e164(PHONE).unwrap();
        visitor::standing(&app, who, &phone, app.clock.now()).await.unwrap()
    };
    assert_eq!(standing(&first).await, Standing::Stranger);
    assert!(matches!(standing(&second).await, Standing::Known(_)));
    let member = app.log_in(PHONE).await;
    token::log_out_everywhere(&app, member.id).await.unwrap();
    assert_eq!(standing(&second).await, Standing::Stranger);

    let third = known_device(&app, PHONE, &network(1)).await;
    app.clock.advance(Limits::default().login.device_life);
    assert_eq!(standing(&third).await, Standing::Stranger);
}

#[tokio::test]
async fn a_network_asks_for_ten_codes_and_five_phones_an_hour() {
    let app = TestApp::new().await;
    let who = network(1);
    for number in 0..5 {
        login::request_code(&app, &who, &phone(number)).await.unwrap();
    }
    let refused = refusal(login::request_code(&app, &who, &phone(5)).await);
    assert_eq!(refused, AppError::NetworkBusy { seconds: 3600 });
    // The phones it has asked for already are no new ones.
    app.clock.advance(seconds(MINUTE));
    for number in 0..5 {
        login::request_code(&app, &who, &phone(number)).await.unwrap();
    }
    app.clock.advance(seconds(2 * MINUTE));
    let refused = refusal(login::request_code(&app, &who, &phone(0)).await);
    assert_eq!(refused, AppError::NetworkBusy { seconds: 57 * 60 });
    login::request_code(&app, &network(2), &phone(5)).await.unwrap();
}

#[tokio::test]
async fn a_network_guesses_wrong_ten_times_an_hour() {
    let app = TestApp::new().await;
    let who = network(1);
    for number in 0..3 {
        guess_thrice(&app, &who, &phone(number)).await;
    }
    let (flow, code) = app.request_code(&who, &phone(3)).await;
    assert_eq!(refusal(login::verify(&app, &who, flow, wrong(&code)).await), AppError::LoginCodeRefused);
    assert_eq!(refusal(login::verify(&app, &who, flow, &code).await), AppError::NetworkBusy { seconds: 3600 });
    // The refused guess was not evaluated; the same code works from where there is budget left.
    login::verify(&app, &network(2), flow, &code).await.unwrap();
}

#[tokio::test]
async fn half_an_ipv6_address_is_one_network() {
    let app = TestApp::new().await;
    for number in 0..5 {
        let who = stranger_at(&format!("2001:db8::{number}"));
        login::request_code(&app, &who, &phone(number)).await.unwrap();
    }
    let refused = refusal(login::request_code(&app, &stranger_at("2001:db8::ffff"), &phone(5)).await);
    assert!(matches!(refused, AppError::NetworkBusy { .. }));
    login::request_code(&app, &stranger_at("2001:db8:0:1::"), &phone(5)).await.unwrap();
}

#[tokio::test]
async fn twenty_codes_an_hour_go_to_phones_that_begin_alike() {
    let app = TestApp::new().await;
    let alike = |number: u32| format!("+7912345{number:04}");
    for number in 0..20 {
        login::request_code(&app, &network(number), &alike(number)).await.unwrap();
    }
    let refused = refusal(login::request_code(&app, &network(20), &alike(20)).await);
    assert_eq!(refused, AppError::LoginsPaused { seconds: 3600 });
    login::request_code(&app, &network(21), &phone(1)).await.unwrap();
}

#[tokio::test]
async fn phones_that_begin_alike_are_paused_when_few_of_them_log_in() {
    for (logins, is_paused) in [(3, true), (4, false)] {
        let app = TestApp::new().await;
        let alike = |number: u32| format!("+7912345{number:04}");
        for number in 0..20 {
            if number < logins {
                app.log_in_from(&network(number), &alike(number)).await;
            } else {
                login::request_code(&app, &network(number), &alike(number)).await.unwrap();
            }
        }
        app.clock.advance(seconds(HOUR));
        let outcome = login::request_code(&app, &network(20), &alike(20)).await;
        assert_eq!(outcome.is_err(), is_paused, "{logins} logins");
        app.clock.advance(seconds(23 * HOUR));
        login::request_code(&app, &network(21), &alike(21)).await.unwrap();
    }
}

/// An app in which the breaker is near: what the real numbers do, `make attack` tries.
async fn near_the_breaker() -> TestApp {
    TestApp::with_limits(|limits| {
        limits.login.wrong_until_long_codes = 3;
        limits.login.wrong_until_stop = "6/24h".parse().unwrap();
    })
    .await
}

#[tokio::test]
async fn many_wrong_guesses_anywhere_make_codes_longer_and_then_stop_strangers() {
    let app = near_the_breaker().await;
    let owner = known_device(&app, PHONE, &network(9)).await;
    let length = async |who: &Visitor, phone: &str| {
        let flow = login::request_code(&app, who, phone).await.unwrap();
        u8::from(login::flow(&app, flow).await.unwrap().code_length)
    };
    guess_wrong(&app, &network(1), &phone(1)).await;
    guess_wrong(&app, &network(2), &phone(2)).await;
    assert_eq!(length(&network(3), &phone(3)).await, 4);
    guess_wrong(&app, &network(4), &phone(4)).await;
    assert_eq!(length(&network(5), &phone(5)).await, 6);
    assert_eq!(length(&owner, PHONE).await, 4);
    // Guesses at longer codes count as well.
    for number in 6..9 {
        assert_eq!(guess_wrong(&app, &network(number), &phone(number)).await, AppError::LoginCodeRefused);
    }
    let paused = AppError::LoginsPaused { seconds: DAY as u32 };
    assert_eq!(guess_wrong(&app, &network(10), &phone(10)).await, paused);
    app.clock.advance(seconds(MINUTE));
    assert_eq!(length(&owner, PHONE).await, 4);
    app.clock.advance(seconds(DAY - MINUTE));
    assert_eq!(length(&network(11), &phone(11)).await, 4);
}

#[tokio::test]
async fn short_codes_that_went_out_before_are_not_evaluated_when_codes_have_to_be_longer() {
    let app = near_the_breaker().await;
    let mut flows = Vec::new();
    for number in 0..6 {
        flows.push(app.request_code(&network(number), &phone(number)).await);
    }
    for (number, (flow, code)) in (0..).zip(&flows) {
        let outcome = login::verify(&app, &network(number), *flow, wrong(code)).await;
        assert_eq!(refusal(outcome), AppError::LoginCodeRefused);
    }
    assert_eq!(app.uses_of("wrong-by-strangers").await, 3);
    let outcome = login::verify(&app, &network(5), flows[5].0, &flows[5].1).await;
    assert_eq!(refusal(outcome), AppError::LoginCodeRefused);
}

#[tokio::test]
async fn the_guesses_at_an_earlier_code_over_the_api_count_though_a_later_one_succeeds() {
    let app = TestApp::new().await;
    let (flow, _) = login::request_api_code(&app, &network(1), PHONE).await.unwrap();
    let code = app.sent_code(flow);
    refusal(login::verify_api(&app, &network(1), PHONE, wrong(&code)).await);
    app.clock.advance(seconds(MINUTE));
    let (flow, _) = login::request_api_code(&app, &network(2), PHONE).await.unwrap();
    login::verify_api(&app, &network(2), PHONE, &app.sent_code(flow)).await.unwrap();
    assert_eq!(app.uses_of("wrong-by-strangers").await, 1);
}

#[tokio::test]
async fn having_many_known_devices_gains_nothing() {
    let app = TestApp::new().await;
    let mut devices = Vec::new();
    for number in 0..3 {
        devices.push(known_device(&app, PHONE, &network(number)).await);
    }
    for device in &devices {
        guess_thrice(&app, device, PHONE).await;
    }
    let refused = guess_wrong(&app, &devices[0], PHONE).await;
    assert!(matches!(refused, AppError::ResendTooSoon { .. }));
    app.clock.advance(seconds(MINUTE));
    for device in &devices {
        let refused = guess_wrong(&app, device, PHONE).await;
        assert!(matches!(refused, AppError::TooManyWrongCodes { .. }), "{refused:?}");
    }
}

#[tokio::test]
async fn a_stranger_does_not_see_that_the_owner_has_logged_in() {
    let app = TestApp::new().await;
    let (strangers, code) = app.request_code(&network(1), PHONE).await;
    app.clock.advance(seconds(MINUTE));
    let before = login::flow(&app, strangers).await.unwrap().resend_at;
    let owner = network(2);
    let (flow, owners_code) = app.request_code(&owner, PHONE).await;
    let during = login::flow(&app, strangers).await.unwrap().resend_at;
    login::verify(&app, &owner, flow, &owners_code).await.unwrap();
    // The login goes on as if nothing had happened, and the wait is that after one unused code.
    let after = login::flow(&app, strangers).await.unwrap().resend_at;
    assert_eq!((before, during > before), (after, true));
    let outcome = login::verify(&app, &network(1), strangers, &code).await;
    assert_eq!(refusal(outcome), AppError::LoginCodeRefused);
}

#[tokio::test]
async fn a_network_cannot_prepare_for_more_phones_than_it_may_ask_for() {
    let app = TestApp::new().await;
    let who = network(1);
    for number in 0..5 {
        login::request_code(&app, &who, &phone(number)).await.unwrap();
    }
    app.clock.advance(seconds(59 * MINUTE));
    for number in 0..5 {
        login::request_code(&app, &who, &phone(number)).await.unwrap();
    }
    // The first uses are past, but not the last ones.
    app.clock.advance(seconds(2 * MINUTE));
    let refused = refusal(login::request_code(&app, &who, &phone(5)).await);
    assert_eq!(refused, AppError::NetworkBusy { seconds: 58 * 60 });
}

#[tokio::test]
async fn a_login_that_succeeds_in_the_end_was_no_attack() {
    let app = near_the_breaker().await;
    for number in 0..4 {
        let who = network(number);
        let (flow, code) = app.request_code(&who, &phone(number)).await;
        assert_eq!(code.len(), 4);
        refusal(login::verify(&app, &who, flow, wrong(&code)).await);
        refusal(login::verify(&app, &who, flow, wrong(&code)).await);
        login::verify(&app, &who, flow, &code).await.unwrap();
    }
}

#[tokio::test]
async fn a_right_code_is_not_evaluated_while_strangers_are_stopped() {
    let app = near_the_breaker().await;
    let (early, code) = app.request_code(&network(1), &phone(1)).await;
    for number in 2..8 {
        guess_wrong(&app, &network(number), &phone(number)).await;
    }
    let outcome = login::verify(&app, &network(1), early, &code).await;
    assert_eq!(refusal(outcome), AppError::LoginsPaused { seconds: DAY as u32 });
}

#[tokio::test]
async fn no_code_goes_to_a_country_that_is_not_listed() {
    let app = TestApp::with_rules(|rules| rules.countries = "RU".parse().unwrap()).await;
    assert_eq!(refusal(login::request_code(&app, &network(1), "+442079460000").await), AppError::PhoneCountry);
    assert_eq!(app.budget_uses().await, [""; 0]);
    login::request_code(&app, &network(1), PHONE).await.unwrap();
}

#[tokio::test]
async fn three_logins_of_a_phone_are_under_way_at_a_time() {
    let app = TestApp::with_limits(|limits| limits.login.resend_waits = "1s".parse().unwrap()).await;
    let mut flows = Vec::new();
    for number in 0..4 {
        flows.push(login::request_code(&app, &network(number), PHONE).await.unwrap());
        app.clock.advance(seconds(1));
    }
    let outcome = login::verify(&app, &network(9), flows[0], &app.sent_code(flows[0])).await;
    assert_eq!(refusal(outcome), AppError::LoginCodeRefused);
    login::verify(&app, &network(9), flows[1], &app.sent_code(flows[1])).await.unwrap();
}

#[tokio::test]
async fn what_could_not_be_sent_is_given_back_but_for_the_network() {
    let app = TestApp::with_sms(Arc::new(SilentSms::broken())).await;
    assert_eq!(refusal(login::request_code(&app, &network(1), PHONE).await), AppError::SmsNotSent);
    assert_eq!(app.budget_uses().await, ["sends-per-address 10.0.0.1", "phones-per-address 10.0.0.1"]);
}

#[tokio::test]
async fn a_budget_is_counted_in_the_database_and_holds_for_every_server_on_it() {
    let app = TestApp::new().await;
    let other = app.another_server().await;
    for (number, server) in [&app, &other, &app].into_iter().enumerate() {
        guess_thrice(server, &network(number as u32), PHONE).await;
        app.clock.advance(seconds(15 * MINUTE));
        other.clock.advance(seconds(15 * MINUTE));
    }
    for server in [&app, &other] {
        let refused = guess_wrong(server, &network(9), PHONE).await;
        assert!(matches!(refused, AppError::TooManyWrongCodes { .. }), "{refused:?}");
    }
}

#[tokio::test]
async fn uses_are_forgotten_when_nothing_counts_them_any_more() {
    let app = TestApp::new().await;
    refusal(login::verify_api(&app, &network(1), PHONE, "0000").await);
    app.clock.advance(seconds(HOUR));
    assert_eq!(budget::forget_expired_uses(&app).await, Ok(1));
    let unknown = Visitor { network: Network::of(None), ..stranger() };
    refusal(login::verify_api(&app, &unknown, PHONE, "0000").await);
    assert_eq!(app.budget_uses().await, ["wrong-per-address unknown"]);
}
