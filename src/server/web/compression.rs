//! Pages are compressed on the way. Built files are compressed before.

use axum::extract::Request;
use axum::http::header::ACCEPT_ENCODING;
use tower::ServiceBuilder;
use tower::layer::util::{Identity, Stack};
use tower::util::MapRequestLayer;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

type Layers = Stack<CompressionLayer, Stack<MapRequestLayer<fn(Request) -> Request>, Identity>>;

/// Compresses pages with gzip, at the least effort: a page is small, and more would take longer than it saves.
pub fn layer() -> ServiceBuilder<Layers> {
    let unless_queried: fn(Request) -> Request = unless_queried;
    ServiceBuilder::new()
        .layer(MapRequestLayer::new(unless_queried))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
}

/// A page with a query can be made to repeat something that a stranger chose, and then its compressed size would tell
/// what else is in it (BREACH).
fn unless_queried(mut request: Request) -> Request {
    if request.uri().query().is_some() {
        request.headers_mut().remove(ACCEPT_ENCODING);
    }
    request
}
