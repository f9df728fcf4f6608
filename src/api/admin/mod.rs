//! The server functions of the admin pages. Each gets its `Admin` first; without one no rule for admins can be called.

pub mod audit;
pub mod files;
pub mod first;
pub mod flags;
pub mod members;
pub mod overview;
pub mod second_factor;
pub mod webhooks;
