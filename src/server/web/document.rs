//! A page for members as a document: rendered in one pass, because what it shows is there before.

use crate::app::{Entry, shell};
use crate::error::{AppError, AppResult};
use crate::model::page::{PageAnswer, PageView};
use crate::route;
use crate::server::http::csp;
use crate::server::http::problem::Problem;
use crate::server::http::state::AppState;
use crate::server::http::visit::Visit;
use crate::server::pages;
use axum::extract::State;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse, Redirect, Response};
use data_encoding::BASE64;
use leptos::nonce::{provide_nonce, use_nonce};
use leptos::prelude::{Owner, RenderHtml, provide_context};
use leptos_router::location::RequestUrl;

/// The page at the address of the request.
pub async fn page(State(state): State<AppState>, visit: Visit, uri: Uri) -> Response {
    let address = uri.path_and_query().map_or(route::HOME, |address| address.as_str());
    match pages::read(&visit, address).await {
        PageAnswer::Elsewhere(path) => Redirect::to(&path).into_response(),
        PageAnswer::Shown(view) => answer(&state, address, view),
    }
}

/// A document that shows this view.
pub fn answer(state: &AppState, address: &str, view: PageView) -> Response {
    let status = match view {
        PageView::NotFound => StatusCode::NOT_FOUND,
        PageView::Failed(_) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::OK,
    };
    match render(state, address, view) {
        Ok((html, policy)) => (status, [(CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response(),
        Err(error) => Problem::from(error).into_response(),
    }
}

/// The document, and the policy that its scripts need.
fn render(state: &AppState, address: &str, view: PageView) -> AppResult<(String, String)> {
    let encoded = postcard::to_allocvec(&view).map_err(|error| {
        tracing::error!(%error, "a view could not be encoded");
        AppError::Unavailable
    })?;
    let entry = Entry::Member { encoded: BASE64.encode(&encoded), view: Box::new(view) };
    let owner = Owner::new();
    let rendered = owner.with(|| {
        provide_context(RequestUrl::new(address));
        provide_nonce();
        let policy = use_nonce().map(|nonce| csp::policy(&nonce)).unwrap_or_default();
        (shell(state.leptos.clone(), &state.page_assets, entry).to_html(), policy)
    });
    owner.cleanup();
    Ok(rendered)
}
