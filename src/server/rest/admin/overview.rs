//! `GET /admin/api/overview/`: counts of the referral program.

use super::members::ListedMember;
use super::request::{AdminCaller, AdminProblems};
use crate::server::data::{Counted, Counts, LinkCounts};
use crate::server::domain::admin::overview as rules;
use crate::server::domain::periods::Unit;
use crate::server::http::problem::{InvalidRequest, Problem, ServerProblems};
use crate::server::http::state::AppState;
use crate::server::rest::query::{self, Query, one_of};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// How the time is divided.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Division {
    /// The last 30 days, the last 26 weeks or the last 24 months. Without it, days.
    #[serde(deserialize_with = "one_of")]
    #[param(inline, example = "week")]
    by: Option<By>,
}

#[derive(Clone, Copy, ToSchema, strum::EnumString, strum::VariantNames)]
#[schema(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum By {
    Day,
    Week,
    Month,
}

impl From<Division> for Unit {
    fn from(division: Division) -> Self {
        match division.by {
            None | Some(By::Day) => Self::Day,
            Some(By::Week) => Self::Week,
            Some(By::Month) => Self::Month,
        }
    }
}

/// Counts of the referral program.
#[derive(Serialize, ToSchema)]
pub struct Overview {
    /// Since the beginning.
    totals: Numbers,
    /// How many members are blocked.
    blocked: u64,
    /// How many members were erased.
    erased: u64,
    /// Days, weeks or months, the oldest first; the last one is the current one.
    stretches: Vec<Stretch>,
    /// Of the days, weeks or months.
    share_links: ShareLinks,
    /// Half of those who activated a code in the days, weeks or months did so within these seconds after they joined; null if
    /// nobody did. Of more than 1,000, the newest are looked at.
    median_seconds_to_redeem: Option<u64>,
    /// As many days before.
    before: Before,
    /// The members with the most invitees.
    top_inviters: Vec<ListedMember>,
}

impl Overview {
    fn of(overview: &rules::Overview) -> Self {
        Self {
            totals: Numbers::of(&overview.totals),
            blocked: overview.blocked,
            erased: overview.erased,
            stretches: overview.stretches.iter().map(Stretch::of).collect(),
            share_links: ShareLinks::of(&overview.span),
            median_seconds_to_redeem: overview.span.time_to_redeem.map(|wait| wait.as_secs()),
            before: Before {
                numbers: Numbers::of(&overview.before.counts),
                share_links: ShareLinks::of(&overview.before),
                median_seconds_to_redeem: overview.before.time_to_redeem.map(|wait| wait.as_secs()),
            },
            top_inviters: overview.top.iter().map(ListedMember::of).collect(),
        }
    }
}

/// What became of the people who opened a share link. Each is counted once, by the day of the opening.
#[derive(Serialize, ToSchema)]
pub struct ShareLinks {
    /// Who opened a link.
    opened: u64,
    /// Who was logged in, or has logged in since.
    logged_in: u64,
    /// Who has redeemed the code of the link.
    redeemed: u64,
}

impl ShareLinks {
    fn of(span: &rules::Span) -> Self {
        let LinkCounts { opened, logged_in, redeemed } = span.links;
        Self { opened, logged_in, redeemed }
    }
}

/// What was counted in as many days before.
#[derive(Serialize, ToSchema)]
pub struct Before {
    #[serde(flatten)]
    numbers: Numbers,
    share_links: ShareLinks,
    median_seconds_to_redeem: Option<u64>,
}

/// A day, week or month.
#[derive(Serialize, ToSchema)]
pub struct Stretch {
    /// Its first day (UTC).
    #[schema(format = Date, example = "2026-01-01")]
    from: String,
    #[serde(flatten)]
    numbers: Numbers,
}

impl Stretch {
    fn of(stretch: &rules::Stretch) -> Self {
        Self { from: stretch.first.to_string(), numbers: Numbers::of(&stretch.counts) }
    }
}

/// What was counted.
#[derive(Serialize, ToSchema)]
pub struct Numbers {
    /// Members who joined.
    members: u64,
    /// Logins for which a first code was requested.
    logins_begun: u64,
    /// Logins that succeeded; each used one message.
    logins_finished: u64,
    /// Invite codes redeemed.
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

/// Show the overview
///
/// Counts of members, logins, redemptions and messages over time, and the members with the most invitees.
#[utoipa::path(
    get,
    path = "/admin/api/overview/",
    tag = "Admin",
    security(("admin" = [])),
    params(Division),
    responses(
        (status = 200, description = "The overview", body = Overview),
        (
            status = 400, description = "The parameter is not valid",
            body = InvalidRequest, content_type = "application/problem+json",
            example = json!(query::parse::<Division>("by=year").err()),
        ),
        AdminProblems,
        ServerProblems,
    ),
)]
pub async fn overview(
    State(state): State<AppState>,
    AdminCaller(admin): AdminCaller,
    Query(division): Query<Division>,
) -> Result<Json<Overview>, Problem> {
    let overview = rules::read(&state.ports, &admin, division.into()).await?;
    Ok(Json(Overview::of(&overview)))
}

#[cfg(test)]
mod tests {
    use crate::server::rest::admin::fixture::admin;
    use crate::tests::*;
    use serde_json::json;

    #[tokio::test]
    async fn the_overview_is_told_by_day_week_or_month() {
        let api = Api::new().await;
        let admin = admin(&api).await;
        for (by, stretches) in [("", 30), ("?by=week", 26), ("?by=month", 24)] {
            let overview = admin.get(&format!("/admin/api/overview/{by}")).await.json();
            let seen = overview["stretches"].as_array().unwrap();
            assert_eq!((seen.len(), &seen[stretches - 1]["members"]), (stretches, &json!(1)), "{by}");
            assert_eq!(overview["totals"]["logins_finished"], 1);
            assert_eq!(overview["before"]["logins_finished"], 0);
            assert_eq!(overview["median_seconds_to_redeem"], json!(null));
        }
        for bad in ["by=year", "by="] {
            assert_eq!(admin.get(&format!("/admin/api/overview/?{bad}&limit=0")).await.wrong_fields(), ["by"]);
        }
    }
}
