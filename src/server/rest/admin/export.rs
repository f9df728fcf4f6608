//! `POST /admin/api/export/members/` and the other lists.

use super::request::{AdminCaller, AdminProblems, reason, reason_among};
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

/// The format of an export, and the reason for it.
#[derive(Deserialize, ToSchema)]
pub struct Export {
    /// `csv` for spreadsheets, `jsonl` for one JSON object a line.
    #[schema(value_type = String, required = true, pattern = "^(csv|jsonl)$", example = "jsonl")]
    #[serde(default)]
    format: Field<String>,
    #[schema(schema_with = reason, required = true)]
    #[serde(default)]
    reason: Field<String>,
}

/// Export a list
///
/// Downloads all members, redemptions or lines of the audit log. In CSV, a cell that a spreadsheet would run as a formula
/// begins with an apostrophe. The export adds a line to the audit log.
#[utoipa::path(
    post,
    path = "/admin/api/export/{list}/",
    operation_id = "export_list",
    tag = "Admin",
    security(("admin" = [])),
    params(("list" = String, Path, description = "The list", pattern = "^(members|redemptions|audit)$", example = "members")),
    request_body(content = Export),
    responses(
        (
            status = 200, description = "The list",
            content((String = "text/csv"), (String = "application/jsonl")),
            headers(("Content-Disposition" = String, description = "The name of the file")),
        ),
        (
            status = 400, description = "The format is missing or unknown, the reason is missing or too long, or the body \
                is not a JSON object",
            body = InvalidRequest, content_type = "application/problem+json",
            examples(
                ("format" = (summary = "The format is missing or unknown", value = json!(Problem::from(Refusal::FormatUnknown)))),
                ("no object" = (summary = "The body is not a JSON object", value = json!(request::no_object()))),
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
    let reason = reason_among(&mut fields, &body.reason);
    fields.check()?;
    Ok(files::download(&state.ports, &admin, &list, format, reason).await?)
}

#[cfg(test)]
mod tests {
    use crate::server::rest::admin::fixture::{ADMIN, admin};
    use crate::tests::*;
    use serde_json::{Value, json};

    #[tokio::test]
    async fn lists_are_exported_as_files() {
        let api = Api::new().await;
        let admin = admin(&api).await;
        let body = json!({"format": "csv", "reason": "a test"});
        let file = admin.post("/admin/api/export/members/", body.clone()).await;
        assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8; header=present");
        let name = file.headers["content-disposition"].to_str().unwrap();
        assert!(name.starts_with("attachment; filename=\"vouch-members-20") && name.ends_with(".csv\""), "{name}");
        assert!(file.body.contains(&format!("'{ADMIN}")));

        let lines = admin.post("/admin/api/export/audit/", json!({"format": "jsonl", "reason": "a test"})).await;
        let newest: Value = serde_json::from_str(lines.body.lines().next().unwrap()).unwrap();
        assert_eq!((&newest["act"], &newest["details"]), (&json!("export"), &json!("audit")));

        admin.post("/admin/api/export/sessions/", body).await.problem(404);
        let path = "/admin/api/export/members/";
        assert_eq!(admin.post(path, json!({})).await.wrong_fields(), ["format", "reason"]);
        assert_eq!(admin.post(path, json!({"format": "xlsx", "reason": "x"})).await.wrong_fields(), ["format"]);
    }
}
