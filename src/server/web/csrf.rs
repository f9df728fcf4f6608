//! Cross-site requests: what changes something here has to come from a page of this site.
//!
//! Browsers say where a request comes from by `Sec-Fetch-Site` and `Origin`; no token in the forms is needed.

use crate::server::http::session::layer;
use crate::server::http::state::AppState;
use crate::server::settings::PublicUrl;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::csrf::CsrfLayer;

/// Refuses a request that names another site. A proxy may rewrite the host, so the public address counts as ours, too.
pub fn csrf_layer(state: &AppState) -> CsrfLayer {
    let Some(origin) = state.public_url.as_ref().map(PublicUrl::as_str) else { return CsrfLayer::new() };
    CsrfLayer::new().add_trusted_origin(origin).unwrap_or_else(|error| {
        tracing::warn!(%error, "VOUCH_PUBLIC_URL cannot be compared with what browsers send");
        CsrfLayer::new()
    })
}

/// Refuses a request that carries a session and says nothing of where it comes from: no browser of today does that.
pub async fn refuse_silent(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let is_silent = !headers.contains_key("sec-fetch-site") && !headers.contains_key(header::ORIGIN);
    if is_silent && !request.method().is_safe() && layer::has_cookie(&state, headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}
