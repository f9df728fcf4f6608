//! The endpoints for admins: what the admin pages do, with an admin's token.

pub mod audit;
pub mod export;
#[cfg(test)]
mod fixture;
pub mod flags;
pub mod imports;
pub mod members;
pub mod overview;
pub mod repair;
pub mod request;
pub mod token;
pub mod webhooks;

use crate::server::http::state::AppState;
use crate::server::rest::endpoint::{self, endpoint};
use axum::Router;
use axum::routing::{get, post};
use request::other_method;

pub fn routes() -> Router<AppState> {
    Router::new()
        .merge(endpoint("/admin/api/token/", post(token::token).fallback(endpoint::other_method)))
        .merge(endpoint("/admin/api/overview/", get(overview::overview).fallback(other_method)))
        .merge(endpoint(members::PATH, get(members::list).fallback(other_method)))
        .merge(endpoint("/admin/api/members/{id}/", get(members::one).fallback(other_method)))
        .merge(endpoint("/admin/api/members/{id}/{act}/", post(repair::repair).fallback(other_method)))
        .merge(endpoint(flags::PATH, get(flags::list).fallback(other_method)))
        .merge(endpoint("/admin/api/flags/{id}/", post(flags::review).fallback(other_method)))
        .merge(endpoint(audit::PATH, get(audit::list).fallback(other_method)))
        .merge(endpoint(webhooks::PATH, get(webhooks::list).fallback(other_method)))
        .merge(endpoint("/admin/api/webhooks/replay/", post(webhooks::replay_failed).fallback(other_method)))
        .merge(endpoint("/admin/api/webhooks/{id}/replay/", post(webhooks::replay).fallback(other_method)))
        .merge(endpoint("/admin/api/webhooks/endpoints/", get(webhooks::endpoints).fallback(other_method)))
        .merge(endpoint("/admin/api/webhooks/endpoints/on/", post(webhooks::switch_on).fallback(other_method)))
        .merge(endpoint("/admin/api/export/{list}/", post(export::export).fallback(other_method)))
        .merge(endpoint("/admin/api/imports/", post(imports::upload).fallback(other_method)))
        .merge(endpoint("/admin/api/imports/{id}/", get(imports::one).fallback(other_method)))
        .merge(endpoint("/admin/api/imports/{id}/apply/", post(imports::apply).fallback(other_method)))
}
