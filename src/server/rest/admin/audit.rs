//! `GET /admin/api/audit/`: who did what, and why.

use super::{AdminCaller, AdminProblems, limit, parameter, refuse_blank};
use crate::model::admin::AuditQuery;
use crate::server::data;
use crate::server::domain::admin::audit::details_text;
use crate::server::domain::admin::{Refusal, audit as rules, page};
use crate::server::http::problem::{InvalidRequest, Problem, ServerProblems};
use crate::server::http::state::AppState;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};

/// Which lines to list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only described")]
pub struct AuditSearch {
    /// A part of the reason or the details.
    #[param(required = false, example = "old code")]
    q: String,
    /// Only this act, such as `block`.
    #[param(
        required = false,
        pattern = "^(grant|revoke|set-up-second-factor|use-recovery-code|block|unblock|attach|detach|replace-invite-code|log-out-everywhere|erase|accept-flag|dismiss-flag|export|import)?$",
        example = "block"
    )]
    act: String,
    /// Only what this admin did.
    #[param(required = false, pattern = "^[0-9]{0,18}$", example = "1")]
    actor: String,
    /// Only what was done to this member.
    #[param(required = false, pattern = "^[0-9]{0,18}$", example = "17")]
    subject: String,
    /// On this day (UTC) or later.
    #[param(required = false, format = Date, example = "2026-01-01")]
    from: String,
    /// On this day or earlier.
    #[param(required = false, format = Date, example = "2026-12-31")]
    until: String,
    /// Where the page begins, as the header `Link` of the page before says.
    #[param(required = false, pattern = "^[0-9]{0,18}$", example = "99")]
    before: String,
    /// How many at most.
    #[param(required = false, minimum = 1, maximum = 500, default = 50, example = 50)]
    limit: u32,
}

/// A line of the audit log.
#[derive(Serialize, ToSchema)]
pub struct AuditLine {
    /// Counts the lines.
    id: i64,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// The admin; null for the host at the command line.
    actor_id: Option<i64>,
    /// What was done.
    #[schema(example = "block")]
    act: &'static str,
    /// To whom.
    subject_id: Option<i64>,
    /// Why.
    reason: String,
    /// What was before, and what is now.
    details: String,
    /// From where.
    address: String,
}

/// Read the audit log
///
/// The newest lines first. Lines are only ever added. The header `Link` leads to the next page.
#[utoipa::path(
    get,
    path = "/admin/api/audit/",
    operation_id = "read_audit_log",
    tag = "Admin",
    security(("admin" = [])),
    params(AuditSearch),
    responses(
        (
            status = 200, description = "Some lines", body = Vec<AuditLine>,
            headers(("Link" = String, description = "`</admin/api/audit/?…>; rel=\"next\"`, if there are more")),
        ),
        (
            status = 400, description = "Something cannot be searched for",
            body = InvalidRequest, content_type = "application/problem+json",
            example = json!(Problem::from(Refusal::DayMalformed)),
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
    refuse_blank(&query, &["from", "until"])?;
    let search = AuditQuery::read(|name| parameter(&query, name));
    let lines = rules::search(&state.ports, &admin, &search, limit + 1).await?;
    let (lines, next) = page(lines, limit, |last| last.id);
    let link = next.map(|before| (header::LINK, super::next_page("/admin/api/audit/", &query, "before", &before)));
    let body: Vec<_> = lines.into_iter().map(shown).collect();
    Ok((AppendHeaders(link), Json(body)).into_response())
}

fn shown(line: data::AuditLine) -> AuditLine {
    AuditLine {
        id: line.id,
        at: line.at.rfc3339(),
        actor_id: line.actor.map(|actor| actor.0),
        act: line.act.into_str(),
        subject_id: line.subject.map(|subject| subject.0),
        reason: line.reason,
        details: details_text(&line.details),
        address: line.address,
    }
}
