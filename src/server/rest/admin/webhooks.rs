//! `GET /admin/api/webhooks/`, `POST /admin/api/webhooks/17/replay/` and so on: what other systems were told.

use super::request::{AdminCaller, AdminProblems, ReasonBody, ReasonProblems, Rows, reason, reason_among};
use crate::model::digits;
use crate::server::clock::Timestamp;
use crate::server::data::{self, WebhookKind, WebhookResult, WebhookState};
use crate::server::domain::admin::{Refusal, page, webhooks as rules};
use crate::server::http::problem::{BodyProblems, InvalidRequest, Problem, ServerProblems};
use crate::server::http::state::AppState;
use crate::server::rest::query::{self, Query, next_page, one_of, row};
use crate::server::rest::request::{self, Field, Fields, JsonBody};
use crate::words::Sentence;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize, Serializer};
use strum::VariantNames;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};

pub const PATH: &str = "/admin/api/webhooks/";

/// Which deliveries to list.
#[derive(Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct WebhookSearch {
    /// Only deliveries in this state.
    #[serde(deserialize_with = "one_of", serialize_with = "name")]
    #[param(value_type = Option<StateName>, inline, example = "failed")]
    state: Option<WebhookState>,
    /// Only events of this type.
    // Not `type`: a problem names the parameter that is wrong, and has a `type` of its own (RFC 9457).
    #[serde(rename = "event", deserialize_with = "one_of", serialize_with = "name")]
    #[param(value_type = Option<TypeName>, inline, example = "redemption.created")]
    kind: Option<WebhookKind>,
    /// Where the page begins, as in the header `Link` of the previous page.
    #[serde(deserialize_with = "row")]
    #[param(pattern = "^[0-9]{1,18}$", example = "17")]
    before: Option<String>,
    /// How many deliveries the page holds at most.
    #[param(inline, example = 50)]
    limit: Rows,
}

/// The name of a [`WebhookState`].
pub struct StateName;

/// The name of a [`WebhookKind`].
pub struct TypeName;

impl PartialSchema for StateName {
    fn schema() -> RefOr<Schema> {
        one_of_names(WebhookState::VARIANTS)
    }
}

impl PartialSchema for TypeName {
    fn schema() -> RefOr<Schema> {
        one_of_names(WebhookKind::VARIANTS)
    }
}

impl ToSchema for StateName {}
impl ToSchema for TypeName {}

fn one_of_names(names: &'static [&'static str]) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names.iter().copied())).into()
}

#[expect(clippy::ref_option, reason = "serde passes a reference to the field")]
fn name<T: Copy + Into<&'static str>, S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
    value.map(Into::into).serialize(serializer)
}

/// One event for one endpoint.
#[derive(Serialize, ToSchema)]
pub struct WebhookDelivery {
    id: i64,
    /// The id of the event, as in the header `webhook-id`: the same for every endpoint and attempt.
    #[schema(example = "msg_9f86d081884c7d659a2feaa0c55ad015")]
    event_id: String,
    #[serde(rename = "type")]
    #[schema(example = "redemption.created")]
    kind: &'static str,
    member_id: i64,
    /// The inviter of a redemption; null for an event of a member.
    inviter_id: Option<i64>,
    /// When it happened.
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(example = "https://hooks.example/vouch")]
    endpoint: String,
    /// `waiting`, `delivered` or `failed`.
    #[schema(example = "delivered")]
    state: &'static str,
    /// When it is attempted next, if it waits and its endpoint is not off.
    #[schema(format = DateTime)]
    next_at: Option<String>,
    /// The oldest first.
    attempts: Vec<WebhookAttempt>,
}

#[derive(Serialize, ToSchema)]
pub struct WebhookAttempt {
    #[schema(format = DateTime)]
    begun_at: String,
    duration_ms: u64,
    /// The status of the answer; null if there was none.
    #[schema(example = 503)]
    status: Option<u16>,
    /// Why it failed, in a sentence; null if it did not.
    #[schema(example = "The endpoint answered 503.")]
    error: Option<String>,
}

/// How an endpoint fares.
#[derive(Serialize, ToSchema)]
pub struct WebhookEndpoint {
    #[schema(example = "https://hooks.example/vouch")]
    url: String,
    /// When the first attempt after the last delivery failed; null while attempts succeed.
    #[schema(format = DateTime)]
    failing_since: Option<String>,
    /// When something was last delivered to it; null if that was never, or more than 30 days ago.
    #[schema(format = DateTime)]
    last_delivered_at: Option<String>,
    /// Since when nothing is sent to it; null while it is on.
    #[schema(format = DateTime)]
    off_at: Option<String>,
    /// `gone` if it answered 410, `failing` if every attempt of five days failed; null while it is on.
    #[schema(example = "failing")]
    off_because: Option<&'static str>,
}

/// How much is sent again.
#[derive(Serialize, ToSchema)]
pub struct Replayed {
    #[schema(example = 12)]
    deliveries: u64,
}

/// An endpoint to be switched on.
#[derive(Deserialize, ToSchema)]
pub struct SwitchOn {
    /// Its URL, as in the list of endpoints.
    #[schema(value_type = String, required = true, pattern = r"\S", example = "https://hooks.example/vouch")]
    #[serde(default)]
    url: Field<String>,
    #[schema(schema_with = reason, required = true)]
    #[serde(default)]
    reason: Field<String>,
}

/// List what was sent
///
/// Lists the deliveries of webhooks of the last 30 days with all attempts, newest first. The header `Link` leads to the next
/// page.
#[utoipa::path(
    get,
    path = "/admin/api/webhooks/",
    operation_id = "list_webhooks",
    tag = "Admin",
    security(("admin" = [])),
    params(WebhookSearch),
    responses(
        (
            status = 200, description = "One page of deliveries", body = Vec<WebhookDelivery>,
            headers(("Link" = String, description = "`</admin/api/webhooks/?…>; rel=\"next\"`, if there are more")),
        ),
        (
            status = 400, description = "A parameter is not valid",
            body = InvalidRequest, content_type = "application/problem+json",
            example = json!(query::parse::<WebhookSearch>("state=lost&event=x&before=x&limit=0").err()),
        ),
        AdminProblems,
        ServerProblems,
    ),
)]
pub async fn list(
    State(state): State<AppState>,
    AdminCaller(admin): AdminCaller,
    Query(search): Query<WebhookSearch>,
) -> Result<Response, Problem> {
    let limit = search.limit.0;
    let before = search.before.as_deref().and_then(digits);
    let which = data::WebhookSearch { state: search.state, kind: search.kind, before, limit: limit + 1 };
    let deliveries = rules::list(&state.ports, &admin, &which).await?;
    let (deliveries, next) = page(deliveries, limit, |last| last.id);
    let link = next.map(|before| next_page(PATH, &WebhookSearch { before: Some(before), ..search }));
    let body: Vec<_> = deliveries.into_iter().map(shown).collect();
    Ok((AppendHeaders(link), Json(body)).into_response())
}

fn shown(delivery: data::WebhookDelivery) -> WebhookDelivery {
    let is_waiting = delivery.state == WebhookState::Waiting;
    WebhookDelivery {
        id: delivery.id,
        event_id: delivery.message_id,
        kind: delivery.event.kind.into_str(),
        member_id: delivery.event.member.0,
        inviter_id: delivery.event.inviter.map(|inviter| inviter.0),
        created_at: delivery.created_at.rfc3339(),
        endpoint: delivery.endpoint,
        state: delivery.state.into_str(),
        next_at: is_waiting.then(|| delivery.next_at.rfc3339()),
        attempts: delivery.attempts.into_iter().map(shown_attempt).collect(),
    }
}

fn shown_attempt(attempt: data::WebhookAttempt) -> WebhookAttempt {
    let status = match attempt.result {
        WebhookResult::Answered(status) => Some(status),
        WebhookResult::Failed(_) => None,
    };
    WebhookAttempt {
        begun_at: attempt.begun_at.rfc3339(),
        duration_ms: u64::try_from(attempt.took.as_millis()).unwrap_or(u64::MAX),
        status,
        error: rules::problem_text(attempt.result),
    }
}

/// List the endpoints
///
/// Lists the endpoints of webhooks that the host has set, and whether they are on.
#[utoipa::path(
    get,
    path = "/admin/api/webhooks/endpoints/",
    operation_id = "list_webhook_endpoints",
    tag = "Admin",
    security(("admin" = [])),
    responses(
        (status = 200, description = "All endpoints", body = Vec<WebhookEndpoint>),
        AdminProblems,
        ServerProblems,
    ),
)]
pub async fn endpoints(
    State(state): State<AppState>,
    AdminCaller(admin): AdminCaller,
) -> Result<Json<Vec<WebhookEndpoint>>, Problem> {
    let reports = rules::reports(&state.ports, &admin).await?;
    Ok(Json(reports.into_iter().map(shown_endpoint).collect()))
}

fn shown_endpoint(report: rules::EndpointReport) -> WebhookEndpoint {
    let rules::EndpointReport { endpoint, delivered_at } = report;
    WebhookEndpoint {
        url: endpoint.url,
        last_delivered_at: delivered_at.map(Timestamp::rfc3339),
        failing_since: endpoint.failing_since.map(Timestamp::rfc3339),
        off_at: endpoint.off.map(|(at, _)| at.rfc3339()),
        off_because: endpoint.off.map(|(_, because)| because.into_str()),
    }
}

/// Send an event again
///
/// Sends an event to its endpoint again, with the same id, whether it was delivered or not. Adds a line to the audit log.
#[utoipa::path(
    post,
    path = "/admin/api/webhooks/{id}/replay/",
    operation_id = "replay_webhook",
    tag = "Admin",
    security(("admin" = [])),
    params(("id" = i64, Path, description = "The id of the delivery", minimum = 1, example = 17)),
    request_body(content = ReasonBody),
    responses(
        (status = 204, description = "It is sent at once"),
        ReasonProblems,
        AdminProblems,
        BodyProblems,
        ServerProblems,
    ),
)]
pub async fn replay(
    State(state): State<AppState>,
    AdminCaller(admin): AdminCaller,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<ReasonBody>,
) -> Result<StatusCode, Problem> {
    let id = digits(&id).ok_or(Refusal::NoSuchWebhook)?;
    rules::replay(&state.ports, &admin, id, body.reason()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send all failed events again
///
/// Sends every event again whose last attempt has failed, too. Adds a line to the audit log.
#[utoipa::path(
    post,
    path = "/admin/api/webhooks/replay/",
    operation_id = "replay_failed_webhooks",
    tag = "Admin",
    security(("admin" = [])),
    request_body(content = ReasonBody),
    responses(
        (status = 200, description = "They are sent at once", body = Replayed),
        ReasonProblems,
        AdminProblems,
        BodyProblems,
        ServerProblems,
    ),
)]
pub async fn replay_failed(
    State(state): State<AppState>,
    AdminCaller(admin): AdminCaller,
    JsonBody(body): JsonBody<ReasonBody>,
) -> Result<Json<Replayed>, Problem> {
    let deliveries = rules::replay_failed(&state.ports, &admin, body.reason()?).await?;
    Ok(Json(Replayed { deliveries }))
}

/// Switch an endpoint on
///
/// Sends again to an endpoint that was switched off, and first what has been waiting for it. Adds a line to the audit log.
#[utoipa::path(
    post,
    path = "/admin/api/webhooks/endpoints/on/",
    operation_id = "switch_webhook_endpoint_on",
    tag = "Admin",
    security(("admin" = [])),
    request_body(content = SwitchOn),
    responses(
        (status = 204, description = "It is on"),
        (
            status = 400, description = "The URL is missing, the reason is missing or too long, or the body is not a JSON object",
            body = InvalidRequest, content_type = "application/problem+json",
            examples(
                ("reason" = (summary = "The reason is missing", value = json!(Problem::from(Refusal::ReasonMissing)))),
                ("no object" = (summary = "The body is not a JSON object", value = json!(request::no_object()))),
            ),
        ),
        AdminProblems,
        BodyProblems,
        (
            status = 409, description = "The endpoint is on",
            body = Problem, content_type = "application/problem+json",
            example = json!(Problem::from(Refusal::EndpointIsOn)),
        ),
        ServerProblems,
    ),
)]
pub async fn switch_on(
    State(state): State<AppState>,
    AdminCaller(admin): AdminCaller,
    JsonBody(body): JsonBody<SwitchOn>,
) -> Result<StatusCode, Problem> {
    let mut fields = Fields::default();
    let url = fields.text("url", &body.url, &Refusal::NoSuchEndpoint.sentence());
    let reason = reason_among(&mut fields, &body.reason);
    fields.check()?;
    rules::switch_on(&state.ports, &admin, url, reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use crate::server::rest::admin::fixture::{MEMBER, admin};
    use crate::tests::*;
    use serde_json::json;

    async fn api() -> Api {
        let endpoints = vec!["https://hooks.example/vouch".parse().unwrap()];
        Api::of(TestApp::with_rules(|rules| rules.webhooks = endpoints).await).await
    }

    #[tokio::test]
    async fn deliveries_are_listed_by_state_and_type_and_sent_again() {
        let api = api().await;
        let admin = admin(&api).await;
        api.log_in(MEMBER).await;
        let page = admin.get("/admin/api/webhooks/?state=waiting&event=member.created&limit=1").await;
        let link = page.headers["link"].to_str().unwrap().to_owned();
        let newest = page.json()[0].clone();
        assert_eq!(newest["member_id"], api.app.member_id(MEMBER).await.0);
        assert_eq!((&newest["state"], &newest["attempts"]), (&json!("waiting"), &json!([])));
        assert!(newest["next_at"].is_string());
        let next = link.split(['<', '>']).nth(1).unwrap();
        assert!(next.starts_with("/admin/api/webhooks/?state=waiting&event=member.created&before="), "{next}");
        assert_eq!(admin.get(next).await.json().as_array().unwrap().len(), 1);
        assert_eq!(admin.get("/admin/api/webhooks/?state=failed").await.json(), json!([]));
        let bad = "/admin/api/webhooks/?state=&event=x&before=-1&limit=0";
        assert_eq!(admin.get(bad).await.wrong_fields(), ["before", "event", "limit", "state"]);

        let replay = format!("/admin/api/webhooks/{}/replay/", newest["id"]);
        assert_eq!(admin.post(&replay, json!({})).await.wrong_fields(), ["reason"]);
        assert_eq!(admin.post(&replay, json!({"reason": "they lost it"})).await.status, 204);
        admin.post("/admin/api/webhooks/999/replay/", json!({"reason": "x"})).await.problem(404);
        let failed = admin.post("/admin/api/webhooks/replay/", json!({"reason": "they are back"})).await;
        assert_eq!(failed.json(), json!({"deliveries": 0}));
        let line = &admin.get("/admin/api/audit/").await.json()[1];
        assert_eq!(
            (&line["act"], &line["details"]),
            (&json!("replay-webhooks"), &json!(format!("delivery {}", newest["id"])))
        );
    }

    #[tokio::test]
    async fn endpoints_are_listed_and_one_that_is_on_is_not_switched_on() {
        let api = api().await;
        let admin = admin(&api).await;
        let endpoint = json!({
            "url": "https://hooks.example/vouch", "failing_since": null, "last_delivered_at": null,
            "off_at": null, "off_because": null
        });
        assert_eq!(admin.get("/admin/api/webhooks/endpoints/").await.json(), json!([endpoint]));
        let on = async |body| admin.post("/admin/api/webhooks/endpoints/on/", body).await;
        let body = json!({"url": "https://hooks.example/vouch", "reason": "it is back"});
        assert_eq!(on(body).await.problem(409)["code"], "endpoint_is_on");
        on(json!({"url": "https://other.example/", "reason": "x"})).await.problem(404);
        assert_eq!(on(json!({})).await.wrong_fields(), ["reason", "url"]);
    }
}
