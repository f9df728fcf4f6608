//! Who sends a request: the network address (the peer's, or the one that trusted proxies report) and the device token
//! of an earlier login.

use crate::server::data::{Network, Visitor};
use crate::server::domain::visitor::CLAIM_LIFE;
use crate::server::http::cookies::{self, CookieName};
use crate::server::http::language::Preferred;
use crate::server::http::state::AppState;
use crate::server::secrets::Token;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, header};
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

/// The address of the client behind `trusted_hops` proxies (`VOUCH_TRUSTED_HOPS`); `None` where there is no connection,
/// as in some tests.
///
/// Each proxy appends the address that it sees to `X-Forwarded-For`, so the n-th entry from the right was written by
/// the outermost trusted proxy; everything to the left of it can be forged.
pub fn address(headers: &HeaderMap, extensions: &Extensions, trusted_hops: u8) -> Option<IpAddr> {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    match trusted_hops {
        0 => peer,
        hops => forwarded(headers, hops).or(peer),
    }
}

/// The cookie that marks a device as known: somebody has logged in on it.
pub const DEVICE: CookieName = CookieName("vouch-device");

/// Bytes of `User-Agent` that are kept.
const MAX_AGENT: usize = 200;

/// Who sends this request.
pub fn visitor(state: &AppState, headers: &HeaderMap, extensions: &Extensions) -> Visitor {
    Visitor {
        network: Network::of(address(headers, extensions, state.trusted_hops)),
        device: cookies::value(state, headers, DEVICE).as_deref().and_then(Token::presented),
        agent: agent(headers),
        language: extensions.get::<Preferred>().and_then(|preferred| preferred.0),
    }
}

fn agent(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    agent.get(..MAX_AGENT).unwrap_or(agent).to_owned()
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(visitor(state, &parts.headers, &parts.extensions))
    }
}

pub fn device_cookie(state: &AppState, device: &Token) -> String {
    let life = state.ports.rules.limits.login.device_life.max(CLAIM_LIFE);
    cookies::cookie(state, DEVICE, device.as_str(), life)
}

fn forwarded(headers: &HeaderMap, hops: u8) -> Option<IpAddr> {
    let entries: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let outermost = entries.len().checked_sub(hops.into())?;
    entry(entries[outermost].trim())
}

/// The address in an entry. Some proxies add the port, and then put IPv6 addresses in brackets.
fn entry(text: &str) -> Option<IpAddr> {
    let without_port = || text.parse().ok().map(|entry: SocketAddr| entry.ip());
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok().map(IpAddr::V6);
    text.parse().ok().or_else(without_port).or_else(in_brackets)
}

/// Whether a request has an `X-Forwarded-For` that is ignored. A proxy that was forgotten in the settings shows by this.
pub fn has_ignored_address(headers: &HeaderMap, trusted_hops: u8) -> bool {
    trusted_hops == 0 && headers.contains_key("x-forwarded-for")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::extract::Request;

    fn seen(forwarded: &[&str], hops: u8) -> String {
        let mut request = Request::new(Body::empty());
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 4000))));
        for value in forwarded {
            request.headers_mut().append("x-forwarded-for", value.parse().unwrap());
        }
        address(request.headers(), request.extensions(), hops).unwrap().to_string()
    }

    #[test]
    fn without_proxies_the_header_is_ignored() {
        assert_eq!(seen(&["203.0.113.9"], 0), "192.0.2.1");
    }

    #[test]
    fn behind_proxies_the_entry_that_ours_wrote_counts() {
        assert_eq!(seen(&["198.51.100.1, 203.0.113.9"], 1), "203.0.113.9");
        assert_eq!(seen(&["198.51.100.1", "203.0.113.9"], 1), "203.0.113.9");
        assert_eq!(seen(&["198.51.100.1, 2001:db8::7, 203.0.113.9"], 2), "2001:db8::7");
    }

    #[test]
    fn an_entry_may_have_a_port() {
        for (entry, address) in [
            ("203.0.113.9:4711", "203.0.113.9"),
            ("[2001:db8::7]:443", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
        ] {
            assert_eq!(seen(&[&format!("198.51.100.1, {entry}")], 1), address);
        }
        for unusable in ["203.0.113.9:", "203.0.113.9:99999", "[203.0.113.9]", "[2001:db8::7", "2001:db8::7]:443"] {
            assert_eq!(seen(&[unusable], 1), "192.0.2.1", "{unusable}");
        }
    }

    #[test]
    fn a_header_that_is_ignored_is_noticed() {
        let mut headers = HeaderMap::new();
        assert!(!has_ignored_address(&headers, 0));
        headers.append("x-forwarded-for", "203.0.113.9".parse().unwrap());
        assert!(has_ignored_address(&headers, 0));
        assert!(!has_ignored_address(&headers, 1));
    }

    #[test]
    fn without_a_usable_entry_the_peer_counts() {
        assert_eq!(seen(&[], 1), "192.0.2.1");
        assert_eq!(seen(&["203.0.113.9"], 2), "192.0.2.1");
        assert_eq!(seen(&["unknown"], 1), "192.0.2.1");
    }
}
