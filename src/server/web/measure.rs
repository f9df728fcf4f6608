//! Counts and times requests, if anybody asks for it (`VOUCH_METRICS_LISTEN`).

use crate::server::metrics;
use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use std::time::Instant;

/// The same router, measured. The time is that to the head of the answer: nearly every body is at hand by then, and how
/// long a client takes to read it says nothing of the server.
pub fn requests(router: Router) -> Router {
    router.layer(from_fn(measure))
}

async fn measure(request: Request, next: Next) -> Response {
    let (asked, began) = (Asked::of(&request), Instant::now());
    let answer = next.run(request).await;
    let status = answer.status();
    metrics::answered(asked.route(status), asked.method, status.as_str(), began.elapsed());
    answer
}

/// What was requested, in few words: nothing that a client can invent.
pub struct Asked {
    pub method: &'static str,
    matched: Option<MatchedPath>,
}

impl Asked {
    pub fn of(request: &Request) -> Self {
        Self { method: known(request.method()), matched: request.extensions().get().cloned() }
    }

    /// The pattern of the route that gave an answer with this status.
    pub fn route(&self, status: StatusCode) -> &str {
        self.matched.as_ref().map_or_else(|| without_route(status), MatchedPath::as_str)
    }
}

/// An address that no route has. Strangers can invent as many as they like, so all of them are one label, and all files
/// another.
fn without_route(status: StatusCode) -> &'static str {
    if status.is_success() || status == StatusCode::NOT_MODIFIED { "file" } else { "unknown" }
}

/// Clients can invent methods, too.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::metrics::counted;
    use axum::body::Body;
    use axum::http::Uri;
    use axum::routing::get;
    use tower::ServiceExt;

    #[tokio::test]
    async fn what_clients_can_invent_is_one_label() {
        let recorder = metrics::recorder().unwrap();
        let _counting = ::metrics::set_default_local_recorder(&recorder);
        let files = async |uri: Uri| match uri.path() {
            "/icon.svg" => StatusCode::OK,
            "/admin.css" => StatusCode::NOT_MODIFIED,
            "//login" => StatusCode::PERMANENT_REDIRECT,
            _ => StatusCode::NOT_FOUND,
        };
        let router = requests(Router::new().route("/members/{id}", get(async || "")).fallback(files));
        for (method, path) in [
            ("GET", "/members/1"),
            ("GET", "/members/2?x=3"),
            ("BREW", "/members/3"),
            ("GET", "/icon.svg"),
            ("GET", "/admin.css"),
            ("GET", "//login"),
            ("GET", "/79123456789"),
            ("BREW", "/coffee"),
        ] {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            router.clone().oneshot(request).await.unwrap();
        }
        for (route, method, status, count) in [
            ("/members/{id}", "GET", 200, 2.0),
            ("/members/{id}", "other", 405, 1.0),
            ("file", "GET", 200, 1.0),
            ("file", "GET", 304, 1.0),
            ("unknown", "GET", 308, 1.0),
            ("unknown", "GET", 404, 1.0),
            ("unknown", "other", 404, 1.0),
        ] {
            let labels = format!("route=\"{route}\",method=\"{method}\",status=\"{status}\"");
            assert_eq!(counted(&recorder, &format!("vouch_http_requests_total{{{labels}}}")), Some(count), "{labels}");
        }
        assert_eq!(counted(&recorder, "vouch_http_request_duration_seconds_count{route=\"unknown\"}"), Some(3.0));
    }
}
