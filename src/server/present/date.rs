//! Days and moments (UTC) as texts.

use crate::model::moment::Moment;
use crate::server::clock::Timestamp;
use crate::server::sentences;
use time::macros::format_description;

/// A day in ISO 8601 form, and as people read it.
pub fn day(at: Timestamp) -> (String, String) {
    let at = at.utc();
    let for_machines = at.format(format_description!("[year]-[month]-[day]"));
    let for_people = format!("{} {} {}", at.day(), sentences::service().month(at.month()), at.year());
    (for_machines.unwrap_or_default(), for_people)
}

/// A moment to the minute.
pub fn moment(at: Timestamp) -> Moment {
    let utc = at.utc();
    let month = sentences::service().short_month(utc.month());
    let text = format!("{} {month} {}, {:02}:{:02} UTC", utc.day(), utc.year(), utc.hour(), utc.minute());
    Moment { iso: at.rfc3339(), text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_for_machines_and_for_people() {
        assert_eq!(day(Timestamp(1_767_225_600_000)), ("2026-01-01".into(), "1 January 2026".into()));
    }
}
