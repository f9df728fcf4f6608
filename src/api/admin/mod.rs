//! The server functions behind the admin pages. Each asks first who is calling: without an
//! `Admin` no rule can be reached.

pub mod audit;
pub mod files;
pub mod flags;
pub mod members;
pub mod overview;
pub mod second_factor;
