//! What the admin pages show and send, a file for each kind of page: plain data, with every text ready to be displayed.

mod audit;
mod files;
mod flags;
mod members;
mod overview;
mod refusal;
mod repair;
mod second_factor;

pub use audit::*;
pub use files::*;
pub use flags::*;
pub use members::*;
pub use overview::*;
pub use refusal::*;
pub use repair::*;
pub use second_factor::*;

use serde::{Deserialize, Serialize};

/// Rows on one page of a list.
pub const ROWS: u32 = 50;

/// A moment (UTC).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// ISO 8601.
    pub iso: String,
    /// The moment as people read it.
    pub text: String,
}
