//! One line of a file: what stands in it, and what is wrong with it by itself.

use super::column::{Column, Columns};
use crate::error::AppError;
use crate::model::invite_code::InviteCode;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::domain::phone::{self, Region};
use crate::server::spreadsheet::Row;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

/// A line as far as it could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number, as editors count.
    pub number: u64,
    /// The phone.
    pub phone: Option<Phone>,
    /// The code that stands there, or one that was drawn.
    pub invite_code: Option<InviteCode>,
    /// The codes before.
    pub former_codes: Vec<InviteCode>,
    /// When the member joined.
    pub joined_at: Timestamp,
    /// Since when they are locked out.
    pub blocked_at: Option<Timestamp>,
    /// When they were erased.
    pub erased_at: Option<Timestamp>,
    /// The foreign code they activated.
    pub redeemed_code: Option<InviteCode>,
    /// The line of its owner, if that stands in the file.
    pub inviter_line: Option<u64>,
    /// When they activated it.
    pub redeemed_at: Timestamp,
    /// What is wrong, in sentences.
    pub problems: Vec<String>,
}

/// What can be wrong with a line. Nothing that stands in it is told again: it may be somebody's phone, which could outlive
/// their erasing here.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    #[error("This line is not UTF-8 text. Save the file as CSV UTF-8.")]
    NotText,
    #[error("This line has {0} cells, and the first one has {1}.")]
    CellCount(usize, usize),
    #[error("A cell of this line goes on in the next one. Perhaps a quotation mark is not closed.")]
    LineBreak,
    #[error("There is no phone number.")]
    PhoneMissing,
    #[error("What stands in phone_number is not a possible one. Write it with its country code, as in +79123456789.")]
    PhoneInvalid,
    #[error("The same phone number stands in line {0}.")]
    PhoneTwice(u64),
    #[error("Somebody has this phone number already.")]
    PhoneTaken,
    #[error("A member who was erased has no phone number.")]
    PhoneOfErased,
    #[error("A member who was erased is not blocked.")]
    BlockOfErased,
    #[error("What stands in {0} can be no invite code: six digits and letters, none of them 0, 1, I, L or O.")]
    CodeMalformed(&'static str),
    #[error("The same invite code stands in line {0}.")]
    CodeTwice(u64),
    #[error("Somebody has, or had, this invite code already.")]
    CodeTaken,
    #[error("Nobody has the redeemed code: nobody in this file, and no member.")]
    RedeemedUnknown,
    #[error("The redeemed code is the member's own.")]
    RedeemedOwn,
    #[error("The redeemed codes go in a circle: the inviters of this member were brought in by this member.")]
    RedeemedCircle,
    #[error("There is a day in redeemed_at, and no code in redeemed_code.")]
    RedeemedMissing,
    #[error("What stands in {0} is no day. Write 2026-03-31, or 2026-03-31T08:30:00Z.")]
    DayMalformed(&'static str),
    #[error("The day in {0} is still to come.")]
    DayToCome(&'static str),
}

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
            line.problems.push(Problem::NotText.to_string());
            return line;
        }
        Some(cells) if cells.len() != columns.count => {
            line.problems.push(Problem::CellCount(cells.len(), columns.count).to_string());
            return line;
        }
        Some(cells) if cells.iter().any(|cell| cell.contains(['\r', '\n'])) => {
            line.problems.push(Problem::LineBreak.to_string());
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
        reader.note(Problem::BlockOfErased);
    }
    line.redeemed_code = reader.code(cell(Column::RedeemedCode), Column::RedeemedCode);
    let redeemed_at = reader.day(cell(Column::RedeemedAt), Column::RedeemedAt);
    if redeemed_at.is_some() && cell(Column::RedeemedCode).is_empty() {
        reader.note(Problem::RedeemedMissing);
    }
    line.redeemed_at = redeemed_at.unwrap_or(line.joined_at);
    line
}

/// Reads the cells of one line, and notes what is wrong with them.
struct Reader<'a> {
    problems: &'a mut Vec<String>,
    now: Timestamp,
}

impl Reader<'_> {
    fn note(&mut self, problem: Problem) {
        self.problems.push(problem.to_string());
    }

    fn phone(&mut self, typed: &str, is_erased: bool, region: Region) -> Option<Phone> {
        match (phone::parse(typed, region), is_erased) {
            (Err(AppError::PhoneMissing), true) => return None,
            (Err(AppError::PhoneMissing), false) => self.note(Problem::PhoneMissing),
            (_, true) => self.note(Problem::PhoneOfErased),
            (Err(_), false) => self.note(Problem::PhoneInvalid),
            (Ok(phone), false) => return Some(phone),
        }
        None
    }

    fn code(&mut self, typed: &str, column: Column) -> Option<InviteCode> {
        match InviteCode::parse(typed) {
            Ok(code) => return Some(code),
            Err(AppError::InviteCodeMissing) => {}
            Err(_) => self.note(Problem::CodeMalformed(column.as_str())),
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
            Ok(at) if at > self.now => self.note(Problem::DayToCome(column.as_str())),
            Ok(at) if at.0 >= 0 => return Some(at),
            // No phone was verified before 1970.
            Ok(_) | Err(_) => self.note(Problem::DayMalformed(column.as_str())),
        }
        None
    }
}
