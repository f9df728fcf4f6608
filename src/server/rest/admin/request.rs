//! What the requests of admins have in common: who sends them, and what they may be answered.

use crate::error::AppError;
use crate::model::admin::MAX_REASON;
use crate::server::domain::admin::{Admin, AdminResult, Refusal, token};
use crate::server::http::client;
use crate::server::http::problem::{InvalidRequest, Problem};
use crate::server::http::state::AppState;
use crate::server::rest::query::PageSize;
use crate::server::rest::request::{self, Field, Fields, bearer_token};
use crate::words::Sentence;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::Deserialize;
use utoipa::openapi::{Object, ObjectBuilder, Type};
use utoipa::{IntoResponses, ToSchema};

/// The bearer of an admin's token.
pub struct AdminCaller(pub Admin);

impl FromRequestParts<AppState> for AdminCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        Ok(Self(caller(state, parts).await?))
    }
}

/// The admin whose token a request brings.
pub async fn caller(state: &AppState, parts: &Parts) -> AdminResult<Admin> {
    let presented = bearer_token(&parts.headers)?.ok_or(AppError::LoginRequired)?;
    let visitor = client::visitor(state, &parts.headers, &parts.extensions);
    token::authenticate(&state.ports, &visitor, presented).await
}

/// The answer to another method. Who is no admin does not learn what is there.
pub async fn other_method(_: AdminCaller) -> Problem {
    Problem::of_status(StatusCode::METHOD_NOT_ALLOWED)
}

/// The rows of a page of any list for admins.
pub type Rows = PageSize<50, 500>;

/// How the reason for an act is described.
pub fn reason() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some("Why. It stays in the audit log permanently."))
        .min_length(Some(1))
        .max_length(Some(MAX_REASON))
        .pattern(Some("\\S"))
        .examples([serde_json::json!("asked for by the member")])
        .build()
}

/// Why an act is done, where there is nothing else to say.
#[derive(Deserialize, ToSchema)]
pub struct ReasonBody {
    #[schema(schema_with = reason, required = true)]
    #[serde(default)]
    reason: Field<String>,
}

impl ReasonBody {
    /// # Errors
    /// When there is no text.
    pub fn reason(&self) -> Result<&str, Problem> {
        let mut fields = Fields::default();
        let reason = reason_among(&mut fields, &self.reason);
        fields.check()?;
        Ok(reason)
    }
}

/// The reason among the fields of a body.
pub fn reason_among<'a>(fields: &mut Fields, reason: &'a Field<String>) -> &'a str {
    fields.text("reason", reason, &Refusal::ReasonMissing.sentence())
}

/// What a call with a [`ReasonBody`] may answer.
#[derive(IntoResponses)]
pub enum ReasonProblems {
    /// The reason is missing or too long, or the body is not a JSON object
    #[response(status = 400, content_type = "application/problem+json",
        examples(
            ("reason" = (summary = "The reason is missing", value = json!(Problem::from(Refusal::ReasonMissing)))),
            ("no object" = (summary = "The body is not a JSON object", value = json!(request::no_object())))
        ))]
    Invalid(InvalidRequest),
}

/// What every call that takes an admin's token may answer.
#[derive(IntoResponses)]
pub enum AdminProblems {
    /// The admin token is missing or not valid
    #[response(status = 401, content_type = "application/problem+json",
        headers(("WWW-Authenticate" = String, description = "`Bearer`")),
        examples(
            ("no token" = (summary = "The token is missing", value = json!(Problem::from(AppError::LoginRequired)))),
            ("not valid" = (
                summary = "Expired, altered, logged out, or not a token of this server",
                value = json!(Problem::from(AppError::TokenRefused))
            ))
        ))]
    Unauthorized(Problem),
    /// The token is an access token of an admin; exchange it at `POST /admin/api/token/` first
    #[response(status = 403, content_type = "application/problem+json",
        example = json!(Problem::from(Refusal::SecondFactorRequired)))]
    SecondFactor(Problem),
    /// The member is not an admin, or there is nothing at this address
    #[response(status = 404, content_type = "application/problem+json",
        example = json!(Problem::from(Refusal::NotAnAdmin)))]
    NotFound(Problem),
}

#[cfg(test)]
mod tests {
    use crate::model::admin::RepairKind;
    use crate::server::data::Act;
    use crate::server::domain::admin::grants;
    use crate::server::rest::admin::fixture::{ADMIN, MEMBER, admin, candidate};
    use crate::tests::*;
    use axum::http::Method;
    use serde_json::{Value, json};
    use strum::VariantArray;

    /// Every call for admins, with a body where it takes one.
    fn calls(id: i64) -> Vec<(Method, String, Value)> {
        let get = |path: &str| (Method::GET, path.to_owned(), Value::Null);
        let mut calls = vec![
            get("/admin/api/overview/"),
            get("/admin/api/members/"),
            get(&format!("/admin/api/members/{id}/")),
            get("/admin/api/audit/"),
            get("/admin/api/flags/"),
            get("/admin/api/webhooks/"),
            get("/admin/api/webhooks/endpoints/"),
            (Method::POST, "/admin/api/webhooks/replay/".to_owned(), json!({"reason": "a test"})),
            (Method::POST, "/admin/api/webhooks/1/replay/".to_owned(), json!({"reason": "a test"})),
            (Method::POST, "/admin/api/webhooks/endpoints/on/".to_owned(), json!({"url": "x", "reason": "a test"})),
            (Method::POST, "/admin/api/flags/1/".to_owned(), json!({"verdict": "accepted", "reason": "a test"})),
            (Method::POST, "/admin/api/export/members/".to_owned(), json!({"format": "csv", "reason": "a test"})),
            (Method::POST, "/admin/api/imports/".to_owned(), json!("phone_number\n+79120000099")),
            get("/admin/api/imports/1/"),
            (Method::POST, "/admin/api/imports/1/apply/".to_owned(), json!({"reason": "a test"})),
        ];
        for act in RepairKind::VARIANTS {
            let body = json!({"reason": "a test", "invite_code": "ZZZZZZ"});
            calls.push((Method::POST, format!("/admin/api/members/{id}/{}/", act.into_str()), body));
        }
        calls
    }

    async fn send(api: &Api, (method, path, body): (Method, String, Value)) -> Answer {
        match method {
            Method::POST => api.post(&path, body).await,
            method => api.send(method, &path, &[], Vec::new()).await,
        }
    }

    #[tokio::test]
    async fn members_and_strangers_get_nothing_from_any_call() {
        let api = Api::new().await;
        let member = api.with_token(&api.log_in(MEMBER).await.access);
        let id = api.app.member_id(MEMBER).await.0;
        let (candidate, _) = candidate(&api).await;
        for call in calls(id) {
            api.anonymous().send(call.0.clone(), &call.1, &[], Vec::new()).await.problem(401);
            send(&member, call.clone()).await.problem(404);
            let refused = send(&candidate, call.clone()).await.problem(403);
            assert_eq!(refused["code"], "second_factor_required", "{}", call.1);
            api.with_token("x.y.z").send(call.0, &call.1, &[], Vec::new()).await.problem(401);
        }
        member.post("/admin/api/token/", json!({"code": "123456"})).await.problem(404);
        member.post("/admin/api/token/", json!({})).await.problem(404);
        api.anonymous().post("/admin/api/token/", json!({"code": "123456"})).await.problem(401);
        assert_eq!(api.app.acts().await, [Act::Grant]);
        // Other methods tell no more.
        member.send(Method::DELETE, "/admin/api/members/1/", &[], Vec::new()).await.problem(404);
    }

    #[tokio::test]
    async fn a_revoked_right_is_gone_at_once() {
        let api = Api::new().await;
        let admin = admin(&api).await;
        grants::revoke(&api.app, ADMIN).await.unwrap();
        admin.get("/admin/api/members/").await.problem(404);
    }
}
