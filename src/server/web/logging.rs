//! Logging through `tracing` to standard error. Each line of a request has the request's id.
//!
//! No line contains a phone, a code or a cookie: `Debug` masks phones, and paths are logged without queries and without the
//! secrets of delivery reports.

use crate::server::http::client;
use crate::server::reports;
use crate::server::settings::{LogFormat, Settings};
use axum::extract::Request;
use std::io::IsTerminal;
use std::sync::Once;
use tracing::Span;
use tracing_subscriber::EnvFilter;

/// Whether the log says that addresses are ignored. Once is enough, and strangers cannot fill the log with it.
static SAID: Once = Once::new();

pub fn init(settings: &Settings) {
    let lines = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(&settings.log.0))
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    match settings.log_format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().init(),
    }
}

/// The span of a request: id, client address, method and path.
pub fn request_span(request: &Request, trusted_hops: u8) -> Span {
    if client::has_ignored_address(request.headers(), trusted_hops) {
        SAID.call_once(|| {
            tracing::warn!(
                "a request has X-Forwarded-For, which is ignored: if there is a reverse proxy in front, set \
                 VOUCH_TRUSTED_HOPS, or all visitors share the limits of its address"
            );
        });
    }
    let client = client::address(request.headers(), request.extensions(), trusted_hops).map(tracing::field::display);
    let id = request.headers().get("x-request-id").and_then(|value| value.to_str().ok()).unwrap_or_default();
    tracing::info_span!("request", id, client, method = %request.method(), path = reports::loggable(request.uri().path()))
}
