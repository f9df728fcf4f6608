//! What the pages of flags show.

use super::Refusal;
use crate::model::moment::Moment;
use crate::model::profile::Flash;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagsView {
    /// Whether these are waiting flags, and not reviewed ones.
    pub waiting: bool,
    /// One page.
    pub flags: Vec<FlagRow>,
    /// The start of the next page, if there is one.
    pub next: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagRow {
    pub id: i64,
    /// The kind of flag, in a few words.
    pub title: String,
    /// What was noticed, in a sentence.
    pub text: String,
    pub member: i64,
    /// The phone of the member, or that they were erased.
    pub name: String,
    pub first: Moment,
    pub last: Moment,
    /// `None` while it waits for a review.
    pub verdict: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagView {
    /// The refused form, if the page follows one.
    pub flash: Flash<Refusal>,
    pub flag: FlagRow,
}
