//! Running the referral program: who is an admin, and what admins can see and do.
//!
//! Every function for admins takes an [`Admin`], and only [`authenticate()`] makes one, so that no caller can forget to
//! check.

mod actor;
pub mod audit;
mod authenticate;
pub mod export;
mod filters;
pub mod first;
pub mod flags;
pub mod grants;
pub mod import;
pub mod members;
pub mod overview;
mod page;
mod reason;
pub mod repair;
pub mod second_factor;
pub mod token;
pub mod upkeep;
pub mod webhooks;

pub use crate::model::admin::{AdminResult, Refusal};
pub use actor::{Actor, Admin};
pub use authenticate::authenticate;
pub use page::page;
pub use reason::Reason;
