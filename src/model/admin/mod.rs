//! What the admin pages show and send, a file for each kind of page: plain data, with every text ready to be displayed.

mod audit;
mod files;
mod flags;
mod members;
mod overview;
mod refusal;
mod repair;
mod second_factor;
mod webhooks;

pub use audit::*;
pub use files::*;
pub use flags::*;
pub use members::*;
pub use overview::*;
pub use refusal::*;
pub use repair::*;
pub use second_factor::*;
pub use webhooks::*;

/// Rows on one page of a list.
pub const ROWS: u32 = 50;
