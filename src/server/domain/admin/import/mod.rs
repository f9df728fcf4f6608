//! Importing members from a CSV file: first every line is checked, then all lines become members, or none. How HTTP
//! delivers the file is not known here.

mod apply;
mod check;
mod column;
mod line;
mod read;

pub use apply::{Apply, apply};
pub use check::{Check, begin};
pub use read::{bad_lines, find, forget_old, list};
