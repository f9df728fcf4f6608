//! `GET /admin/api/flags/` and `POST /admin/api/flags/17/`: what looks odd, and what is made of it.

use super::{AdminCaller, AdminProblems, limit, parameter, refuse_blank};
use crate::model::digits;
use crate::server::data;
use crate::server::domain::admin::{Refusal, flags as rules, page};
use crate::server::http::problem::{BodyProblems, InvalidRequest, Problem, ServerProblems};
use crate::server::http::state::AppState;
use crate::server::rest::request::{self, Field, Fields, JsonBody};
use crate::words::Sentence;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};

/// Which flags to list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only described")]
pub struct FlagSearch {
    /// Those that wait, or those that were reviewed.
    #[param(required = false, pattern = "^(waiting|reviewed)$", default = "waiting", example = "waiting")]
    show: String,
    /// Where the page begins, as the header `Link` of the page before says.
    #[param(required = false, pattern = "^[0-9]{1,18}$", example = "17")]
    after: String,
    /// How many at most.
    #[param(required = false, minimum = 1, maximum = 500, default = 50, example = 50)]
    limit: u32,
}

/// Something odd.
#[derive(Serialize, ToSchema)]
pub struct Flag {
    /// Names it.
    id: i64,
    /// `same-browser`, `same-network`, `ring`, `posted` or `guessing`.
    #[schema(example = "posted")]
    kind: &'static str,
    /// Whom it is about.
    member_id: i64,
    /// From where it came, as far as that is what is odd.
    source: String,
    /// How much there is of it.
    count: u32,
    /// When it was noticed first.
    #[schema(format = DateTime)]
    first_at: String,
    /// When it was noticed last.
    #[schema(format = DateTime)]
    last_at: String,
    /// `accepted` or `dismissed`, once it was reviewed.
    verdict: Option<&'static str>,
}

/// What an admin makes of a flag.
#[derive(Deserialize, ToSchema)]
pub struct Review {
    /// `accepted` or `dismissed`.
    #[schema(value_type = String, required = true, pattern = "^(accepted|dismissed)$", example = "dismissed")]
    #[serde(default)]
    verdict: Field<String>,
    /// Why; it stands in the audit log for good.
    #[schema(
        value_type = String,
        required = true,
        min_length = 1,
        max_length = 500,
        pattern = "\\S",
        example = "a family"
    )]
    #[serde(default)]
    reason: Field<String>,
}

/// List what looks odd
///
/// Nothing follows from a flag by itself.
#[utoipa::path(
    get,
    path = "/admin/api/flags/",
    operation_id = "list_flags",
    tag = "Admin",
    security(("admin" = [])),
    params(FlagSearch),
    responses(
        (
            status = 200, description = "Some flags", body = Vec<Flag>,
            headers(("Link" = String, description = "`</admin/api/flags/?…>; rel=\"next\"`, if there are more")),
        ),
        (
            status = 400, description = "There is no such list",
            body = InvalidRequest, content_type = "application/problem+json",
            example = json!(Problem::from(Refusal::FilterUnknown)),
        ),
        AdminProblems,
        ServerProblems,
    ),
)]
pub async fn list(
    State(state): State<AppState>,
    AdminCaller(admin): AdminCaller,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Problem> {
    let limit = limit(&query)?;
    refuse_blank(&query, &["show", "after"])?;
    let waiting = match parameter(&query, "show").as_str() {
        "" | "waiting" => true,
        "reviewed" => false,
        _ => return Err(Refusal::FilterUnknown.into()),
    };
    let after = match query.get("after") {
        None => 0,
        Some(after) => digits(after).ok_or(Refusal::FilterUnknown)?,
    };
    let flags = rules::list(&state.ports, &admin, waiting, after, limit + 1).await?;
    let (flags, next) = page(flags, limit, |last| last.id);
    let link = next.map(|after| (header::LINK, super::next_page("/admin/api/flags/", &query, "after", &after)));
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
/// Accepts or dismisses it, and leaves a line in the audit log. What was reviewed no longer counts.
#[utoipa::path(
    post,
    path = "/admin/api/flags/{id}/",
    operation_id = "review_flag",
    tag = "Admin",
    security(("admin" = [])),
    params(("id" = i64, Path, description = "The number of the flag", minimum = 1, example = 17)),
    request_body(content = Review),
    responses(
        (status = 204, description = "Done"),
        (
            status = 400, description = "The verdict or the reason is missing, or the body is no JSON object",
            body = InvalidRequest, content_type = "application/problem+json",
            examples(
                ("verdict" = (summary = "No verdict", value = json!(Problem::from(Refusal::VerdictMissing)))),
                ("no object" = (summary = "The body is no JSON object", value = json!(request::no_object()))),
            ),
        ),
        AdminProblems,
        BodyProblems,
        (
            status = 409, description = "It was reviewed already",
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
    let reason = fields.text("reason", &body.reason, &Refusal::ReasonMissing.sentence()).to_owned();
    fields.check()?;
    let ports = state.ports.clone();
    rules::review(&ports, &admin, id, &verdict, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
