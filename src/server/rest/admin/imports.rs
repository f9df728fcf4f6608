//! `POST /admin/api/imports/`, `GET /admin/api/imports/3/` and `POST /admin/api/imports/3/apply/`: uploading a file of
//! members, the problems in it, and importing it.

use super::request::{AdminCaller, AdminProblems, ReasonBody, ReasonProblems, Rows, caller};
use crate::model::digits;
use crate::server::domain::admin::{Refusal, import as rules, page};
use crate::server::http::files;
use crate::server::http::problem::{BodyProblems, InvalidRequest, Problem, ServerProblems};
use crate::server::http::state::AppState;
use crate::server::limits::Limits;
use crate::server::present::admin::problem_texts;
use crate::server::rest::examples;
use crate::server::rest::query::{self, Query, next_page, row};
use crate::server::rest::request::JsonBody;
use crate::server::sentences;
use crate::server::{data, jobs};
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::openapi::path::Operation;
use utoipa::{IntoParams, ToSchema};

/// A file of members.
#[derive(Serialize, ToSchema)]
pub struct Import {
    id: i64,
    /// `checking`, `checked`, `writing` or `done`; or `interrupted` if the server was stopped while it checked or imported.
    #[schema(example = "checked")]
    state: &'static str,
    /// What the admin has to do: `wait`, `bring-again` (correct the file and upload it again), `apply` or `nothing`.
    #[schema(example = "apply")]
    next_step: &'static str,
    /// When it was uploaded.
    #[schema(format = DateTime)]
    begun_at: String,
    /// How many lines the file has.
    lines: u32,
    /// How many lines were checked.
    checked: u32,
    /// How many of the checked lines have problems.
    bad: u32,
    /// Columns that are ignored, since an import does not know them.
    unread_columns: Vec<String>,
}

/// A file of members, and the problems in it.
#[derive(Serialize, ToSchema)]
pub struct ImportReport {
    #[serde(flatten)]
    import: Import,
    /// One page of the lines with problems, in the order of the file.
    bad_lines: Vec<BadLine>,
}

/// A line with problems.
#[derive(Serialize, ToSchema)]
pub struct BadLine {
    /// Its number in the file; the first line is 1.
    #[schema(example = 17)]
    line: u64,
    /// Sentences for people.
    problems: Vec<String>,
}

/// Which of the lines with problems to list.
#[derive(Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct BadLines {
    /// How many lines the page holds at most.
    #[param(inline, example = 50)]
    limit: Rows,
    /// Where the page begins, as in the header `Link` of the previous page.
    #[serde(deserialize_with = "row")]
    #[param(pattern = "^[0-9]{1,18}$", example = "17")]
    after: Option<String>,
}

/// Upload a file of members
///
/// The file is CSV, with commas or semicolons. Its first line names the columns: `phone_number`, and optionally
/// `invite_code`, `former_invite_codes`, `joined_at`, `blocked_at`, `erased_at`, `redeemed_code` and `redeemed_at`; an
/// export of the members has all of them. The file is checked after the answer; nothing is imported yet.
#[utoipa::path(
    post,
    path = "/admin/api/imports/",
    operation_id = "upload_import",
    tag = "Admin",
    security(("admin" = [])),
    request_body(content = String, content_type = "text/csv", example = "phone_number,invite_code\n+79123456789,KM7Q2P\n"),
    responses(
        (
            status = 202, description = "The file is being checked", body = Import,
            headers(("Location" = String, description = "The address of the report")),
        ),
        (
            status = 400, description = "The file is not a CSV file of members, or has more than {import_lines} lines \
                (`VOUCH_IMPORT_LINES`)",
            body = Problem, content_type = "application/problem+json",
            example = json!(Problem::from(Refusal::ImportWithoutPhones)),
        ),
        AdminProblems,
        (
            status = 408, description = "The file did not arrive within 5 minutes",
            body = Problem, content_type = "application/problem+json",
            example = json!(Problem::from(Refusal::ImportTooSlow)),
        ),
        (
            status = 413, description = "The file is larger than {import_lines} lines can be",
            body = Problem, content_type = "application/problem+json",
        ),
        (
            status = 415, description = "The body is not declared as `text/csv`",
            body = Problem, content_type = "application/problem+json",
            example = json!(not_csv()),
        ),
        ServerProblems,
    ),
)]
pub async fn upload(State(state): State<AppState>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let sender = caller(&state, &parts).await;
    let (admin, file) = files::upload(&state.ports, sender, body).await?;
    if !is_csv(&parts.headers) {
        return Err(not_csv());
    }
    let id = jobs::imports::check(&state.jobs, &state.ports, &admin, "", file).await?;
    let import = rules::find(&state.ports, &admin, id).await?;
    let location = [(header::LOCATION, path(id))];
    Ok((StatusCode::ACCEPTED, location, Json(shown(&state, &import))).into_response())
}

/// Describes the refusal of a file that is too large.
pub fn describe_limits(call: &mut Operation, limits: &Limits) {
    let most = files::largest_upload(&limits.admin);
    examples::set(call, "413", Problem::from(Refusal::ImportTooLarge { most }));
}

fn is_csv(headers: &HeaderMap) -> bool {
    let declared = headers.get(header::CONTENT_TYPE).map_or(&[][..], |declared| declared.as_bytes());
    let essence = declared.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    essence.eq_ignore_ascii_case(b"text/csv")
}

fn not_csv() -> Problem {
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, sentences::service().media_type_csv)
}

/// Show an import
///
/// Shows the state of an import and the lines with problems. The header `Link` leads to the next page of them. Files are
/// deleted after 24 hours.
#[utoipa::path(
    get,
    path = "/admin/api/imports/{id}/",
    operation_id = "read_import",
    tag = "Admin",
    security(("admin" = [])),
    params(("id" = i64, Path, description = "The id of the import", minimum = 1, example = 3), BadLines),
    responses(
        (
            status = 200, description = "The report", body = ImportReport,
            headers(("Link" = String, description = "`</admin/api/imports/3/?…>; rel=\"next\"`, if there are more")),
        ),
        (
            status = 400, description = "A parameter is not valid",
            body = InvalidRequest, content_type = "application/problem+json",
            example = json!(query::parse::<BadLines>("limit=0&after=x").err()),
        ),
        AdminProblems,
        ServerProblems,
    ),
)]
pub async fn one(
    State(state): State<AppState>,
    AdminCaller(admin): AdminCaller,
    Path(id): Path<String>,
    Query(search): Query<BadLines>,
) -> Result<Response, Problem> {
    let (id, limit) = (import_id(&id)?, search.limit.0);
    let after = search.after.as_deref().and_then(digits).unwrap_or_default();
    let import = rules::find(&state.ports, &admin, id).await?;
    let lines = rules::bad_lines(&state.ports, &admin, id, after, limit + 1).await?;
    let (lines, next) = page(lines, limit, |last| last.line);
    let next = next.map(|after| next_page(&path(id), &BadLines { after: Some(after), ..search }));
    let bad_lines = lines.iter().map(|bad| BadLine { line: bad.line, problems: problem_texts(bad) }).collect();
    Ok((AppendHeaders(next), Json(ImportReport { import: shown(&state, &import), bad_lines })).into_response())
}

/// Import a file
///
/// Makes members of all lines of a checked file, after the answer. If one line fails, none is imported. The import adds a
/// line to the audit log.
#[utoipa::path(
    post,
    path = "/admin/api/imports/{id}/apply/",
    operation_id = "apply_import",
    tag = "Admin",
    security(("admin" = [])),
    params(("id" = i64, Path, description = "The id of the import", minimum = 1, example = 3)),
    request_body(content = ReasonBody),
    responses(
        (status = 202, description = "The file is being imported", body = Import),
        ReasonProblems,
        AdminProblems,
        BodyProblems,
        (
            status = 409, description = "Some lines have problems, the file is being checked or imported, it was imported \
                before, or its check was interrupted; `code` says which",
            body = Problem, content_type = "application/problem+json",
            examples(
                ("bad" = (summary = "Some lines have problems", value = json!(Problem::from(Refusal::ImportHasBadLines)))),
                ("done" = (summary = "The file was imported before", value = json!(Problem::from(Refusal::ImportDone)))),
            ),
        ),
        ServerProblems,
    ),
)]
pub async fn apply(
    State(state): State<AppState>,
    AdminCaller(admin): AdminCaller,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<ReasonBody>,
) -> Result<(StatusCode, Json<Import>), Problem> {
    let id = import_id(&id)?;
    jobs::imports::apply(&state.jobs, &state.ports, &admin, id, body.reason()?).await?;
    let import = rules::find(&state.ports, &admin, id).await?;
    Ok((StatusCode::ACCEPTED, Json(shown(&state, &import))))
}

fn path(id: i64) -> String {
    format!("/admin/api/imports/{id}/")
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

#[cfg(test)]
mod tests {
    use crate::server::rest::admin::fixture::{MEMBER, admin};
    use crate::tests::*;
    use serde_json::{Value, json};

    /// Asks until nothing is done with a file any more.
    async fn at_rest(admin: &Api, path: &str) -> Value {
        loop {
            let report = admin.get(path).await.json();
            if !["checking", "writing"].contains(&report["state"].as_str().unwrap()) {
                return report;
            }
        }
    }

    #[tokio::test]
    async fn a_file_of_members_is_uploaded_corrected_and_imported() {
        let api = Api::new().await;
        let admin = admin(&api).await;
        let upload =
            async |file: &str| admin.post_bytes("/admin/api/imports/", Some("text/csv; charset=utf-8"), file).await;
        let bad = upload("phone_number\n12345\n67890\n").await;
        assert_eq!(bad.status, 202);
        let path = bad.location();
        let report = at_rest(&admin, path).await;
        assert_eq!((&report["state"], &report["lines"], &report["bad"]), (&json!("checked"), &json!(2), &json!(2)));
        let page = admin.get(&format!("{path}?limit=1")).await;
        assert_eq!(page.headers["link"], format!("<{path}?limit=1&after=2>; rel=\"next\""));
        assert_eq!(page.json()["bad_lines"][0]["line"], 2);
        assert_eq!(admin.get(&format!("{path}?limit=0&after=&show=x")).await.wrong_fields(), ["after", "limit"]);
        let refused = admin.post(&format!("{path}apply/"), json!({"reason": "a test"})).await.problem(409);
        assert_eq!(refused["code"], "bad_lines");

        let good = upload(&format!("phone_number\n{MEMBER}\n")).await;
        let path = good.location();
        assert_eq!(at_rest(&admin, path).await["bad"], 0);
        assert_eq!(admin.post(&format!("{path}apply/"), json!({})).await.wrong_fields(), ["reason"]);
        assert_eq!(admin.post(&format!("{path}apply/"), json!({"reason": "a test"})).await.status, 202);
        assert_eq!(at_rest(&admin, path).await["state"], "done");
        api.app.member_id(MEMBER).await;
        let again = admin.post(&format!("{path}apply/"), json!({"reason": "a test"})).await.problem(409);
        assert_eq!(again["code"], "already_imported");

        upload("name\nAnn\n").await.problem(400);
        admin.post("/admin/api/imports/", json!({})).await.problem(415);
        admin.get("/admin/api/imports/99/").await.problem(404);
    }

    #[tokio::test]
    async fn only_admins_may_send_more_than_a_form_holds_and_everybody_sees_the_answer() {
        let api = Api::of(TestApp::with_limits(|limits| limits.admin.import_lines = 1000).await).await;
        let admin = admin(&api).await;
        let send = async |client: &Api, length| {
            client.post_bytes("/admin/api/imports/", Some("text/csv"), vec![b'x'; length]).await
        };
        send(&admin, 200_000).await.problem(400);
        send(&admin, 260_097).await.problem(413);
        send(&api.anonymous(), 10_000_000).await.problem(401);
        // Elsewhere nobody may.
        let other = admin.post_bytes("/admin/api/export/members/", Some("application/json"), vec![b' '; 20_000]).await;
        other.problem(413);
    }
}
