//! What the pages show, as the server sends it: plain data, every text ready to be displayed.

use super::digits;
use crate::error::AppError;
use crate::model::login_code::CodeLength;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How many invitees one page of the profile shows.
pub const INVITEES_PER_PAGE: u32 = 20;

/// The outcome of a submitted form that reached the server.
///
/// A refusal is an ordinary answer: Leptos 0.8 sends every `Err` of a server function as HTTP 500, which browsers
/// report as a failed load and after which tower-sessions saves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Submission<R = AppError> {
    /// Done; the next page is a redirect.
    Accepted,
    /// Not done, and nothing was changed.
    Refused(R),
}

/// A refused form of a browser without JavaScript, carried over the redirect in the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash<R = AppError> {
    /// The values of the fields, in the order of the form.
    pub typed: Vec<String>,
    pub refused: Option<R>,
}

impl<R> Flash<R> {
    /// The value of a field; empty where no form was refused.
    pub fn field(&self, number: usize) -> String {
        self.typed.get(number).cloned().unwrap_or_default()
    }
}

impl<R> Default for Flash<R> {
    fn default() -> Self {
        Self { typed: Vec::new(), refused: None }
    }
}

/// The first step of logging in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginPhoneView {
    /// The refused form, if the page follows one.
    pub flash: Flash,
    /// The phone, in international form, of a login that this browser has begun and not finished.
    pub unfinished: Option<String>,
}

/// The second step of logging in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginCodeView {
    /// The refused form, if the page follows one.
    pub flash: Flash,
    /// Where the code went, in international form.
    pub phone: String,
    /// How many digits the code has.
    pub code_length: CodeLength,
    /// Seconds until another code may be asked for.
    pub resend_in: u32,
    /// The message itself, when SMS is simulated.
    pub simulated_sms: Option<String>,
}

/// A member's own page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileView {
    /// The refused redeem form, if the page follows one.
    pub flash: Flash,
    /// Own phone, in international form.
    pub phone: String,
    /// Own invite code.
    pub invite_code: String,
    /// The foreign code this member activated.
    pub activated: Option<String>,
    /// One page of the people who redeemed the own code, newest first.
    pub invitees: Vec<InviteeView>,
    /// How many people redeemed it in all.
    pub total: u64,
    /// Where the next page begins, if there is one.
    pub older: Option<String>,
}

/// One person who redeemed the member's code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteeView {
    /// Their phone, in international form.
    pub phone: String,
    /// The day in ISO 8601 form (UTC), for machines.
    pub date: String,
    /// The day as people read it.
    pub date_text: String,
}

/// A place in the list of invitees: the last one shown. Written as `milliseconds-id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// When the last one shown redeemed the code, in milliseconds UTC.
    pub redeemed_at: i64,
    /// Their member id, which orders redemptions of the same millisecond.
    pub invitee: i64,
}

impl Cursor {
    /// Reads a cursor from an address; `None` when it is not one, which means the first page.
    pub fn parse(text: &str) -> Option<Self> {
        let (redeemed_at, invitee) = text.split_once('-')?;
        Some(Self { redeemed_at: digits(redeemed_at)?, invitee: digits(invitee)? })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.redeemed_at, self.invitee)
    }
}
