//! How an endpoint is reached.

use super::request::Caller;
use crate::server::http::problem::Problem;
use crate::server::http::state::AppState;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::MethodRouter;

/// One endpoint, with and without the slash at its end.
pub fn endpoint(path: &str, methods: MethodRouter<AppState>) -> Router<AppState> {
    Router::new().route(path, methods.clone()).route(path.trim_end_matches('/'), methods)
}

/// The answer to another method, where a missing token comes before a wrong method.
pub async fn other_method(_: Caller) -> Problem {
    Problem::of_status(StatusCode::METHOD_NOT_ALLOWED)
}
