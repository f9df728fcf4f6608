//! `GET /profile/`: the phone, the invite code and the invitees of the member. Needs an access token.

use super::query::{self, PageSize, Query, next_page};
use super::request::{Verified, bearer_token};
use crate::model::profile::Cursor;
use crate::route;
use crate::server::domain::profile;
use crate::server::http::accept;
use crate::server::http::problem::{InvalidRequest, Problem, ServerProblems, TokenProblems};
use crate::server::http::state::AppState;
use crate::server::present::invitee_number;
use crate::server::sentences;
use crate::server::settings::InviteePhones;
use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Where this stands, beside the page [`route::PROFILE`].
const PATH: &str = "/profile/";

/// Which invitees to list.
#[derive(Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Page {
    /// How many invitees the page holds at most.
    // Clients of older services expect all of them.
    #[param(inline, example = 20)]
    limit: PageSize<1000, 1000>,
    /// Where the page begins, as in the header `Link` of the previous page; blank for the first page.
    #[serde(deserialize_with = "cursor")]
    #[param(pattern = "^([0-9]{1,18}-[0-9]{1,18})?$", example = "1767225600000-17")]
    after: Option<String>,
}

fn cursor<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let is_good = |typed: &str| typed.is_empty() || Cursor::parse(typed).is_some();
    query::kept_if(deserializer, is_good, sentences::service().bad_cursor)
}

/// The profile of the member.
#[derive(Serialize, ToSchema)]
pub struct Profile {
    /// The phone number in E.164 form.
    #[schema(example = "+79123456789")]
    phone_number: String,
    /// The invite code of the member.
    #[schema(pattern = "^[2-9A-HJKMNP-Z]{6}$", example = "KM7Q2P")]
    invite_code: String,
    /// The phone numbers of the invitees, newest first. Erased members are left out.
    #[schema(example = json!(["+79123456780"]))]
    invited_users: Vec<String>,
    /// The number of all invitees, including erased members.
    #[schema(example = 1)]
    invited_total: u64,
    /// The invite code that the member redeemed; empty if none.
    #[schema(pattern = "^([2-9A-HJKMNP-Z]{6})?$", example = "")]
    activated_foreign_invite_code: String,
}

impl Profile {
    fn of(profile: profile::Profile, phones: InviteePhones) -> Self {
        let invited = profile.invitees.iter().filter_map(|invitee| invitee.phone.as_ref());
        Self {
            phone_number: profile.member.phone.as_str().to_owned(),
            invite_code: profile.member.invite_code.to_string(),
            invited_users: invited.map(|phone| invitee_number(phone, phones)).collect(),
            invited_total: profile.total,
            activated_foreign_invite_code: profile.activated.map(|code| code.to_string()).unwrap_or_default(),
        }
    }
}

/// Show the profile
///
/// Shows the phone number, the invite code and the invitees of the member. The header `Link` leads to the next page of
/// invitees. A browser that opens this address is redirected to the web app.
#[utoipa::path(
    get,
    path = "/profile/",
    tag = "Members",
    security(("bearer" = [])),
    params(Page),
    responses(
        (
            status = 200, description = "The profile", body = Profile,
            headers(("Link" = String, description = "`</profile/?limit=…&after=…>; rel=\"next\"`, if there are more")),
            example = json!({
                "phone_number": "+79123456789", "invite_code": "KM7Q2P", "invited_users": ["+79123456780"],
                "invited_total": 1, "activated_foreign_invite_code": "",
            }),
        ),
        (status = 307, description = "A browser (`Accept` begins with `text/html`, and there is no token) is redirected to `/profile`"),
        (
            status = 400, description = "A parameter is not valid",
            body = InvalidRequest, content_type = "application/problem+json",
            example = json!(query::parse::<Page>("limit=0&after=x").err()),
        ),
        TokenProblems,
        ServerProblems,
    ),
)]
pub async fn profile(
    _: Client,
    State(state): State<AppState>,
    Verified(token): Verified,
    Query(page): Query<Page>,
) -> Result<Response, Problem> {
    let after = page.after.as_deref().and_then(Cursor::parse);
    let profile = profile::of_bearer(&state.ports, token, after, page.limit.0).await?;
    let next = profile.older.map(|after| next_page(PATH, &Page { after: Some(after.to_string()), ..page }));
    Ok((AppendHeaders(next), Json(Profile::of(profile, state.ports.rules.invitee_phones))).into_response())
}

/// A client of the API. A browser is redirected to the page of the web app.
pub struct Client;

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let asks_for_page = accept::prefers_page(&parts.headers) && !has_token(&parts.headers);
        if asks_for_page { Err(to(route::PROFILE, &parts.uri)) } else { Ok(Self) }
    }
}

/// Where a client of the API finds the profile if it asks for the page of the web app.
pub fn for_client(parts: &Parts) -> Option<Response> {
    let asks_for_data = has_token(&parts.headers) || accept::prefers(&parts.headers, "application/json");
    asks_for_data.then(|| to(PATH, &parts.uri))
}

fn to(path: &str, from: &Uri) -> Response {
    let query = from.query().map(|query| format!("?{query}")).unwrap_or_default();
    ([(header::VARY, "Accept, Authorization")], Redirect::temporary(&format!("{path}{query}"))).into_response()
}

fn has_token(headers: &HeaderMap) -> bool {
    !matches!(bearer_token(headers), Ok(None))
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
