//! What stands before the pages: who may see which, decided before anything is rendered (a redirect from within a view
//! would carry the rendered page in its body), and a page for people when the server fails.

use crate::app::route;
use crate::error::{AppError, AppResult};
use crate::server::state::AppState;
use crate::server::{session, visit};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use tower_sessions::Session;

/// Sends a visitor who is in the wrong place to the right one. Forms, which come as POSTs, look for themselves.
pub async fn pages(State(state): State<AppState>, session: Session, request: Request, next: Next) -> Response {
    if request.method() == Method::POST {
        return next.run(request).await;
    }
    match right_place(&state, &session, request.uri()).await {
        Ok(None) => next.run(request).await,
        Ok(Some(path)) => Redirect::to(&path).into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn right_place(state: &AppState, session: &Session, uri: &axum::http::Uri) -> AppResult<Option<String>> {
    let is_member = match session::member(session, state.ports.clock.now()).await {
        Ok(_) => true,
        Err(AppError::LoginRequired) => false,
        Err(error) => return Err(error),
    };
    Ok(match uri.path() {
        route::HOME | route::LOGIN | route::LOGIN_CODE if is_member => Some(route::PROFILE.to_owned()),
        route::HOME => Some(route::LOGIN.to_owned()),
        route::LOGIN_CODE if session::pending_login(session).await?.is_none() => Some(route::LOGIN.to_owned()),
        route::PROFILE if !is_member => {
            let here = uri.path_and_query().map_or(route::PROFILE, |here| here.as_str());
            Some(route::login_and_back(here))
        }
        _ => None,
    })
}

/// Gives a failure that has no body one that a person can read.
pub async fn explain_failures(request: Request, next: Next) -> Response {
    let for_a_person = visit::navigates(request.headers());
    let response = next.run(request).await;
    if !for_a_person || !response.status().is_server_error() {
        return response;
    }
    let page = Html(include_str!("unavailable.html"));
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "60")], page).into_response()
}
