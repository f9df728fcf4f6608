//! For whoever watches the server: `/healthz` says that the process lives, `/readyz` that it can do its work.

use crate::server::http::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;

pub const LIVE: &str = "/healthz";
pub const READY: &str = "/readyz";

/// The process lives.
pub async fn live() -> &'static str {
    "ok\n"
}

/// The database answers, its tables are up to date, and the server is not about to stop.
pub async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    if state.is_draining() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match state.store().check_ready().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
