//! `GET /admin/api/audit/`: who did what, and why.

use super::request::{AdminCaller, AdminProblems, Rows};
use crate::model::admin::AuditQuery;
use crate::server::data::{self, Act};
use crate::server::domain::admin::audit::details_text;
use crate::server::domain::admin::{Refusal, audit as rules, page};
use crate::server::http::problem::{InvalidRequest, Problem, ServerProblems};
use crate::server::http::state::AppState;
use crate::server::rest::query::{self, Query, day, next_page, row};
use crate::server::sentences;
use axum::Json;
use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Deserializer, Serialize};
use strum::VariantArray;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};

pub const PATH: &str = "/admin/api/audit/";

/// Which lines to list.
#[derive(Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct AuditSearch {
    /// Part of the reason or of the details.
    #[param(example = "old code")]
    q: Option<String>,
    /// Only this act.
    #[serde(deserialize_with = "act")]
    #[param(value_type = Option<ActName>, inline, example = "block")]
    act: Option<String>,
    /// Only acts of the admin with this id or whole phone number.
    #[param(example = "1")]
    actor: Option<String>,
    /// Only acts on the member with this id or whole phone number.
    #[param(example = "17")]
    subject: Option<String>,
    /// On this day (UTC) or later.
    #[serde(deserialize_with = "day")]
    #[param(format = Date, example = "2026-01-01")]
    from: Option<String>,
    /// On this day (UTC) or earlier.
    #[serde(deserialize_with = "day")]
    #[param(format = Date, example = "2026-12-31")]
    until: Option<String>,
    /// Where the page begins, as in the header `Link` of the previous page.
    #[serde(deserialize_with = "row")]
    #[param(pattern = "^[0-9]{1,18}$", example = "99")]
    before: Option<String>,
    /// How many lines the page holds at most.
    #[param(inline, example = 50)]
    limit: Rows,
}

/// The name of an [`Act`].
pub struct ActName;

impl ActName {
    fn all() -> Vec<&'static str> {
        Act::VARIANTS.iter().map(<&str>::from).collect()
    }
}

impl PartialSchema for ActName {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(Self::all())).into()
    }
}

impl ToSchema for ActName {}

fn act<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let if_not = sentences::service().must_be_one_of(&ActName::all().join(", "));
    query::kept_if(deserializer, |typed| typed.parse::<Act>().is_ok(), &if_not)
}

impl From<AuditSearch> for AuditQuery {
    fn from(search: AuditSearch) -> Self {
        Self {
            q: search.q.unwrap_or_default(),
            act: search.act.unwrap_or_default(),
            actor: search.actor.unwrap_or_default(),
            subject: search.subject.unwrap_or_default(),
            from: search.from.unwrap_or_default(),
            until: search.until.unwrap_or_default(),
            before: search.before.unwrap_or_default(),
        }
    }
}

/// A line of the audit log.
#[derive(Serialize, ToSchema)]
pub struct AuditLine {
    id: i64,
    #[schema(format = DateTime)]
    at: String,
    /// The admin; null for the host at the command line.
    actor_id: Option<i64>,
    #[schema(example = "block")]
    act: &'static str,
    /// The member; null for an act on no member.
    subject_id: Option<i64>,
    reason: String,
    /// What the act changed.
    details: String,
    /// The network address of the admin.
    address: String,
}

/// Read the audit log
///
/// Lists what admins did, newest first. Lines are never changed or removed. The header `Link` leads to the next page.
#[utoipa::path(
    get,
    path = "/admin/api/audit/",
    operation_id = "read_audit_log",
    tag = "Admin",
    security(("admin" = [])),
    params(AuditSearch),
    responses(
        (
            status = 200, description = "One page of lines", body = Vec<AuditLine>,
            headers(("Link" = String, description = "`</admin/api/audit/?…>; rel=\"next\"`, if there are more")),
        ),
        (
            status = 400, description = "A parameter is not valid",
            body = InvalidRequest, content_type = "application/problem+json",
            examples(
                ("actor" = (summary = "Unknown actor", value = json!(Problem::from(Refusal::ActorUnknown)))),
                ("subject" = (summary = "Unknown subject", value = json!(Problem::from(Refusal::SubjectUnknown)))),
                ("others" = (
                    summary = "Other parameters",
                    value = json!(query::parse::<AuditSearch>("act=promote&from=today&limit=0").err())
                )),
            ),
        ),
        AdminProblems,
        ServerProblems,
    ),
)]
pub async fn list(
    State(state): State<AppState>,
    AdminCaller(admin): AdminCaller,
    Query(search): Query<AuditSearch>,
) -> Result<Response, Problem> {
    let (limit, query) = (search.limit.0, AuditQuery::from(search.clone()));
    let lines = rules::search(&state.ports, &admin, &query, limit + 1).await?;
    let (lines, next) = page(lines, limit, |last| last.id);
    let link = next.map(|before| next_page(PATH, &AuditSearch { before: Some(before), ..search }));
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

#[cfg(test)]
mod tests {
    use crate::server::rest::admin::fixture::admin;
    use crate::tests::*;

    #[tokio::test]
    async fn the_log_is_read_page_by_page_and_searched() {
        let api = Api::new().await;
        let admin = admin(&api).await;
        let first = admin.get("/admin/api/audit/?limit=1").await;
        assert_eq!(first.json()[0]["act"], "set-up-second-factor");
        assert_eq!(first.headers["link"], "</admin/api/audit/?before=2&limit=1>; rel=\"next\"");
        assert_eq!(admin.get("/admin/api/audit/?before=2&limit=1").await.json()[0]["act"], "grant");
        assert_eq!(admin.get("/admin/api/audit/?act=grant").await.json().as_array().unwrap().len(), 1);
        let bad = "/admin/api/audit/?act=promote&from=today&until=&before=x&limit=501&after=x";
        assert_eq!(admin.get(bad).await.wrong_fields(), ["act", "before", "from", "limit", "until"]);
        for member in ["actor", "subject"] {
            let answer = admin.get(&format!("/admin/api/audit/?{member}=nobody")).await;
            assert_eq!(answer.wrong_fields(), [member]);
        }
    }
}
