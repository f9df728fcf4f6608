//! `POST /logout/`: ends the login of the access token, or all logins of the member. Needs an access token.

use super::request::{self, Caller, Field, Fields, JsonBody};
use crate::server::domain::token;
use crate::server::http::problem::{BodyProblems, InvalidRequest, Problem, ServerProblems, TokenProblems};
use crate::server::http::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

/// What to end. The body can be left out.
#[derive(Deserialize, ToSchema)]
pub struct Logout {
    /// Whether to end all logins of the member, in the API and in the web app.
    #[schema(value_type = Option<bool>, default = false, example = true)]
    #[serde(default)]
    everywhere: Field<bool>,
}

/// Log out
///
/// Ends the login of the access token: its access and refresh tokens stop working at once. With `everywhere`, ends all
/// logins of the member.
#[utoipa::path(
    post,
    path = "/logout/",
    tag = "Login",
    security(("bearer" = [])),
    request_body(content = Logout),
    responses(
        (status = 204, description = "Logged out"),
        (
            status = 400, description = "`everywhere` is neither true nor false, or the body is not a JSON object",
            body = InvalidRequest, content_type = "application/problem+json",
            examples(
                ("everywhere" = (summary = "Neither true nor false", value = json!(wrong()))),
                ("no object" = (summary = "The body is not a JSON object", value = json!(request::no_object()))),
            ),
        ),
        TokenProblems,
        BodyProblems,
        ServerProblems,
    ),
)]
pub async fn logout(
    State(state): State<AppState>,
    Caller(token): Caller,
    JsonBody(body): JsonBody<Logout>,
) -> Result<StatusCode, Problem> {
    let mut fields = Fields::default();
    let everywhere = fields.flag("everywhere", &body.everywhere);
    fields.check()?;
    if everywhere {
        token::log_out_everywhere(&state.ports, token.member).await?;
    } else {
        token::log_out(&state.ports, token).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

fn wrong() -> Problem {
    let mut fields = Fields::default();
    fields.flag("everywhere", &Field::OtherType);
    fields.problem()
}

#[cfg(test)]
mod tests {
    use crate::tests::*;
    use serde_json::json;
    use std::time::Duration;

    const PATH: &str = "/logout/";
    const PHONE: &str = "+79123456789";

    #[tokio::test]
    async fn a_logout_ends_both_tokens_of_this_login_and_no_other() {
        let api = Api::new().await;
        let one = api.log_in(PHONE).await;
        api.app.clock.advance(Duration::from_mins(1));
        let other = api.log_in(PHONE).await;
        let answer = api.with_token(&one.access).post_bytes(PATH, None, "").await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (204, ""));
        assert_eq!(api.with_token(&one.access).get("/profile/").await.problem(401)["code"], "token_not_valid");
        api.post("/token/refresh/", json!({"refresh": one.refresh})).await.problem(401);
        assert_eq!(api.with_token(&other.access).get("/profile/").await.status, 200);
    }

    #[tokio::test]
    async fn a_logout_everywhere_ends_every_token_and_every_session() {
        let api = Api::new().await;
        let one = api.log_in(PHONE).await;
        api.app.clock.advance(Duration::from_mins(1));
        let other = api.log_in(PHONE).await;
        api.app.clock.advance(Duration::from_mins(1));
        let browser = api.app.browser();
        browser.log_in(PHONE).await;
        assert_eq!(api.with_token(&one.access).post(PATH, json!({"everywhere": true})).await.status, 204);
        for tokens in [one, other] {
            api.with_token(&tokens.access).get("/profile/").await.problem(401);
            api.post("/token/refresh/", json!({"refresh": tokens.refresh})).await.problem(401);
        }
        assert!(browser.get("/profile").await.location().starts_with("/login"));
        // And the next login is a good one.
        api.app.clock.advance(Duration::from_mins(1));
        let next = api.log_in(PHONE).await;
        assert_eq!(api.with_token(&next.access).get("/profile/").await.status, 200);
    }

    #[tokio::test]
    async fn everywhere_is_a_flag_or_nothing() {
        let api = Api::new().await;
        let caller = api.with_token(&api.log_in(PHONE).await.access);
        for bad in [json!("true"), json!(1), json!([]), json!({})] {
            assert_eq!(caller.post(PATH, json!({"everywhere": bad})).await.wrong_fields(), ["everywhere"], "{bad}");
        }
        assert_eq!(caller.post(PATH, json!({"everywhere": null})).await.status, 204);
    }

    #[tokio::test]
    async fn without_a_token_there_is_nothing_to_end() {
        let api = Api::new().await;
        api.post(PATH, json!({})).await.problem(401);
        api.post_bytes(PATH, Some("text/plain"), "no").await.problem(401);
    }
}
