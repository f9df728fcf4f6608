//! `POST /authorize/`: exchanges a login code for tokens. Needs no token.

use super::examples::{self, seconds};
use super::rate_limit::{self, RateLimit};
use super::request::{self, Field, Fields, JsonBody};
use crate::error::AppError;
use crate::server::data::Visitor;
use crate::server::domain::login;
use crate::server::domain::token::Tokens;
use crate::server::http::client;
use crate::server::http::problem::{BodyProblems, InvalidRequest, LoginProblems, Problem};
use crate::server::http::state::AppState;
use crate::server::limits::Limits;
use crate::words;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::path::Operation;

/// A phone number and the login code that was sent to it.
#[derive(Deserialize, ToSchema)]
pub struct Authorize {
    /// The phone number, written in any common way.
    #[schema(value_type = String, required = true, min_length = 1, format = "phone", example = "+7 912 345-67-89")]
    #[serde(default)]
    phone_number: Field<String>,
    /// The newest code that was sent to it.
    #[schema(value_type = String, required = true, pattern = "{code_pattern}", example = "{code_example}")]
    #[serde(default)]
    code: Field<String>,
    /// The `login` from the answer of `/get_code/`, if the client has kept it.
    #[schema(value_type = Option<String>, pattern = "^[0-9a-f]{32}$", example = "5f2b7c0e9a4d41c88e0d3b6a71f9c254")]
    #[serde(default)]
    login: Field<String>,
    /// Whether the account is yours; only after an answer 409 with the code `owner_unclear`.
    #[schema(value_type = Option<bool>, example = true)]
    #[serde(default)]
    is_mine: Field<bool>,
}

/// The tokens of a login.
#[derive(Serialize, ToSchema)]
pub struct TokenPair {
    /// The access token, a JWT for the header `Authorization: Bearer …`. It is valid for {access_token_life}.
    access: String,
    /// The refresh token, which gives the next pair of tokens. It works once, within {refresh_token_life}.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    refresh: String,
}

impl TokenPair {
    pub fn example() -> Self {
        let claims = "eyJ0b2tlbl90eXBlIjoiYWNjZXNzIiwidXNlcl9pZCI6MX0";
        Self {
            access: format!("eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.{claims}.c2lnbmF0dXJl"),
            refresh: "7d1f0a3c5b9e8246".repeat(4),
        }
    }
}

impl From<Tokens> for TokenPair {
    fn from(tokens: Tokens) -> Self {
        Self { access: tokens.access, refresh: tokens.refresh }
    }
}

/// Log in with a code
///
/// Exchanges the newest login code of a phone number for tokens. The first login makes the member, with an invite code of
/// their own. For one phone number, wrong codes are limited to {wrong_per_phone}.
#[utoipa::path(
    post,
    path = "/authorize/",
    tag = "Login",
    security(()),
    request_body(content = Authorize),
    responses(
        (
            status = 200, description = "Logged in", body = TokenPair,
            headers(("Set-Cookie" = String, description = "Identifies the device; a known device has limits of its own")),
            example = json!(TokenPair::example()),
        ),
        (
            status = 400, description = "A field is missing, blank or not a string, or the body is not a JSON object",
            body = InvalidRequest, content_type = "application/problem+json",
            examples(
                ("missing" = (summary = "The code is missing", value = json!(Problem::from(AppError::LoginCodeMissing)))),
                ("no object" = (summary = "The body is not a JSON object", value = json!(request::no_object()))),
            ),
        ),
        (
            status = 401, description = "The code is wrong, expired, used, or was never sent, which are all answered alike; \
                or the code is right and the member is blocked",
            body = Problem, content_type = "application/problem+json",
            headers(("WWW-Authenticate" = String, description = "`Bearer`")),
            examples(
                ("refused" = (summary = "The code is refused", value = json!(Problem::from(AppError::LoginCodeRefused)))),
                ("blocked" = (summary = "The member is blocked", value = json!(blocked()))),
            ),
        ),
        (
            status = 409, description = "The code is right, but nobody has used the account of this number for 180 days, so \
                that its owner may have another number by now (`code` is `owner_unclear`). Ask the person, and send the same \
                code with `is_mine`: `true` logs in, `false` gives a new account. Known devices are not asked",
            body = Problem, content_type = "application/problem+json",
            examples(
                ("unclear" = (
                    summary = "The account may be somebody else's",
                    value = json!(Problem::from(AppError::OwnerUnclear { unused_since: 0 }))
                )),
                ("admin" = (summary = "The account is an admin's", value = json!(Problem::from(AppError::NumberOfAdmin)))),
            ),
        ),
        BodyProblems,
        (
            status = 429, description = "Too many wrong codes for this phone number or from this network; the code was not \
                checked",
            body = Problem, content_type = "application/problem+json",
            headers(("Retry-After" = u32, description = "Seconds to wait")),
        ),
        LoginProblems,
    ),
)]
pub async fn authorize(
    State(state): State<AppState>,
    visitor: Visitor,
    JsonBody(body): JsonBody<Authorize>,
) -> Result<Response, Problem> {
    let mut fields = Fields::default();
    let phone = fields.text("phone_number", &body.phone_number, words::refusals().phone_missing).to_owned();
    let code = fields.text("code", &body.code, words::refusals().login_code_missing).to_owned();
    let login = fields.optional_text("login", &body.login).map(str::to_owned);
    let is_mine = fields.optional_flag("is_mine", &body.is_mine);
    fields.check()?;

    match login::verify_api(&state.ports, &visitor, &phone, &code, login.as_deref(), is_mine).await {
        Ok((tokens, device)) => {
            let device = [(header::SET_COOKIE, client::device_cookie(&state, &device))];
            Ok((AppendHeaders(device), Json(TokenPair::from(tokens))).into_response())
        }
        // A code was never sent to an impossible phone, and hyphens alone are a wrong code.
        Err(AppError::PhoneInvalid | AppError::LoginCodeMissing) => Err(AppError::LoginCodeRefused.into()),
        Err(AppError::MemberBlocked) => Err(blocked()),
        Err(refused) => Ok(rate_limit::refusal(refused, &state.ports.rules.limits)),
    }
}

fn blocked() -> Problem {
    Problem::from(AppError::MemberBlocked).with_error()
}

/// Describes the refusals that have a wait, each with the longest.
pub fn describe_limits(call: &mut Operation, limits: &Limits) {
    let login = &limits.login;
    let wait = seconds(login.wrong_per_phone_long.longest());
    let network = AppError::NetworkBusy { seconds: seconds(login.wrong_per_address.longest()) };
    let refusals = [
        (
            "wrong codes",
            "Too many wrong codes for this phone number",
            AppError::TooManyWrongCodes { seconds: wait }.into(),
        ),
        ("network", "Too many wrong codes from this network", network.into()),
    ];
    let paused = AppError::LoginsPaused { seconds: seconds(login.unused_sends_in_all.longest()) };
    examples::set_all(call, "429", refusals);
    examples::set_all(call, "503", [("paused", "Logins from new devices are paused", paused.into())]);
    rate_limit::describe(
        call,
        &["429"],
        &RateLimit::exhausted("wrong-per-phone-long", &login.wrong_per_phone_long, wait),
    );
}

#[cfg(test)]
mod tests {
    use crate::server::limits::Limits;
    use crate::tests::*;
    use serde_json::json;
    use std::time::Duration;

    const PATH: &str = "/authorize/";
    const PHONE: &str = "+79123456789";

    #[tokio::test]
    async fn the_right_code_makes_the_member_and_gives_two_tokens() {
        let api = Api::new().await;
        let code = api.get_code(PHONE).await;
        assert_eq!(api.app.members().await.len(), 0);
        let answer = api.post(PATH, json!({"phone_number": "8 912 345 67 89", "code": code})).await;
        assert_eq!(answer.status, 200);
        let tokens = answer.json();
        let names: Vec<_> = tokens.as_object().unwrap().keys().collect();
        assert_eq!(names, ["access", "refresh"]);
        assert_eq!(api.app.members().await.len(), 1);
        let profile = api.with_token(tokens["access"].as_str().unwrap()).get("/profile/").await;
        assert_eq!(profile.json()["phone_number"], PHONE);
    }

    #[tokio::test]
    async fn an_access_token_has_the_claims_that_clients_read() {
        let api = Api::new().await;
        let claims = claims(&api.log_in(PHONE).await.access);
        assert_eq!(claims["token_type"], "access");
        assert_eq!(claims["user_id"], 1);
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 15 * 60);
        assert_eq!(claims["jti"].as_str().unwrap().len(), 32);
    }

    #[tokio::test]
    async fn missing_blank_and_other_types_are_told_for_each_field() {
        let api = Api::new().await;
        for bad in [json!(null), json!(" "), json!(764), json!(["0764"]), json!({}), json!(false)] {
            let answer = api.post(PATH, json!({"phone_number": PHONE, "code": bad})).await;
            assert_eq!(answer.wrong_fields(), ["code"], "{bad}");
            let answer = api.post(PATH, json!({"phone_number": bad, "code": "0764"})).await;
            assert_eq!(answer.wrong_fields(), ["phone_number"], "{bad}");
        }
        assert_eq!(api.post(PATH, json!({})).await.wrong_fields(), ["code", "phone_number"]);
    }

    #[tokio::test]
    async fn wrong_expired_used_and_never_sent_are_one_answer_for_known_and_unknown_phones() {
        let api = Api::new().await;
        let mut answers = Vec::new();
        let mut refused = async |phone: &str, code: &str| {
            let answer = api.post(PATH, json!({"phone_number": phone, "code": code})).await;
            let problem = answer.problem(401);
            assert_eq!(problem["error"], problem["detail"]);
            answers.push(answer.body);
        };
        let code = api.get_code(PHONE).await;
        refused(PHONE, wrong(&code)).await;
        refused(PHONE, "12").await;
        refused(PHONE, "abcd\0").await;
        refused(PHONE, "---").await;
        assert_eq!(api.post(PATH, json!({"phone_number": PHONE, "code": code})).await.status, 200);
        refused(PHONE, &code).await;
        refused("+79123456780", "0000").await;
        refused("no phone", "0000").await;

        api.app.clock.advance(Duration::from_mins(1));
        let code = api.get_code(PHONE).await;
        api.app.clock.advance(Duration::from_mins(10));
        refused(PHONE, &code).await;
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    }

    #[tokio::test]
    async fn three_tries_are_evaluated_for_one_code() {
        let api = Api::new().await;
        let code = api.get_code(PHONE).await;
        for _ in 0..3 {
            api.post(PATH, json!({"phone_number": PHONE, "code": wrong(&code)})).await.problem(401);
        }
        api.post(PATH, json!({"phone_number": PHONE, "code": code})).await.problem(401);
    }

    #[tokio::test]
    async fn a_code_works_only_at_the_door_where_it_was_asked_for() {
        let api = Api::new().await;
        let browser = api.app.browser();
        browser.request_code(PHONE).await;
        let code = browser.shown_code().await;
        api.post(PATH, json!({"phone_number": PHONE, "code": code})).await.problem(401);
        assert_eq!(browser.verify(&code).await.location(), "/profile");
    }

    #[tokio::test]
    async fn fifty_right_codes_at_once_are_one_login() {
        let api = Api::new().await;
        let code = api.get_code(PHONE).await;
        let body = json!({"phone_number": PHONE, "code": code});
        let answers = join_all((0..50).map(|_| api.post(PATH, body.clone()))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        // Whoever comes too late guesses at nothing.
        assert!(answers.iter().all(|answer| [200, 401, 429].contains(&answer.status.as_u16())));
        assert_eq!(api.app.rows(Rows::TokenFamilies).await, 1);
    }

    #[tokio::test]
    async fn a_login_that_fails_behind_the_code_leaves_the_code_usable() {
        let api = Api::new().await;
        let body = json!({"phone_number": PHONE, "code": api.get_code(PHONE).await});
        let failed = api.app.without_table("token_families", async || api.post(PATH, body.clone()).await).await;
        failed.problem(503);
        assert_eq!(api.app.members().await.len(), 0);
        assert_eq!(api.post(PATH, body).await.status, 200);
    }

    #[tokio::test]
    async fn a_blocked_member_gets_no_tokens_and_is_told_why() {
        let api = Api::new().await;
        api.log_in(PHONE).await;
        api.app.block(PHONE).await;
        api.app.clock.advance(Duration::from_mins(1));
        let code = api.get_code(PHONE).await;
        let problem = api.post(PATH, json!({"phone_number": PHONE, "code": code})).await.problem(401);
        assert_eq!(problem["code"], "user_inactive");
        assert_eq!(api.app.rows(Rows::TokenFamilies).await, 1);
    }

    #[tokio::test]
    async fn a_limit_is_told_with_how_long_to_wait() {
        let limits = |limits: &mut Limits| limits.login.aimless_per_address = "10/1h".parse().unwrap();
        let api = Api::of(TestApp::with_limits(limits).await).await;
        let guess = async || api.post(PATH, json!({"phone_number": PHONE, "code": "0000"})).await;
        for _ in 0..10 {
            guess().await.problem(401);
        }
        let answer = guess().await;
        assert_eq!(answer.problem(429)["code"], "throttled");
        assert_eq!(answer.headers["retry-after"], "3600");
        assert!(answer.problem(429)["detail"].as_str().unwrap().contains("from your network"));
    }

    #[tokio::test]
    async fn the_limits_of_a_phone_are_told_with_all_of_their_windows() {
        let limits = |limits: &mut Limits| {
            limits.login.wrong_per_phone = "3/24h".parse().unwrap();
            limits.login.wrong_per_phone_long = "3/24h,30/30d".parse().unwrap();
            limits.login.network_parts = 1;
        };
        let api = Api::of(TestApp::with_limits(limits).await).await;
        let network = |number: u8| format!("192.0.2.{number}");
        for number in 0..2 {
            let code = api.get_code(PHONE).await;
            for _ in 0..3 {
                let body = json!({"phone_number": PHONE, "code": wrong(&code)});
                api.post_with(PATH, body, &[("x-forwarded-for", &network(number))]).await.problem(401);
            }
            api.app.clock.advance(Duration::from_mins(15));
        }
        let answer = api.post(PATH, json!({"phone_number": PHONE, "code": "0000"})).await;
        assert!(answer.problem(429)["detail"].as_str().unwrap().contains("try again in 24 hours"), "{}", answer.body);
        assert_eq!(
            answer.headers["ratelimit-policy"],
            "\"wrong-per-phone-long\";q=3;w=86400, \"wrong-per-phone-long-2\";q=30;w=2592000"
        );
    }

    #[tokio::test]
    async fn a_client_that_keeps_cookies_is_a_known_device() {
        let api = Api::new().await;
        let code = api.get_code(PHONE).await;
        let answer = api.post(PATH, json!({"phone_number": PHONE, "code": code})).await;
        let cookie = answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        assert!(cookie.starts_with("vouch-device="), "{cookie}");

        // A stranger's code, and the wrong guesses at it, are none of the owner's business.
        let strangers = api.get_code(PHONE).await;
        for _ in 0..3 {
            api.post(PATH, json!({"phone_number": PHONE, "code": wrong(&strangers)})).await.problem(401);
        }
        let known: &[_] = &[("cookie", cookie.as_str())];
        let sent = api.post_with("/get_code/", json!({"phone_number": PHONE}), known).await;
        let body = json!({"phone_number": PHONE, "code": sent.json()["code"]});
        api.post(PATH, body.clone()).await.problem(401);
        assert_eq!(api.post_with(PATH, body, known).await.status, 200);
    }

    #[tokio::test]
    async fn while_no_messages_are_sent_to_strangers_the_answer_says_until_when() {
        let limits = |limits: &mut Limits| limits.login.unused_sends_in_all = "1/24h".parse().unwrap();
        let api = Api::of(TestApp::with_limits(limits).await).await;
        api.get_code(PHONE).await;
        api.app.clock.advance(Duration::from_mins(1));
        let answer = api.post("/get_code/", json!({"phone_number": PHONE})).await;
        assert_eq!(answer.problem(503)["code"], "paused");
        assert_eq!(answer.headers["retry-after"], "86340");
    }

    #[tokio::test]
    async fn wrong_guesses_of_others_do_not_end_a_login_of_a_client_that_sends_its_login_back() {
        let api = Api::new().await;
        let sent = api.post("/get_code/", json!({"phone_number": PHONE})).await.json();
        let (code, login) = (sent["code"].as_str().unwrap(), &sent["login"]);
        let guess = async |body| api.post(PATH, body).await;
        for _ in 0..2 {
            let answer = api.post_with(
                PATH,
                json!({"phone_number": PHONE, "code": wrong(code)}),
                &[("x-forwarded-for", "192.0.2.7")],
            );
            answer.await.problem(401);
        }
        for number in 0..3 {
            let address = format!("192.0.2.{number}");
            let body = json!({"phone_number": PHONE, "code": wrong(code)});
            api.post_with(PATH, body, &[("x-forwarded-for", &address)]).await.problem(401);
        }
        // Whoever shares the guesses with them is too late.
        guess(json!({"phone_number": PHONE, "code": code})).await.problem(401);
        let answer = guess(json!({"phone_number": PHONE, "code": code, "login": login})).await;
        assert_eq!(answer.status, 200);
    }

    #[tokio::test]
    async fn a_login_has_three_guesses_and_belongs_to_one_phone() {
        let api = Api::new().await;
        let sent = api.post("/get_code/", json!({"phone_number": PHONE})).await.json();
        let (code, login) = (sent["code"].as_str().unwrap(), &sent["login"]);
        let foreign = json!({"phone_number": "+79123456780", "code": code, "login": login});
        api.post(PATH, foreign).await.problem(401);
        for bad in [json!(""), json!("x"), json!("0".repeat(32)), json!("ff".repeat(16))] {
            let body = json!({"phone_number": PHONE, "code": code, "login": bad});
            api.post(PATH, body).await.problem(401);
        }
        assert_eq!(
            api.post(PATH, json!({"phone_number": PHONE, "code": code, "login": 7})).await.wrong_fields(),
            ["login"]
        );
        for _ in 0..2 {
            api.post(PATH, json!({"phone_number": PHONE, "code": wrong(code), "login": login})).await.problem(401);
        }
        let right = json!({"phone_number": PHONE, "code": code, "login": login});
        api.post(PATH, right).await.problem(401);
        assert_eq!(api.post(PATH, json!({"phone_number": PHONE, "code": code, "login": null})).await.status, 200);
    }

    #[tokio::test]
    async fn a_code_that_is_too_short_by_now_is_answered_like_a_wrong_one_and_the_longer_one_works() {
        let api = Api::new().await;
        let sent = api.post("/get_code/", json!({"phone_number": PHONE})).await.json();
        let (code, login) = (sent["code"].as_str().unwrap(), &sent["login"]);
        for _ in 0..9 {
            api.app.use_budget("wrong-per-phone", PHONE).await;
        }
        let refused = api.post(PATH, json!({"phone_number": PHONE, "code": code, "login": login})).await;
        let wrong = api.post(PATH, json!({"phone_number": PHONE, "code": code, "login": login})).await;
        assert_eq!((refused.problem(401), refused.body), (wrong.problem(401), wrong.body));
        // The longer code was sent at once; asked for again, the same is sent.
        api.app.clock.advance(Duration::from_mins(2));
        let elsewhere: &[_] = &[("x-forwarded-for", "192.0.2.7")];
        let sent = api.post_with("/get_code/", json!({"phone_number": PHONE}), elsewhere).await;
        let longer = sent.json()["code"].clone();
        assert_eq!(longer.as_str().unwrap().len(), 8);
        assert_eq!(api.post(PATH, json!({"phone_number": PHONE, "code": longer, "login": login})).await.status, 200);
    }
}
