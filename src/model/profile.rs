//! What the pages for members show: plain data, with every text ready to be displayed.

use super::digits;
use crate::model::login_code::CodeLength;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Invitees on one page of the profile.
pub const INVITEES_PER_PAGE: u32 = 20;

/// The outcome of an admin's form that reached the server.
///
/// A refusal is an ordinary answer, because Leptos 0.8 sends every `Err` of a server function as HTTP 500, which
/// browsers report as a failed load and after which tower-sessions saves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Submission<R> {
    /// Done. The server redirects to the next page.
    Accepted,
    /// Not done; nothing was changed.
    Refused(R),
}

/// A refused form of a browser without JavaScript, kept in the session until the page is shown again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash<R = String> {
    /// The values of the fields, in the order of the form.
    pub typed: Vec<String>,
    /// Why it was refused: a sentence, or what has one.
    pub refused: Option<R>,
}

impl<R> Flash<R> {
    /// The value of a field; empty if no form was refused.
    pub fn field(&self, number: usize) -> String {
        self.typed.get(number).cloned().unwrap_or_default()
    }
}

impl<R> Default for Flash<R> {
    fn default() -> Self {
        Self { typed: Vec::new(), refused: None }
    }
}

/// The page for the phone number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginPhoneView {
    /// The refused form, if the page follows one.
    pub flash: Flash,
    /// The address to continue at after the login; empty if there is none.
    pub next: String,
    /// The phone, in international form, of a login that this browser has begun and not finished.
    pub unfinished: Option<String>,
    /// The countries that one can choose for a number without its code; `None` if there is only one.
    pub countries: Option<CountriesView>,
}

/// The options of a `select`, as HTML. Both are empty where the browser has them already, in the document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountriesView {
    /// The one that is chosen before a person chooses.
    pub chosen: String,
    pub all: String,
}

impl LoginPhoneView {
    /// Whether it is the page of somebody of whom nothing is known.
    pub fn is_blank(&self) -> bool {
        self.flash == Flash::default() && self.next.is_empty() && self.unfinished.is_none()
    }
}

/// The page for the login code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginCodeView {
    /// The refused form with the code, if the page follows one.
    pub flash: Flash,
    /// Why the form that sends the code again was refused, if the page follows it.
    pub resend_refused: Option<String>,
    /// The phone that the code was sent to, in international form.
    pub phone: String,
    pub code_length: CodeLength,
    /// Seconds until another code may be requested.
    pub resend_in: u32,
    /// The message, if SMS is simulated.
    pub simulated_sms: Option<String>,
}

/// The page behind a share link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationView {
    /// Who invites, or why nobody does.
    pub heading: String,
    pub text: String,
    /// What one can do, and at which address.
    pub action: String,
    pub href: String,
    /// The whole address of this page.
    pub link: String,
}

/// A member who is to be accepted as the inviter, because their link was opened in this browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferView {
    /// Says who it is.
    pub sentence: String,
    pub code: String,
}

/// The member's own page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileView {
    /// The refused form for redeeming a code, if the page follows one.
    pub flash: Flash,
    /// In international form.
    pub phone: String,
    pub invite_code: String,
    /// The address of the share link.
    pub link: String,
    /// A text to send it with.
    pub message: String,
    /// What became of those who opened the link; empty if nobody has.
    pub link_counts: String,
    pub offer: Option<OfferView>,
    /// The code of another member that this member activated.
    pub activated: Option<String>,
    pub invitees: InviteesView,
    /// Whether this is the first page of invitees.
    pub is_first_page: bool,
}

/// The people who have redeemed the code of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteesView {
    /// One page of them, newest first.
    pub page: Vec<InviteeView>,
    /// The number of all.
    pub total: u64,
    /// How often they have changed.
    pub revision: i64,
    /// The start of the next page, if there is one.
    pub older: Option<String>,
    /// How many more it takes to the next milestone, as a sentence; empty if there is none.
    pub milestone: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteeView {
    /// In international form, or that the member was erased.
    pub phone: String,
    /// The day of the redemption (UTC) in ISO 8601 form.
    pub date: String,
    /// The day as people read it.
    pub date_text: String,
}

/// A place in the list of invitees: the last one shown. Written as `milliseconds-id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// When this invitee redeemed the code, in milliseconds UTC.
    pub redeemed_at: i64,
    /// The member id, which orders redemptions of the same millisecond.
    pub invitee: i64,
}

impl Cursor {
    /// `None` for a malformed cursor, which means the first page.
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
