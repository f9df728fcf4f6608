//! `GET /profile/`: the member's phone, code and invitees. Needs an access token.

use super::request::{Caller, Fields, bearer_token};
use crate::model::digits;
use crate::model::profile::Cursor;
use crate::server::domain::profile;
use crate::server::http::accept;
use crate::server::http::problem::{InvalidRequest, Problem, ServerProblems, TokenProblems};
use crate::server::http::state::AppState;
use crate::{route, words};
use axum::Json;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};

/// How many invitees one answer holds at most, and unless fewer are asked for: clients of older services expect all.
const MAX_LIMIT: u32 = 1000;
/// Where this stands, beside the web page [`route::PROFILE`].
const PATH: &str = "/profile/";

/// Which invitees to show.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only described")]
pub struct Page {
    /// How many at most.
    #[param(required = false, minimum = 1, maximum = 1000, default = 1000, example = 20)]
    limit: u32,
    /// Where the page begins, as the header `Link` of the page before says; blank for the first.
    #[param(required = false, pattern = "^([0-9]{1,18}-[0-9]{1,18})?$", example = "1767225600000-17")]
    after: String,
}

/// A member.
#[derive(Serialize, ToSchema)]
pub struct Profile {
    /// The phone, in E.164 form.
    #[schema(example = "+79123456789")]
    phone_number: String,
    /// The member's own invite code.
    #[schema(pattern = "^[2-9A-HJKMNP-Z]{6}$", example = "KM7Q2P")]
    invite_code: String,
    /// The phones of those who redeemed it, newest first; not of those whose data were deleted since.
    #[schema(example = json!(["+79123456780"]))]
    invited_users: Vec<String>,
    /// How many redeemed it in all.
    #[schema(example = 1)]
    invited_total: u64,
    /// The foreign code that the member activated; blank if none.
    #[schema(pattern = "^([2-9A-HJKMNP-Z]{6})?$", example = "")]
    activated_foreign_invite_code: String,
}

/// Show the member
///
/// The invitees come newest first, at most 1,000 at once; the header `Link` leads to the next page. A browser that
/// navigates here is sent to the web app.
#[utoipa::path(
    get,
    path = "/profile/",
    tag = "Members",
    security(("bearer" = [])),
    params(Page),
    responses(
        (
            status = 200, description = "The member", body = Profile,
            headers(("Link" = String, description = "`</profile/?limit=…&after=…>; rel=\"next\"`, if there are more")),
            example = json!({
                "phone_number": "+79123456789", "invite_code": "KM7Q2P", "invited_users": ["+79123456780"],
                "invited_total": 1, "activated_foreign_invite_code": "",
            }),
        ),
        (status = 307, description = "A browser asked (`Accept: text/html` first, no token): the page is `/profile`"),
        (
            status = 400, description = "`limit` or `after` is none",
            body = InvalidRequest, content_type = "application/problem+json",
            example = json!(page(&HashMap::from([("limit".to_owned(), "0".to_owned())])).err()),
        ),
        TokenProblems,
        ServerProblems,
    ),
)]
pub async fn profile(
    State(state): State<AppState>,
    Caller(token): Caller,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Problem> {
    let (limit, after) = page(&query)?;
    let profile = profile::read(&state.ports, token.member, after, limit).await?;
    let next = profile.older.map(|after| (header::LINK, format!("<{PATH}?limit={limit}&after={after}>; rel=\"next\"")));
    let body = Profile {
        phone_number: profile.member.phone.as_str().to_owned(),
        invite_code: profile.member.invite_code.to_string(),
        invited_users: profile
            .invitees
            .iter()
            .filter_map(|invitee| Some(invitee.phone.as_ref()?.as_str().to_owned()))
            .collect(),
        invited_total: profile.total,
        activated_foreign_invite_code: profile.activated.map(|code| code.to_string()).unwrap_or_default(),
    };
    Ok((AppendHeaders(next), Json(body)).into_response())
}

fn page(query: &HashMap<String, String>) -> Result<(u32, Option<Cursor>), Problem> {
    let mut fields = Fields::default();
    let limit = match query.get("limit").map(|typed| digits(typed)) {
        None => MAX_LIMIT,
        Some(Some(limit)) if (1..=MAX_LIMIT).contains(&limit) => limit,
        Some(_) => {
            fields.wrong("limit", words::service().number_from_to(1, MAX_LIMIT));
            MAX_LIMIT
        }
    };
    let after = match query.get("after").filter(|typed| !typed.is_empty()).map(|typed| Cursor::parse(typed)) {
        Some(None) => {
            fields.wrong("after", words::service().bad_cursor);
            None
        }
        given => given.flatten(),
    };
    fields.check()?;
    Ok((limit, after))
}

/// Sends a browser that asks for the API's profile to the web app's.
pub async fn browsers_to_the_page(uri: Uri, request: Request, next: Next) -> Response {
    let asks_for_page = accept::prefers_page(request.headers()) && !has_token(request.headers());
    if asks_for_page && is_read(request.method()) {
        return to(route::PROFILE, &uri);
    }
    next.run(request).await
}

/// Sends a client of the API that asks for the web app's profile to the API's.
pub async fn clients_to_the_api(uri: Uri, request: Request, next: Next) -> Response {
    let asks_for_data = has_token(request.headers()) || accept::prefers(request.headers(), "application/json");
    if uri.path() == route::PROFILE && asks_for_data && is_read(request.method()) {
        return to(PATH, &uri);
    }
    next.run(request).await
}

fn to(path: &str, from: &Uri) -> Response {
    let query = from.query().map(|query| format!("?{query}")).unwrap_or_default();
    ([(header::VARY, "Accept, Authorization")], Redirect::temporary(&format!("{path}{query}"))).into_response()
}

fn has_token(headers: &HeaderMap) -> bool {
    !matches!(bearer_token(headers), Ok(None))
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

#[cfg(test)]
mod tests {
    use crate::tests::*;
    use serde_json::json;
    use std::time::Duration;

    const PATH: &str = "/profile/";

    #[tokio::test]
    async fn a_profile_has_the_members_that_clients_read() {
        let api = Api::new().await;
        let tokens = api.log_in("+79123456789").await;
        let answer = api.with_token(&tokens.access).get(PATH).await;
        assert_eq!(answer.status, 200);
        let mut profile = answer.json();
        let code = profile["invite_code"].take();
        assert_eq!(code.as_str().unwrap().len(), 6);
        let expected = json!({
            "phone_number": "+79123456789",
            "invite_code": null,
            "invited_users": [],
            "invited_total": 0,
            "activated_foreign_invite_code": "",
        });
        assert_eq!(profile, expected);
        assert!(!answer.headers.contains_key("link"));
    }

    #[tokio::test]
    async fn invitees_come_newest_first_and_in_pages_that_link_to_the_next() {
        let api = Api::new().await;
        let inviter = api.with_token(&api.log_in("+79120000000").await.access);
        let code = inviter.get(PATH).await.json()["invite_code"].clone();
        for number in 1..=5 {
            api.app.clock.advance(Duration::from_secs(1));
            let invitee = api.with_token(&api.log_in(&format!("+7912000000{number}")).await.access);
            assert_eq!(invitee.post("/implement_invite/", json!({"invite_code": code})).await.status, 200);
            assert_eq!(invitee.get(PATH).await.json()["activated_foreign_invite_code"], code);
        }
        let all = inviter.get(PATH).await.json();
        let phones = json!(["+79120000005", "+79120000004", "+79120000003", "+79120000002", "+79120000001"]);
        assert_eq!((&all["invited_users"], &all["invited_total"]), (&phones, &json!(5)));

        let mut paged = Vec::new();
        let mut next = Some(format!("{PATH}?limit=2&after="));
        while let Some(path) = next {
            let page = inviter.get(&path).await;
            assert_eq!(page.json()["invited_total"], 5);
            paged.extend(page.json()["invited_users"].as_array().unwrap().clone());
            next = page.headers.get("link").map(|link| {
                let link = link.to_str().unwrap();
                link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap().to_owned()
            });
        }
        assert_eq!(json!(paged), phones);
    }

    #[tokio::test]
    async fn a_page_that_is_none_is_refused_under_its_name() {
        let api = Api::new().await;
        let caller = api.with_token(&api.log_in("+79123456789").await.access);
        for bad in ["", "0", "-1", "%2B5", "1001", "two", "99999999999999999999", "%00"] {
            assert_eq!(caller.get(&format!("{PATH}?limit={bad}")).await.wrong_fields(), ["limit"], "{bad}");
        }
        for bad in ["x", "1", "1-x", "-1-1", "%2B1-1", "%FF-%FF", "99999999999999999999-1"] {
            assert_eq!(caller.get(&format!("{PATH}?after={bad}")).await.wrong_fields(), ["after"], "{bad}");
        }
        assert_eq!(caller.get(&format!("{PATH}?limit=0&after=x")).await.wrong_fields(), ["after", "limit"]);
        assert_eq!(caller.get(&format!("{PATH}?page=7")).await.status, 200);
    }

    #[tokio::test]
    async fn a_browser_is_sent_to_the_page_and_a_client_to_the_api() {
        let api = Api::new().await;
        let tokens = api.log_in("+79123456789").await;
        let html = "text/html,application/xhtml+xml,*/*;q=0.8";
        let (location, status) = api.get_with("/profile/?x=1", &[("accept", html)]).await.redirect();
        assert_eq!((status, location.as_str()), (307, "/profile?x=1"));

        let bearer = format!("bearer {}", tokens.access);
        for header in [("accept", "application/json"), ("authorization", bearer.as_str())] {
            let (location, status) = api.get_with("/profile?limit=2", &[header]).await.redirect();
            assert_eq!((status, location.as_str()), (307, "/profile/?limit=2"));
        }
        // With both, no circle: the token counts.
        let both = [("accept", html), ("authorization", bearer.as_str())];
        assert_eq!(api.get_with("/profile", &both).await.redirect().0, "/profile/");
        assert_eq!(api.get_with("/profile/", &both).await.status, 200);
    }
}
