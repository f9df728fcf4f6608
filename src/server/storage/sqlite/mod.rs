//! `SQLite`, the embedded default: a file for each trait of `storage`, with its SQL.
//!
//! What takes microseconds runs on the thread that asks, by way of rusqlite: every write, and what nearly every request
//! reads. Lists and searches, migrations and copies are sqlx's, which has a thread for each of its connections.

mod audit;
mod budgets;
mod connection;
mod counts;
mod demo;
mod devices;
mod files;
mod flags;
mod grants;
mod imports;
mod jobs;
mod links;
mod login_codes;
mod members;
mod messages;
mod progress;
mod reads;
mod redemptions;
mod sessions;
mod set_aside;
mod store;
mod tables;
mod tokens;
mod transaction;
mod transfer;
mod upkeep;
mod webhooks;
mod writer;

pub use files::{Held, companions, copy, hold, inspect};
pub use store::SqliteStore;
pub use transfer::Transfer;
