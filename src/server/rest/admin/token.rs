//! `POST /admin/api/token/`: an admin's token for an access token and the second factor.

use crate::server::data::Visitor;
use crate::server::domain::admin::{Refusal, token as rules};
use crate::server::http::problem::{BodyProblems, InvalidRequest, Problem, ServerProblems, TokenProblems};
use crate::server::http::state::AppState;
use crate::server::rest::request::{self, Caller, Field, Fields, JsonBody};
use crate::words::Sentence;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The second factor.
#[derive(Deserialize, ToSchema)]
pub struct SecondFactor {
    /// Six digits of the authenticator app, or a recovery code.
    #[schema(value_type = String, required = true, pattern = "^[0-9]{6}$", example = "123456")]
    #[serde(default)]
    code: Field<String>,
}

/// An admin's token.
#[derive(Serialize, ToSchema)]
pub struct AdminToken {
    /// For the header `Authorization: Bearer …` of the calls under `/admin/api/`.
    #[schema(example = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.e30.c2ln")]
    access: String,
    /// Seconds for which it works.
    #[schema(example = 900)]
    expires_in: u64,
}

/// Become an admin
///
/// The second factor is set up at the admin pages. The token works for a quarter of an hour; it ends with the login that
/// the access token came from.
#[utoipa::path(
    post,
    path = "/admin/api/token/",
    operation_id = "admin_token",
    tag = "Admin",
    security(("bearer" = [])),
    request_body(content = SecondFactor),
    responses(
        (
            status = 200, description = "An admin's token", body = AdminToken,
            example = json!({"access": "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.e30.c2ln", "expires_in": 900}),
        ),
        (
            status = 400, description = "The code is missing, or the body is no JSON object",
            body = InvalidRequest, content_type = "application/problem+json",
            examples(
                ("missing" = (summary = "No code", value = json!(Problem::from(Refusal::SecondFactorMissing)))),
                ("no object" = (summary = "The body is no JSON object", value = json!(request::no_object()))),
            ),
        ),
        TokenProblems,
        (
            status = 403, description = "The code is wrong or used up, the login is older than 12 hours, or the second \
                factor is not set up; `code` says why",
            body = Problem, content_type = "application/problem+json",
            example = json!(Problem::from(Refusal::SecondFactorRefused)),
        ),
        (
            status = 404, description = "The member is no admin",
            body = Problem, content_type = "application/problem+json",
            example = json!(Problem::from(Refusal::NotAnAdmin)),
        ),
        BodyProblems,
        (
            status = 429, description = "Too many wrong codes",
            body = Problem, content_type = "application/problem+json",
            headers(("Retry-After" = u32, description = "Seconds to wait")),
            example = json!(Problem::from(Refusal::TooManySecondFactors { seconds: 600 })),
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
    // Not before it is known that this is an admin: others are told that there is nothing here.
    crate::server::domain::admin::grants::of_member(&state.ports, access.member).await?;
    fields.check()?;
    let ports = state.ports.clone();
    let issue = async move { rules::issue(&ports, &visitor, access, &code).await };
    let access = issue.await?;
    Ok(Json(AdminToken { access, expires_in: state.ports.rules.limits.admin.idle.as_secs() }))
}
