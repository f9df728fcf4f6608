//! `GET /doc/`: the description of the API for people, shown by Swagger UI, whose files are in the executable. Needs no
//! token.

use crate::server::http::csp;
use crate::server::http::state::AppState;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use std::sync::{Arc, LazyLock};
use utoipa_swagger_ui::{Config, serve};

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/doc", get(|| async { Redirect::permanent("/doc/") }))
        .route("/doc/", get(doc))
        .route("/doc/{file}", get(file))
}

static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(Arc::default);

/// Show the documentation
///
/// Shows an interactive documentation of this API. Tokens can be entered there.
#[utoipa::path(
    get,
    path = "/doc/",
    tag = "Documentation",
    security(()),
    responses((status = 200, description = "The page", body = String, content_type = "text/html")),
)]
pub async fn doc(State(state): State<AppState>) -> Response {
    let Ok(nonce) = csp::nonce(&state.ports) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let page = include_str!("doc.html").replace("{nonce}", &nonce);
    ([(header::CONTENT_SECURITY_POLICY, csp::policy(&nonce))], Html(page)).into_response()
}

/// The files of Swagger UI that the page asks for.
const FILES: [&str; 2] = ["swagger-ui.css", "swagger-ui-bundle.js"];

async fn file(uri: Uri) -> Response {
    let name = uri.path().trim_start_matches("/doc/");
    if !FILES.contains(&name) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match serve(name, CONFIG.clone()) {
        Ok(Some(file)) => {
            // The build compressed it; every browser takes gzip.
            let encoding = AppendHeaders(file.gzpipped.then_some((header::CONTENT_ENCODING, "gzip")));
            let kept = (header::CACHE_CONTROL, "public, max-age=86400".to_owned());
            ([(header::CONTENT_TYPE, file.content_type), kept], encoding, file.bytes.into_owned()).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "a file of the documentation could not be read");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
