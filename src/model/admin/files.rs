//! What the pages show that give files and take them.

use super::{Moment, Refusal};
use crate::model::profile::Flash;
use serde::{Deserialize, Serialize};

/// The form by which lists are taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportView {
    /// The refused form, if the page follows one: the list, the format and the reason.
    pub flash: Flash<Refusal>,
    /// The lists, as they stand in the form and on the page.
    pub lists: Vec<(String, String)>,
    /// The formats.
    pub formats: Vec<(String, String)>,
}

/// Files of members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportsView {
    /// The refused form, if the page follows one.
    pub flash: Flash<Refusal>,
    /// What a file may hold, and what it means.
    pub columns: Vec<(String, String)>,
    /// How many lines it may have.
    pub most: String,
    /// Those of the last day, the newest first.
    pub imports: Vec<ImportRow>,
}

/// A file of members in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    /// Names it.
    pub id: i64,
    /// What it was called.
    pub name: String,
    /// When it was brought.
    pub at: Moment,
    /// How far it is.
    pub text: String,
}

/// A file of members, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportView {
    /// The refused form, if the page follows one.
    pub flash: Flash<Refusal>,
    /// The file.
    pub row: ImportRow,
    /// What is to be done.
    pub step: ImportStep,
    /// The columns that mean nothing to an import.
    pub unread: String,
    /// Some lines with which something is wrong: their number, and what.
    pub bad_lines: Vec<(u64, Vec<String>)>,
    /// Where the page begins that tells of further ones.
    pub next: Option<String>,
}

/// What an admin has to do before a file is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportStep {
    /// To wait: so many of so many lines are done; of none it is not known how many.
    Wait {
        /// How many are done.
        done: Option<u32>,
        /// How many there are.
        of: u32,
    },
    /// To put the file right and bring it again.
    BringAgain,
    /// To say that it is to be done.
    Confirm,
    /// Nothing more.
    Nothing,
}
