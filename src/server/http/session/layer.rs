//! Gives every request its session and, when that has changed, the browser its cookie.
//!
//! tower-sessions has a layer of its own; its cookie holds half as many bits, and its removal cookie lacks attributes
//! without which browsers ignore it.

use super::Handle;
use super::store::{RequestSessions, handle};
use crate::error::AppResult;
use crate::server::data::Visitor;
use crate::server::domain;
use crate::server::http::client;
use crate::server::http::cookies::{self, CookieName};
use crate::server::http::problem::Problem;
use crate::server::http::state::AppState;
use crate::server::secrets::Token;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tower_sessions::Session;

/// The name of the session's cookie.
pub const COOKIE: CookieName = CookieName("vouch");

/// Gives the request its session, and keeps it afterwards unless the server failed.
pub async fn attach(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let cookie = cookies::value(&state, request.headers(), COOKIE);
    let presented = cookie.as_deref().and_then(Token::presented);
    let id = presented.as_ref().map(handle);
    let visitor = client::visitor(&state, request.headers(), request.extensions());
    let sessions = Arc::new(RequestSessions::new(state.ports.clone(), presented));
    let session = Handle::new(Session::new(id, sessions.clone(), None));
    request.extensions_mut().insert(session.clone());
    let is_reading = request.method().is_safe();

    let mut response = next.run(request).await;
    if session.tower.is_empty().await {
        if cookie.is_some() {
            cookies::remove(&state, response.headers_mut(), COOKIE);
        }
        return response;
    }
    if !session.tower.is_modified() || response.status().is_server_error() {
        return response;
    }
    match keep(&state, &visitor, &session).await {
        Ok(()) => {}
        // Reading changes no more than how long the session lives: without a disk, people can still read.
        Err(_) if is_reading => return response,
        Err(refused) => return Problem::from(refused).into_response(),
    }
    let token = session.tower.id().and_then(|id| sessions.token(id));
    // A visit extends the life of the cookie. A form that is answered late must not give the browser the cookie of before
    // back, which another form may have ended meanwhile.
    if let Some(token) = token.filter(|token| is_reading || cookie.as_deref() != Some(token.as_str())) {
        cookies::set(&state, response.headers_mut(), COOKIE, token.as_str(), state.ports.rules.limits.session.idle);
    }
    response
}

async fn keep(state: &AppState, visitor: &Visitor, session: &Handle) -> AppResult<()> {
    if session.tower.id().is_none() && !super::is_logged_in(session).await? {
        domain::visitor::begin_session(&state.ports, visitor).await?;
    }
    super::begin(session).await
}

/// Whether a request has a session cookie, valid or not.
pub fn has_cookie(state: &AppState, headers: &HeaderMap) -> bool {
    cookies::value(state, headers, COOKIE).is_some()
}
