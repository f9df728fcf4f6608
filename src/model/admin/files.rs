//! What the pages for exports and imports show.

use super::Refusal;
use crate::model::moment::Moment;
use crate::model::profile::Flash;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportView {
    /// The refused form, if the page follows one: the list, the format and the reason.
    pub flash: Flash<Refusal>,
    /// The lists: the value in the form, and its name.
    pub lists: Vec<(String, String)>,
    /// The formats: the value in the form, and its name.
    pub formats: Vec<(String, String)>,
}

/// The form for a file, and recent imports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportsView {
    /// The refused form, if the page follows one.
    pub flash: Flash<Refusal>,
    /// The columns that a file may have, and their meaning.
    pub columns: Vec<(String, String)>,
    /// The largest number of lines of a file.
    pub most: String,
    /// Those of the last day, newest first.
    pub imports: Vec<ImportRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    pub id: i64,
    /// The name of the file.
    pub name: String,
    /// When it was uploaded.
    pub at: Moment,
    /// Its state, in a sentence.
    pub text: String,
}

/// An import, and the problems of its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportView {
    /// The refused form, if the page follows one.
    pub flash: Flash<Refusal>,
    pub row: ImportRow,
    pub step: ImportStep,
    /// Names of unknown columns, separated by commas.
    pub unread: String,
    /// One page of lines with problems: the line number, and the problems in sentences.
    pub bad_lines: Vec<(u64, Vec<String>)>,
    /// The start of the next page of bad lines, if there is one.
    pub next: Option<String>,
}

/// What an admin has to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportStep {
    /// Wait while lines are checked or written.
    Wait {
        /// Lines that are done; `None` if that is not known.
        done: Option<u32>,
        /// All lines.
        of: u32,
    },
    /// Upload the file again, after correcting its bad lines if it has any.
    UploadAgain,
    /// Confirm the import.
    Confirm,
    Nothing,
}
