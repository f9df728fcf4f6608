//! Health checks: `/healthz` says that the process runs, `/readyz` that it can answer requests.

use crate::server::http::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;

pub const LIVE: &str = "/healthz";
pub const READY: &str = "/readyz";

pub async fn live() -> &'static str {
    "ok\n"
}

/// 503 while the database does not answer, its tables are older than this version, or the server is stopping.
pub async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    if state.is_draining() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match state.store().check_ready().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(%error, "the database is not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
