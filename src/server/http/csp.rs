//! The Content-Security-Policy: a page runs the scripts that carry its nonce, and what those load; nothing else.

use crate::error::AppResult;
use crate::server::domain::Ports;
use crate::server::secrets::random_bytes;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use data_encoding::HEXLOWER;
use leptos::nonce::use_nonce;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use std::sync::LazyLock;

/// The policy of every answer that is not a page: it loads nothing and cannot be framed.
pub const WITHOUT_PAGE: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A nonce for one response (CSP Level 3 §8.1: at least 128 random bits).
///
/// # Errors
/// `Unavailable` when there is no randomness.
pub fn nonce(ports: &Ports) -> AppResult<String> {
    Ok(HEXLOWER.encode(&random_bytes::<16>(&mut *ports.rng()?)))
}

/// Under cargo leptos watch the page listens for changes at another port.
static RELOAD: LazyLock<&str> = LazyLock::new(|| if std::env::var_os("LEPTOS_WATCH").is_some() { " ws:" } else { "" });

/// The policy of a page whose scripts and styles carry this nonce.
pub fn policy(nonce: &str) -> String {
    let reload = *RELOAD;
    format!(
        "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; worker-src 'self'; connect-src 'self'{reload}; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// Sends the page that Leptos is rendering with the policy for its nonce.
pub fn protect_page() {
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
    match HeaderValue::try_from(policy(&nonce)) {
        Ok(policy) => response.insert_header(CONTENT_SECURITY_POLICY, policy),
        Err(error) => tracing::error!(%error, "a page has no policy"),
    }
}
