//! `GET /admin/api/overview/`: how the programme goes.

use super::members::ListedMember;
use super::{AdminCaller, AdminProblems, parameter, refuse_blank};
use crate::server::data::{Counted, Counts};
use crate::server::domain::admin::overview::{self as rules, Unit};
use crate::server::http::problem::{InvalidRequest, Problem, ServerProblems};
use crate::server::http::state::AppState;
use crate::server::rest::request::Fields;
use crate::words;
use axum::Json;
use axum::extract::{Query, State};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};

/// Into what time is divided.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only described")]
pub struct By {
    /// The last 30 days, the last 26 weeks, or the last 24 months.
    #[param(required = false, pattern = "^(day|week|month)$", default = "day", example = "week")]
    by: String,
}

/// How the programme goes.
#[derive(Serialize, ToSchema)]
pub struct Overview {
    /// Since the beginning.
    totals: Numbers,
    /// Members who are locked out.
    blocked: u64,
    /// Members who were erased.
    erased: u64,
    /// Stretch by stretch, the oldest first; the last one is not over yet.
    stretches: Vec<Stretch>,
    /// Who brought in most.
    top_inviters: Vec<ListedMember>,
}

/// What happened in a stretch of time.
#[derive(Serialize, ToSchema)]
pub struct Stretch {
    /// Its first day (UTC).
    #[schema(format = Date, example = "2026-01-01")]
    from: String,
    #[serde(flatten)]
    numbers: Numbers,
}

/// What was counted.
#[derive(Serialize, ToSchema)]
pub struct Numbers {
    /// Members who joined.
    members: u64,
    /// Logins for which a first code was asked.
    logins_begun: u64,
    /// Logins that succeeded; each used one message.
    logins_finished: u64,
    /// Codes activated.
    redemptions: u64,
    /// Messages sent.
    messages_sent: u64,
}

impl Numbers {
    fn of(counts: &Counts) -> Self {
        Self {
            members: counts.of(Counted::Members),
            logins_begun: counts.of(Counted::LoginsBegun),
            logins_finished: counts.of(Counted::LoginsFinished),
            redemptions: counts.of(Counted::Redemptions),
            messages_sent: counts.of(Counted::MessagesSent),
        }
    }
}

/// Show how the programme goes
///
/// Members, logins, redemptions and messages over time, and who brings in most.
#[utoipa::path(
    get,
    path = "/admin/api/overview/",
    tag = "Admin",
    security(("admin" = [])),
    params(By),
    responses(
        (status = 200, description = "The picture", body = Overview),
        (
            status = 400, description = "There is no such unit",
            body = InvalidRequest, content_type = "application/problem+json",
            example = json!(unit("year").err()),
        ),
        AdminProblems,
        ServerProblems,
    ),
)]
pub async fn overview(
    State(state): State<AppState>,
    AdminCaller(admin): AdminCaller,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Json<Overview>, Problem> {
    refuse_blank(&query, &["by"])?;
    let overview = rules::read(&state.ports, &admin, unit(&parameter(&query, "by"))?).await?;
    let stretches = overview.stretches.iter();
    Ok(Json(Overview {
        totals: Numbers::of(&overview.totals),
        blocked: overview.blocked,
        erased: overview.erased,
        stretches: stretches
            .map(|stretch| Stretch { from: stretch.first.to_string(), numbers: Numbers::of(&stretch.counts) })
            .collect(),
        top_inviters: overview.top.iter().map(ListedMember::of).collect(),
    }))
}

fn unit(text: &str) -> Result<Unit, Problem> {
    match text {
        "" | "day" | "week" | "month" => Ok(text.parse().unwrap_or_default()),
        _ => {
            let mut fields = Fields::default();
            fields.wrong("by", words::service().must_be_unit);
            Err(fields.problem())
        }
    }
}
