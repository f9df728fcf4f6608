//! The numbers of the referral program: counts per period, totals and top inviters.

use super::{Admin, AdminResult, webhooks};
use crate::server::data::{Counts, DailyCount, LinkCounts, ListedMember, MemberSearch, Sort, WebhookEndpoint};
use crate::server::domain::Ports;
use crate::server::domain::login::limits::{self, LongerCodes};
use crate::server::domain::periods::{Unit, beginning, date, day_number};
use std::ops::Range;
use std::time::Duration;
use time::Date;

/// The number of top inviters shown.
const TOP: u32 = 10;
/// The median time to redeem is that of so many redemptions at most, the newest ones: that of a million takes seconds.
pub const MEDIAN_OF: u32 = 1000;

/// The counts of one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub first: Date,
    pub counts: Counts,
}

/// What happened in all the periods shown, or in as many days before them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub counts: Counts,
    /// What became of those who opened a share link in this time.
    pub links: LinkCounts,
    /// The median time from joining to redeeming of those who redeemed in this time, see [`MEDIAN_OF`]; `None` if nobody has.
    pub time_to_redeem: Option<Duration>,
}

#[derive(Clone, Debug)]
pub struct Overview {
    /// The oldest first; the last one includes today.
    pub stretches: Vec<Stretch>,
    pub totals: Counts,
    /// The number of blocked members.
    pub blocked: u64,
    /// The number of erased members.
    pub erased: u64,
    /// The periods together.
    pub span: Span,
    /// The same number of days before them.
    pub before: Span,
    /// Members with the most invitees.
    pub top: Vec<ListedMember>,
    /// Whether wrong guesses make codes longer now.
    pub longer_codes: Option<LongerCodes>,
    /// Where webhooks are sent.
    pub endpoints: Vec<WebhookEndpoint>,
}

/// # Errors
/// `Unavailable`.
pub async fn read(ports: &Ports, by: &Admin, unit: Unit) -> AdminResult<Overview> {
    let today = ports.clock.now().day();
    let stretches = unit.stretches(date(today));
    let since = stretches.first().map_or(0, |first| day_number(*first));
    let end = today + 1;
    let daily = ports.store.daily_counts(since).await?;
    let stretches = stretches.into_iter().map(|first| Stretch { first, counts: Counts::default() });
    let mut stretches: Vec<_> = stretches.collect();
    for DailyCount { day, what, count } in daily {
        let first = unit.first_day(date(day));
        if let Some(stretch) = stretches.iter_mut().find(|stretch| stretch.first == first) {
            stretch.counts.add(what, count);
        }
    }
    let most = MemberSearch { sort: Sort::MostInvitees, limit: TOP, ..MemberSearch::default() };
    let mut top = ports.store.find_members(&most).await?;
    top.retain(|member| member.invitees > 0);
    let (span, before) = (span(ports, since..end).await?, span(ports, 2 * since - end..since).await?);
    let (blocked, erased) = ports.store.blocked_and_erased().await?;
    let (totals, longer_codes) = (ports.store.total_counts().await?, limits::longer_codes(ports).await?);
    let endpoints = webhooks::endpoints(ports, by).await?;
    Ok(Overview { stretches, totals, blocked, erased, span, before, top, longer_codes, endpoints })
}

async fn span(ports: &Ports, days: Range<i64>) -> AdminResult<Span> {
    let (from, until) = (beginning(days.start), beginning(days.end));
    Ok(Span {
        counts: ports.store.counts_of_days(days.clone()).await?,
        links: ports.store.all_link_counts(days).await?,
        time_to_redeem: ports.store.median_time_to_redeem(from, until, MEDIAN_OF).await?,
    })
}
