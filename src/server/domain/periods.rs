//! Days, weeks and months, in which numbers are shown over time.

use crate::server::clock::Timestamp;
use time::{Date, OffsetDateTime, Weekday};

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
    pub fn first_day(self, day: Date) -> Date {
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
    pub fn stretches(self, today: Date) -> Vec<Date> {
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

const DAY_S: i64 = 24 * 60 * 60;

/// The date of a day since 1970 (UTC).
pub fn date(day: i64) -> Date {
    let time = OffsetDateTime::from_unix_timestamp(day * DAY_S).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    time.date()
}

/// The same, back.
pub fn day_number(date: Date) -> i64 {
    date.midnight().assume_utc().unix_timestamp().div_euclid(DAY_S)
}

/// When a day begins.
pub fn beginning(day: i64) -> Timestamp {
    Timestamp(day * DAY_S * 1000)
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
