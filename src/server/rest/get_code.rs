//! `POST /get_code/`: sends a login code. Needs no token.

use super::examples::{self, seconds};
use super::rate_limit::{self, RateLimit};
use super::request::{self, Field, Fields, JsonBody};
use crate::error::AppError;
use crate::server::data::Visitor;
use crate::server::domain::login;
use crate::server::http::problem::{BodyProblems, InvalidRequest, LoginProblems, Problem};
use crate::server::http::state::AppState;
use crate::server::limits::Limits;
use crate::words;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::path::Operation;

/// The phone number to log in with.
#[derive(Deserialize, ToSchema)]
pub struct GetCode {
    /// The phone number, written in any common way.
    #[schema(value_type = String, required = true, min_length = 1, format = "phone", example = "+7 912 345-67-89")]
    #[serde(default)]
    phone_number: Field<String>,
}

/// A `login` for the examples.
const LOGIN: &str = "5f2b7c0e9a4d41c88e0d3b6a71f9c254";

/// The answer to a code that was sent.
#[derive(Serialize, ToSchema)]
pub struct CodeSent {
    /// The code, if SMS is simulated on this server; otherwise it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, pattern = "{code_pattern}", example = "{code_example}")]
    code: Option<String>,
    /// To be sent back with the code. Guesses are counted for each `login` by itself; without it, they are counted together
    /// with those of other clients for this phone number.
    #[schema(pattern = "^[0-9a-f]{32}$", example = "5f2b7c0e9a4d41c88e0d3b6a71f9c254")]
    login: String,
}

/// Send a login code
///
/// Sends a code of {code_length} digits by SMS. It works once, within {code_life} and {code_guesses} guesses.
///
/// The code can be sent again after {resend_wait}; this wait grows with each message that is not used. The same code is sent
/// while it is valid. Messages to one phone number are limited to {sends_per_phone}.
#[utoipa::path(
    post,
    path = "/get_code/",
    tag = "Login",
    security(()),
    request_body(content = GetCode),
    responses(
        (
            status = 200, description = "The code was sent", body = CodeSent,
            examples(
                ("simulated" = (summary = "SMS is simulated", value = json!({"code": "{code_example}", "login": LOGIN}))),
                ("real" = (summary = "SMS is sent", value = json!({"login": LOGIN}))),
            ),
        ),
        (
            status = 400, description = "The phone number is missing or not possible, or the body is not a JSON object",
            body = InvalidRequest, content_type = "application/problem+json",
            examples(
                ("missing" = (summary = "The phone number is missing", value = json!(Problem::from(AppError::PhoneMissing)))),
                ("invalid" = (summary = "The phone number is not possible", value = json!(Problem::from(AppError::PhoneInvalid)))),
                ("country" = (
                    summary = "No messages are sent to this country",
                    value = json!(Problem::from(AppError::PhoneCountry))
                )),
                ("kind" = (
                    summary = "No messages are sent to numbers of this kind",
                    value = json!(Problem::from(AppError::PhoneNotMobile))
                )),
                ("no object" = (summary = "The body is not a JSON object", value = json!(request::no_object()))),
            ),
        ),
        BodyProblems,
        (
            status = 429, description = "Too soon after the previous code, or too many messages or wrong codes for this phone \
                number, or too many requests from this network",
            body = Problem, content_type = "application/problem+json",
            headers(("Retry-After" = u32, description = "Seconds to wait")),
        ),
        LoginProblems,
    ),
)]
pub async fn get_code(
    State(state): State<AppState>,
    visitor: Visitor,
    JsonBody(body): JsonBody<GetCode>,
) -> Result<Response, Problem> {
    let mut fields = Fields::default();
    let typed = fields.text("phone_number", &body.phone_number, words::refusals().phone_missing).to_owned();
    fields.check()?;

    match login::request_api_code(&state.ports, &visitor, &typed).await {
        Ok(sent) => {
            let wait = RateLimit::resend(sent.resend_at.seconds_from(state.ports.clock.now()));
            let shown = login::shown(&state.ports, sent.flow).await.unwrap_or_default();
            let code = shown.map(|sms| sms.code.as_str().to_owned());
            Ok((StatusCode::OK, wait, Json(CodeSent { code, login: sent.login })).into_response())
        }
        Err(refused) => Ok(rate_limit::refusal(refused, &state.ports.rules.limits)),
    }
}

/// Describes the refusals that have a wait, each with the longest.
pub fn describe_limits(call: &mut Operation, limits: &Limits) {
    let login = &limits.login;
    let wait = seconds(login.resend_waits.after(1));
    let messages = AppError::TooManyMessages { seconds: seconds(login.sends_per_phone.longest()) };
    let wrong = AppError::TooManyWrongCodes { seconds: seconds(login.wrong_per_phone_long.longest()) };
    let network = AppError::NetworkBusy { seconds: seconds(login.sends_per_address.longest()) };
    let refusals = [
        ("wait", "A code was sent a moment ago", AppError::ResendTooSoon { seconds: wait }.into()),
        ("messages", "Too many messages to this phone number", messages.into()),
        ("wrong codes", "Too many wrong codes for this phone number", wrong.into()),
        ("network", "Too many requests from this network", network.into()),
    ];
    let paused = AppError::LoginsPaused { seconds: seconds(login.unused_sends_in_all.longest()) };
    examples::set_all(call, "429", refusals);
    examples::set_all(call, "503", [("paused", "Logins from new devices are paused", paused.into())]);
    rate_limit::describe(call, &["200", "429"], &RateLimit::resend(wait));
}

#[cfg(test)]
mod tests {
    use crate::server::sms::{Outcome, Sms, SmsGateway};
    use crate::tests::*;
    use async_trait::async_trait;
    use serde_json::json;
    use std::sync::Arc;
    use tokio::sync::Notify;

    const PATH: &str = "/get_code/";

    /// A gateway that shows nothing, and takes its time.
    #[derive(Default)]
    struct RealSms {
        asked: Notify,
        sent: Notify,
    }

    #[async_trait]
    impl SmsGateway for RealSms {
        async fn send(&self, _: &Sms) -> Outcome {
            self.asked.notify_one();
            self.sent.notified().await;
            Outcome::Unknown { gateway: "real".to_owned() }
        }
    }

    #[tokio::test]
    async fn a_code_is_sent_and_shown_since_sms_is_simulated() {
        let api = Api::new().await;
        let answer = api.post(PATH, json!({"phone_number": "8 (912) 345-67-89"})).await;
        assert_eq!(answer.status, 200);
        let code = answer.json()["code"].as_str().unwrap().to_owned();
        assert!(code.len() == 4 && code.bytes().all(|digit| digit.is_ascii_digit()), "{code}");
        assert_eq!(answer.headers["ratelimit-policy"], "\"resend\";q=1");
        assert_eq!(answer.headers["ratelimit"], "\"resend\";r=0;t=60");
    }

    #[tokio::test]
    async fn a_real_gateway_shows_no_code() {
        let sms = Arc::new(RealSms::default());
        sms.sent.notify_one();
        let api = Api::with_sms(sms).await;
        let answer = api.post(PATH, json!({"phone_number": "+79123456789"})).await;
        let body = answer.json();
        assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), ["login"]);
        assert_eq!(body["login"].as_str().unwrap().len(), 32);
    }

    #[tokio::test]
    async fn every_common_spelling_of_a_phone_is_taken() {
        for phone in ["+79123456789", "89123456789", "9123456789", "+7 912 345-67-89", "0079123456789"] {
            let api = Api::new().await;
            assert_eq!(api.post(PATH, json!({"phone_number": phone})).await.status, 200, "{phone}");
            assert_eq!(api.app.unused_messages("+79123456789").await, 1);
        }
    }

    #[tokio::test]
    async fn what_is_no_phone_is_refused_under_the_fields_name() {
        let api = Api::new().await;
        for phone in [
            json!(null),
            json!(""),
            json!("  "),
            json!("abc"),
            json!("12"),
            json!(79_123_456_789_u64),
            json!(1.5),
            json!(["+79123456789"]),
            json!({"number": "+79123456789"}),
            json!(true),
            json!("\0"),
            json!("+7912\0 3456789"),
        ] {
            let answer = api.post(PATH, json!({"phone_number": phone})).await;
            assert_eq!(answer.wrong_fields(), ["phone_number"], "{phone}");
        }
        assert_eq!(api.post(PATH, json!({})).await.wrong_fields(), ["phone_number"]);
        assert_eq!(api.post_bytes(PATH, None, "").await.wrong_fields(), ["phone_number"]);
        assert_eq!(api.app.messages_sent().await, 0);
    }

    #[tokio::test]
    async fn a_code_that_was_ended_while_it_went_out_was_still_sent() {
        let sms = Arc::new(RealSms::default());
        let api = Api::with_sms(sms.clone()).await;
        let asked = tokio::spawn({
            let api = api.clone();
            async move { api.post(PATH, json!({"phone_number": "+79123456789"})).await }
        });
        sms.asked.notified().await;
        api.app.end_codes("+79123456789").await;
        sms.sent.notify_one();
        let answer = asked.await.unwrap();
        assert_eq!(
            (answer.status.as_u16(), answer.headers["ratelimit"].to_str().unwrap()),
            (200, "\"resend\";r=0;t=60")
        );
    }

    #[tokio::test]
    async fn another_code_has_to_be_waited_for() {
        let api = Api::new().await;
        let phone = json!({"phone_number": "+79123456789"});
        api.post(PATH, phone.clone()).await;
        let answer = api.post(PATH, phone.clone()).await;
        let problem = answer.problem(429);
        assert!(problem["detail"].as_str().unwrap().contains("60 s"), "{problem}");
        assert_eq!(answer.headers["retry-after"], "60");
        assert_eq!(answer.headers["ratelimit"], "\"resend\";r=0;t=60");
        api.app.clock.advance(std::time::Duration::from_mins(1));
        assert_eq!(api.post(PATH, phone).await.status, 200);
    }
}
