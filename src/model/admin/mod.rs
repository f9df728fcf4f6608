//! What the admin pages show and send, a file for each kind of page: plain data, every text ready to be displayed.

mod audit;
mod files;
mod flags;
mod members;
mod overview;
mod repair;
mod second_factor;

pub use audit::*;
pub use files::*;
pub use flags::*;
pub use members::*;
pub use overview::*;
pub use repair::*;
pub use second_factor::*;

use serde::{Deserialize, Serialize};

/// How many rows a list shows at a time.
pub const ROWS: u32 = 50;

/// A moment (UTC) for machines and for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// ISO 8601.
    pub iso: String,
    /// As people read it.
    pub text: String,
}

/// The fields of a form as one text that a session can keep.
pub fn join<const FIELDS: usize>(fields: [&str; FIELDS]) -> String {
    fields.map(|field| field.replace('\n', " ")).join("\n")
}

/// Reads them again.
pub fn split<const FIELDS: usize>(text: &str) -> [String; FIELDS] {
    let mut fields = text.split('\n').map(str::to_owned);
    std::array::from_fn(|_| fields.next().unwrap_or_default())
}
