//! How large a request's body may be, and how long it may take to arrive.
//!
//! A body is read before anything else looks at the request: whoever is refused early still gets to send all of it, sees
//! the answer, and can go on using the connection.

use crate::server::state::AppState;
use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use tokio::time::timeout;

/// How much of a larger body is read and thrown away before it is refused.
const MAX_DISCARDED: usize = 16 * 1024 * 1024;
/// Refuses a larger body with 413, and a slower one with 408 (`VOUCH_MAX_BODY`, `VOUCH_BODY_TIMEOUT`).
pub async fn read(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let limits = &state.ports.rules.limits;
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (parts, mut body) = request.into_parts();
    let declared = body.size_hint().lower();
    // This client waits for our word before it sends anything.
    if declared > limits.max_body as u64 && parts.headers.contains_key(header::EXPECT) {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    let mut taken = Taken { most: limits.max_body, ..Taken::default() };
    let arrived = timeout(limits.body_timeout, taken.take(&mut body)).await;
    match arrived {
        _ if taken.length > taken.most => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Ok(Ok(())) => next.run(Request::from_parts(parts, Body::from(taken.bytes))).await,
        Ok(Err(_)) => StatusCode::BAD_REQUEST.into_response(),
        Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
    }
}

/// What has arrived of a body.
#[derive(Default)]
struct Taken {
    /// How much of it is kept.
    most: usize,
    /// All of it, unless it is too large.
    bytes: Vec<u8>,
    length: usize,
}

impl Taken {
    async fn take(&mut self, body: &mut Body) -> Result<(), axum::Error> {
        while let Some(frame) = body.frame().await {
            let data = frame?.into_data().unwrap_or_default();
            self.length += data.len();
            if self.length > MAX_DISCARDED {
                break;
            }
            if self.length <= self.most {
                self.bytes.extend_from_slice(&data);
            }
        }
        Ok(())
    }
}
