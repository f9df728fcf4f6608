//! The JSON API: one file for each endpoint, which holds what it takes, what it answers, its description, its handler
//! and its tests.
//!
//! What they share:
//!
//! - [`request`], bodies and access tokens
//! - [`problem`], the one form of all errors
//! - [`rate_limit`], headers that tell what is left of a limit
//! - [`openapi`] and [`doc`], the description of all of it, for programs and for people

pub mod admin;
pub mod authorize;
pub mod doc;
pub mod get_code;
pub mod implement_invite;
pub mod logout;
pub mod openapi;
pub mod profile;
pub mod rate_limit;
pub mod request;
pub mod token_refresh;

use crate::route;
use crate::server::http::problem::Problem;
use crate::server::http::state::AppState;
use axum::Router;
use axum::http::{StatusCode, header};
use axum::middleware::from_fn;
use axum::response::IntoResponse;
use axum::routing::{MethodFilter, MethodRouter, get, on, post};
use request::Caller;

/// Every endpoint.
pub fn routes() -> Router<AppState> {
    let profile = get(profile::profile).fallback(other_method_of_a_member);
    Router::new()
        .merge(endpoint("/get_code/", post(get_code::get_code)))
        .merge(endpoint("/authorize/", post(authorize::authorize)))
        .merge(endpoint("/token/refresh/", post(token_refresh::token_refresh)))
        .merge(endpoint("/logout/", post(logout::logout).fallback(other_method_of_a_member)))
        .merge(endpoint(
            "/implement_invite/",
            post(implement_invite::implement_invite).fallback(other_method_of_a_member),
        ))
        .route("/profile/", profile.layer(from_fn(profile::browsers_to_the_page)))
        // To read it without the slash is the web app's.
        .route(route::PROFILE, on(NO_READ, no_read_of_the_profile))
        .merge(endpoint("/schema/", get(openapi::schema)))
        .merge(doc::routes())
        .merge(admin::routes())
}

/// One endpoint, with and without the slash at its end.
fn endpoint(path: &str, methods: MethodRouter<AppState>) -> Router<AppState> {
    Router::new().route(path, methods.clone()).route(path.trim_end_matches('/'), methods)
}

/// A missing token comes before a wrong method.
async fn other_method_of_a_member(_: Caller) -> Problem {
    Problem::of_status(StatusCode::METHOD_NOT_ALLOWED)
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
