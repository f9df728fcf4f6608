//! Tests of the rules and of the doors, against a real database and the real router.
//!
//! What they share: [`TestApp`] is the server, [`Browser`] and [`Api`] are its clients, and `fixture` reads and changes the
//! database beside the rules.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(clippy::cast_possible_truncation, reason = "the numbers of the tests are small")]

mod account;
mod admin;
mod api;
mod app;
mod bad_requests;
mod borders;
mod browser;
mod database;
mod delivery_reports;
mod devices;
mod every_door;
mod fixture;
mod invitations;
mod kept;
mod languages;
mod live;
mod login_limits;
mod login_rules;
pub mod metrics;
mod number;
mod pages;
mod progress;
mod recycled;
mod referral_rules;
mod texts;
mod upgrades;
mod webhooks;

pub use crate::server::clock::Clock;
use admin::{act, admin, attach};
pub use admin::{authenticator, shown};
pub use api::{Api, Tokens, claims};
pub use app::{SilentSms, TestApp, stranger, stranger_at};
pub use browser::{Answer, Browser};
pub use database::{OwnDatabase, TestDatabase};
pub use fixture::Rows;
pub use futures::future::join_all;

use crate::error::{AppError, AppResult};
use crate::server::data::{FlowId, Member, MemberId, Visitor};
use crate::server::domain::login;
use crate::server::http::state::AppState;
use crate::server::web::router::build_router;
use crate::words;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use std::sync::Arc;
use std::time::Duration;

/// The header by which a test comes from a network of its own; the server of the tests trusts one proxy.
pub fn network_of(phone: &str) -> (&'static str, String) {
    let digits: String = phone.chars().rev().filter(char::is_ascii_digit).take(7).collect();
    let number: u32 = digits.parse().unwrap_or_default();
    ("x-forwarded-for", std::net::Ipv4Addr::from(0x0a00_0000 + number).to_string())
}

pub const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// A wrong code of the same length.
pub fn wrong(right: &str) -> &'static str {
    let (zeros, ones) = ("00000000".split_at(right.len()).0, "11111111".split_at(right.len()).0);
    if right == zeros { ones } else { zeros }
}

pub fn refusal<T>(outcome: AppResult<T>) -> AppError {
    outcome.err().expect("this must be refused")
}
