//! Taking members over from a file: each line is looked at and told what is wrong with it; then all of them become members,
//! or none. Here is how far a file has come, and what is to be done with it next.

mod check;
mod column;
mod line;
mod takeover;

pub use check::{Check, begin};
pub use column::Column;
pub use line::Line;
pub use takeover::{Takeover, apply};

use super::{Admin, AdminResult, Refusal};
use crate::error::AppResult;
use crate::server::clock::Timestamp;
use crate::server::domain::{MemberId, Ports};
use std::time::Duration;

/// How long a file is kept.
const MEMORY: Duration = Duration::from_secs(24 * 60 * 60);
/// What has come no further for so long was interrupted.
const PATIENCE: Duration = Duration::from_secs(60);
/// How many files are listed.
const LISTED: u32 = 20;
/// How much is kept of the name of a file, and of a column.
const NAME: usize = 40;

/// How far a file has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its lines are being looked at.
    Checking,
    /// They were.
    Checked,
    /// They are becoming members.
    Writing,
    /// They are members.
    Done,
}

impl State {
    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Checking => "checking",
            Self::Checked => "checked",
            Self::Writing => "writing",
            Self::Done => "done",
        }
    }

    /// Reads it again.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Checking, Self::Checked, Self::Writing, Self::Done].into_iter().find(|state| state.as_str() == text)
    }
}

/// A file that was brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Names it.
    pub id: i64,
    /// Who brought it.
    pub actor: MemberId,
    /// What it was called.
    pub file_name: String,
    /// How far it has come.
    pub state: State,
    /// When it was brought.
    pub begun_at: Timestamp,
    /// When it came forward last.
    pub touched_at: Timestamp,
    /// How many lines it has.
    pub lines: u32,
    /// How many of them were looked at.
    pub checked: u32,
    /// With how many of them something is wrong.
    pub bad: u32,
    /// The columns that mean nothing to an import.
    pub unread: Vec<String>,
}

impl Import {
    /// Whether it should go on by itself and does not: the server was stopped, or the database failed.
    pub fn is_interrupted(&self, now: Timestamp) -> bool {
        matches!(self.state, State::Checking | State::Writing) && self.touched_at < now.minus(PATIENCE)
    }

    /// What the admin has to do next.
    pub fn next_step(&self, now: Timestamp) -> Step {
        match self.state {
            State::Done => Step::Nothing,
            State::Checking | State::Writing if !self.is_interrupted(now) => Step::Wait,
            State::Checking => Step::BringAgain,
            State::Checked if self.bad > 0 => Step::BringAgain,
            State::Checked | State::Writing => Step::Apply,
        }
    }
}

/// What is to be done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To wait until it has come further.
    Wait,
    /// To put it right, if something is wrong with it, and to bring it again.
    BringAgain,
    /// To have its lines become members.
    Apply,
    /// Nothing more.
    Nothing,
}

impl Step {
    /// As programs read it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wait => "wait",
            Self::BringAgain => "bring-again",
            Self::Apply => "apply",
            Self::Nothing => "nothing",
        }
    }
}

/// A line with which something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Its number, as editors count.
    pub line: u64,
    /// What is wrong with it, in sentences.
    pub problems: Vec<String>,
}

/// The newest files.
///
/// # Errors
/// `Unavailable`.
pub async fn list(ports: &Ports, _: &Admin) -> AdminResult<Vec<Import>> {
    Ok(ports.store.imports(LISTED).await?)
}

/// One file.
///
/// # Errors
/// `NoSuchImport`.
pub async fn find(ports: &Ports, _: &Admin, id: i64) -> AdminResult<Import> {
    ports.store.import(id).await?.ok_or(Refusal::NoSuchImport)
}

/// The lines of a file with which something is wrong, beginning after line `after`.
///
/// # Errors
/// `Unavailable`.
pub async fn bad_lines(ports: &Ports, _: &Admin, id: i64, after: u64, limit: u32) -> AdminResult<Vec<BadLine>> {
    Ok(ports.store.bad_lines(id, after, limit).await?)
}

/// Forgets files that were brought more than a day ago.
///
/// # Errors
/// `Unavailable`.
pub async fn forget_old(ports: &Ports) -> AppResult<u64> {
    Ok(ports.store.forget_imports_before(ports.clock.now().minus(MEMORY)).await?)
}
