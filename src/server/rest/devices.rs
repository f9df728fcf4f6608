//! `GET /devices/`: where the member is logged in, and `DELETE /devices/{id}/`: the end of one login. Need an access token.

use super::request::Caller;
use crate::error::AppError;
use crate::server::data::{LiveLogin, LoginId};
use crate::server::domain::devices;
use crate::server::http::problem::{Problem, ServerProblems, TokenProblems};
use crate::server::http::state::AppState;
use crate::server::present;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// The logins of the member.
#[derive(Serialize, ToSchema)]
pub struct Devices {
    /// The login of the access token first, then the last used. At most 100.
    devices: Vec<LoggedInDevice>,
}

/// One login.
#[derive(Serialize, ToSchema)]
struct LoggedInDevice {
    /// Names the login in `DELETE /devices/{id}/`. It gives no access.
    #[schema(pattern = "^[0-9a-f]{32}$", example = "8c6f0a4f9d2b4e7c8a1d3f5b7e9c0a2d")]
    id: String,
    /// Whether it is a login over the API, and not in the web app.
    is_api: bool,
    /// The browser and the system, or the client of the API.
    #[schema(example = "Firefox on Windows")]
    name: String,
    #[schema(format = DateTime)]
    logged_in_at: String,
    /// The last use. The web app notes it once an hour, the API when tokens are exchanged.
    #[schema(format = DateTime)]
    last_used_at: String,
    /// Whether it is the login of the access token.
    is_current: bool,
}

fn device(login: &LiveLogin, current: LoginId) -> LoggedInDevice {
    LoggedInDevice {
        id: login.id.to_string(),
        is_api: login.is_api,
        name: present::name(login),
        logged_in_at: login.logged_in_at.rfc3339(),
        last_used_at: login.seen_at.rfc3339(),
        is_current: login.id == current,
    }
}

/// List the devices
///
/// Lists where the member is logged in, in the web app and over the API.
#[utoipa::path(
    get,
    path = "/devices/",
    tag = "Members",
    security(("bearer" = [])),
    responses(
        (
            status = 200, description = "The logins of the member", body = Devices,
            example = json!({"devices": [{
                "id": "8c6f0a4f9d2b4e7c8a1d3f5b7e9c0a2d", "is_api": true, "name": "okhttp, over the API",
                "logged_in_at": "2026-01-01T00:00:00Z", "last_used_at": "2026-01-01T00:15:00Z", "is_current": true,
            }]}),
        ),
        TokenProblems,
        ServerProblems,
    ),
)]
pub async fn list(State(state): State<AppState>, Caller(token): Caller) -> Result<Json<Devices>, Problem> {
    let current = token.family.into();
    let logins = devices::list(&state.ports, token.member, Some(current)).await?;
    Ok(Json(Devices { devices: logins.iter().map(|login| device(login, current)).collect() }))
}

/// Log out on a device
///
/// Ends one login of the member: its session, or its access and refresh tokens, stop working at once. Its device becomes
/// unknown. `POST /logout/` with `everywhere` ends all.
#[utoipa::path(
    delete,
    path = "/devices/{id}/",
    tag = "Members",
    security(("bearer" = [])),
    params(("id" = String, Path, pattern = "^[0-9a-f]{32}$", description = "The `id` of the login in `GET /devices/`")),
    responses(
        (status = 204, description = "Logged out"),
        (
            status = 404, description = "The member has no such login, or it has ended",
            body = Problem, content_type = "application/problem+json",
            example = json!(Problem::from(AppError::NotFound)),
        ),
        TokenProblems,
        ServerProblems,
    ),
)]
pub async fn log_out(
    State(state): State<AppState>,
    Caller(token): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id = LoginId::parse(&id).ok_or(AppError::NotFound)?;
    if !devices::log_out(&state.ports, token.member, id).await? {
        return Err(AppError::NotFound.into());
    }
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use crate::tests::*;
    use axum::http::Method;
    use serde_json::{Value, json};
    use std::time::Duration;

    const PHONE: &str = "+79123456789";

    async fn devices(api: &Api) -> Vec<Value> {
        let answer: Value = serde_json::from_str(&api.get("/devices/").await.body).unwrap();
        answer["devices"].as_array().unwrap().clone()
    }

    async fn log_out(api: &Api, id: &str) -> Answer {
        api.send(Method::DELETE, &format!("/devices/{id}/"), &[], Vec::new()).await
    }

    #[tokio::test]
    async fn all_logins_of_the_member_are_listed_and_the_own_one_comes_first() {
        let api = Api::new().await;
        let tokens = api.log_in(PHONE).await;
        let member = api.with_token(&tokens.access);
        api.app.clock.advance(Duration::from_mins(1));
        api.app.browser().log_in(PHONE).await;
        api.with_token(&api.log_in("+79123456780").await.access);

        let devices = devices(&member).await;
        let times = |device: &Value| (device["logged_in_at"].clone(), device["last_used_at"].clone());
        let (begun, minute_later) = (json!("2026-01-01T00:00:00Z"), json!("2026-01-01T00:01:00Z"));
        assert_eq!(devices.len(), 2);
        assert_eq!(devices[0]["is_current"], true);
        assert_eq!((&devices[0]["is_api"], &devices[0]["name"]), (&json!(true), &json!("An app, over the API")));
        assert_eq!(times(&devices[0]), (begun.clone(), begun));
        assert_eq!((&devices[1]["is_api"], &devices[1]["is_current"]), (&json!(false), &json!(false)));
        assert_eq!(times(&devices[1]), (minute_later.clone(), minute_later));
    }

    #[tokio::test]
    async fn exchanging_tokens_is_a_use() {
        let api = Api::new().await;
        let tokens = api.log_in(PHONE).await;
        api.app.clock.advance(Duration::from_hours(1));
        let answer = api.post("/token/refresh/", json!({"refresh": tokens.refresh})).await;
        let tokens: Tokens = serde_json::from_str(&answer.body).unwrap();
        let devices = devices(&api.with_token(&tokens.access)).await;
        assert_eq!(devices[0]["last_used_at"], "2026-01-01T01:00:00Z");
    }

    #[tokio::test]
    async fn a_login_that_is_ended_is_over_at_once_and_no_other() {
        let api = Api::new().await;
        let other = api.log_in(PHONE).await;
        api.app.clock.advance(Duration::from_mins(1));
        let browser = api.app.browser();
        browser.log_in(PHONE).await;
        api.app.clock.advance(Duration::from_mins(1));
        let member = api.with_token(&api.log_in(PHONE).await.access);

        for device in &devices(&member).await[1..] {
            assert_eq!(log_out(&member, device["id"].as_str().unwrap()).await.status, 204);
        }
        assert_eq!(devices(&member).await.len(), 1);
        api.with_token(&other.access).get("/profile/").await.problem(401);
        api.post("/token/refresh/", json!({"refresh": other.refresh})).await.problem(401);
        assert!(browser.get("/profile").await.location().starts_with("/login"));
    }

    #[tokio::test]
    async fn only_logins_of_the_member_can_be_ended() {
        let api = Api::new().await;
        let stranger = api.with_token(&api.log_in("+79123456780").await.access);
        let member = api.with_token(&api.log_in(PHONE).await.access);
        let id = devices(&stranger).await[0]["id"].as_str().unwrap().to_owned();
        log_out(&member, &id).await.problem(404);
        for no_login in ["8c6f0a4f9d2b4e7c8a1d3f5b7e9c0a2d", "8C", "%00", "id"] {
            log_out(&member, no_login).await.problem(404);
        }
        assert_eq!(devices(&stranger).await.len(), 1);
        log_out(&api.anonymous(), &id).await.problem(401);
        api.get("/devices/").await.problem(401);
    }
}
