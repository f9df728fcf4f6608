//! The door for events: the profile, while it is open, is told that the invitees have changed (Server-sent events, WHATWG HTML).
//! An event says only that; the page then reads itself anew, as the member who is logged in by then.

use crate::error::AppError;
use crate::route;
use crate::server::data::Revision;
use crate::server::http::problem::Problem;
use crate::server::http::state::AppState;
use crate::server::http::visit::Visit;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures::stream::{self, StreamExt};
use serde::Deserialize;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;

/// Shorter than the time after which proxies close a silent connection.
const KEEP_ALIVE: Duration = Duration::from_secs(25);

pub fn routes() -> Router<AppState> {
    Router::new().route(route::EVENTS, get(events))
}

/// What the page shows.
#[derive(Deserialize)]
struct Seen {
    since: i64,
}

async fn events(State(state): State<AppState>, visit: Visit, Query(seen): Query<Seen>, headers: HeaderMap) -> Response {
    let member = match visit.member().await {
        Ok(member) => member,
        // An EventSource does not come back after this.
        Err(AppError::LoginRequired) => return StatusCode::NO_CONTENT.into_response(),
        Err(error) => return Problem::from(error).into_response(),
    };
    // An EventSource that comes back says what it has heard last.
    let heard = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let seen = Revision(heard.unwrap_or(seen.since));
    let Some(revisions) = state.live.follow(member, seen) else { return StatusCode::NO_CONTENT.into_response() };
    let changes = stream::unfold((revisions, seen), next).take_until(Box::pin(state.live.ended()));
    Sse::new(changes).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

/// The next revision that was not seen.
async fn next(
    (mut revisions, seen): (watch::Receiver<Revision>, Revision),
) -> Option<(Result<Event, Infallible>, (watch::Receiver<Revision>, Revision))> {
    let now = *revisions.wait_for(|now| now.0 > seen.0).await.ok()?;
    Some((Ok(Event::default().id(now.0.to_string()).data("changed")), (revisions, now)))
}
