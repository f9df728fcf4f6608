//! The door for the texts of the app: a browser loads those of one language.

use crate::model::language::Language;
use crate::route;
use crate::server::http::assets;
use crate::server::http::problem::Problem;
use crate::server::http::state::AppState;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

pub fn routes() -> Router<AppState> {
    Router::new().route(&route::texts("{name}"), get(texts))
}

async fn texts(State(state): State<AppState>, Path(name): Path<String>) -> Response {
    let language = name.split('.').next().and_then(|tag| tag.parse::<Language>().ok());
    let known = language.filter(|language| state.page_assets.texts[*language as usize] == route::texts(&name));
    // Those of another version would not fit its app.
    let Some(language) = known else { return Problem::of_status(StatusCode::NOT_FOUND).into_response() };
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, assets::texts(language)).into_response()
}
