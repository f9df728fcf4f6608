//! `POST /admin/api/token/`: exchanges an access token and the second factor for an admin token.

use crate::server::data::Visitor;
use crate::server::domain::admin::{Refusal, grants, token as rules};
use crate::server::http::problem::{BodyProblems, InvalidRequest, Problem, ServerProblems, TokenProblems};
use crate::server::http::state::AppState;
use crate::server::limits::{AdminLimits, Limits};
use crate::server::rest::examples::{self, seconds};
use crate::server::rest::request::{self, Caller, Field, Fields, JsonBody};
use crate::words::Sentence;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::path::Operation;

/// The second factor.
#[derive(Deserialize, ToSchema)]
pub struct SecondFactor {
    /// The six digits that the authenticator app shows, or a recovery code.
    #[schema(value_type = String, required = true, pattern = "^[0-9]{6}$", example = "123456")]
    #[serde(default)]
    code: Field<String>,
}

/// An admin token.
#[derive(Serialize, ToSchema)]
pub struct AdminToken {
    /// The token, for the header `Authorization: Bearer …` of the calls under `/admin/api/`.
    access: String,
    /// How many seconds the token is valid.
    expires_in: u64,
}

impl AdminToken {
    fn example(limits: &AdminLimits) -> Self {
        Self { access: "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.e30.c2ln".to_owned(), expires_in: limits.idle.as_secs() }
    }
}

/// Get an admin token
///
/// Exchanges an access token and the second factor, which is set up at the admin pages. The admin token is valid for
/// {admin_idle}, and ends with the login of the access token. For one admin, wrong codes are limited to
/// {wrong_second_factors}.
#[utoipa::path(
    post,
    path = "/admin/api/token/",
    operation_id = "admin_token",
    tag = "Admin",
    security(("bearer" = [])),
    request_body(content = SecondFactor),
    responses(
        (status = 200, description = "An admin token", body = AdminToken),
        (
            status = 400, description = "The code is missing, or the body is not a JSON object",
            body = InvalidRequest, content_type = "application/problem+json",
            examples(
                ("missing" = (summary = "The code is missing", value = json!(Problem::from(Refusal::SecondFactorMissing)))),
                ("no object" = (summary = "The body is not a JSON object", value = json!(request::no_object()))),
            ),
        ),
        TokenProblems,
        (
            status = 403, description = "The code is wrong or was used before, the login is older than {admin_life}, or the \
                second factor is not set up; `code` says which",
            body = Problem, content_type = "application/problem+json",
            example = json!(Problem::from(Refusal::SecondFactorRefused)),
        ),
        (
            status = 404, description = "The member is not an admin",
            body = Problem, content_type = "application/problem+json",
            example = json!(Problem::from(Refusal::NotAnAdmin)),
        ),
        BodyProblems,
        (
            status = 429, description = "Too many wrong codes",
            body = Problem, content_type = "application/problem+json",
            headers(("Retry-After" = u32, description = "Seconds to wait")),
        ),
        ServerProblems,
    ),
)]
pub async fn token(
    State(state): State<AppState>,
    Caller(access): Caller,
    visitor: Visitor,
    JsonBody(body): JsonBody<SecondFactor>,
) -> Result<Json<AdminToken>, Problem> {
    let mut fields = Fields::default();
    let code = fields.text("code", &body.code, &Refusal::SecondFactorMissing.sentence()).to_owned();
    // Others are told that there is nothing at this address, whatever they send.
    grants::of_member(&state.ports, access.member).await?;
    fields.check()?;
    let access = rules::issue(&state.ports, &visitor, access, &code).await?;
    Ok(Json(AdminToken { access, expires_in: state.ports.rules.limits.admin.idle.as_secs() }))
}

/// Describes how long the token is valid, and the refusal of 429 with the longest wait.
pub fn describe_limits(call: &mut Operation, limits: &Limits) {
    let wait = seconds(limits.admin.wrong_second_factors.longest());
    examples::set(call, "200", AdminToken::example(&limits.admin));
    examples::set(call, "429", Problem::from(Refusal::TooManySecondFactors { seconds: wait }));
}

#[cfg(test)]
mod tests {
    use crate::server::rest::admin::fixture::{ADMIN, candidate};
    use crate::tests::*;
    use serde_json::json;
    use std::time::Duration;

    #[tokio::test]
    async fn an_admins_token_comes_of_the_second_factor_and_ends_in_time_and_with_the_login() {
        let api = Api::new().await;
        let (candidate, totp) = candidate(&api).await;
        assert_eq!(candidate.post("/admin/api/token/", json!({})).await.wrong_fields(), ["code"]);
        let wrong = candidate.post("/admin/api/token/", json!({"code": "AAAAA-AAAAA"})).await.problem(403);
        assert_eq!(wrong["code"], "second_factor_refused");
        let code = shown(&api.app, &totp);
        let token = candidate.post("/admin/api/token/", json!({"code": code})).await.json();
        assert_eq!(token["expires_in"], 900);
        candidate.post("/admin/api/token/", json!({"code": code})).await.problem(403);
        let admin = api.with_token(token["access"].as_str().unwrap());
        assert_eq!(admin.get("/admin/api/members/").await.status, 200);
        // It is no access token of a member.
        admin.get("/profile/").await.problem(401);

        api.app.clock.advance(Duration::from_mins(15));
        admin.get("/admin/api/members/").await.problem(401);
        let again = api.with_token(&api.log_in(ADMIN).await.access);
        let token = again.post("/admin/api/token/", json!({"code": shown(&api.app, &totp)})).await.json();
        let admin = api.with_token(token["access"].as_str().unwrap());
        assert_eq!(again.post("/logout/", json!({})).await.status, 204);
        admin.get("/admin/api/members/").await.problem(401);
    }

    #[tokio::test]
    async fn the_login_behind_an_admins_token_is_no_older_than_half_a_day() {
        let api = Api::new().await;
        let (_, totp) = candidate(&api).await;
        api.app.clock.advance(Duration::from_mins(1));
        let tokens = api.log_in(ADMIN).await;
        api.app.clock.advance(Duration::from_hours(12));
        let refreshed = api.post("/token/refresh/", json!({"refresh": tokens.refresh})).await.json();
        let client = api.with_token(refreshed["access"].as_str().unwrap());
        let refused = client.post("/admin/api/token/", json!({"code": shown(&api.app, &totp)})).await.problem(403);
        assert_eq!(refused["code"], "login_too_old");
    }
}
