//! `POST /admin/api/export/members/` and its like: taking a list away.

use super::{AdminCaller, AdminProblems};
use crate::server::domain::admin::Refusal;
use crate::server::http::files;
use crate::server::http::problem::{BodyProblems, InvalidRequest, Problem, ServerProblems};
use crate::server::http::state::AppState;
use crate::server::rest::request::{self, Field, Fields, JsonBody};
use crate::words::Sentence;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

/// In which form, and why.
#[derive(Deserialize, ToSchema)]
pub struct Export {
    /// `csv` for spreadsheet programs, `jsonl` for others.
    #[schema(value_type = String, required = true, pattern = "^(csv|jsonl)$", example = "jsonl")]
    #[serde(default)]
    format: Field<String>,
    /// Why; it stands in the audit log for good.
    #[schema(
        value_type = String,
        required = true,
        min_length = 1,
        max_length = 500,
        pattern = "\\S",
        example = "the monthly report"
    )]
    #[serde(default)]
    reason: Field<String>,
}

/// Take a list away
///
/// All members, redemptions or lines of the audit log, sent while they are read: in CSV, with an apostrophe before what a
/// spreadsheet program would run as a formula, or with a JSON object in each line. It leaves a line in the audit log.
#[utoipa::path(
    post,
    path = "/admin/api/export/{list}/",
    operation_id = "export_list",
    tag = "Admin",
    security(("admin" = [])),
    params(("list" = String, Path, description = "What", pattern = "^(members|redemptions|audit)$", example = "members")),
    request_body(content = Export),
    responses(
        (
            status = 200, description = "The list",
            content((String = "text/csv"), (String = "application/jsonl")),
            headers(("Content-Disposition" = String, description = "A name for the file")),
        ),
        (
            status = 400, description = "The format or the reason is missing, or the body is no JSON object",
            body = InvalidRequest, content_type = "application/problem+json",
            examples(
                ("format" = (summary = "No format", value = json!(Problem::from(Refusal::FormatUnknown)))),
                ("no object" = (summary = "The body is no JSON object", value = json!(request::no_object()))),
            ),
        ),
        AdminProblems,
        BodyProblems,
        ServerProblems,
    ),
)]
pub async fn export(
    State(state): State<AppState>,
    AdminCaller(admin): AdminCaller,
    Path(list): Path<String>,
    JsonBody(body): JsonBody<Export>,
) -> Result<Response, Problem> {
    let mut fields = Fields::default();
    let format = fields.text("format", &body.format, &Refusal::FormatUnknown.sentence());
    let reason = fields.text("reason", &body.reason, &Refusal::ReasonMissing.sentence());
    fields.check()?;
    Ok(files::download(&state.ports, &admin, &list, format, reason).await?)
}
