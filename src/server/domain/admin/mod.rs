//! Running the referral program: who may, and what they can see and do.
//!
//! Everything that an admin can do takes an [`Admin`], and only [`authenticate`] makes one. So no door can forget to ask
//! who is calling.

mod actor;
pub mod audit;
mod authenticate;
pub mod export;
mod filters;
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

pub use crate::model::admin::{AdminResult, Refusal};
pub use actor::{Actor, Admin};
pub use authenticate::authenticate;
pub use page::page;
pub use reason::Reason;
