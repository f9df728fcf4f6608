//! How cookies are read and written: every one of ours is hidden from scripts and bound to this site.

use crate::server::http::state::AppState;
use axum::http::{HeaderMap, HeaderValue, header};
use std::time::Duration;
use tower_sessions::cookie::{Cookie, SameSite};

/// A cookie's name without its prefix.
#[derive(Clone, Copy, Debug)]
pub struct CookieName(pub &'static str);

impl CookieName {
    /// `__Host-` makes browsers insist on Secure, Path=/ and no Domain (RFC 6265bis §4.1.3.2).
    fn in_full(self, is_https: bool) -> String {
        format!("{}{}", if is_https { "__Host-" } else { "" }, self.0)
    }
}

/// The value of a cookie of the request.
pub fn value(state: &AppState, headers: &HeaderMap, name: CookieName) -> Option<String> {
    value_in(headers, &name.in_full(state.is_https()))
}

/// The value of the first cookie of this name.
pub fn value_in(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(Cookie::split_parse).filter_map(Result::ok);
    cookies.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

pub fn set(state: &AppState, headers: &mut HeaderMap, name: CookieName, value: &str, life: Duration) {
    append(headers, &cookie(state, name, value, life));
}

/// Removes a cookie, by an expired one with the same attributes. With other attributes browsers would ignore it.
pub fn remove(state: &AppState, headers: &mut HeaderMap, name: CookieName) {
    append(headers, &cookie(state, name, "", Duration::ZERO));
}

/// A cookie with all of its attributes.
pub fn cookie(state: &AppState, name: CookieName, value: &str, life: Duration) -> String {
    Cookie::build((name.in_full(state.is_https()), value.to_owned()))
        .path("/")
        .http_only(true)
        .secure(state.is_https())
        .same_site(SameSite::Lax)
        .max_age(life.try_into().unwrap_or_default())
        .to_string()
}

fn append(headers: &mut HeaderMap, cookie: &str) {
    match HeaderValue::from_str(cookie) {
        Ok(cookie) => {
            headers.append(header::SET_COOKIE, cookie);
        }
        Err(error) => tracing::error!(%error, "a cookie cannot be written"),
    }
}
