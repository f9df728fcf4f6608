//! The door for a member's own data as a file.

use crate::error::AppError;
use crate::route;
use crate::server::domain::account;
use crate::server::http::problem::Problem;
use crate::server::http::state::AppState;
use crate::server::http::visit::Visit;
use crate::server::present;
use axum::Router;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

pub fn routes() -> Router<AppState> {
    Router::new().route(route::OWN_DATA, get(own_data))
}

async fn own_data(visit: Visit) -> Response {
    let data = async { account::read(&visit.ports, visit.member().await?).await };
    let data = match data.await {
        Ok(data) => present::account_data(&data, visit.ports.rules.invitee_phones),
        Err(AppError::LoginRequired) => return Redirect::to(&route::login_and_back(route::ACCOUNT)).into_response(),
        Err(error) => return Problem::from(error).into_response(),
    };
    let headers = [(CONTENT_TYPE, "application/json"), (CONTENT_DISPOSITION, "attachment; filename=\"vouch.json\"")];
    (headers, format!("{data:#}\n")).into_response()
}
