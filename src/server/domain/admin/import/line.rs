//! Reading one line of an imported file: its values, and the problems that can be seen without other lines or members.

use super::column::Columns;
use crate::error::AppError;
use crate::model::invite_code::InviteCode;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{Column, Line, LineProblem};
use crate::server::domain::phone;
use crate::server::settings::Region;
use crate::server::spreadsheet::Row;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

pub(super) fn read(columns: &Columns, row: &Row, region: Region, now: Timestamp) -> Line {
    let mut line = Line {
        number: row.line,
        phone: None,
        invite_code: None,
        former_codes: Vec::new(),
        joined_at: now,
        blocked_at: None,
        erased_at: None,
        redeemed_code: None,
        inviter_line: None,
        redeemed_at: now,
        problems: Vec::new(),
    };
    let cells = match &row.cells {
        None => {
            line.problems.push(LineProblem::NotText);
            return line;
        }
        Some(cells) if cells.len() != columns.count => {
            line.problems.push(LineProblem::CellCount { found: cells.len(), expected: columns.count });
            return line;
        }
        Some(cells) if cells.iter().any(|cell| cell.contains(['\r', '\n'])) => {
            line.problems.push(LineProblem::LineBreak);
            return line;
        }
        Some(cells) => cells,
    };
    let cell = |column| columns.places.get(&column).map_or("", |place| cells[*place].as_str());
    let mut reader = Reader { problems: &mut line.problems, now };
    line.erased_at = reader.day(cell(Column::ErasedAt), Column::ErasedAt);
    line.phone = reader.phone(cell(Column::PhoneNumber), line.erased_at.is_some(), region);
    line.invite_code = reader.code(cell(Column::InviteCode), Column::InviteCode);
    let former = cell(Column::FormerInviteCodes).split_whitespace();
    line.former_codes = former.filter_map(|code| reader.code(code, Column::FormerInviteCodes)).collect();
    line.joined_at = reader.day(cell(Column::JoinedAt), Column::JoinedAt).unwrap_or(now);
    line.blocked_at = reader.day(cell(Column::BlockedAt), Column::BlockedAt);
    if line.blocked_at.is_some() && line.erased_at.is_some() {
        reader.note(LineProblem::BlockOfErased);
    }
    line.redeemed_code = reader.code(cell(Column::RedeemedCode), Column::RedeemedCode);
    let redeemed_at = reader.day(cell(Column::RedeemedAt), Column::RedeemedAt);
    if redeemed_at.is_some() && cell(Column::RedeemedCode).is_empty() {
        reader.note(LineProblem::RedeemedMissing);
    }
    line.redeemed_at = redeemed_at.unwrap_or(line.joined_at);
    line
}

/// Reads the cells of one line and collects problems.
struct Reader<'a> {
    problems: &'a mut Vec<LineProblem>,
    now: Timestamp,
}

impl Reader<'_> {
    fn note(&mut self, problem: LineProblem) {
        self.problems.push(problem);
    }

    fn phone(&mut self, typed: &str, is_erased: bool, region: Region) -> Option<Phone> {
        match (phone::parse(typed, region), is_erased) {
            (Err(AppError::PhoneMissing), true) => return None,
            (Err(AppError::PhoneMissing), false) => self.note(LineProblem::PhoneMissing),
            (_, true) => self.note(LineProblem::PhoneOfErased),
            (Err(_), false) => self.note(LineProblem::PhoneInvalid),
            (Ok(phone), false) => return Some(phone),
        }
        None
    }

    fn code(&mut self, typed: &str, column: Column) -> Option<InviteCode> {
        match InviteCode::parse(typed) {
            Ok(code) => return Some(code),
            Err(AppError::InviteCodeMissing) => {}
            Err(_) => self.note(LineProblem::CodeMalformed(column)),
        }
        None
    }

    fn day(&mut self, typed: &str, column: Column) -> Option<Timestamp> {
        if typed.is_empty() {
            return None;
        }
        let midnight = |day: Date| day.midnight().assume_utc();
        let at = OffsetDateTime::parse(typed, &Rfc3339)
            .or_else(|_| Date::parse(typed, format_description!("[year]-[month]-[day]")).map(midnight));
        match at.map(|at| Timestamp(at.unix_timestamp() * 1000)) {
            Ok(at) if at > self.now => self.note(LineProblem::DayInFuture(column)),
            Ok(at) if at.0 >= 0 => return Some(at),
            // Days before 1970 cannot be right, and the tables allow no negative times.
            Ok(_) | Err(_) => self.note(LineProblem::DayMalformed(column)),
        }
        None
    }
}
