//! The rules. Every door comes through here. Nothing in here knows HTTP, HTML or SQL, and nothing writes a sentence.
//!
//! Time, randomness, SMS and storage are handed in as [`Ports`].

pub mod admin;
pub mod budget;
pub mod events;
pub mod flags;
pub mod invite_code;
pub mod jwt;
pub mod login;
pub mod phone;
pub mod ports;
pub mod profile;
pub mod redeem;
pub mod referral;
pub mod session;
pub mod token;
pub mod visitor;

pub use ports::{Keys, Ports};
