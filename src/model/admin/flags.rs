//! What the pages of flags show.

use super::{Moment, Refusal};
use crate::model::profile::Flash;
use serde::{Deserialize, Serialize};

/// Flags that wait, or that were reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagsView {
    /// Whether these wait.
    pub waiting: bool,
    /// One page of them.
    pub flags: Vec<FlagRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// Something odd.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagRow {
    /// Names it.
    pub id: i64,
    /// What it is, in a few words.
    pub title: String,
    /// What was seen.
    pub text: String,
    /// Whom it is about.
    pub member: i64,
    /// Their phone.
    pub name: String,
    /// When it was noticed first.
    pub first: Moment,
    /// When it was noticed last.
    pub last: Moment,
    /// What an admin made of it.
    pub verdict: Option<String>,
}

/// The form in which a flag is reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagView {
    /// The refused form, if the page follows one.
    pub flash: Flash<Refusal>,
    /// The flag.
    pub flag: FlagRow,
}
