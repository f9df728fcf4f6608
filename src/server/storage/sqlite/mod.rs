//! `SQLite`, the embedded default: a file for each trait of `storage`, with its SQL.

mod audit;
mod budgets;
mod counts;
mod demo;
mod devices;
mod files;
mod flags;
mod grants;
mod imports;
mod login_codes;
mod members;
mod messages;
mod redemptions;
mod sessions;
mod store;
mod tables;
mod tokens;
mod transaction;
mod upkeep;

pub use files::{Held, companions, copy, hold, inspect};
pub use store::SqliteStore;
