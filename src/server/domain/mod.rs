//! The rules, shared by the pages, the API and the commands. Nothing here knows HTTP, HTML or SQL, or writes sentences.
//!
//! Time, randomness, SMS and storage are passed in as [`Ports`].

pub mod account;
pub mod admin;
pub mod budget;
pub mod claim;
pub mod devices;
pub mod events;
pub mod flags;
pub mod invitation;
pub mod invite_code;
pub mod jwt;
pub mod login;
pub mod messages;
pub mod number;
pub mod periods;
pub mod phone;
pub mod ports;
pub mod profile;
pub mod progress;
pub mod redeem;
pub mod referral;
pub mod session;
pub mod set_aside;
pub mod token;
pub mod visitor;
pub mod webhooks;

pub use ports::{Keys, Ports};
