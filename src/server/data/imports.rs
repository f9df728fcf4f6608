//! Imports: files of members, checked line by line, then imported as a whole or not at all.

use super::MemberId;
use crate::model::invite_code::InviteCode;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// An import that has made no progress for this long was interrupted.
pub const STALLED_AFTER: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum ImportState {
    /// Its lines are being checked.
    Checking,
    Checked,
    /// Its lines are becoming members.
    Writing,
    /// Its lines are members.
    Done,
}

/// What an admin has to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum NextStep {
    Wait,
    /// Correct the file, if it has bad lines, and upload it again.
    BringAgain,
    Apply,
    Nothing,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    pub id: i64,
    /// The admin who uploaded it.
    pub actor: MemberId,
    /// Empty for a file that came over the API.
    pub file_name: String,
    pub state: ImportState,
    pub begun_at: Timestamp,
    /// The last progress.
    pub touched_at: Timestamp,
    /// Lines of the file.
    pub lines: u32,
    /// How many of them have been checked.
    pub checked: u32,
    /// How many of them have problems.
    pub bad: u32,
    /// Names of columns that an import does not know.
    pub unread: Vec<String>,
}

impl Import {
    /// Whether the server was stopped, or the database failed, while it was under way.
    pub fn is_interrupted(&self, now: Timestamp) -> bool {
        matches!(self.state, ImportState::Checking | ImportState::Writing) && self.touched_at < now.minus(STALLED_AFTER)
    }

    pub fn next_step(&self, now: Timestamp) -> NextStep {
        match self.state {
            ImportState::Done => NextStep::Nothing,
            ImportState::Checking | ImportState::Writing if !self.is_interrupted(now) => NextStep::Wait,
            ImportState::Checking => NextStep::BringAgain,
            ImportState::Checked if self.bad > 0 => NextStep::BringAgain,
            ImportState::Checked | ImportState::Writing => NextStep::Apply,
        }
    }
}

/// A file about to be checked.
pub struct NewImport<'a> {
    pub actor: MemberId,
    pub file_name: &'a str,
    pub begun_at: Timestamp,
    pub lines: u32,
    pub unread: &'a [String],
}

/// A column that an import reads. Its name is the one in the first line of the file.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Column {
    PhoneNumber,
    InviteCode,
    FormerInviteCodes,
    JoinedAt,
    BlockedAt,
    ErasedAt,
    RedeemedCode,
    RedeemedAt,
}

/// A line of a file, as far as it could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Counted from 1, as editors count.
    pub number: u64,
    pub phone: Option<Phone>,
    /// The code in the file, or a new one.
    pub invite_code: Option<InviteCode>,
    pub former_codes: Vec<InviteCode>,
    pub joined_at: Timestamp,
    pub blocked_at: Option<Timestamp>,
    pub erased_at: Option<Timestamp>,
    /// The foreign code that the member activated.
    pub redeemed_code: Option<InviteCode>,
    /// The line of that code's owner, if the owner stands in the same file.
    pub inviter_line: Option<u64>,
    pub redeemed_at: Timestamp,
    pub problems: Vec<LineProblem>,
}

/// A line with problems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    pub line: u64,
    pub problems: Vec<LineProblem>,
}

/// What is wrong with a line, as a code. It holds nothing of the line's text: that may be somebody's phone, which could
/// outlive its erasure here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineProblem {
    /// Not UTF-8.
    NotText,
    CellCount {
        found: usize,
        expected: usize,
    },
    /// A cell contains a line break, perhaps because of an unclosed quotation mark.
    LineBreak,
    PhoneMissing,
    PhoneInvalid,
    /// The same phone stands in this earlier line.
    PhoneTwice(u64),
    /// A member has the phone.
    PhoneTaken,
    PhoneOfErased,
    BlockOfErased,
    CodeMalformed(Column),
    /// The same invite code stands in this earlier line.
    CodeTwice(u64),
    /// A member has, or had, the invite code.
    CodeTaken,
    RedeemedUnknown,
    RedeemedOwn,
    RedeemedCircle,
    /// A day without a code.
    RedeemedMissing,
    DayMalformed(Column),
    DayToCome(Column),
}
