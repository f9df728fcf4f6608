//! How large a request's body may be.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, Limited};
use std::time::Duration;

/// The largest body anybody needs to send: a form with one field.
pub const MAX: usize = 16 * 1024;
/// How much of a larger body is read and thrown away before it is refused.
const MAX_DISCARDED: usize = 16 * 1024 * 1024;
/// How long that may take.
const MAX_DISCARDING: Duration = Duration::from_secs(5);

/// Refuses a larger body with 413, and one that turns out to be larger while it is read.
///
/// A client that is cut off in the middle of sending may never see the answer, so what it sends is taken first.
pub async fn limit(request: Request, next: Next) -> Response {
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if declared.is_none_or(|length: usize| length <= MAX) {
        return next.run(request.map(|body| Body::new(Limited::new(body, MAX)))).await;
    }
    // This one waits for our word before it sends anything.
    if !request.headers().contains_key(header::EXPECT) {
        discard(request.into_body()).await;
    }
    StatusCode::PAYLOAD_TOO_LARGE.into_response()
}

async fn discard(body: Body) {
    let mut body = Limited::new(body, MAX_DISCARDED);
    let read_all = async { while let Some(Ok(_)) = body.frame().await {} };
    // Whoever sends longer than that is cut off.
    let _ = tokio::time::timeout(MAX_DISCARDING, read_all).await;
}
