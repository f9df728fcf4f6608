//! Running the programme over the API: the same as the admin pages, behind an admin's token.

pub mod audit;
pub mod export;
pub mod flags;
pub mod imports;
pub mod members;
pub mod overview;
pub mod repair;
pub mod token;

use super::endpoint;
use super::request::{Fields, bearer_token};
use crate::error::AppError;
use crate::model::digits;
use crate::server::domain::admin::{self as rules, Admin, AdminResult};
use crate::server::http::client;
use crate::server::http::problem::Problem;
use crate::server::http::state::AppState;
use crate::words;
use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::routing::{get, post};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::HashMap;
use utoipa::IntoResponses;

/// Every endpoint for admins.
pub fn routes() -> Router<AppState> {
    Router::new()
        .merge(endpoint("/admin/api/token/", post(token::token).fallback(super::other_method_of_a_member)))
        .merge(endpoint("/admin/api/overview/", get(overview::overview).fallback(other_method)))
        .merge(endpoint("/admin/api/members/", get(members::list).fallback(other_method)))
        .merge(endpoint("/admin/api/members/{id}/", get(members::one).fallback(other_method)))
        .merge(endpoint("/admin/api/members/{id}/{act}/", post(repair::repair).fallback(other_method)))
        .merge(endpoint("/admin/api/flags/", get(flags::list).fallback(other_method)))
        .merge(endpoint("/admin/api/flags/{id}/", post(flags::review).fallback(other_method)))
        .merge(endpoint("/admin/api/audit/", get(audit::list).fallback(other_method)))
        .merge(endpoint("/admin/api/export/{list}/", post(export::export).fallback(other_method)))
        .merge(endpoint("/admin/api/imports/", post(imports::bring).fallback(other_method)))
        .merge(endpoint("/admin/api/imports/{id}/", get(imports::one).fallback(other_method)))
        .merge(endpoint("/admin/api/imports/{id}/apply/", post(imports::apply).fallback(other_method)))
}

/// Who is no admin does not learn what is there.
async fn other_method(_: AdminCaller) -> Problem {
    Problem::of_status(StatusCode::METHOD_NOT_ALLOWED)
}

/// The bearer of an admin's token.
pub struct AdminCaller(pub Admin);

impl FromRequestParts<AppState> for AdminCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        Ok(Self(caller(state, parts).await?))
    }
}

/// The admin whose token a request brings.
async fn caller(state: &AppState, parts: &Parts) -> AdminResult<Admin> {
    let presented = bearer_token(&parts.headers)?.ok_or(AppError::LoginRequired)?;
    let visitor = client::visitor(state, &parts.headers, &parts.extensions);
    rules::token::authenticate(&state.ports, &visitor, presented).await
}

/// How many rows an answer holds.
const DEFAULT_LIMIT: u32 = 50;
/// At most.
const MAX_LIMIT: u32 = 500;

/// How many rows are asked for.
fn limit(query: &HashMap<String, String>) -> Result<u32, Problem> {
    match query.get("limit").map(|typed| digits(typed)) {
        None => Ok(DEFAULT_LIMIT),
        Some(Some(limit)) if (1..=MAX_LIMIT).contains(&limit) => Ok(limit),
        Some(_) => {
            let mut fields = Fields::default();
            fields.wrong("limit", words::service().number_from_to(1, MAX_LIMIT));
            Err(fields.problem())
        }
    }
}

/// Parameters that are to be left out where nothing is meant by them.
///
/// # Errors
/// 400 for one that is blank.
fn refuse_blank(query: &HashMap<String, String>, names: &[&'static str]) -> Result<(), Problem> {
    let mut fields = Fields::default();
    for name in names.iter().filter(|name| query.get(**name).is_some_and(String::is_empty)) {
        fields.wrong(name, words::service().may_not_be_empty);
    }
    fields.check()
}

/// A parameter of the query, blank where it is not given.
fn parameter(query: &HashMap<String, String>, name: &str) -> String {
    query.get(name).cloned().unwrap_or_default()
}

/// Where the next page is: the same question, from there on.
fn next_page(path: &str, query: &HashMap<String, String>, place: &str, next: &str) -> String {
    let mut asked: Vec<_> = query.iter().filter(|(name, value)| *name != place && !value.is_empty()).collect();
    asked.sort_unstable();
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let asked: String = asked.into_iter().map(|(name, value)| format!("{}={}&", encode(name), encode(value))).collect();
    format!("<{path}?{asked}{place}={next}>; rel=\"next\"")
}

/// What every call that takes an admin's token may answer.
#[derive(IntoResponses)]
pub enum AdminProblems {
    /// There is no token, or it may not be used; `code` says why
    #[response(status = 401, content_type = "application/problem+json",
        headers(("WWW-Authenticate" = String, description = "`Bearer`")),
        examples(
            ("no token" = (summary = "There is no token", value = json!(Problem::from(AppError::LoginRequired)))),
            ("not valid" = (
                summary = "Expired, altered, logged out, or none of ours",
                value = json!(Problem::from(AppError::TokenRefused))
            ))
        ))]
    Unauthorized(Problem),
    /// It is an admin's access token, without the second factor
    #[response(status = 403, content_type = "application/problem+json",
        example = json!(Problem::from(rules::Refusal::SecondFactorRequired)))]
    SecondFactor(Problem),
    /// The bearer is no admin, or there is no such thing
    #[response(status = 404, content_type = "application/problem+json",
        example = json!(Problem::from(rules::Refusal::NotAnAdmin)))]
    NotFound(Problem),
}

#[cfg(test)]
mod tests {
    use crate::server::data::Act;
    use crate::server::domain::admin::{grants, second_factor};
    use crate::tests::*;
    use axum::http::Method;
    use serde_json::{Value, json};
    use std::time::Duration;
    use totp_rs::Totp;

    const ADMIN: &str = "+79120000001";
    const MEMBER: &str = "+79123456789";

    /// A client with an admin's access token, and the app on the admin's phone.
    async fn candidate(api: &Api) -> (Api, Totp) {
        grants::grant(&api.app, ADMIN).await.unwrap();
        let client = api.with_token(&api.log_in(ADMIN).await.access);
        let id = api.app.member_id(ADMIN).await;
        second_factor::set_up(&api.app, id).await.unwrap();
        let setup = second_factor::setup(&api.app, id).await.unwrap().unwrap();
        (client, authenticator(&setup.secret))
    }

    /// A client with an admin's token.
    async fn admin(api: &Api) -> Api {
        let (client, totp) = candidate(api).await;
        let answer = client.post("/admin/api/token/", json!({"code": shown(&api.app, &totp)})).await.json();
        assert_eq!(answer["expires_in"], 900);
        api.with_token(answer["access"].as_str().unwrap())
    }

    /// Every call for admins, with a body where it takes one.
    fn calls(id: i64) -> Vec<(Method, String, Value)> {
        let get = |path: &str| (Method::GET, path.to_owned(), Value::Null);
        let mut calls = vec![
            get("/admin/api/overview/"),
            get("/admin/api/members/"),
            get(&format!("/admin/api/members/{id}/")),
            get("/admin/api/audit/"),
            get("/admin/api/flags/"),
            (Method::POST, "/admin/api/flags/1/".to_owned(), json!({"verdict": "accepted", "reason": "a test"})),
            (Method::POST, "/admin/api/export/members/".to_owned(), json!({"format": "csv", "reason": "a test"})),
            (Method::POST, "/admin/api/imports/".to_owned(), json!("phone_number\n+79120000099")),
            get("/admin/api/imports/1/"),
            (Method::POST, "/admin/api/imports/1/apply/".to_owned(), json!({"reason": "a test"})),
        ];
        for act in <crate::model::admin::RepairKind as strum::VariantArray>::VARIANTS {
            let body = json!({"reason": "a test", "invite_code": "ZZZZZZ"});
            calls.push((Method::POST, format!("/admin/api/members/{id}/{}/", act.into_str()), body));
        }
        calls
    }

    async fn send(api: &Api, (method, path, body): (Method, String, Value)) -> Answer {
        match method {
            Method::POST => api.post(&path, body).await,
            method => api.send(method, &path, &[], Vec::new()).await,
        }
    }

    #[tokio::test]
    async fn members_and_strangers_get_nothing_from_any_call() {
        let api = Api::new().await;
        let member = api.with_token(&api.log_in(MEMBER).await.access);
        let id = api.app.member_id(MEMBER).await.0;
        let (candidate, _) = candidate(&api).await;
        for call in calls(id) {
            api.anonymous().send(call.0.clone(), &call.1, &[], Vec::new()).await.problem(401);
            send(&member, call.clone()).await.problem(404);
            let refused = send(&candidate, call.clone()).await.problem(403);
            assert_eq!(refused["code"], "second_factor_required", "{}", call.1);
            api.with_token("x.y.z").send(call.0, &call.1, &[], Vec::new()).await.problem(401);
        }
        member.post("/admin/api/token/", json!({"code": "123456"})).await.problem(404);
        member.post("/admin/api/token/", json!({})).await.problem(404);
        api.anonymous().post("/admin/api/token/", json!({"code": "123456"})).await.problem(401);
        assert_eq!(api.app.acts().await, [Act::Grant]);
        // Other methods tell no more.
        member.send(Method::DELETE, "/admin/api/members/1/", &[], Vec::new()).await.problem(404);
    }

    #[tokio::test]
    async fn an_admins_token_comes_of_the_second_factor_and_ends_in_time_and_with_the_login() {
        let api = Api::new().await;
        let (candidate, totp) = candidate(&api).await;
        assert_eq!(candidate.post("/admin/api/token/", json!({})).await.wrong_fields(), ["code"]);
        let wrong = candidate.post("/admin/api/token/", json!({"code": "AAAAA-AAAAA"})).await.problem(403);
        assert_eq!(wrong["code"], "second_factor_refused");
        let code = shown(&api.app, &totp);
        let token = candidate.post("/admin/api/token/", json!({"code": code})).await.json();
        candidate.post("/admin/api/token/", json!({"code": code})).await.problem(403);
        let admin = api.with_token(token["access"].as_str().unwrap());
        assert_eq!(admin.get("/admin/api/members/").await.status, 200);
        // It is no access token of a member.
        admin.get("/profile/").await.problem(401);

        api.app.clock.advance(Duration::from_secs(900));
        admin.get("/admin/api/members/").await.problem(401);
        let again = api.with_token(&api.log_in(ADMIN).await.access);
        let token = again.post("/admin/api/token/", json!({"code": shown(&api.app, &totp)})).await.json();
        let admin = api.with_token(token["access"].as_str().unwrap());
        assert_eq!(again.post("/logout/", json!({})).await.status, 204);
        admin.get("/admin/api/members/").await.problem(401);
    }

    #[tokio::test]
    async fn a_revoked_right_is_gone_at_once() {
        let api = Api::new().await;
        let admin = admin(&api).await;
        grants::revoke(&api.app, ADMIN).await.unwrap();
        admin.get("/admin/api/members/").await.problem(404);
    }

    #[tokio::test]
    async fn the_login_behind_an_admins_token_is_no_older_than_half_a_day() {
        let api = Api::new().await;
        let (_, totp) = candidate(&api).await;
        api.app.clock.advance(Duration::from_secs(60));
        let tokens = api.log_in(ADMIN).await;
        api.app.clock.advance(Duration::from_secs(12 * 60 * 60));
        let refreshed = api.post("/token/refresh/", json!({"refresh": tokens.refresh})).await.json();
        let client = api.with_token(refreshed["access"].as_str().unwrap());
        let refused = client.post("/admin/api/token/", json!({"code": shown(&api.app, &totp)})).await.problem(403);
        assert_eq!(refused["code"], "login_too_old");
    }

    #[tokio::test]
    async fn members_are_found_page_by_page_and_shown_with_their_attempts() {
        let api = Api::new().await;
        let admin = admin(&api).await;
        let member = api.with_token(&api.log_in(MEMBER).await.access);
        let id = api.app.member_id(MEMBER).await.0;
        member.post("/implement_invite/", json!({"invite_code": "ZZZZZZ"})).await.problem(404);

        let first = admin.get("/admin/api/members/?q=%2B7912&limit=1").await;
        let link = first.headers["link"].to_str().unwrap().to_owned();
        let next = link.strip_prefix('<').and_then(|rest| rest.split('>').next()).unwrap();
        assert_eq!(first.json()[0]["phone_number"], MEMBER);
        let second = admin.get(next).await;
        assert_eq!(second.json()[0]["phone_number"], ADMIN);
        assert!(!second.headers.contains_key("link"));
        assert_eq!(admin.get("/admin/api/members/?q=nobody").await.wrong_fields(), ["q"]);
        assert_eq!(admin.get("/admin/api/members/?limit=501").await.wrong_fields(), ["limit"]);
        assert_eq!(admin.get("/admin/api/members/?inviter=ZZZZZZ").await.wrong_fields(), ["inviter"]);

        let record = admin.get(&format!("/admin/api/members/{id}/")).await.json();
        assert_eq!(
            (&record["tries"][0]["outcome"], &record["tries"][0]["typed"]),
            (&json!("unknown"), &json!("ZZZZZZ"))
        );
        assert_eq!(record["logins"][0]["kind"], "api");
        for path in ["/admin/api/members/99/", "/admin/api/members/x/", "/admin/api/members/-1/"] {
            admin.get(path).await.problem(404);
        }
    }

    #[tokio::test]
    async fn every_act_is_done_once_and_stands_in_the_log() {
        let api = Api::new().await;
        let admin = admin(&api).await;
        let (code, id) = {
            let friend = api.with_token(&api.log_in("+79123456780").await.access);
            let code = friend.get("/profile/").await.json()["invite_code"].as_str().unwrap().to_owned();
            api.log_in(MEMBER).await;
            (code, api.app.member_id(MEMBER).await.0)
        };
        let act = async |act: &str| {
            let body = json!({"reason": format!("try to {act}"), "invite_code": code});
            admin.post(&format!("/admin/api/members/{id}/{act}/"), body).await
        };
        for (done, again) in [
            ("block", Some("already_blocked")),
            ("unblock", Some("not_blocked")),
            ("attach", Some("already_redeemed")),
            ("detach", Some("no_redemption")),
            ("replace-invite-code", None),
            ("log-out-everywhere", None),
            ("erase", Some("erased")),
        ] {
            assert_eq!(act(done).await.status, 204, "{done}");
            let line = &admin.get("/admin/api/audit/?limit=1").await.json()[0];
            assert_eq!((line["act"].as_str(), line["subject_id"].as_i64()), (Some(done), Some(id)));
            assert_eq!(line["reason"], format!("try to {done}"));
            if let Some(code) = again {
                assert_eq!(act(done).await.problem(409)["code"], code, "{done}");
            }
        }
        let path = format!("/admin/api/members/{id}/block/");
        assert_eq!(admin.post(&path, json!({"reason": " "})).await.wrong_fields(), ["reason"]);
        assert_eq!(admin.post(&path, json!({"reason": "x".repeat(501)})).await.wrong_fields(), ["reason"]);
        admin.post(&format!("/admin/api/members/{id}/promote/"), json!({"reason": "x"})).await.problem(404);
        admin.get("/admin/api/audit/?from=tomorrow").await.problem(400);
    }

    #[tokio::test]
    async fn the_overview_is_told_by_day_week_or_month() {
        let api = Api::new().await;
        let admin = admin(&api).await;
        for (by, stretches) in [("", 30), ("?by=week", 26), ("?by=month", 24)] {
            let overview = admin.get(&format!("/admin/api/overview/{by}")).await.json();
            let seen = overview["stretches"].as_array().unwrap();
            assert_eq!((seen.len(), &seen[stretches - 1]["members"]), (stretches, &json!(1)), "{by}");
            assert_eq!(overview["totals"]["logins_finished"], 1);
        }
        assert_eq!(admin.get("/admin/api/overview/?by=year").await.wrong_fields(), ["by"]);
    }

    #[tokio::test]
    async fn lists_are_taken_away_as_files() {
        let api = Api::new().await;
        let admin = admin(&api).await;
        let body = json!({"format": "csv", "reason": "a test"});
        let file = admin.post("/admin/api/export/members/", body.clone()).await;
        assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8; header=present");
        let name = file.headers["content-disposition"].to_str().unwrap();
        assert!(name.starts_with("attachment; filename=\"vouch-members-20") && name.ends_with(".csv\""), "{name}");
        assert!(file.body.contains(&format!("'{ADMIN}")));

        let lines = admin.post("/admin/api/export/audit/", json!({"format": "jsonl", "reason": "a test"})).await;
        let newest: Value = serde_json::from_str(lines.body.lines().next().unwrap()).unwrap();
        assert_eq!((&newest["act"], &newest["details"]), (&json!("export"), &json!("audit")));

        admin.post("/admin/api/export/sessions/", body).await.problem(404);
        let path = "/admin/api/export/members/";
        assert_eq!(admin.post(path, json!({})).await.wrong_fields(), ["format", "reason"]);
        assert_eq!(admin.post(path, json!({"format": "xlsx", "reason": "x"})).await.wrong_fields(), ["format"]);
    }

    /// Asks until a file has come to rest.
    async fn at_rest(admin: &Api, path: &str) -> Value {
        loop {
            let report = admin.get(path).await.json();
            if !["checking", "writing"].contains(&report["state"].as_str().unwrap()) {
                return report;
            }
        }
    }

    #[tokio::test]
    async fn a_file_of_members_is_brought_mended_and_applied() {
        let api = Api::new().await;
        let admin = admin(&api).await;
        let bring =
            async |file: &str| admin.post_bytes("/admin/api/imports/", Some("text/csv; charset=utf-8"), file).await;
        let bad = bring("phone_number\n12345\n67890\n").await;
        assert_eq!(bad.status, 202);
        let path = bad.location();
        let report = at_rest(&admin, path).await;
        assert_eq!((&report["state"], &report["lines"], &report["bad"]), (&json!("checked"), &json!(2), &json!(2)));
        let page = admin.get(&format!("{path}?limit=1")).await;
        assert_eq!(page.headers["link"], format!("<{path}?limit=1&after=2>; rel=\"next\""));
        assert_eq!(page.json()["bad_lines"][0]["line"], 2);
        let refused = admin.post(&format!("{path}apply/"), json!({"reason": "a test"})).await.problem(409);
        assert_eq!(refused["code"], "bad_lines");

        let good = bring(&format!("phone_number\n{MEMBER}\n")).await;
        let path = good.location();
        assert_eq!(at_rest(&admin, path).await["bad"], 0);
        assert_eq!(admin.post(&format!("{path}apply/"), json!({})).await.wrong_fields(), ["reason"]);
        assert_eq!(admin.post(&format!("{path}apply/"), json!({"reason": "a test"})).await.status, 202);
        assert_eq!(at_rest(&admin, path).await["state"], "done");
        api.app.member_id(MEMBER).await;
        let again = admin.post(&format!("{path}apply/"), json!({"reason": "a test"})).await.problem(409);
        assert_eq!(again["code"], "already_imported");

        bring("name\nAnn\n").await.problem(400);
        admin.post("/admin/api/imports/", json!({})).await.problem(415);
        admin.get("/admin/api/imports/99/").await.problem(404);
    }

    #[tokio::test]
    async fn only_admins_may_send_more_than_a_form_holds_and_everybody_sees_the_answer() {
        let api = Api::of(TestApp::with_limits(|limits| limits.admin.import_lines = 1000).await).await;
        let admin = admin(&api).await;
        let send = async |client: &Api, length| {
            client.post_bytes("/admin/api/imports/", Some("text/csv"), vec![b'x'; length]).await
        };
        send(&admin, 200_000).await.problem(400);
        send(&admin, 260_097).await.problem(413);
        send(&api.anonymous(), 10_000_000).await.problem(401);
        // Elsewhere nobody may.
        let other = admin.post_bytes("/admin/api/export/members/", Some("application/json"), vec![b' '; 20_000]).await;
        other.problem(413);
    }
}
