//! The cookie that keeps the share link that a browser has opened last.

use crate::server::data::OpenedLink;
use crate::server::http::cookies::{self, CookieName};
use crate::server::http::state::AppState;
use axum::http::HeaderMap;
use std::time::Duration;

const OPENED: CookieName = CookieName("vouch-invite");
/// How long somebody can think about an invitation.
const LIFE: Duration = Duration::from_hours(30 * 24);

/// The link that this browser has opened last.
pub fn opened(state: &AppState, headers: &HeaderMap) -> Option<OpenedLink> {
    cookies::value(state, headers, OPENED)?.parse().ok()
}

/// The cookie that keeps a link.
pub fn keep(state: &AppState, opened: &OpenedLink) -> String {
    cookies::cookie(state, OPENED, &opened.to_string(), LIFE)
}

/// The cookie that forgets it.
pub fn forget(state: &AppState) -> String {
    cookies::cookie(state, OPENED, "", Duration::ZERO)
}

/// Whether a person opens the page, as opposed to a program that fetches a preview of it, or a browser that loads it in
/// advance. Browsers say so (Fetch Metadata, W3C), but only on https and on this machine.
pub fn is_opened_by_person(state: &AppState, headers: &HeaderMap) -> bool {
    let is = |name: &str, value: &str| headers.get(name).map(|found| found.as_bytes().starts_with(value.as_bytes()));
    let is_in_advance = is("sec-purpose", "prefetch") == Some(true);
    !is_in_advance && is("sec-fetch-mode", "navigate").unwrap_or(!state.is_https())
}
