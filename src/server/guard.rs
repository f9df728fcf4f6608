//! What stands before the pages: who may see which, decided before anything is rendered (a redirect from within a view
//! would carry the rendered page in its body), and what people and programs are told when the server fails.

use crate::app::route;
use crate::error::{AppError, AppResult};
use crate::server::rest::problem::Problem;
use crate::server::state::AppState;
use crate::server::{accept, session};
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
        // Nobody but an admin learns what is there.
        path if path.trim_end_matches('/') == route::ADMIN.trim_end_matches('/') && !is_member => {
            Some(route::login_and_back(route::ADMIN))
        }
        _ => None,
    })
}

/// Gives a failure that came about below us, in a library or a panic, a body: a page for a person, a problem for a program.
pub async fn explain_failures(request: Request, next: Next) -> Response {
    let for_a_person = accept::prefers_page(request.headers());
    let answer = next.run(request).await;
    if for_a_person && answer.status().is_server_error() {
        let page = page("Vouch cannot answer at the moment", "Nothing was changed. Try again in a minute.");
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "60")], page).into_response();
    }
    if for_a_person && answer.status() == StatusCode::FORBIDDEN {
        let text =
            "The form was sent from another site, or the browser hides where it was sent from. Nothing was changed.";
        return (StatusCode::FORBIDDEN, page("This did not come from a page of Vouch", text)).into_response();
    }
    if is_explained(&answer) {
        return answer;
    }
    let (parts, _) = answer.into_parts();
    let mut explained = Problem::of_status(parts.status).into_response();
    for name in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = parts.headers.get(&name) {
            explained.headers_mut().insert(name, value.clone());
        }
    }
    explained
}

fn page(title: &str, text: &str) -> Html<String> {
    Html(include_str!("failure.html").replace("{title}", title).replace("{text}", text))
}

fn is_explained(answer: &Response) -> bool {
    let is_made_below = matches!(
        answer.status(),
        StatusCode::FORBIDDEN
            | StatusCode::NOT_FOUND
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::INTERNAL_SERVER_ERROR
    );
    let content_type = answer.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    !is_made_below || content_type.is_some_and(|content_type| !content_type.starts_with("text/plain"))
}
