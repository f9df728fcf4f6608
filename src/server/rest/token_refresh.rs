//! `POST /token/refresh/`: exchanges a refresh token for the next tokens. Needs no access token.

use super::authorize::TokenPair;
use super::request::{self, Field, Fields, JsonBody};
use crate::error::AppError;
use crate::server::domain::token;
use crate::server::http::problem::{BodyProblems, InvalidRequest, Problem, ServerProblems};
use crate::server::http::state::AppState;
use crate::server::sentences;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

/// The refresh token to exchange.
#[derive(Deserialize, ToSchema)]
pub struct Refresh {
    /// The newest refresh token of the login.
    #[schema(
        value_type = String, required = true, pattern = "^[0-9a-f]{64}$",
        example = "7d1f0a3c5b9e82467d1f0a3c5b9e82467d1f0a3c5b9e82467d1f0a3c5b9e8246"
    )]
    #[serde(default)]
    refresh: Field<String>,
}

/// Get new tokens
///
/// Exchanges a refresh token for the next tokens. A refresh token works once. A client that got no answer can repeat the
/// request within {refresh_grace} and gets the same refresh token again. Any other second use ends the login, since the
/// token may have been stolen.
#[utoipa::path(
    post,
    path = "/token/refresh/",
    tag = "Login",
    security(()),
    request_body(content = Refresh),
    responses(
        (status = 200, description = "The next tokens", body = TokenPair, example = json!(TokenPair::example())),
        (
            status = 400, description = "The field is missing, blank or not a string, or the body is not a JSON object",
            body = InvalidRequest, content_type = "application/problem+json",
            examples(
                ("missing" = (summary = "The token is missing", value = json!(missing()))),
                ("no object" = (summary = "The body is not a JSON object", value = json!(request::no_object()))),
            ),
        ),
        (
            status = 401, description = "The token is expired, used before, logged out, or not a refresh token of this server",
            body = Problem, content_type = "application/problem+json",
            headers(("WWW-Authenticate" = String, description = "`Bearer`")),
            example = json!(Problem::from(AppError::RefreshTokenRefused)),
        ),
        BodyProblems,
        ServerProblems,
    ),
)]
pub async fn token_refresh(
    State(state): State<AppState>,
    JsonBody(body): JsonBody<Refresh>,
) -> Result<Json<TokenPair>, Problem> {
    let mut fields = Fields::default();
    let presented = fields.text("refresh", &body.refresh, sentences::service().refresh_token_missing).to_owned();
    fields.check()?;
    Ok(Json(token::refresh(&state.ports, &presented).await?.into()))
}

fn missing() -> Problem {
    let mut fields = Fields::default();
    fields.wrong("refresh", sentences::service().refresh_token_missing);
    fields.problem()
}

#[cfg(test)]
mod tests {
    use crate::tests::*;
    use serde_json::json;
    use std::time::Duration;

    const PATH: &str = "/token/refresh/";
    const PHONE: &str = "+79123456789";

    async fn refresh(api: &Api, token: &str) -> Answer {
        api.post(PATH, json!({"refresh": token})).await
    }

    fn tokens(answer: &Answer) -> Tokens {
        assert_eq!(answer.status, 200, "{}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    #[tokio::test]
    async fn a_refresh_token_gives_the_next_pair() {
        let api = Api::new().await;
        let first = api.log_in(PHONE).await;
        let second = tokens(&refresh(&api, &first.refresh).await);
        assert_ne!(first.refresh, second.refresh);
        let third = tokens(&refresh(&api, &second.refresh).await);
        for access in [first.access, second.access, third.access] {
            assert_eq!(api.with_token(&access).get("/profile/").await.status, 200);
        }
    }

    #[tokio::test]
    async fn a_token_that_was_used_before_ends_its_family() {
        let api = Api::new().await;
        let first = api.log_in(PHONE).await;
        let second = tokens(&refresh(&api, &first.refresh).await);
        let third = tokens(&refresh(&api, &second.refresh).await);
        assert_eq!(refresh(&api, &first.refresh).await.problem(401)["code"], "token_not_valid");
        assert_eq!(refresh(&api, &third.refresh).await.problem(401)["code"], "token_not_valid");
        api.with_token(&third.access).get("/profile/").await.problem(401);
    }

    #[tokio::test]
    async fn a_lost_answer_can_be_asked_for_again_for_a_day_as_long_as_the_new_token_is_unused() {
        let api = Api::new().await;
        let first = api.log_in(PHONE).await;
        let second = tokens(&refresh(&api, &first.refresh).await);
        api.app.clock.advance(Duration::from_secs(24 * 60 * 60 - 1));
        assert_eq!(tokens(&refresh(&api, &first.refresh).await).refresh, second.refresh);
        api.app.clock.advance(Duration::from_secs(1));
        refresh(&api, &first.refresh).await.problem(401);
        refresh(&api, &second.refresh).await.problem(401);
    }

    #[tokio::test]
    async fn the_family_of_another_login_goes_on() {
        let api = Api::new().await;
        let one = api.log_in(PHONE).await;
        api.app.clock.advance(Duration::from_mins(1));
        let other = api.log_in(PHONE).await;
        let successor = tokens(&refresh(&api, &one.refresh).await);
        refresh(&api, &successor.refresh).await;
        refresh(&api, &one.refresh).await.problem(401);
        tokens(&refresh(&api, &other.refresh).await);
    }

    #[tokio::test]
    async fn a_login_keeps_twenty_tokens_and_a_member_fifty_logins() {
        let api = Api::new().await;
        let first = api.log_in(PHONE).await;
        let mut newest = first.refresh.clone();
        for _ in 0..30 {
            newest = tokens(&refresh(&api, &newest).await).refresh;
            api.app.clock.advance(Duration::from_mins(1));
        }
        assert_eq!(api.app.rows(Rows::RefreshTokens).await, 20);
        // One that is forgotten is refused as well.
        refresh(&api, &first.refresh).await.problem(401);
        tokens(&refresh(&api, &newest).await);
        for _ in 0..55 {
            api.log_in(PHONE).await;
            api.app.clock.advance(Duration::from_hours(4));
        }
        assert_eq!(api.app.rows(Rows::TokenFamilies).await, 50);
    }

    #[tokio::test]
    async fn fifty_exchanges_at_once_have_one_outcome() {
        let api = Api::new().await;
        let first = api.log_in(PHONE).await;
        let answers = join_all((0..50).map(|_| refresh(&api, &first.refresh))).await;
        let successors: std::collections::HashSet<_> = answers.iter().map(|answer| tokens(answer).refresh).collect();
        assert_eq!(successors.len(), 1);
        assert_eq!(api.app.rows(Rows::UnusedRefreshTokens).await, 1);
    }

    #[tokio::test]
    async fn a_refresh_token_lives_thirty_days() {
        let api = Api::new().await;
        let first = api.log_in(PHONE).await;
        api.app.clock.advance(Duration::from_secs(30 * 24 * 60 * 60 - 1));
        let second = tokens(&refresh(&api, &first.refresh).await);
        api.app.clock.advance(Duration::from_hours(30 * 24));
        refresh(&api, &second.refresh).await.problem(401);
    }

    #[tokio::test]
    async fn what_is_no_refresh_token_is_refused() {
        let api = Api::new().await;
        let tokens = api.log_in(PHONE).await;
        for token in ["x", "\0", &"0".repeat(64), &tokens.access, &tokens.refresh.to_uppercase()] {
            assert_eq!(refresh(&api, token).await.problem(401)["code"], "token_not_valid", "{token:?}");
        }
        for bad in [json!(null), json!(""), json!(7), json!([tokens.refresh]), json!({}), json!(true)] {
            assert_eq!(api.post(PATH, json!({"refresh": bad})).await.wrong_fields(), ["refresh"], "{bad}");
        }
        assert_eq!(api.post(PATH, json!({})).await.wrong_fields(), ["refresh"]);
    }

    #[tokio::test]
    async fn neither_a_blocked_nor_a_deleted_member_refreshes() {
        for is_deleted in [false, true] {
            let api = Api::new().await;
            let tokens = api.log_in(PHONE).await;
            if is_deleted {
                api.app.delete_member(PHONE).await;
            } else {
                api.app.block(PHONE).await;
            }
            assert_eq!(refresh(&api, &tokens.refresh).await.problem(401)["code"], "token_not_valid", "{is_deleted}");
        }
    }

    #[tokio::test]
    async fn tokens_are_stored_only_as_hashes() {
        let api = Api::new().await;
        let tokens = api.log_in(PHONE).await;
        assert!(!api.app.holds(&tokens.refresh).await);
        assert!(!api.app.holds(&tokens.access[..64]).await);
    }
}
