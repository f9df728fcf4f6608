//! The subcommands of the executable beside `serve`, a file for each.

pub mod admin;
pub mod backup;
pub mod demo;
pub mod end_logins;
pub mod forget_secret;
pub mod migrate_data;
mod part;
pub mod restore;
pub mod sms;
