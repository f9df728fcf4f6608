//! The JSON API: one file for each endpoint, with its request, its answers, their description, the handler and its tests.
//!
//! Shared by them:
//!
//! - [`request`], JSON bodies and access tokens; [`query`], query strings
//! - [`mod@endpoint`], paths and methods
//! - [`rate_limit`], the headers that tell what is left of a limit
//! - [`openapi`] and [`doc`], the description of the API, for programs and for people; [`numbers`] and [`examples`], the
//!   settings of the host in it; [`translation`], the same in another language

pub mod admin;
pub mod authorize;
pub mod devices;
pub mod doc;
pub mod endpoint;
pub mod examples;
pub mod get_code;
pub mod implement_invite;
pub mod logout;
pub mod numbers;
pub mod openapi;
pub mod profile;
pub mod query;
pub mod rate_limit;
pub mod request;
pub mod token_refresh;
pub mod translation;

use crate::route;
use crate::server::http::problem::Problem;
use crate::server::http::state::AppState;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{MethodFilter, delete, get, on, post};
use axum::{Extension, Router};
use endpoint::{endpoint, other_method};
use request::Caller;

pub fn routes() -> Router<AppState> {
    let profile = get(profile::profile).fallback(other_method);
    Router::new()
        .merge(endpoint("/get_code/", post(get_code::get_code)))
        .merge(endpoint("/authorize/", post(authorize::authorize)))
        .merge(endpoint("/token/refresh/", post(token_refresh::token_refresh)))
        .merge(endpoint("/logout/", post(logout::logout).fallback(other_method)))
        .merge(endpoint("/implement_invite/", post(implement_invite::implement_invite).fallback(other_method)))
        .merge(endpoint("/devices/", get(devices::list).fallback(other_method)))
        .merge(endpoint("/devices/{id}/", delete(devices::log_out).fallback(other_method)))
        .route("/profile/", profile)
        // GET without the slash is the page of the web app.
        .route(route::PROFILE, on(NO_READ, no_read_of_the_profile))
        .merge(endpoint("/schema/", get(openapi::schema).layer(Extension(openapi::Written::default()))))
        .merge(doc::routes())
        .merge(admin::routes())
}

/// Every method but GET and HEAD.
const NO_READ: MethodFilter = MethodFilter::POST
    .or(MethodFilter::PUT)
    .or(MethodFilter::PATCH)
    .or(MethodFilter::DELETE)
    .or(MethodFilter::OPTIONS)
    .or(MethodFilter::TRACE);

async fn no_read_of_the_profile(_: Caller) -> impl IntoResponse {
    ([(header::ALLOW, "GET,HEAD")], Problem::of_status(StatusCode::METHOD_NOT_ALLOWED))
}
