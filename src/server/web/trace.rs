//! Traces for OpenTelemetry (`VOUCH_OTLP_ENDPOINT`): a span for each request, with its route, method, status and time. The
//! address itself is not in it, nor who asked, so nothing about a person leaves the server.

use crate::server::settings::OtlpEndpoint;
use crate::server::start::StartError;
use crate::server::web::measure::Asked;
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use opentelemetry::KeyValue;
use opentelemetry::trace::{Span, SpanKind, Status, Tracer, TracerProvider};
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};

/// Sends spans in batches, from a thread of its own.
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// # Errors
    /// When the library for HTTP cannot be set up.
    pub fn to(endpoint: &OtlpEndpoint) -> Result<Self, StartError> {
        let exporter = SpanExporter::builder().with_http().with_endpoint(endpoint.traces()).build()?;
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let resource = Resource::builder().with_service_name("vouch").with_attribute(version).build();
        Ok(Self(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build()))
    }

    /// The same router, with a span for each request.
    pub fn requests(&self, router: Router) -> Router {
        router.layer(from_fn_with_state(self.0.tracer("vouch"), trace))
    }

    /// Sends the spans that were not sent yet, for at most five seconds.
    pub async fn finish(self) {
        // It waits for its thread, and must not keep the others from working.
        let finished = tokio::task::spawn_blocking(move || self.0.shutdown());
        if let Ok(Err(error)) = finished.await {
            tracing::warn!(%error, "the last traces could not be sent");
        }
    }
}

/// A trace begins here: a client could set the id of another trace, or have every request of its own sent.
async fn trace(State(tracer): State<SdkTracer>, request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    let mut span = tracer.span_builder(asked.method).with_kind(SpanKind::Server).start(&tracer);
    let answer = next.run(request).await;
    let (status, route) = (answer.status(), asked.route(answer.status()).to_owned());
    span.update_name(format!("{} {route}", asked.method));
    span.set_attribute(KeyValue::new("http.request.method", asked.method));
    span.set_attribute(KeyValue::new("http.route", route));
    span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status.as_u16())));
    // By which the lines of the log are found.
    if let Some(id) = answer.headers().get("x-request-id").and_then(|id| id.to_str().ok()) {
        span.set_attribute(KeyValue::new("request.id", id.to_owned()));
    }
    if status.is_server_error() {
        span.set_status(Status::error(""));
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::TestApp;
    use axum::body::Bytes;
    use axum::http::{HeaderMap, Uri};
    use axum::routing::any;
    use tokio::net::TcpListener;
    use tokio::sync::mpsc;

    /// What was posted to a collector.
    struct Posted {
        path: String,
        content_type: String,
        body: String,
    }

    async fn collector() -> (OtlpEndpoint, mpsc::UnboundedReceiver<Posted>) {
        let (posted, received) = mpsc::unbounded_channel();
        let take = any(async move |uri: Uri, headers: HeaderMap, body: Bytes| {
            let content_type = headers["content-type"].to_str().unwrap().to_owned();
            // Protobuf has texts as they are.
            let body = String::from_utf8_lossy(&body).into_owned();
            posted.send(Posted { path: uri.path().to_owned(), content_type, body }).unwrap();
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        tokio::spawn(async { axum::serve(listener, Router::new().fallback(take)).await.unwrap() });
        (endpoint, received)
    }

    #[tokio::test]
    async fn each_request_is_a_span_that_says_nothing_about_the_person() {
        let (endpoint, mut received) = collector().await;
        let traces = Traces::to(&endpoint).unwrap();
        let app = TestApp::new().await;
        let browser = app.browser_through(|router| traces.requests(router));
        browser.log_in("+79123456789").await;
        let member = app.member_id("+79123456789").await;
        let code = app.members().await[0].listed.invite_code.to_string();
        browser.get(&format!("/admin/members/{}?q={code}", member.0)).await;
        let id = browser.get(&format!("/{code}")).await.headers["x-request-id"].to_str().unwrap().to_owned();
        traces.finish().await;

        let Posted { path, content_type, body } = received.recv().await.unwrap();
        assert_eq!((path.as_str(), content_type.as_str()), ("/v1/traces", "application/x-protobuf"));
        for text in ["POST /api/login/verify", "GET /admin/members/{id}", "GET unknown", "http.route", "vouch", &id] {
            assert!(body.contains(text), "{text} is not in {body}");
        }
        for secret in ["9123456789", code.as_str(), "127.0.0.1", "?q="] {
            assert!(!body.contains(secret), "{secret} is in {body}");
        }
    }

    #[tokio::test]
    async fn a_collector_that_is_away_does_not_keep_the_server_from_stopping() {
        let traces = Traces::to(&"http://127.0.0.1:1".parse().unwrap()).unwrap();
        let app = TestApp::new().await;
        assert_eq!(app.browser_through(|router| traces.requests(router)).get("/healthz").await.status, 200);
        traces.finish().await;
    }
}
