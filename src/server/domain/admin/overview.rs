//! The numbers of the referral program: counts per period, totals and top inviters.

use super::{Admin, AdminResult};
use crate::server::data::{Counts, DailyCount, LinkCounts, ListedMember, MemberSearch, Sort};
use crate::server::domain::Ports;
use crate::server::domain::login::limits::{self, LongerCodes};
use crate::server::domain::periods::{Unit, date, day_number};
use time::Date;

/// The number of top inviters shown.
const TOP: u32 = 10;

/// The counts of one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub first: Date,
    pub counts: Counts,
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
    /// What became of those who opened a share link in this time.
    pub links: LinkCounts,
    /// Members with the most invitees.
    pub top: Vec<ListedMember>,
    /// Whether wrong guesses make codes longer now.
    pub longer_codes: Option<LongerCodes>,
}

/// # Errors
/// `Unavailable`.
pub async fn read(ports: &Ports, _: &Admin, unit: Unit) -> AdminResult<Overview> {
    let today = date(ports.clock.now().day());
    let stretches = unit.stretches(today);
    let since = stretches.first().map_or(0, |first| day_number(*first));
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
    let links = ports.store.all_link_counts(since).await?;
    let (blocked, erased) = ports.store.blocked_and_erased().await?;
    let (totals, longer_codes) = (ports.store.total_counts().await?, limits::longer_codes(ports).await?);
    Ok(Overview { stretches, totals, blocked, erased, links, top, longer_codes })
}
