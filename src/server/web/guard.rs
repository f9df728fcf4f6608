//! The layers before the pages: who may see which page, decided before anything is rendered (a redirect from inside a
//! view would contain the rendered page in its body), and the bodies of failures.

use crate::error::{AppError, AppResult};
use crate::server::data::MemberId;
use crate::server::domain::admin::{self, Refusal, first};
use crate::server::http::problem::Problem;
use crate::server::http::state::AppState;
use crate::server::http::{accept, client, session};
use crate::server::sentences;
use crate::{route, words};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};

/// Marks a request for an admin page by an admin.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct IsAdmin;

/// Which page a visitor gets.
enum Place {
    /// The one for an unknown address.
    Nowhere,
    /// The admin page that was requested.
    Here,
    /// A redirect to this path.
    At(String),
}

/// Redirects a visitor who may not see an admin page. POSTs pass: each form checks its sender itself.
///
/// A request by somebody who may see the page gets the extension [`IsAdmin`]; without it the page answers as an unknown
/// address does.
pub async fn admin_pages(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if request.method() == Method::POST {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    match place_of(&state, &parts).await {
        Ok(Place::Nowhere) => next.run(Request::from_parts(parts, body)).await,
        Ok(Place::Here) => {
            parts.extensions.insert(IsAdmin);
            next.run(Request::from_parts(parts, body)).await
        }
        Ok(Place::At(path)) => Redirect::to(&path).into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn place_of(state: &AppState, request: &Parts) -> AppResult<Place> {
    let session: &session::Handle = request.extensions.get().ok_or(AppError::Unavailable)?;
    let here = request.uri.path_and_query().map_or(route::ADMIN, |here| here.as_str());
    let member = match session::member(session, state.ports.clock.now()).await {
        Ok(member) => member,
        // The same redirect for every admin path, so that only admins learn which ones exist.
        Err(AppError::LoginRequired) => return Ok(Place::At(route::login_and_back(here))),
        Err(error) => return Err(error),
    };
    if request.uri.path() == route::FIRST_ADMIN && first::is_offered(&state.ports, &token(&request.uri)).await? {
        return Ok(Place::Here);
    }
    admin_place(state, session, request, member, here).await
}

async fn admin_place(
    state: &AppState,
    session: &session::Handle,
    request: &Parts,
    member: MemberId,
    here: &str,
) -> AppResult<Place> {
    let ports = &state.ports;
    let visitor = client::visitor(state, &request.headers, &request.extensions);
    let proven = session::proven_grant(session, ports.clock.now(), &ports.rules.limits.admin).await?;
    let is_at_second_factor = request.uri.path() == route::SECOND_FACTOR;
    match admin::authenticate(ports, &visitor, member, proven).await {
        // Without a valid link there is nothing, for admins neither.
        _ if request.uri.path() == route::FIRST_ADMIN => Ok(Place::Nowhere),
        Ok(_) if is_at_second_factor => Ok(Place::At(route::ADMIN.to_owned())),
        Ok(_) => Ok(Place::Here),
        Err(Refusal::SecondFactorRequired) if is_at_second_factor => Ok(Place::Here),
        Err(Refusal::SecondFactorRequired) => Ok(Place::At(route::second_factor_and_back(here))),
        Err(Refusal::App(error)) => Err(error),
        Err(_) => Ok(Place::Nowhere),
    }
}

/// The parameter `token` of an address.
fn token(uri: &Uri) -> String {
    let parameters = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    parameters.filter(|(name, _)| name == "token").map(|(_, token)| token.into_owned()).next().unwrap_or_default()
}

/// Adds a body to failures of libraries and panics: a page for browsers, a problem for API clients.
pub async fn explain_failures(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let words = sentences::service();
    let for_browser = accept::prefers_page(request.headers());
    let answer = next.run(request).await;
    if for_browser && answer.status().is_server_error() {
        let page = page(words.failure_heading, words.failure_text);
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "60")], page).into_response();
    }
    if for_browser && answer.status() == StatusCode::TOO_MANY_REQUESTS {
        return too_many_requests(answer.headers());
    }
    if for_browser && answer.status() == StatusCode::FORBIDDEN {
        let page = page(words.foreign_form_heading, words.foreign_form_text);
        return (StatusCode::FORBIDDEN, page).into_response();
    }
    if is_explained(&answer) {
        return answer;
    }
    let (parts, _) = answer.into_parts();
    let mut explained = Problem::of_layer(parts.status, &state.ports.rules.limits.http).into_response();
    for name in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = parts.headers.get(&name) {
            explained.headers_mut().insert(name, value.clone());
        }
    }
    explained
}

/// A page with the wait that the headers of a refusal name.
fn too_many_requests(refusal: &HeaderMap) -> Response {
    let wait = refusal.get(header::RETRY_AFTER).and_then(|wait| wait.to_str().ok()).unwrap_or_default().to_owned();
    let text = words::refusals().network_busy(&words::member().duration(wait.parse().unwrap_or_default()));
    let page = page(sentences::service().too_many_requests_heading, &text);
    (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, wait)], page).into_response()
}

fn page(title: &str, text: &str) -> Html<String> {
    let page = include_str!("failure.html").replace("{title}", title).replace("{text}", text);
    Html(
        page.replace("{lang}", words::language().tag())
            .replace("{dir}", words::language().direction())
            .replace("{start}", words::member().to_the_start),
    )
}

fn is_explained(answer: &Response) -> bool {
    let is_made_below = matches!(
        answer.status(),
        StatusCode::FORBIDDEN
            | StatusCode::NOT_FOUND
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::INTERNAL_SERVER_ERROR
    );
    let content_type = answer.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    !is_made_below || content_type.is_some_and(|content_type| !content_type.starts_with("text/plain"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::*;
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::middleware::from_fn_with_state;
    use axum::routing::post;
    use tower::ServiceExt;

    #[tokio::test]
    async fn a_layer_that_refuses_a_large_body_is_explained_with_the_limit_of_the_host() {
        let app = TestApp::with_limits(|limits| limits.http.max_body = 3 * 1024).await;
        let router = Router::new()
            .route("/", post(|| async { StatusCode::PAYLOAD_TOO_LARGE }))
            .layer(from_fn_with_state(app.state.clone(), explain_failures));
        let answer = router.oneshot(Request::post("/").body(Body::empty()).unwrap()).await.unwrap();
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem["detail"], sentences::service().body_too_large(3));
    }
}
