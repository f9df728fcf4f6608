//! `GET /admin/api/flags/` and `POST /admin/api/flags/17/`: suspicious activity and its review.

use super::request::{AdminCaller, AdminProblems, Rows, reason, reason_among};
use crate::model::digits;
use crate::server::data;
use crate::server::domain::admin::{Refusal, flags as rules, page};
use crate::server::http::problem::{BodyProblems, InvalidRequest, Problem, ServerProblems};
use crate::server::http::state::AppState;
use crate::server::rest::query::{self, Query, next_page, one_of, row};
use crate::server::rest::request::{self, Field, Fields, JsonBody};
use crate::words::Sentence;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub const PATH: &str = "/admin/api/flags/";

/// Which flags to list.
#[derive(Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct FlagSearch {
    /// Flags that wait for a review, or reviewed ones. Without it, those that wait.
    #[serde(deserialize_with = "one_of")]
    #[param(inline, example = "waiting")]
    show: Option<Show>,
    /// Where the page begins, as in the header `Link` of the previous page.
    #[serde(deserialize_with = "row")]
    #[param(pattern = "^[0-9]{1,18}$", example = "17")]
    after: Option<String>,
    /// How many flags the page holds at most.
    #[param(inline, example = 50)]
    limit: Rows,
}

#[derive(Clone, Copy, PartialEq, Serialize, ToSchema, strum::EnumString, strum::VariantNames)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Show {
    Waiting,
    Reviewed,
}

/// A suspicion about a member.
#[derive(Serialize, ToSchema)]
pub struct Flag {
    id: i64,
    /// `same-browser`, `same-network`, `ring`, `posted` or `guessing`.
    #[schema(example = "posted")]
    kind: &'static str,
    member_id: i64,
    /// The browser or network, for `same-browser` and `same-network`; empty for the others.
    source: String,
    /// The number of redemptions or attempts behind the flag.
    count: u32,
    /// When it was noticed first.
    #[schema(format = DateTime)]
    first_at: String,
    /// When it was noticed last.
    #[schema(format = DateTime)]
    last_at: String,
    /// `accepted` or `dismissed`; null before the review.
    verdict: Option<&'static str>,
}

/// The outcome of a review.
#[derive(Deserialize, ToSchema)]
pub struct Review {
    /// `accepted` if the suspicion is right, `dismissed` if not.
    #[schema(value_type = String, required = true, pattern = "^(accepted|dismissed)$", example = "dismissed")]
    #[serde(default)]
    verdict: Field<String>,
    #[schema(schema_with = reason, required = true)]
    #[serde(default)]
    reason: Field<String>,
}

/// List flags
///
/// Lists suspicious activity. A flag asks for a review and has no other consequence. The header `Link` leads to the next
/// page.
#[utoipa::path(
    get,
    path = "/admin/api/flags/",
    operation_id = "list_flags",
    tag = "Admin",
    security(("admin" = [])),
    params(FlagSearch),
    responses(
        (
            status = 200, description = "One page of flags", body = Vec<Flag>,
            headers(("Link" = String, description = "`</admin/api/flags/?…>; rel=\"next\"`, if there are more")),
        ),
        (
            status = 400, description = "A parameter is not valid",
            body = InvalidRequest, content_type = "application/problem+json",
            example = json!(query::parse::<FlagSearch>("show=all&after=x&limit=0").err()),
        ),
        AdminProblems,
        ServerProblems,
    ),
)]
pub async fn list(
    State(state): State<AppState>,
    AdminCaller(admin): AdminCaller,
    Query(search): Query<FlagSearch>,
) -> Result<Response, Problem> {
    let (limit, after) = (search.limit.0, search.after.as_deref().and_then(digits).unwrap_or_default());
    let waiting = search.show != Some(Show::Reviewed);
    let flags = rules::list(&state.ports, &admin, waiting, after, limit + 1).await?;
    let (flags, next) = page(flags, limit, |last| last.id);
    let link = next.map(|after| next_page(PATH, &FlagSearch { after: Some(after), ..search }));
    let body: Vec<_> = flags.into_iter().map(shown).collect();
    Ok((AppendHeaders(link), Json(body)).into_response())
}

fn shown(flag: data::Flag) -> Flag {
    Flag {
        id: flag.id,
        kind: flag.kind.into_str(),
        member_id: flag.member.0,
        source: flag.source,
        count: flag.count,
        first_at: flag.first_at.rfc3339(),
        last_at: flag.last_at.rfc3339(),
        verdict: flag.verdict.map(|verdict| verdict.into_str()),
    }
}

/// Review a flag
///
/// Accepts or dismisses a flag and adds a line to the audit log. Activity before the review does not raise the same flag
/// again.
#[utoipa::path(
    post,
    path = "/admin/api/flags/{id}/",
    operation_id = "review_flag",
    tag = "Admin",
    security(("admin" = [])),
    params(("id" = i64, Path, description = "The id of the flag", minimum = 1, example = 17)),
    request_body(content = Review),
    responses(
        (status = 204, description = "Reviewed"),
        (
            status = 400, description = "The verdict is missing or unknown, the reason is missing or too long, or the \
                body is not a JSON object",
            body = InvalidRequest, content_type = "application/problem+json",
            examples(
                ("verdict" = (summary = "The verdict is missing or unknown", value = json!(Problem::from(Refusal::VerdictMissing)))),
                ("no object" = (summary = "The body is not a JSON object", value = json!(request::no_object()))),
            ),
        ),
        AdminProblems,
        BodyProblems,
        (
            status = 409, description = "The flag was reviewed before",
            body = Problem, content_type = "application/problem+json",
            example = json!(Problem::from(Refusal::AlreadyReviewed)),
        ),
        ServerProblems,
    ),
)]
pub async fn review(
    State(state): State<AppState>,
    AdminCaller(admin): AdminCaller,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<Review>,
) -> Result<StatusCode, Problem> {
    let id = digits(&id).ok_or(Refusal::NoSuchFlag)?;
    let mut fields = Fields::default();
    let verdict = fields.text("verdict", &body.verdict, &Refusal::VerdictMissing.sentence()).to_owned();
    let reason = reason_among(&mut fields, &body.reason).to_owned();
    fields.check()?;
    let ports = state.ports.clone();
    rules::review(&ports, &admin, id, &verdict, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use crate::server::rest::admin::fixture::{MEMBER, admin};
    use crate::tests::*;
    use serde_json::json;

    #[tokio::test]
    async fn flags_are_listed_and_reviewed_once() {
        let api = Api::new().await;
        let admin = admin(&api).await;
        let member = api.with_token(&api.log_in(MEMBER).await.access);
        for _ in 0..8 {
            member.post("/implement_invite/", json!({"invite_code": "ZZZZZZ"})).await.problem(404);
        }
        let flag = admin.get("/admin/api/flags/?show=waiting").await.json()[0].clone();
        assert_eq!((&flag["kind"], &flag["verdict"]), (&json!("guessing"), &json!(null)));
        let path = format!("/admin/api/flags/{}/", flag["id"]);
        assert_eq!(admin.post(&path, json!({"verdict": "maybe", "reason": "x"})).await.wrong_fields(), ["verdict"]);
        assert_eq!(admin.post(&path, json!({})).await.wrong_fields(), ["reason", "verdict"]);
        let review = json!({"verdict": "dismissed", "reason": "a typing error"});
        assert_eq!(admin.post(&path, review.clone()).await.status, 204);
        assert_eq!(admin.post(&path, review).await.problem(409)["code"], "already_reviewed");
        assert_eq!(admin.get("/admin/api/flags/").await.json(), json!([]));
        assert_eq!(admin.get("/admin/api/flags/?show=reviewed").await.json()[0]["verdict"], "dismissed");
        let bad = "/admin/api/flags/?show=&after=x&limit=0&q=x";
        assert_eq!(admin.get(bad).await.wrong_fields(), ["after", "limit", "show"]);
    }
}
