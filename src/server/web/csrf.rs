//! Cross-site requests: whatever changes something must come from a page of this site.
//!
//! Browsers send the origin in `Sec-Fetch-Site` or `Origin`, so the forms need no token.

use crate::server::http::session::layer;
use crate::server::http::state::AppState;
use crate::server::settings::PublicUrl;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::csrf::CsrfLayer;

/// Refuses requests from another site. A proxy may rewrite the host, so the public address is allowed as well.
pub fn csrf_layer(state: &AppState) -> CsrfLayer {
    let Some(origin) = state.public_url.as_ref().map(PublicUrl::as_str) else { return CsrfLayer::new() };
    CsrfLayer::new().add_trusted_origin(origin).unwrap_or_else(|error| {
        tracing::warn!(%error, "VOUCH_PUBLIC_URL is not usable as an origin; only the Host header is compared");
        CsrfLayer::new()
    })
}

/// Refuses unsafe requests with a session cookie but without `Sec-Fetch-Site` and `Origin`. All current browsers send
/// one.
pub async fn refuse_without_origin(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let has_no_origin = !headers.contains_key("sec-fetch-site") && !headers.contains_key(header::ORIGIN);
    if has_no_origin && !request.method().is_safe() && layer::has_cookie(&state, headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}
