//! The router: every route of the server, and the layers around them.

use crate::error::AppError;
use crate::model::page::DocumentView;
use crate::server::documents::{Content, shell};
use crate::server::http::problem::Problem;
use crate::server::http::state::AppState;
use crate::server::http::{accept, assets, body, csp, language, session};
use crate::server::web::guard::IsAdmin;
use crate::server::web::{compression, csrf, document, finish, guard, health, logging};
use crate::server::{account, brand, forms, live, reports, rest, share};
use crate::{route, words};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use leptos::prelude::{IntoAny, provide_context};
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;
use leptos_axum::LeptosRoutes;
use std::sync::Arc;
use tower::ServiceBuilder;
use tower::util::{MapRequestLayer, MapResponseLayer};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::trace::{DefaultOnResponse, TraceLayer};
use tracing::Level;

/// The longest serialized error of a server function, in bytes.
const MAX_ERROR: usize = 64 * 1024;

/// Browser features that no page needs.
const NO_PERMISSIONS: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

pub fn build_router(state: AppState) -> Router {
    let trusted_hops = state.trusted_hops;
    words::set_language_source(language::current);
    // Of Leptos' own routes only those of the server functions.
    let functions = Router::new()
        .leptos_routes_with_context(&state, Vec::new(), provide(&state), || ())
        .layer(map_response(with_status_of_error));
    let session = from_fn_with_state(state.clone(), session::layer::attach);
    // In each of these, the first is the outermost. Together they are one step for the router.
    let posts = functions.merge(forms::routes()).layer(
        ServiceBuilder::new()
            .layer(session.clone())
            .layer(csrf::csrf_layer(&state))
            .layer(from_fn_with_state(state.clone(), csrf::refuse_without_origin)),
    );
    let compression =
        ServiceBuilder::new().layer(MapRequestLayer::new(compression::unless_queried)).layer(compression::layer());
    let member_pages =
        document::routes().layer(ServiceBuilder::new().layer(session.clone()).layer(compression.clone()));
    let admin_pages = route::ADMIN_PAGES
        .into_iter()
        .fold(Router::new(), |pages, path| pages.route(path, get(admin_page)))
        .route("/admin/", get(file_or_not_found))
        .layer(
            ServiceBuilder::new()
                .layer(session.clone())
                .layer(compression)
                .layer(from_fn_with_state(state.clone(), guard::admin_pages)),
        );

    Router::new()
        .merge(posts)
        .merge(member_pages)
        .merge(admin_pages)
        .merge(live::routes().merge(account::routes()).layer(session))
        .merge(rest::routes())
        .merge(reports::routes())
        .merge(share::routes())
        .merge(brand::routes())
        .route(health::LIVE, get(health::live))
        .route(health::READY, get(health::ready))
        .fallback(file_or_not_found)
        .layer(
            ServiceBuilder::new()
                .layer(MapRequestLayer::new(without_request_id))
                .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
                .layer(
                    TraceLayer::new_for_http()
                        .make_span_with(move |request: &Request| logging::request_span(request, trusted_hops))
                        .on_request(())
                        .on_response(DefaultOnResponse::new().level(Level::INFO)),
                )
                .layer(PropagateRequestIdLayer::x_request_id())
                .layer(MapResponseLayer::new(with_headers(default_headers(&state))))
                .layer(from_fn_with_state(state.clone(), language::of_sender))
                .layer(from_fn_with_state(state.clone(), guard::explain_failures))
                .layer(CatchPanicLayer::new())
                .layer(from_fn_with_state(state.clone(), body::read))
                .layer(from_fn_with_state(state.jobs.clone(), finish::unsafe_requests)),
        )
        .with_state(state)
}

/// The headers of every answer to which a handler gave no other.
fn default_headers(state: &AppState) -> Vec<(HeaderName, HeaderValue)> {
    let mut headers = vec![
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CONTENT_SECURITY_POLICY, csp::WITHOUT_PAGE),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), NO_PERMISSIONS),
    ];
    if state.is_https() {
        headers.push((header::STRICT_TRANSPORT_SECURITY, hsts(state)));
    }
    headers.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect()
}

fn with_headers(headers: Vec<(HeaderName, HeaderValue)>) -> impl Fn(Response) -> Response + Clone {
    let headers: Arc<[_]> = headers.into();
    move |mut answer| {
        for (name, value) in headers.iter() {
            answer.headers_mut().entry(name).or_insert_with(|| value.clone());
        }
        answer
    }
}

/// Two years, as the preload lists of browsers ask for. Subdomains may be other sites, so they are the host's decision.
fn hsts(state: &AppState) -> &'static str {
    if state.hsts_subdomains { "max-age=63072000; includeSubDomains" } else { "max-age=63072000" }
}

/// The request id is generated here; a client could copy the id of another request.
fn without_request_id(mut request: Request) -> Request {
    request.headers_mut().remove("x-request-id");
    request
}

fn provide(state: &AppState) -> impl Fn() + Clone + Send + Sync + use<> {
    let state = state.clone();
    move || provide_context(state.clone())
}

/// An admin page, if the guard marked the request as an admin's. Otherwise the answer is the one for an unknown
/// address.
async fn admin_page(State(state): State<AppState>, request: Request) -> Response {
    if request.extensions().get() != Some(&IsAdmin) {
        return file_or_not_found(State(state), request).await;
    }
    let shared = state.clone();
    let document = move || {
        csp::protect_page();
        shell(shared.leptos.clone(), &shared.page_assets, Content::Admin).into_any()
    };
    leptos_axum::render_app_async_with_context(provide(&state), document)(request).await.into_response()
}

/// Leptos 0.8 sends every error of a server function as 500; this gives it the status of its error.
async fn with_status_of_error(answer: Response) -> Response {
    if !answer.headers().contains_key(SERVER_FN_ERROR_HEADER) || !answer.status().is_server_error() {
        return answer;
    }
    let (mut parts, body) = answer.into_parts();
    let body = to_bytes(body, MAX_ERROR).await.unwrap_or_default();
    parts.status = match serde_json::from_slice(&body) {
        Ok(AppError::Malformed) => StatusCode::BAD_REQUEST,
        Ok(AppError::NotFound) => StatusCode::NOT_FOUND,
        Ok(AppError::Unavailable) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    Response::from_parts(parts, Body::from(body))
}

async fn file_or_not_found(State(state): State<AppState>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::of_status(StatusCode::NOT_FOUND).into_response();
    }
    if let Some(path) = without_spare_slashes(request.uri()) {
        return Redirect::permanent(&path).into_response();
    }
    if let Some(file) = assets::serve(request.uri(), request.headers()) {
        return file;
    }
    if !accept::prefers_page(request.headers()) {
        return Problem::of_status(StatusCode::NOT_FOUND).into_response();
    }
    document::page(&state, DocumentView::NotFound)
}

/// The known address behind one with doubled slashes, or with a slash at its end; `None` where there is none.
fn without_spare_slashes(uri: &Uri) -> Option<String> {
    let path = uri.path();
    let mut meant: String = path.split('/').filter(|part| !part.is_empty()).flat_map(|part| ["/", part]).collect();
    // Browsers read a backslash as a slash, and "//host" as another host.
    if meant == path || path == "/" || path.contains('\\') {
        return None;
    }
    if meant.is_empty() {
        meant.push('/');
    }
    let is_known =
        route::is_page(&meant) || [health::LIVE, health::READY].contains(&meant.as_str()) || assets::exists(&meant);
    if !is_known {
        return None;
    }
    if let Some(query) = uri.query() {
        meant.extend(["?", query]);
    }
    Some(meant)
}
