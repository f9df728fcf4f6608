//! The numbers of the referral program: counts per period, totals and top inviters.

use super::{Admin, AdminResult};
use crate::server::data::{Counts, DailyCount, LinkCounts, ListedMember, MemberSearch, Sort};
use crate::server::domain::Ports;
use crate::server::domain::login::limits::{self, LongerCodes};
use time::{Date, OffsetDateTime, Weekday};

/// The number of top inviters shown.
const TOP: u32 = 10;

/// The length of one period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum Unit {
    /// The last 30 days.
    #[default]
    Day,
    /// The last 26 weeks, which begin on Mondays (ISO 8601).
    Week,
    /// The last 24 months.
    Month,
}

impl Unit {
    /// The first day of the period that a day is in.
    fn first_day(self, day: Date) -> Date {
        match self {
            Self::Day => day,
            Self::Week => match day.weekday() {
                Weekday::Monday => day,
                _ => day.prev_occurrence(Weekday::Monday),
            },
            Self::Month => day.replace_day(1).unwrap_or(day),
        }
    }

    /// The first days of the periods that are shown; `today` is in the last one.
    fn stretches(self, today: Date) -> Vec<Date> {
        let count = match self {
            Self::Day => 30,
            Self::Week => 26,
            Self::Month => 24,
        };
        let last = self.first_day(today);
        let mut stretches: Vec<_> =
            std::iter::successors(Some(last), |day| day.previous_day().map(|day| self.first_day(day)))
                .take(count)
                .collect();
        stretches.reverse();
        stretches
    }
}

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

const DAY_S: i64 = 24 * 60 * 60;

fn date(day: i64) -> Date {
    let time = OffsetDateTime::from_unix_timestamp(day * DAY_S).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    time.date()
}

fn day_number(date: Date) -> i64 {
    date.midnight().assume_utc().unix_timestamp().div_euclid(DAY_S)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn stretches_end_with_the_one_that_holds_today() {
        let today = date!(2026 - 01 - 01); // a Thursday
        let days = Unit::Day.stretches(today);
        assert_eq!((days.len(), days[0], days[29]), (30, date!(2025 - 12 - 03), today));
        let weeks = Unit::Week.stretches(today);
        assert_eq!((weeks.len(), weeks[24], weeks[25]), (26, date!(2025 - 12 - 22), date!(2025 - 12 - 29)));
        let months = Unit::Month.stretches(today);
        assert_eq!((months.len(), months[0], months[23]), (24, date!(2024 - 02 - 01), today));
        assert_eq!(Unit::Week.first_day(date!(2025 - 12 - 29)), date!(2025 - 12 - 29));
    }

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(day_number(date!(1970 - 01 - 02)), 1);
        assert_eq!(date(20_454), date!(2026 - 01 - 01));
    }
}
