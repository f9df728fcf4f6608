//! Importing members from a file: each line is checked and its problems are told; then all lines become members, or none.

mod check;
mod column;
mod line;
mod read;
mod takeover;

pub use check::{Check, begin};
pub use read::{bad_lines, find, forget_old, list};
pub use takeover::{Takeover, apply};
