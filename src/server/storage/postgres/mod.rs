//! PostgreSQL, for those who outgrow one machine: the same files as beside it in `sqlite`, with its SQL.
//!
//! Here writers work side by side, and every statement sees what was committed before it began (READ COMMITTED). What
//! must not happen side by side waits for a lock; `locks` lists them all, and their order.

mod audit;
mod budgets;
mod connection;
mod counts;
mod demo;
mod devices;
mod flags;
mod grants;
mod imports;
mod jobs;
mod links;
mod locks;
mod login_codes;
mod members;
mod messages;
mod progress;
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

pub use store::PostgresStore;
pub use transfer::Transfer;
