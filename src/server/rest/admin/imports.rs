//! `POST /admin/api/imports/`, `GET /admin/api/imports/3/` and `POST /admin/api/imports/3/apply/`: bringing a file of
//! members, what is wrong with it, and making members of it.

use super::{AdminCaller, AdminProblems, limit, next_page, refuse_blank};
use crate::model::digits;
use crate::server::domain::admin::{Refusal, import as rules, page};
use crate::server::http::files;
use crate::server::http::problem::{BodyProblems, InvalidRequest, Problem, ServerProblems};
use crate::server::http::state::AppState;
use crate::server::present::admin::problem_texts;
use crate::server::rest::request::{self, Field, Fields, JsonBody};
use crate::server::{data, jobs};
use crate::words::{self, Sentence};
use axum::Json;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};

/// A file of members.
#[derive(Serialize, ToSchema)]
pub struct Import {
    /// Names it.
    id: i64,
    /// `checking`, `checked`, `writing` or `done`; or `interrupted`, when it should go on and does not.
    #[schema(example = "checked")]
    state: &'static str,
    /// What is to be done: `wait`, `bring-again`, `apply` or `nothing`.
    #[schema(example = "apply")]
    next_step: &'static str,
    /// When it was brought.
    #[schema(format = DateTime)]
    begun_at: String,
    /// How many lines it has.
    lines: u32,
    /// How many of them were looked at.
    checked: u32,
    /// With how many of them something is wrong.
    bad: u32,
    /// The columns that mean nothing to an import.
    unread_columns: Vec<String>,
}

/// A file of members, and what is wrong with it.
#[derive(Serialize, ToSchema)]
pub struct ImportReport {
    #[serde(flatten)]
    import: Import,
    /// Some lines with which something is wrong, in their order.
    bad_lines: Vec<BadLine>,
}

/// A line with which something is wrong.
#[derive(Serialize, ToSchema)]
pub struct BadLine {
    /// Its number, as editors count.
    #[schema(example = 17)]
    line: u64,
    /// What is wrong with it, in sentences.
    problems: Vec<String>,
}

/// Which of the bad lines to list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only described")]
pub struct BadLines {
    /// Where the page begins, as the header `Link` of the page before says.
    #[param(required = false, pattern = "^[0-9]{1,18}$", example = "17")]
    after: String,
    /// How many at most.
    #[param(required = false, minimum = 1, maximum = 500, default = 50, example = 50)]
    limit: u32,
}

/// Why.
#[derive(Deserialize, ToSchema)]
pub struct Apply {
    /// Why; it stands in the audit log for good.
    #[schema(
        value_type = String,
        required = true,
        min_length = 1,
        max_length = 500,
        pattern = "\\S",
        example = "we moved here"
    )]
    #[serde(default)]
    reason: Field<String>,
}

/// Bring a file of members
///
/// CSV, separated at commas or semicolons. The first line names the columns: `phone_number`, and what there is of
/// `invite_code`, `former_invite_codes`, `joined_at`, `blocked_at`, `erased_at`, `redeemed_code` and `redeemed_at`; the
/// export of the members has all of them. Nobody becomes a member yet: the file is looked through beside the answer.
#[utoipa::path(
    post,
    path = "/admin/api/imports/",
    operation_id = "bring_import",
    tag = "Admin",
    security(("admin" = [])),
    request_body(content = String, content_type = "text/csv", example = "phone_number,invite_code\n+79123456789,KM7Q2P\n"),
    responses(
        (
            status = 202, description = "It is being looked through", body = Import,
            headers(("Location" = String, description = "Where to ask how far it is")),
        ),
        (
            status = 400, description = "It is no file of members, or has too many lines (`VOUCH_IMPORT_LINES`, 50000)",
            body = Problem, content_type = "application/problem+json",
            example = json!(Problem::from(Refusal::ImportWithoutPhones)),
        ),
        AdminProblems,
        (
            status = 408, description = "The file did not arrive within five minutes",
            body = Problem, content_type = "application/problem+json",
            example = json!(Problem::from(Refusal::ImportTooSlow)),
        ),
        (
            status = 413, description = "The file is larger than so many lines can be",
            body = Problem, content_type = "application/problem+json",
            example = json!(Problem::from(Refusal::ImportTooLarge { most: 12_804_096 })),
        ),
        (
            status = 415, description = "The body is not declared as `text/csv`",
            body = Problem, content_type = "application/problem+json",
            example = json!(not_csv()),
        ),
        ServerProblems,
    ),
)]
pub async fn bring(State(state): State<AppState>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let sender = super::caller(&state, &parts).await;
    let (admin, file) = files::upload(&state.ports, sender, body).await?;
    if !is_csv(&parts.headers) {
        return Err(not_csv());
    }
    let id = jobs::imports::check(&state.jobs, &state.ports, &admin, "", file).await?;
    let import = rules::find(&state.ports, &admin, id).await?;
    let location = [(header::LOCATION, format!("/admin/api/imports/{id}/"))];
    Ok((StatusCode::ACCEPTED, location, Json(shown(&state, &import))).into_response())
}

fn is_csv(headers: &HeaderMap) -> bool {
    let declared = headers.get(header::CONTENT_TYPE).map_or(&[][..], |declared| declared.as_bytes());
    let essence = declared.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    essence.eq_ignore_ascii_case(b"text/csv")
}

fn not_csv() -> Problem {
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, words::service().media_type_csv)
}

/// Ask how far an import is
///
/// And what is wrong with its lines. The header `Link` leads to further ones. Files are kept for a day.
#[utoipa::path(
    get,
    path = "/admin/api/imports/{id}/",
    operation_id = "read_import",
    tag = "Admin",
    security(("admin" = [])),
    params(("id" = i64, Path, description = "The number of the import", minimum = 1, example = 3), BadLines),
    responses(
        (
            status = 200, description = "How far it is", body = ImportReport,
            headers(("Link" = String, description = "`</admin/api/imports/3/?…>; rel=\"next\"`, if there are more")),
        ),
        (
            status = 400, description = "There is no such page",
            body = InvalidRequest, content_type = "application/problem+json",
            example = json!(Problem::from(Refusal::FilterUnknown)),
        ),
        AdminProblems,
        ServerProblems,
    ),
)]
pub async fn one(
    State(state): State<AppState>,
    AdminCaller(admin): AdminCaller,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Problem> {
    let id = import_id(&id)?;
    let limit = limit(&query)?;
    refuse_blank(&query, &["after"])?;
    let after = query.get("after").map_or(Some(0), |after| digits(after)).ok_or(Refusal::FilterUnknown)?;
    let import = rules::find(&state.ports, &admin, id).await?;
    let lines = rules::bad_lines(&state.ports, &admin, id, after, limit + 1).await?;
    let (lines, next) = page(lines, limit, |last| last.line);
    let path = format!("/admin/api/imports/{id}/");
    let link = next.map(|after| (header::LINK, next_page(&path, &query, "after", &after)));
    let bad_lines = lines.into_iter().map(|bad| BadLine { line: bad.line, problems: problem_texts(&bad) }).collect();
    Ok((AppendHeaders(link), Json(ImportReport { import: shown(&state, &import), bad_lines })).into_response())
}

/// Make members of a file
///
/// Of all its lines or of none. It leaves a line in the audit log. It happens beside the answer.
#[utoipa::path(
    post,
    path = "/admin/api/imports/{id}/apply/",
    operation_id = "apply_import",
    tag = "Admin",
    security(("admin" = [])),
    params(("id" = i64, Path, description = "The number of the import", minimum = 1, example = 3)),
    request_body(content = Apply),
    responses(
        (status = 202, description = "Its lines are becoming members", body = Import),
        (
            status = 400, description = "The reason is missing or too long, or the body is no JSON object",
            body = InvalidRequest, content_type = "application/problem+json",
            examples(
                ("reason" = (summary = "No reason", value = json!(Problem::from(Refusal::ReasonMissing)))),
                ("no object" = (summary = "The body is no JSON object", value = json!(request::no_object()))),
            ),
        ),
        AdminProblems,
        BodyProblems,
        (
            status = 409, description = "Something is wrong with some lines, or it was or is being imported, or was not looked through to its end; `code` \
                says",
            body = Problem, content_type = "application/problem+json",
            examples(
                ("bad" = (summary = "Bad lines", value = json!(Problem::from(Refusal::ImportHasBadLines)))),
                ("done" = (summary = "Imported already", value = json!(Problem::from(Refusal::ImportDone)))),
            ),
        ),
        ServerProblems,
    ),
)]
pub async fn apply(
    State(state): State<AppState>,
    AdminCaller(admin): AdminCaller,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<Apply>,
) -> Result<(StatusCode, Json<Import>), Problem> {
    let id = import_id(&id)?;
    let mut fields = Fields::default();
    let reason = fields.text("reason", &body.reason, &Refusal::ReasonMissing.sentence());
    fields.check()?;
    jobs::imports::apply(&state.jobs, &state.ports, &admin, id, reason).await?;
    let import = rules::find(&state.ports, &admin, id).await?;
    Ok((StatusCode::ACCEPTED, Json(shown(&state, &import))))
}

fn import_id(typed: &str) -> Result<i64, Refusal> {
    digits(typed).ok_or(Refusal::NoSuchImport)
}

fn shown(state: &AppState, import: &data::Import) -> Import {
    let now = state.ports.clock.now();
    Import {
        id: import.id,
        state: if import.is_interrupted(now) { "interrupted" } else { import.state.into_str() },
        next_step: import.next_step(now).into_str(),
        begun_at: import.begun_at.rfc3339(),
        lines: import.lines,
        checked: import.checked,
        bad: import.bad,
        unread_columns: import.unread.clone(),
    }
}
