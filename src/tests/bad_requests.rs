//! How every endpoint of the JSON API answers a malformed request.

use super::*;
use axum::http::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const ANONYMOUS: [&str; 3] = ["/get_code/", "/authorize/", "/token/refresh/"];
const WITH_TOKEN: [&str; 2] = ["/logout/", "/implement_invite/"];
const JSON: Option<&str> = Some("application/json");
const PHONE: &str = "+79123456789";

/// A member for the endpoints that need one; the others ignore the token.
async fn member() -> Api {
    let api = Api::new().await;
    let tokens = api.log_in(PHONE).await;
    api.with_token(&tokens.access)
}

fn posts() -> impl Iterator<Item = &'static str> {
    ANONYMOUS.into_iter().chain(WITH_TOKEN)
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_refused() {
    let api = member().await;
    let deep = "[".repeat(8_000) + &"]".repeat(8_000);
    let deep_objects = "{\"a\":".repeat(2_000) + "1" + &"}".repeat(2_000);
    let bodies: [&[u8]; 17] = [
        b"{",
        b"}",
        b"nope",
        b"{\"a\":}",
        b"{\"a\" 1}",
        b"{'a': 1}",
        b"{} {}",
        b"[]",
        b"\"phone_number\"",
        b"7",
        b"null",
        b"true",
        b"1e999",
        b"{\"phone_number\":\"\\ud800\"}",
        b"{\"phone_number\":\"\\udc00\\ud800\"}",
        b"{\"phone_number\":\"\xff\xfe\"}",
        deep_objects.as_bytes(),
    ];
    for path in posts() {
        for body in bodies {
            let problem = api.post_bytes(path, JSON, body).await.problem(400);
            let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
            assert!(problem["detail"].as_str().unwrap().starts_with("The body "), "{path} {shown}: {problem}");
        }
        api.post_bytes(path, JSON, deep.clone()).await.problem(400);
    }
    assert_eq!(api.app.messages_sent().await, 1);
}

#[tokio::test]
async fn a_deep_unknown_member_is_refused_too() {
    let api = Api::new().await;
    let deep = "[".repeat(1_000) + &"]".repeat(1_000);
    let body = format!("{{\"phone_number\":\"{PHONE}\",\"x\":{deep}}}");
    api.post_bytes("/get_code/", JSON, body).await.problem(400);
}

#[tokio::test]
async fn unknown_members_are_ignored_and_the_last_of_two_counts() {
    let api = Api::new().await;
    let body = format!("{{\"phone_number\":7,\"lang\":[\"ru\"],\"phone_number\":\"{PHONE}\"}}");
    assert_eq!(api.post_bytes("/get_code/", JSON, body).await.status, 200);
}

#[tokio::test]
async fn another_media_type_is_refused() {
    let api = member().await;
    for path in posts() {
        for other in [
            None,
            Some("text/plain"),
            Some("application/x-www-form-urlencoded"),
            Some("multipart/form-data; boundary=x"),
            Some("application/jsonp"),
            Some("text/html, application/json"),
            Some("ключ"),
        ] {
            api.post_bytes(path, other, "{\"everywhere\": true}").await.problem(415);
        }
    }
}

#[tokio::test]
async fn json_may_be_declared_in_any_letter_case_and_with_a_charset() {
    let api = Api::new().await;
    for declared in ["application/json", "Application/JSON; charset=utf-8", "application/json;charset=UTF-8"] {
        let answer = api.post_bytes("/get_code/", Some(declared), "{}").await;
        assert_eq!(answer.wrong_fields(), ["phone_number"], "{declared}");
    }
}

#[tokio::test]
async fn a_large_body_is_refused_and_the_answer_arrives() {
    let api = member().await;
    let fitting = |length: usize| format!("{{\"x\":\"{}\"}}", "x".repeat(length - 8));
    for path in posts() {
        api.post_bytes(path, JSON, fitting(16 * 1024 + 1)).await.problem(413);
        api.post_bytes(path, JSON, fitting(8 * 1024 * 1024)).await.problem(413);
        api.post_bytes(path, JSON, "[".repeat(100_000)).await.problem(413);
    }
    assert_eq!(api.post_bytes("/get_code/", JSON, fitting(16 * 1024)).await.wrong_fields(), ["phone_number"]);
}

#[tokio::test]
async fn a_large_body_of_undeclared_length_is_refused_everywhere_once_all_of_it_is_sent() {
    let api = Api::new().await;
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let body = chunk.repeat(128) + "0\r\n\r\n";
    for line in ["POST /get_code/", "POST /logout/", "GET /healthz", "PUT /nowhere"] {
        let head = format!(
            "{line} HTTP/1.1\r\nhost: vouch.test\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
        );
        let answer = api.raw(format!("{head}{body}").as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("application/problem+json"), "{line}: {answer}");
    }
}

#[tokio::test]
async fn a_refusal_leaves_the_connection_usable() {
    let api = Api::new().await;
    for (line, status) in
        [("POST /logout/", "401"), ("PUT /nowhere", "404"), ("POST /schema/", "405"), ("POST /get_code/", "415")]
    {
        let mut stream = TcpStream::connect(api.address).await.unwrap();
        stream
            .write_all(format!("{line} HTTP/1.1\r\nhost: vouch.test\r\ncontent-length: 2\r\n\r\n").as_bytes())
            .await
            .unwrap();
        tokio::task::yield_now().await;
        stream.write_all(b"{}GET /healthz HTTP/1.1\r\nhost: vouch.test\r\nconnection: close\r\n\r\n").await.unwrap();
        let mut answers = String::new();
        stream.read_to_string(&mut answers).await.unwrap();
        assert!(answers.starts_with(&format!("HTTP/1.1 {status} ")) && answers.ends_with("ok\n"), "{line}: {answers}");
    }
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_waited_for_ten_seconds() {
    let app = TestApp::new().await;
    let body = Body::from_stream(futures::stream::pending::<std::io::Result<Vec<u8>>>());
    tokio::time::pause();
    let request = Request::post("/get_code/").header("content-type", "application/json");
    let started = tokio::time::Instant::now();
    let answer = app.browser().send_with(request, body).await;
    assert_eq!(started.elapsed().as_secs(), 10);
    assert_eq!(answer.problem(408)["detail"], "The body took too long to arrive.");
}

#[tokio::test]
async fn a_client_that_asks_before_it_sends_much_is_told_at_once() {
    let api = Api::new().await;
    let raw = "POST /get_code/ HTTP/1.1\r\nhost: vouch.test\r\ncontent-type: application/json\r\n\
               content-length: 8000000\r\nexpect: 100-continue\r\n\r\n";
    let answer = api.raw(raw.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn a_wrong_method_is_refused_with_the_allowed_ones() {
    let api = member().await;
    let others = [Method::GET, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS, Method::TRACE];
    for path in posts() {
        for method in others.clone() {
            let answer = api.send(method.clone(), path, &[], Vec::new()).await;
            answer.problem(405);
            assert_eq!(answer.headers["allow"], "POST", "{method} {path}");
        }
        let answer = api.send(Method::HEAD, path, &[], Vec::new()).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (405, ""), "HEAD {path}");
    }
    for path in ["/profile/", "/devices/", "/schema/", "/doc/"] {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS, Method::TRACE] {
            let answer = api.send(method.clone(), path, &[], Vec::new()).await;
            answer.problem(405);
            assert_eq!(answer.headers["allow"], "GET,HEAD", "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_missing_token_comes_before_a_wrong_method_and_a_wrong_body() {
    let api = Api::new().await;
    for path in ["/logout/", "/implement_invite/", "/profile/", "/devices/", "/devices/1/"] {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
            let answer = api.send(method.clone(), path, &[("content-type", "text/plain")], b"{".to_vec()).await;
            let problem = answer.problem(401);
            assert_eq!(answer.headers["www-authenticate"], "Bearer", "{method} {path}");
            assert!(problem.get("code").is_none(), "{problem}");
        }
    }
}

#[tokio::test]
async fn the_profile_without_the_slash_takes_the_same_methods() {
    let api = member().await;
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS, Method::TRACE] {
        for path in ["/profile", "/profile/"] {
            let answer = api.send(method.clone(), path, &[("accept", "text/html")], Vec::new()).await;
            answer.problem(405);
            assert_eq!(answer.headers["allow"], "GET,HEAD", "{method} {path}");
            api.anonymous().send(method.clone(), path, &[("accept", "text/html")], Vec::new()).await.problem(401);
        }
    }
}

#[tokio::test]
async fn head_works_where_get_does() {
    let api = member().await;
    for path in ["/profile/", "/devices/", "/schema/", "/schema/?format=json", "/doc/"] {
        let (got, headed) = (api.get(path).await, api.send(Method::HEAD, path, &[], Vec::new()).await);
        assert_eq!((headed.status.as_u16(), headed.body.as_str()), (200, ""), "{path}");
        assert_eq!(headed.headers["content-type"], got.headers["content-type"]);
        assert_eq!(headed.headers["content-length"], got.body.len().to_string());
    }
}

#[tokio::test]
async fn a_post_without_the_slash_answers_as_with_it() {
    let api = member().await;
    for path in posts() {
        let (with, without) = (api.post(path, json!({})).await, path.trim_end_matches('/'));
        let api = if path == "/logout/" { member().await } else { api.clone() };
        let answer = api.post(without, json!({})).await;
        assert_eq!((answer.status, answer.body), (with.status, with.body), "{without}");
        assert_eq!(api.get(without).await.headers["allow"], "POST");
    }
}

#[tokio::test]
async fn an_unknown_path_is_a_problem_for_programs() {
    let api = member().await;
    for path in ["/nowhere", "/get_code/nowhere", "/profile/1", "/token/"] {
        api.send(Method::PUT, path, &[], Vec::new()).await.problem(404);
    }
    for path in ["/nowhere", "/get_code/nowhere", "/doc/nowhere.js", "/doc/%FF", "/doc/index.html", "//\\evil.example/"]
    {
        api.get(path).await.problem(404);
    }
    let preferring_json = [("accept", "application/json, text/html;q=0.1")];
    api.get_with("/nowhere", &preferring_json).await.problem(404);
    api.post("/get_code//", json!({})).await.problem(404);
}

#[tokio::test]
async fn a_stale_token_is_ignored_where_none_is_needed() {
    let api = Api::new().await.with_token("stale");
    assert_eq!(api.post("/get_code/", json!({"phone_number": PHONE})).await.status, 200);
    api.post("/authorize/", json!({})).await.problem(400);
    api.post("/token/refresh/", json!({})).await.problem(400);
    assert_eq!(api.get("/schema/").await.status, 200);
    assert_eq!(api.get("/doc/").await.status, 200);
}

#[tokio::test]
async fn the_scheme_may_be_written_in_any_letter_case() {
    let api = Api::new().await;
    let access = api.log_in(PHONE).await.access;
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        let answer = api.get_with("/profile/", &[("authorization", &format!("{scheme} {access}"))]).await;
        assert_eq!(answer.status, 200, "{scheme}");
    }
}

#[tokio::test]
async fn another_authorization_scheme_counts_as_no_token() {
    let api = Api::new().await;
    let access = api.log_in(PHONE).await.access;
    for value in ["", "Bearer", "Bearer ", &format!("Token {access}"), "Basic dXNlcjpwYXNz", &access] {
        let problem = api.get_with("/profile/", &[("authorization", value)]).await.problem(401);
        assert!(problem.get("code").is_none(), "{value}: {problem}");
    }
}

#[tokio::test]
async fn a_token_that_was_altered_or_signed_otherwise_is_refused() {
    let api = Api::new().await;
    let tokens = api.log_in(PHONE).await;
    let parts: Vec<&str> = tokens.access.split('.').collect();
    let [header, payload, signature] = parts[..] else { panic!("a JWT has three parts") };
    // {"alg":"none"}, {"alg":"None","typ":"JWT"}, {"alg":"HS512","typ":"JWT"}, {"alg":"RS256","typ":"JWT"}
    let none = "eyJhbGciOiJub25lIn0";
    let none_with_type = "eyJhbGciOiJOb25lIiwidHlwIjoiSldUIn0";
    let hs512 = "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9";
    let rs256 = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9";
    let other_payload = jsonwebtoken::encode(
        &jsonwebtoken::Header::default(),
        &claims(&tokens.access),
        &jsonwebtoken::EncodingKey::from_secret(b"another key"),
    );
    for bad in [
        "x".to_owned(),
        "...".to_owned(),
        tokens.refresh.clone(),
        format!("{none}.{payload}."),
        format!("{none}.{payload}.{signature}"),
        format!("{none_with_type}.{payload}."),
        format!("{hs512}.{payload}.{signature}"),
        format!("{rs256}.{payload}.{signature}"),
        format!("{header}.{payload}."),
        format!("{header}.{payload}"),
        format!("{header}.{}.{signature}", payload.replace('J', "I")),
        format!("{header}.{payload}.{}", signature.chars().rev().collect::<String>()),
        format!("{} {}", tokens.access, tokens.access),
        format!("{}x", tokens.access),
        other_payload.unwrap(),
        "x".repeat(6_000),
    ] {
        let answer = api.with_token(&bad).get("/profile/").await;
        assert_eq!(answer.problem(401)["code"], "token_not_valid", "{bad}");
    }
    let two = [("authorization", &*format!("Bearer {}", tokens.access)), ("authorization", "Bearer x")];
    assert_eq!(api.get_with("/profile/", &two).await.problem(401)["code"], "token_not_valid");
    assert_eq!(
        api.get_with("/profile/", &[("authorization", "Bearer ключ")]).await.problem(401)["code"],
        "token_not_valid"
    );
}

#[tokio::test]
async fn an_access_token_ends_after_a_quarter_of_an_hour() {
    let api = member().await;
    api.app.clock.advance(seconds(899));
    assert_eq!(api.get("/profile/").await.status, 200);
    api.app.clock.advance(seconds(1));
    assert_eq!(api.get("/profile/").await.problem(401)["code"], "token_not_valid");
}

#[tokio::test]
async fn tokens_and_sessions_of_a_blocked_or_deleted_member_end_at_once() {
    for (is_deleted, code) in [(false, "user_inactive"), (true, "user_not_found")] {
        let api = member().await;
        let browser = api.app.browser();
        browser.log_in(PHONE).await;
        assert_eq!(browser.get("/profile").await.status, 200);
        if is_deleted {
            api.app.delete_member(PHONE).await;
        } else {
            api.app.block(PHONE).await;
        }
        for (method, path) in
            [(Method::GET, "/profile/"), (Method::POST, "/implement_invite/"), (Method::POST, "/logout/")]
        {
            let answer = api.send(method, path, &[("content-type", "application/json")], b"{}".to_vec()).await;
            assert_eq!(answer.problem(401)["code"], code, "{path}");
        }
        assert!(browser.get("/profile").await.location().starts_with("/login"));
    }
}

#[tokio::test]
async fn without_its_database_the_api_says_so() {
    let api = member().await;
    api.app.store.close().await;
    for (path, body) in [
        ("/get_code/", json!({"phone_number": PHONE})),
        ("/authorize/", json!({"phone_number": PHONE, "code": "0000"})),
        ("/token/refresh/", json!({"refresh": "x"})),
        ("/logout/", json!({})),
        ("/implement_invite/", json!({"invite_code": "KM7Q2P"})),
    ] {
        let answer = api.post(path, body).await;
        answer.problem(503);
        assert_eq!(answer.headers["retry-after"], "60", "{path}");
    }
    api.get("/profile/").await.problem(503);
    api.get_with("/profile/", &[("accept", "application/json, text/html;q=0.1")]).await.problem(503);
}
