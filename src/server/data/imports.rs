//! Imports: files of members that are checked line by line, then written as a whole or not at all.

use super::MemberId;
use crate::model::invite_code::InviteCode;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// An import in progress counts as interrupted after this time without progress.
pub const STALLED_AFTER: Duration = Duration::from_mins(1);

#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum ImportState {
    Checking,
    Checked,
    /// Its lines are being written as members.
    Writing,
    Done,
}

/// What an admin has to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum NextStep {
    Wait,
    /// Upload the file again, after correcting its bad lines if it has any.
    #[strum(serialize = "bring-again")]
    UploadAgain,
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
    /// When it last made progress.
    pub touched_at: Timestamp,
    /// Lines of the file without the first one, which names the columns.
    pub lines: u32,
    pub checked: u32,
    /// How many lines have problems.
    pub bad: u32,
    /// Names of unknown or repeated columns, which the import ignores.
    pub unread: Vec<String>,
}

impl Import {
    /// Whether it stopped half-way, because the server was stopped or the database failed.
    pub fn is_interrupted(&self, now: Timestamp) -> bool {
        matches!(self.state, ImportState::Checking | ImportState::Writing) && self.touched_at < now.minus(STALLED_AFTER)
    }

    pub fn next_step(&self, now: Timestamp) -> NextStep {
        match self.state {
            ImportState::Done => NextStep::Nothing,
            ImportState::Checking | ImportState::Writing if !self.is_interrupted(now) => NextStep::Wait,
            ImportState::Checking => NextStep::UploadAgain,
            ImportState::Checked if self.bad > 0 => NextStep::UploadAgain,
            ImportState::Checked | ImportState::Writing => NextStep::Apply,
        }
    }
}

/// An import to be added.
pub struct NewImport<'a> {
    pub actor: MemberId,
    pub file_name: &'a str,
    pub begun_at: Timestamp,
    pub lines: u32,
    pub unread: &'a [String],
}

/// A column that an import reads, named as in the first line of the file.
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

/// A line of a file, as far as it could be read. Values with problems are `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line number in the file, from 1.
    pub number: u64,
    pub phone: Option<Phone>,
    /// The code in the file, or a new one if the file has none.
    pub invite_code: Option<InviteCode>,
    pub former_codes: Vec<InviteCode>,
    pub joined_at: Timestamp,
    pub blocked_at: Option<Timestamp>,
    pub erased_at: Option<Timestamp>,
    /// The foreign code that the member activated.
    pub redeemed_code: Option<InviteCode>,
    /// The line of that code's owner, if the owner is in the same file.
    pub inviter_line: Option<u64>,
    pub redeemed_at: Timestamp,
    pub problems: Vec<LineProblem>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    pub line: u64,
    pub problems: Vec<LineProblem>,
}

/// A problem of a line, as a code. It must not contain text of the line, which may be somebody's phone and would
/// survive the erasure of that member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineProblem {
    /// The line is not UTF-8.
    NotText,
    CellCount {
        found: usize,
        expected: usize,
    },
    /// A cell contains a line break, perhaps because of an unclosed quotation mark.
    LineBreak,
    PhoneMissing,
    PhoneInvalid,
    /// The same phone is in this earlier line.
    PhoneTwice(u64),
    /// A member has the phone.
    PhoneTaken,
    PhoneOfErased,
    BlockOfErased,
    CodeMalformed(Column),
    /// The same invite code is in this earlier line.
    CodeTwice(u64),
    /// A member has or had the invite code.
    CodeTaken,
    RedeemedUnknown,
    RedeemedOwn,
    RedeemedCircle,
    /// `redeemed_at` without `redeemed_code`.
    RedeemedMissing,
    DayMalformed(Column),
    #[serde(rename = "day-to-come")]
    DayInFuture(Column),
}
