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
    Visitor { device: Some(login.device_token), ..at.clone() }
}

/// A wrong guess at a new code for the phone, from a network of its own.
async fn guess_wrong(app: &TestApp, who: &Visitor, phone: &str) -> AppError {
    let flow = match login::request_code(app, who, phone).await {
        Ok(flow) => flow,
        Err(refused) => return refused,
    };
    let outcome = login::verify(app, who, flow, wrong(&app.sent_code(flow).await)).await;
    refusal(outcome)
}

/// The length of a new code for the phone.
async fn new_length(app: &TestApp, who: &Visitor, phone: &str) -> u8 {
    let flow = login::request_code(app, who, phone).await.unwrap();
    login::flow(app, flow).await.unwrap().code_length.into()
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
async fn after_nine_wrong_guesses_a_day_in_any_logins_and_networks_the_codes_of_a_phone_have_eight_digits() {
    let app = TestApp::new().await;
    for number in 0..3 {
        let (_, code) = app.request_code(&network(number), PHONE).await;
        assert_eq!(code.len(), 4);
        app.clock.advance(seconds(15 * MINUTE));
        guess_thrice(&app, &network(number), PHONE).await;
        app.clock.advance(seconds(HOUR));
    }
    assert_eq!(new_length(&app, &network(9), PHONE).await, 8);
    assert_eq!(new_length(&app, &network(9), &phone(1)).await, 4);
    app.clock.advance(seconds(DAY));
    assert_eq!(new_length(&app, &network(9), PHONE).await, 4);
}

#[tokio::test]
async fn a_hundred_wrong_guesses_a_day_at_eight_digits_are_evaluated() {
    let app = TestApp::with_limits(|limits| {
        limits.login.wrong_per_phone = "3/24h".parse().unwrap();
        limits.login.wrong_per_phone_long = "6/24h".parse().unwrap();
        limits.login.network_parts = 1;
    })
    .await;
    for number in 0..3 {
        guess_thrice(&app, &network(number), PHONE).await;
        app.clock.advance(seconds(15 * MINUTE));
    }
    let refused = refusal(login::request_code(&app, &network(9), PHONE).await);
    assert_eq!(refused, AppError::TooManyWrongCodes { seconds: (DAY - 30 * MINUTE) as u32 });
}

#[tokio::test]
async fn one_network_has_a_third_of_the_guesses_and_messages_of_a_phone() {
    let app = TestApp::new().await;
    guess_thrice(&app, &network(1), PHONE).await;
    app.clock.advance(seconds(15 * MINUTE));
    // More guesses from there need longer codes; elsewhere nothing has changed.
    assert_eq!(new_length(&app, &network(1), PHONE).await, 8);
    app.clock.advance(seconds(15 * MINUTE));
    let refused = refusal(login::request_code(&app, &network(1), PHONE).await);
    assert_eq!(refused, AppError::TooManyMessages { seconds: 30 * 60 });
    assert_eq!(new_length(&app, &network(2), PHONE).await, 4);
}

#[tokio::test]
async fn all_networks_of_one_customer_of_ipv6_have_that_third_together() {
    let app = TestApp::new().await;
    for number in 0..2 {
        login::request_code(&app, &stranger_at(&format!("2001:db8:0:{number}::1")), PHONE).await.unwrap();
        app.clock.advance(seconds(2 * MINUTE));
    }
    let refused = refusal(login::request_code(&app, &stranger_at("2001:db8:0:ff00::1"), PHONE).await);
    assert!(matches!(refused, AppError::TooManyMessages { .. }), "{refused:?}");
    login::request_code(&app, &stranger_at("2001:db8:1::1"), PHONE).await.unwrap();
}

#[tokio::test]
async fn a_right_short_code_is_not_evaluated_when_the_guesses_at_short_ones_are_used_up() {
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
    assert_eq!(refused, AppError::LoginCodeLengthened { length: 8 });
    // The longer code was sent at once, without a wait.
    login::verify(&app, &network(3), first, &app.sent_code(first).await).await.unwrap();
}

#[tokio::test]
async fn thirty_wrong_guesses_a_month_at_short_codes_are_evaluated() {
    let app = TestApp::new().await;
    for _ in 0..3 {
        for number in 0..3 {
            guess_thrice(&app, &network(number), PHONE).await;
            app.clock.advance(seconds(15 * MINUTE));
        }
        app.clock.advance(seconds(DAY));
    }
    guess_thrice(&app, &network(4), PHONE).await;
    let refused = refusal(login::request_code(&app, &network(9), PHONE).await);
    assert!(matches!(refused, AppError::ResendTooSoon { .. }));
    app.clock.advance(seconds(DAY));
    assert_eq!(new_length(&app, &network(9), PHONE).await, 8);
    app.clock.advance(seconds(26 * DAY));
    assert_eq!(new_length(&app, &network(9), PHONE).await, 4);
}

#[tokio::test]
async fn a_success_does_not_reset_the_wrong_guesses_at_a_phone() {
    let app = TestApp::new().await;
    let who = network(1);
    let (flow, code) = app.request_code(&who, PHONE).await;
    refusal(login::verify(&app, &who, flow, wrong(&code)).await);
    refusal(login::verify(&app, &who, flow, wrong(&code)).await);
    login::verify(&app, &who, flow, &code).await.unwrap();
    let mut uses = app.budget_uses().await;
    uses.retain(|used| used.starts_with("wrong-per-phone "));
    let of = |subject: &str| format!("wrong-per-phone {subject}");
    assert_eq!(uses, [of(PHONE), of("+79123456789 10.0.0.1"), of(PHONE), of("+79123456789 10.0.0.1")]);
    // The login succeeded, so nobody attacked anybody.
    for shared in ["wrong-by-strangers", "wrong-per-address", "sends-per-address", "unused-sends-in-all"] {
        assert_eq!(app.uses_of(shared).await, 0, "{shared}");
    }
}

#[tokio::test]
async fn a_guess_without_a_live_code_uses_no_budget_of_the_phone() {
    let app = TestApp::new().await;
    for _ in 0..5 {
        let outcome = login::verify_api(&app, &network(1), PHONE, "0000", None, None).await;
        assert_eq!(refusal(outcome), AppError::LoginCodeRefused);
    }
    assert_eq!(app.budget_uses().await, ["aimless-per-address 10.0.0.1"; 5]);
}

#[tokio::test]
async fn a_stranger_who_uses_everything_up_does_not_lock_the_owner_out() {
    let app = TestApp::new().await;
    let owner = known_device(&app, PHONE, &network(1)).await;
    // From the owner's own network, too, and until no more is sent.
    for (number, wait) in [(1, 5), (2, 5), (3, 5), (4, 15)] {
        guess_thrice(&app, &network(number), PHONE).await;
        app.clock.advance(seconds(wait * MINUTE));
    }
    let refused = guess_wrong(&app, &network(6), PHONE).await;
    assert!(matches!(refused, AppError::TooManyMessages { .. }), "{refused:?}");

    let owner = known_device(&app, PHONE, &owner).await;
    let sent = login::request_api_code(&app, &owner, PHONE).await.unwrap();
    login::verify_api(&app, &owner, PHONE, &app.sent_code(sent.flow).await, None, None).await.unwrap();
}

#[tokio::test]
async fn a_known_device_has_the_same_budgets_for_itself() {
    let app = TestApp::new().await;
    let owner = known_device(&app, PHONE, &network(1)).await;
    for _ in 0..3 {
        guess_thrice(&app, &owner, PHONE).await;
        app.clock.advance(seconds(15 * MINUTE));
    }
    assert_eq!(new_length(&app, &owner, PHONE).await, 8);
    assert_eq!(new_length(&app, &network(2), PHONE).await, 4);
    // For another phone it is a stranger.
    assert_eq!(guess_wrong(&app, &owner, "+79990000000").await, AppError::LoginCodeRefused);
    let mut uses = app.budget_uses().await;
    uses.retain(|used| used.contains("+79990000000"));
    let (sent, guessed) = ("sends-per-phone +79990000000", "wrong-per-phone +79990000000");
    assert_eq!(uses, [sent, &format!("{sent} 10.0.0.1"), guessed, &format!("{guessed} 10.0.0.1")]);
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
async fn a_network_asks_for_sixty_codes_and_thirty_phones_an_hour() {
    let app = TestApp::new().await;
    let who = network(1);
    for number in 0..30 {
        login::request_code(&app, &who, &phone(number)).await.unwrap();
    }
    let refused = refusal(login::request_code(&app, &who, &phone(30)).await);
    assert_eq!(refused, AppError::NetworkBusy { seconds: 3600 });
    // The phones it has asked for already are no new ones.
    app.clock.advance(seconds(MINUTE));
    for number in 0..30 {
        login::request_code(&app, &who, &phone(number)).await.unwrap();
    }
    app.clock.advance(seconds(2 * MINUTE));
    let refused = refusal(login::request_code(&app, &who, &phone(31)).await);
    assert_eq!(refused, AppError::NetworkBusy { seconds: 57 * 60 });
    login::request_code(&app, &network(2), &phone(31)).await.unwrap();
}

#[tokio::test]
async fn a_network_asks_for_a_hundred_phones_a_day() {
    let app = TestApp::new().await;
    for number in 0..100 {
        login::request_code(&app, &network(1), &phone(number)).await.unwrap();
        app.clock.advance(seconds(5 * MINUTE));
    }
    let refused = refusal(login::request_code(&app, &network(1), &phone(100)).await);
    assert_eq!(refused, AppError::NetworkBusy { seconds: (DAY - 500 * MINUTE) as u32 });
}

#[tokio::test]
async fn what_leads_to_a_login_is_given_back_to_the_network() {
    let app = TestApp::new().await;
    for number in 0..100 {
        app.log_in_from(&network(1), &phone(number)).await;
    }
    // Also the network's part of the messages to a phone; the phone itself has had five.
    for _ in 0..5 {
        app.log_in_from(&network(1), PHONE).await;
    }
    let refused = refusal(login::request_code(&app, &network(1), PHONE).await);
    assert_eq!(refused, AppError::TooManyMessages { seconds: 3600 });
}

#[tokio::test]
async fn a_network_guesses_wrong_thirty_times_an_hour_and_once_at_each_code() {
    let app = TestApp::new().await;
    let who = network(1);
    for number in 0..10 {
        guess_thrice(&app, &who, &phone(number)).await;
    }
    let (flow, code) = app.request_code(&who, &phone(10)).await;
    assert_eq!(refusal(login::verify(&app, &who, flow, wrong(&code)).await), AppError::LoginCodeRefused);
    assert_eq!(refusal(login::verify(&app, &who, flow, &code).await), AppError::NetworkBusy { seconds: 3600 });
    // The refused guess was not evaluated; the same code works from where there is budget left.
    login::verify(&app, &network(2), flow, &code).await.unwrap();
    // An honest person in the same network types the right code at once.
    app.log_in_from(&who, &phone(11)).await;
}

#[tokio::test]
async fn three_hundred_guesses_an_hour_at_nothing_leave_a_neighbour_their_code() {
    let app = TestApp::new().await;
    let (flow, code) = app.request_code(&network(1), &phone(1)).await;
    for _ in 0..300 {
        let outcome = login::verify_api(&app, &network(1), PHONE, "0000", None, None).await;
        assert_eq!(refusal(outcome), AppError::LoginCodeRefused);
    }
    let outcome = login::verify_api(&app, &network(1), PHONE, "0000", None, None).await;
    assert_eq!(refusal(outcome), AppError::NetworkBusy { seconds: 3600 });
    login::verify(&app, &network(1), flow, &code).await.unwrap();
}

#[tokio::test]
async fn half_an_ipv6_address_is_one_network_and_the_larger_ones_around_it_have_limits_too() {
    let app = TestApp::with_limits(|limits| limits.login.phones_per_address = "2/1h".parse().unwrap()).await;
    let mut number = 0;
    let mut request = async |address: String| {
        number += 1;
        login::request_code(&app, &stranger_at(&address), &phone(number)).await
    };
    for host in 0..2 {
        request(format!("2001:db8::{host}")).await.unwrap();
    }
    let busy = |outcome: AppResult<_>| matches!(outcome, Err(AppError::NetworkBusy { .. }));
    assert!(busy(request("2001:db8::ffff".into()).await));
    // Four times as many from the /56, ten times as many from the /48.
    for network in 1..7 {
        request(format!("2001:db8:0:{network}::")).await.unwrap();
    }
    assert!(busy(request("2001:db8:0:7::".into()).await));
    for network in 1..13 {
        request(format!("2001:db8:0:{network}00::")).await.unwrap();
    }
    assert!(busy(request("2001:db8:0:d00::".into()).await));
    request("2001:db8:1::".into()).await.unwrap();
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
        limits.login.wrong_until_longest_codes = 6;
    })
    .await
}

#[tokio::test]
async fn many_wrong_guesses_anywhere_make_codes_longer_and_stop_nobody() {
    let app = near_the_breaker().await;
    let owner = known_device(&app, PHONE, &network(9)).await;
    guess_wrong(&app, &network(1), &phone(1)).await;
    guess_wrong(&app, &network(2), &phone(2)).await;
    assert_eq!(new_length(&app, &network(3), &phone(3)).await, 4);
    guess_wrong(&app, &network(4), &phone(4)).await;
    assert_eq!(new_length(&app, &network(5), &phone(5)).await, 6);
    assert_eq!(new_length(&app, &owner, PHONE).await, 4);
    // Guesses at longer codes count as well.
    for number in 6..9 {
        assert_eq!(guess_wrong(&app, &network(number), &phone(number)).await, AppError::LoginCodeRefused);
    }
    for number in 10..20 {
        assert_eq!(new_length(&app, &network(number), &phone(number)).await, 8);
        assert_eq!(guess_wrong(&app, &network(number), &phone(20 + number)).await, AppError::LoginCodeRefused);
    }
    app.log_in_from(&network(9), &phone(60)).await;
    app.clock.advance(seconds(MINUTE));
    assert_eq!(new_length(&app, &owner, PHONE).await, 4);
    app.clock.advance(seconds(DAY - MINUTE));
    assert_eq!(new_length(&app, &network(11), &phone(11)).await, 4);
}

#[tokio::test]
async fn who_holds_a_code_that_is_too_short_by_now_is_sent_a_longer_one_at_once() {
    let app = near_the_breaker().await;
    let mut flows = Vec::new();
    for number in 0..6 {
        flows.push(app.request_code(&network(number), &phone(number)).await);
    }
    for (number, (flow, code)) in (0..).zip(&flows) {
        let outcome = login::verify(&app, &network(number), *flow, wrong(code)).await;
        let expected =
            if number < 3 { AppError::LoginCodeRefused } else { AppError::LoginCodeLengthened { length: 6 } };
        assert_eq!(refusal(outcome), expected);
    }
    assert_eq!(app.uses_of("wrong-by-strangers").await, 3);
    let flow = flows[5].0;
    let longer = app.sent_code(flow).await;
    assert_eq!((longer.len(), u8::from(login::flow(&app, flow).await.unwrap().code_length)), (6, 6));
    // The shorter code is one no longer.
    let outcome = login::verify(&app, &network(5), flow, &flows[5].1).await;
    assert_eq!(refusal(outcome), AppError::LoginCodeMalformed { length: 6 });
    login::verify(&app, &network(5), flow, &longer).await.unwrap();
}

#[tokio::test]
async fn a_longer_code_is_sent_once_and_counted_but_refused_by_no_limit_of_the_phone() {
    let app = near_the_breaker().await;
    let who = network(9);
    let (flow, code) = app.request_code(&who, PHONE).await;
    for number in 0..3 {
        guess_wrong(&app, &network(number), &phone(number)).await;
    }
    let before = app.messages_sent().await;
    for _ in 0..8 {
        app.use_budget("sends-per-phone", PHONE).await;
    }
    let (one, other) = tokio::join!(login::verify(&app, &who, flow, &code), login::verify(&app, &who, flow, &code));
    let refused = [refusal(one), refusal(other)];
    assert!(refused.contains(&AppError::LoginCodeLengthened { length: 6 }), "{refused:?}");
    assert_eq!(app.messages_sent().await, before + 1);
    assert_eq!(app.uses_of("sends-per-phone").await, 2 + 3 * 2 + 8 + 2);
}

#[tokio::test]
async fn a_stranger_whose_own_guesses_are_used_up_does_not_change_the_code_that_api_clients_share() {
    let app = TestApp::new().await;
    guess_thrice(&app, &network(1), PHONE).await;
    app.clock.advance(seconds(2 * MINUTE));
    let sent = login::request_api_code(&app, &network(2), PHONE).await.unwrap();
    let code = app.sent_code(sent.flow).await;
    let outcome = login::verify_api(&app, &network(1), PHONE, wrong(&code), None, None).await;
    assert_eq!(refusal(outcome), AppError::LoginCodeRefused);
    login::verify_api(&app, &network(2), PHONE, &code, None, None).await.unwrap();
}

#[tokio::test]
async fn the_guesses_at_an_earlier_code_over_the_api_count_though_a_later_one_succeeds() {
    let app = TestApp::new().await;
    let sent = login::request_api_code(&app, &network(1), PHONE).await.unwrap();
    let code = app.sent_code(sent.flow).await;
    for _ in 0..3 {
        refusal(login::verify_api(&app, &network(1), PHONE, wrong(&code), None, None).await);
    }
    app.clock.advance(seconds(MINUTE));
    let sent = login::request_api_code(&app, &network(2), PHONE).await.unwrap();
    login::verify_api(&app, &network(2), PHONE, &app.sent_code(sent.flow).await, None, None).await.unwrap();
    assert_eq!(app.uses_of("wrong-by-strangers").await, 3);
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
    app.clock.advance(seconds(HOUR));
    for device in &devices {
        assert_eq!(new_length(&app, device, PHONE).await, 8);
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
    let app = TestApp::with_limits(|limits| limits.login.phones_per_address = "5/1h".parse().unwrap()).await;
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
async fn messages_that_lead_to_no_login_are_limited_in_all() {
    let app = TestApp::with_limits(|limits| limits.login.unused_sends_in_all = "3/24h".parse().unwrap()).await;
    for number in 0..10 {
        app.log_in_from(&network(number), &phone(number)).await;
    }
    for number in 10..13 {
        login::request_code(&app, &network(number), &phone(number)).await.unwrap();
    }
    let refused = refusal(login::request_code(&app, &network(14), &phone(14)).await);
    assert_eq!(refused, AppError::LoginsPaused { seconds: DAY as u32 });
}

#[tokio::test]
async fn no_code_goes_to_a_number_that_is_not_mobile() {
    let app = TestApp::new().await;
    assert_eq!(refusal(login::request_code(&app, &network(1), "+74951234567").await), AppError::PhoneNotMobile);
    assert_eq!(app.budget_uses().await, [""; 0]);
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
        flows.push(app.request_code(&network(number), PHONE).await);
        app.clock.advance(seconds(1));
    }
    let outcome = login::verify(&app, &network(9), flows[0].0, &flows[0].1).await;
    assert_eq!(refusal(outcome), AppError::LoginCodeRefused);
    login::verify(&app, &network(9), flows[1].0, &flows[1].1).await.unwrap();
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
    assert_eq!(new_length(&other, &network(9), PHONE).await, 8);
}

#[tokio::test]
async fn uses_are_forgotten_when_nothing_counts_them_any_more() {
    let app = TestApp::new().await;
    refusal(login::verify_api(&app, &network(1), PHONE, "0000", None, None).await);
    app.clock.advance(seconds(HOUR));
    assert_eq!(budget::forget_expired_uses(&app).await, Ok(1));
    let unknown = Visitor { network: Network::of(None), ..stranger() };
    refusal(login::verify_api(&app, &unknown, PHONE, "0000", None, None).await);
    assert_eq!(app.budget_uses().await, ["aimless-per-address unknown"]);
}
