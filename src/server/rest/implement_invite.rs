//! `POST /implement_invite/`: redeems the invite code of somebody else. Needs an access token.

use super::examples::{self, seconds};
use super::rate_limit::{self, RateLimit};
use super::request::{self, Caller, Field, Fields, JsonBody};
use crate::error::{AppError, AppResult};
use crate::server::data::{MemberId, Visitor};
use crate::server::domain::{Ports, redeem};
use crate::server::http::problem::{BodyProblems, InvalidRequest, Problem, ServerProblems, TokenProblems};
use crate::server::http::state::AppState;
use crate::server::limits::Limits;
use crate::server::sentences;
use crate::words;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::path::Operation;

/// The invite code to redeem.
#[derive(Deserialize, ToSchema)]
pub struct ImplementInvite {
    /// The invite code of somebody else. Letter case, blanks and hyphens do not matter.
    #[schema(value_type = String, required = true, pattern = "^[0-9A-Za-z]{6}$", example = "KM7Q2P")]
    #[serde(default)]
    invite_code: Field<String>,
}

/// The answer to a redeemed code.
#[derive(Serialize, ToSchema)]
pub struct Activated {
    /// A sentence for people.
    result: String,
}

/// The longest idempotency key.
const MAX_KEY: usize = 255;

/// Redeem an invite code
///
/// Redeems the invite code of somebody else. A member can do this once. With an `Idempotency-Key`, a repeated request gets
/// the answer of the first one, for {idempotency_memory}. For one member, unknown codes are limited to {unknown_codes}.
#[utoipa::path(
    post,
    path = "/implement_invite/",
    tag = "Members",
    security(("bearer" = [])),
    params((
        "Idempotency-Key" = Option<String>, Header,
        description = "Identifies this request, so that it can be repeated: 1 to 255 visible ASCII characters",
        min_length = 1, max_length = 255, pattern = "^[!-~]+$",
        example = "0f8fad5b-d9cb-469f-a165-70867728950e",
    )),
    request_body(content = ImplementInvite),
    responses(
        (
            status = 200, description = "The code was redeemed", body = Activated, example = json!(activated("KM7Q2P")),
        ),
        (
            status = 400, description = "The code is missing, blank, not a string, or longer than 6 characters; or the body \
                is not a JSON object, or the idempotency key is not valid",
            body = InvalidRequest, content_type = "application/problem+json",
            examples(
                ("missing" = (summary = "The code is missing", value = json!(Problem::from(AppError::InviteCodeMissing)))),
                ("too long" = (summary = "The code is too long", value = json!(Problem::from(AppError::InviteCodeTooLong)))),
                ("no object" = (summary = "The body is not a JSON object", value = json!(request::no_object()))),
                ("bad key" = (summary = "The idempotency key is not valid", value = json!(bad_key()))),
            ),
        ),
        TokenProblems,
        (
            status = 404, description = "Unknown code",
            body = Problem, content_type = "application/problem+json",
            example = json!(Problem::from(AppError::InviteCodeUnknown)),
        ),
        (
            status = 409, description = "This member cannot redeem this code; `code` says why",
            body = Problem, content_type = "application/problem+json",
            examples(
                ("own" = (summary = "The code of the member", value = json!(Problem::from(AppError::InviteCodeOwn)))),
                ("circle" = (
                    summary = "The owner joined through the member",
                    value = json!(Problem::from(AppError::InviteCodeOfInvitee))
                )),
                ("blocked" = (
                    summary = "The owner is blocked",
                    value = json!(Problem::from(AppError::InviteCodeBlocked))
                )),
                ("second" = (
                    summary = "The member has redeemed a code before",
                    value = json!(Problem::from(AppError::AlreadyRedeemed { code: "KM7Q2P".to_owned() }))
                )),
            ),
        ),
        BodyProblems,
        (
            status = 422, description = "The idempotency key was used with another code",
            body = Problem, content_type = "application/problem+json",
            example = json!(Problem::from(AppError::IdempotencyKeyReused)),
        ),
        (
            status = 429, description = "Too many unknown codes",
            body = Problem, content_type = "application/problem+json",
            headers(("Retry-After" = u32, description = "Seconds to wait")),
        ),
        ServerProblems,
    ),
)]
pub async fn implement_invite(
    State(state): State<AppState>,
    Caller(token): Caller,
    visitor: Visitor,
    headers: HeaderMap,
    JsonBody(body): JsonBody<ImplementInvite>,
) -> Result<Response, Problem> {
    let mut fields = Fields::default();
    let typed = fields.text("invite_code", &body.invite_code, words::refusals().invite_code_missing).to_owned();
    fields.check()?;
    let key = idempotency_key(&headers)?;

    let redeemed = match key {
        Some(key) => redeem::redeem_once(&state.ports, &visitor, token.member, &typed, &key).await,
        None => redeem::redeem(&state.ports, &visitor, token.member, &typed).await,
    };
    let answer = redeemed.map(|code| Json(activated(code.as_str()))).map_err(Problem::from);
    // The outcome is told even if the rest of the budget cannot be read.
    let limit = rest_of_budget(&state.ports, token.member).await.ok();
    Ok((limit, answer).into_response())
}

async fn rest_of_budget(ports: &Ports, member: MemberId) -> AppResult<RateLimit> {
    let left = redeem::unknown_codes_left(ports, member).await?;
    Ok(RateLimit::budget(&redeem::unknown_codes(ports, member), left))
}

/// Describes the refusal of 429 with the longest wait.
pub fn describe_limits(call: &mut Operation, limits: &Limits) {
    let budget = &limits.redemption.unknown_codes;
    let wait = seconds(budget.longest());
    examples::set(call, "429", Problem::from(AppError::TooManyUnknownCodes { seconds: wait }));
    let limit = RateLimit::exhausted("unknown-codes", budget, wait);
    rate_limit::describe(call, &["200", "404", "409", "422", "429"], &limit);
}

fn activated(code: &str) -> Activated {
    Activated { result: sentences::service().activated(code) }
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all("idempotency-key").iter();
    let Some(value) = values.next() else { return Ok(None) };
    let key = value.to_str().unwrap_or_default();
    let is_visible = key.bytes().all(|byte| byte.is_ascii_graphic());
    if key.is_empty() || key.len() > MAX_KEY || !is_visible || values.next().is_some() {
        return Err(bad_key());
    }
    Ok(Some(key.to_owned()))
}

fn bad_key() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, sentences::service().bad_idempotency_key(MAX_KEY))
}

#[cfg(test)]
mod tests {
    use crate::tests::*;
    use serde_json::json;
    use std::time::Duration;

    const PATH: &str = "/implement_invite/";

    /// A member with their code.
    async fn member(api: &Api, phone: &str) -> (Api, String) {
        let caller = api.with_token(&api.log_in(phone).await.access);
        let code = caller.get("/profile/").await.json()["invite_code"].as_str().unwrap().to_owned();
        (caller, code)
    }

    async fn redeem(caller: &Api, code: &str) -> Answer {
        caller.post(PATH, json!({"invite_code": code})).await
    }

    async fn redeem_once(caller: &Api, code: &str, key: &str) -> Answer {
        caller.post_with(PATH, json!({"invite_code": code}), &[("idempotency-key", key)]).await
    }

    #[tokio::test]
    async fn a_foreign_code_is_activated_in_any_letter_case() {
        let api = Api::new().await;
        let (_, code) = member(&api, "+79120000001").await;
        let (invitee, _) = member(&api, "+79120000002").await;
        let answer = redeem(&invitee, &code.to_lowercase()).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json(), json!({"result": crate::server::sentences::service().activated(&code)}));
        assert_eq!(answer.headers["ratelimit-policy"], "\"unknown-codes\";q=10;w=3600");
        assert_eq!(answer.headers["ratelimit"], "\"unknown-codes\";r=10;t=0");
    }

    #[tokio::test]
    async fn what_is_no_code_is_refused_under_the_fields_name() {
        let api = Api::new().await;
        let (caller, _) = member(&api, "+79120000001").await;
        for bad in [
            json!(null),
            json!(""),
            json!(" - "),
            json!("ABCDEFG"),
            json!("A".repeat(1000)),
            json!(234_567),
            json!(["KM7Q2P"]),
            json!({}),
            json!(true),
        ] {
            assert_eq!(caller.post(PATH, json!({"invite_code": bad})).await.wrong_fields(), ["invite_code"], "{bad}");
        }
        assert_eq!(caller.post(PATH, json!({})).await.wrong_fields(), ["invite_code"]);
    }

    #[tokio::test]
    async fn each_refusal_has_its_status_and_changes_nothing() {
        let api = Api::new().await;
        let (first, first_code) = member(&api, "+79120000001").await;
        let (second, second_code) = member(&api, "+79120000002").await;
        let (_, blocked_code) = member(&api, "+79120000003").await;
        api.app.block("+79120000003").await;
        assert_eq!(redeem(&second, &first_code).await.status, 200);

        for (caller, code, status, reason) in [
            (&first, "ZZZZZZ", 404, "invite_code_unknown"),
            (&first, "ABC", 404, "invite_code_unknown"),
            (&first, "\0\0", 404, "invite_code_unknown"),
            (&first, first_code.as_str(), 409, "invite_code_own"),
            (&first, &second_code, 409, "invite_code_of_invitee"),
            (&first, &blocked_code, 409, "invite_code_blocked"),
            (&second, &first_code, 409, "already_redeemed"),
            (&second, "ZZZZZZ", 409, "already_redeemed"),
        ] {
            let problem = redeem(caller, code).await.problem(status);
            assert_eq!(problem["code"], reason, "{code:?}");
            assert_eq!(problem["error"], problem["detail"]);
        }
        assert_eq!(api.app.redemptions().await.len(), 1);
    }

    #[tokio::test]
    async fn the_eleventh_unknown_code_within_an_hour_is_not_looked_at() {
        let api = Api::new().await;
        let (_, code) = member(&api, "+79120000001").await;
        let (caller, _) = member(&api, "+79120000002").await;
        for attempt in 1..=10 {
            let answer = redeem(&caller, "ZZZZZZ").await;
            answer.problem(404);
            assert_eq!(answer.headers["ratelimit"], format!("\"unknown-codes\";r={};t=3600", 10 - attempt));
        }
        // Not even a right one: the answer would tell.
        let answer = redeem(&caller, &code).await;
        answer.problem(429);
        assert_eq!(answer.headers["retry-after"], "3600");
        api.app.clock.advance(Duration::from_secs(3599));
        let caller = api.with_token(&api.log_in("+79120000002").await.access);
        redeem(&caller, &code).await.problem(429);
        api.app.clock.advance(Duration::from_secs(1));
        assert_eq!(redeem(&caller, &code).await.status, 200);
    }

    #[tokio::test]
    async fn a_repeated_request_is_answered_like_the_first_for_a_day() {
        let api = Api::new().await;
        let (_, code) = member(&api, "+79120000001").await;
        let (caller, _) = member(&api, "+79120000002").await;
        let first = redeem_once(&caller, &code, "k1").await;
        let again = redeem_once(&caller, &code, "k1").await;
        assert_eq!((again.status.as_u16(), &again.body), (200, &first.body));
        redeem_once(&caller, &code, "k2").await.problem(409);
        api.app.clock.advance(Duration::from_hours(24));
        let caller = api.with_token(&api.log_in("+79120000002").await.access);
        redeem_once(&caller, &code, "k1").await.problem(409);
    }

    #[tokio::test]
    async fn a_refusal_is_repeated_too_and_costs_nothing_more() {
        let api = Api::new().await;
        let (caller, _) = member(&api, "+79120000001").await;
        for _ in 0..20 {
            redeem_once(&caller, "ZZZZZZ", "k1").await.problem(404);
        }
        assert_eq!(api.app.uses_of("unknown-codes").await, 1);
    }

    #[tokio::test]
    async fn keys_cannot_fill_the_database() {
        let api = Api::new().await;
        let (caller, own_code) = member(&api, "+79120000001").await;
        for number in 0..20 {
            let padded = format!("{own_code}{}", "-".repeat(1000));
            redeem_once(&caller, &padded, &format!("own-{number}")).await.problem(409);
        }
        for number in 0..20 {
            redeem_once(&caller, &format!("ZZ{}", " ".repeat(1000)), &format!("unknown-{number}")).await;
        }
        let kept = api.app.idempotent_requests().await;
        assert_eq!(kept.len(), 10);
        assert!(kept.iter().all(|request| request.len() <= 64), "{kept:?}");
    }

    #[tokio::test]
    async fn a_key_belongs_to_one_request_of_one_member() {
        let api = Api::new().await;
        let (first, first_code) = member(&api, "+79120000001").await;
        let (second, second_code) = member(&api, "+79120000002").await;
        let (third, _) = member(&api, "+79120000003").await;
        assert_eq!(redeem_once(&second, &first_code, "k1").await.status, 200);
        redeem_once(&second, &second_code, "k1").await.problem(422);
        // However it is spelled, it is the same request.
        assert_eq!(redeem_once(&second, &format!(" {}-", first_code.to_lowercase()), "k1").await.status, 200);
        assert_eq!(redeem_once(&third, &second_code, "k1").await.status, 200);
        for bad in ["", " ", "two words", "ключ", &"k".repeat(256)] {
            redeem_once(&first, &second_code, bad).await.problem(400);
        }
    }

    #[tokio::test]
    async fn two_hundred_redemptions_at_once_have_one_winner() {
        let api = Api::new().await;
        let (_, code) = member(&api, "+79120000001").await;
        let (caller, _) = member(&api, "+79120000002").await;
        let answers = join_all((0..200).map(|_| redeem(&caller, &code))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        assert_eq!(answers.iter().filter(|answer| answer.status == 409).count(), 199);
    }
}
