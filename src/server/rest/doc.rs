//! `GET /doc/`: the description of the API for people, shown by Swagger UI, whose files are in the executable, in the
//! language of the visitor. Needs no token.

use crate::model::language::Language;
use crate::server::http::csp;
use crate::server::http::state::AppState;
use crate::server::sentences;
use crate::words;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};
use strum::VariantArray;
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
    ([(header::CONTENT_SECURITY_POLICY, csp::policy(&nonce))], Html(page(&nonce))).into_response()
}

/// The page in the language of the request.
fn page(nonce: &str) -> String {
    let words = sentences::api();
    let translations: HashMap<_, _> = sentences::swagger_ui().iter().copied().collect();
    let values = [
        ("nonce", nonce),
        // It has no symbol that means something in HTML or here.
        ("name", words::name()),
        ("language", words::language().tag()),
        ("languages", sentences::documents().languages),
        ("choices", &choices()),
        ("needs_javascript", words.needs_javascript),
        ("as_yaml", words.as_yaml),
        ("as_json", words.as_json),
        ("required", words.required),
        ("loading", words.loading),
        ("translations", &serde_json::json!(translations).to_string()),
    ];
    values.iter().fold(include_str!("doc.html").to_owned(), |page, (name, value)| {
        page.replace(&format!("{{{{{name}}}}}"), value)
    })
}

/// A button for each language that the page could be in, as around the other pages.
fn choices() -> String {
    let others =
        Language::VARIANTS.iter().filter(|other| **other == other.for_admins() && **other != words::language());
    let button = |language: &Language| {
        let (tag, name) = (language.tag(), language.own_name());
        format!(r#"<button name="language" value="{tag}" lang="{tag}">{name}</button>"#)
    };
    others.map(button).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::http::language;
    use flate2::read::GzDecoder;
    use std::io::read_to_string;

    #[tokio::test]
    async fn swagger_ui_has_every_text_that_is_translated() {
        let file = serve("swagger-ui-bundle.js", CONFIG.clone()).unwrap().unwrap();
        let code = read_to_string(GzDecoder::new(&*file.bytes)).unwrap();
        let translations = language::with(Language::Russian, async { sentences::swagger_ui() }).await;
        assert!(!translations.is_empty());
        for (text, translation) in translations {
            assert!(text.split('…').all(|part| code.contains(part.trim())), "{text}");
            assert_eq!(text.matches('…').count(), translation.matches('…').count(), "{text}");
        }
    }
}
