//! How large a request's body may be, and how long it may take to arrive.
//!
//! A body is read before the request is handled: a client that is refused can still send all of it, sees the answer,
//! and can go on using the connection. Only uploads of files may be larger. Their handlers read them, after they have
//! checked who sends them.

use crate::route;
use crate::server::http::problem::Problem;
use crate::server::http::state::AppState;
use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use std::time::Duration;
use tokio::time::timeout;

/// Bytes of a body that is too large which are read and thrown away before it is refused.
const MAX_DISCARDED: usize = 16 * 1024 * 1024;

/// Refuses a larger body with 413, and a slower one with 408 (`VOUCH_MAX_BODY`, `VOUCH_BODY_TIMEOUT`).
pub async fn read(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let limits = &state.ports.rules.limits;
    if request.body().is_end_stream() || takes_file(request.uri().path()) {
        return next.run(request).await;
    }
    let (parts, mut body) = request.into_parts();
    let declared = body.size_hint().lower();
    // This client waits for `100 Continue` before it sends the body.
    if declared > limits.http.max_body as u64 && parts.headers.contains_key(header::EXPECT) {
        return Problem::too_large(limits.http.max_body).into_response();
    }
    match take(&mut body, limits.http.max_body, limits.http.body_timeout).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(refused) => Problem::of_layer(refused, &limits.http).into_response(),
    }
}

/// A whole body.
///
/// # Errors
/// 413 if it is larger than `most` bytes, 408 if it is slower than `within`, 400 if it breaks off.
pub async fn take(body: &mut Body, most: usize, within: Duration) -> Result<Vec<u8>, StatusCode> {
    let mut taken = Taken { most, ..Taken::default() };
    match timeout(within, taken.take(body)).await {
        _ if taken.length > taken.most => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Ok(Ok(())) => Ok(taken.bytes),
        Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}

/// What has arrived of a body.
#[derive(Default)]
struct Taken {
    /// The largest number of bytes that is kept.
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
            if self.length > self.most.saturating_add(MAX_DISCARDED) {
                break;
            }
            if self.length <= self.most {
                self.bytes.extend_from_slice(&data);
            }
        }
        Ok(())
    }
}

/// Whether the body is left to the handler, since it may be a file.
fn takes_file(path: &str) -> bool {
    route::FILE_UPLOADS.contains(&path.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use crate::server::sentences;
    use crate::tests::*;
    use serde_json::json;

    #[tokio::test]
    async fn a_body_that_is_too_large_is_told_the_limit_of_the_host() {
        let api = Api::of(TestApp::with_limits(|limits| limits.http.max_body = 2 * 1024).await).await;
        let problem = api.post("/get_code/", json!({"phone_number": "9".repeat(3_000)})).await.problem(413);
        assert_eq!(problem["detail"], sentences::service().body_too_large(2));
    }
}
