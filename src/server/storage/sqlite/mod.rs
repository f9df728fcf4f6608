//! `SQLite`, the embedded default: a file for each trait of `storage`, with its SQL.

mod audit;
mod budgets;
mod counts;
mod devices;
mod flags;
mod grants;
mod imports;
mod login_codes;
mod members;
mod redemptions;
mod sessions;
mod store;
mod tokens;
mod transaction;

pub use store::{SqliteStore, copy, inspect};
