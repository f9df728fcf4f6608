//! The door for what the host has chosen: the logo, and what a phone needs to keep the app (Web App Manifest and Service Workers,
//! W3C).

use crate::route;
use crate::server::http::problem::Problem;
use crate::server::http::state::AppState;
use crate::words;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

pub fn routes() -> Router<AppState> {
    Router::new()
        .route(route::LOGO, get(logo))
        .route(route::MANIFEST, get(manifest))
        .route(route::SERVICE_WORKER, get(service_worker))
}

async fn logo(State(state): State<AppState>) -> Response {
    let Some(logo) = &state.ports.rules.brand.logo else {
        return Problem::of_status(StatusCode::NOT_FOUND).into_response();
    };
    let headers = [(header::CONTENT_TYPE, logo.media_type), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, logo.bytes.clone()).into_response()
}

async fn service_worker() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; connect-src 'self'"),
    ];
    (headers, include_str!("service_worker.js")).into_response()
}

async fn manifest(State(state): State<AppState>) -> Response {
    let icon = |path: &str, media_type: &str, sizes: &str, purpose: &str| json!({"src": path, "type": media_type, "sizes": sizes, "purpose": purpose});
    let icons = match &state.ports.rules.brand.logo {
        Some(logo) => vec![icon(route::LOGO, logo.media_type, "any", "any")],
        None => vec![
            icon("/icon.svg", "image/svg+xml", "any", "any"),
            icon("/icon-maskable.svg", "image/svg+xml", "any", "maskable"),
            icon("/icon-180.png", "image/png", "180x180", "any"),
        ],
    };
    let manifest = json!({
        "name": words::name(),
        "short_name": words::name(),
        "id": route::HOME,
        "start_url": route::PROFILE,
        "scope": "/",
        "display": "standalone",
        "background_color": "#f6f5f2",
        "theme_color": "#0b6b5d",
        "icons": icons,
    });
    let headers =
        [(header::CONTENT_TYPE, "application/manifest+json"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, Json(manifest)).into_response()
}
