//! Days and moments (UTC) as texts.

use crate::model::moment::Moment;
use crate::server::clock::Timestamp;
use time::macros::format_description;

/// A day in ISO 8601 form, and as people read it.
pub fn day(at: Timestamp) -> (String, String) {
    let at = at.utc();
    let for_machines = at.format(format_description!("[year]-[month]-[day]"));
    let for_people = at.format(format_description!("[day padding:none] [month repr:long] [year]"));
    (for_machines.unwrap_or_default(), for_people.unwrap_or_default())
}

/// A moment to the minute.
pub fn moment(at: Timestamp) -> Moment {
    let text =
        at.utc().format(format_description!("[day padding:none] [month repr:short] [year], [hour]:[minute] UTC"));
    Moment { iso: at.rfc3339(), text: text.unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_for_machines_and_for_people() {
        assert_eq!(day(Timestamp(1_767_225_600_000)), ("2026-01-01".into(), "1 January 2026".into()));
    }
}
