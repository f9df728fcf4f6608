//! Requests that may change something are finished even if the client disconnects, so that a message that was counted
//! is also sent, and a request does not stop between two transactions.

use crate::server::http::language;
use crate::server::jobs::Jobs;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::panic::resume_unwind;
use tokio::task::JoinError;

/// Runs unsafe requests (RFC 9110 §9.2.1) in a task of their own, which a disconnect does not cancel. Shutdown waits for it.
pub async fn unsafe_requests(State(jobs): State<Jobs>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let task = jobs.run(language::with(language::current(), next.run(request)));
    task.await.unwrap_or_else(panic_here)
}

/// Continues a panic in the task of the connection, where a layer answers it.
fn panic_here(error: JoinError) -> Response {
    match error.try_into_panic() {
        Ok(panic) => resume_unwind(panic),
        Err(_) => axum::http::StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::http::StatusCode;
    use axum::middleware::from_fn_with_state;
    use axum::routing::{get, post};
    use std::sync::Arc;
    use std::time::Duration;
    use tokio::sync::Notify;
    use tower::ServiceExt;
    use tower_http::catch_panic::CatchPanicLayer;

    #[tokio::test]
    async fn an_unsafe_request_is_finished_after_the_client_disconnects() {
        let (go_on, finished) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (told_to_go_on, done) = (go_on.clone(), finished.clone());
        let change = post(async move || {
            told_to_go_on.notified().await;
            done.notify_one();
        });
        let jobs = Jobs::default();
        let router = Router::new().route("/", change).layer(from_fn_with_state(jobs.clone(), unsafe_requests));
        let answer = tokio::spawn(router.oneshot(Request::post("/").body(Body::empty()).unwrap()));
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        answer.abort();
        assert!(answer.await.unwrap_err().is_cancelled());
        let mut stopped = Box::pin(jobs.finish(Duration::from_mins(1)));
        assert!(futures::poll!(&mut stopped).is_pending(), "shutdown waits for it");
        go_on.notify_one();
        finished.notified().await;
        stopped.await;
    }

    #[tokio::test]
    async fn a_panic_becomes_an_error_response() {
        let panics = async || -> StatusCode { panic!("on purpose") };
        let router = Router::new()
            .route("/", get(panics).post(panics))
            .layer(from_fn_with_state(Jobs::default(), unsafe_requests))
            .layer(CatchPanicLayer::new());
        for request in [Request::get("/"), Request::post("/")] {
            let answer = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        }
    }
}
