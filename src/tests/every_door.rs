//! What holds for every door: health, files, unknown addresses, headers, limits.

use super::*;

#[tokio::test]
async fn the_server_says_that_it_lives_and_is_ready_until_it_drains() {
    let app = TestApp::new().await;
    let browser = app.browser();
    assert_eq!(browser.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(browser.get("/readyz").await.status, StatusCode::OK);
    app.state.drain();
    assert_eq!(browser.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(browser.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn without_its_database_the_server_is_not_ready_and_says_so_to_people() {
    let app = TestApp::new().await;
    let browser = app.browser();
    browser.log_in("+79123456789").await;
    app.store.close().await;
    assert_eq!(browser.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    let page = browser.get("/profile").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.body.contains("Try again in a minute."));
    assert_eq!(page.headers["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn an_unknown_page_is_a_404_with_a_way_back() {
    let app = TestApp::new().await;
    for path in ["/nowhere", "/login/nowhere", "/pkg/nowhere.wasm"] {
        let page = app.browser().get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.body.contains("There is no such page") && page.body.contains("href=\"/\""), "{path}");
    }
}

#[tokio::test]
async fn every_answer_has_an_id_of_ours_and_the_common_headers() {
    let app = TestApp::new().await;
    let large = || Body::from("x".repeat(20_000));
    let requests = [
        (Request::get("/login").header(header::ACCEPT, "text/html"), Body::empty(), 200),
        (Request::get("/doc/swagger-ui.css"), Body::empty(), 200),
        (Request::get("/doc/"), Body::empty(), 200),
        (Request::get("/schema/"), Body::empty(), 200),
        (Request::get("/healthz"), Body::empty(), 200),
        (Request::get("/profile").header(header::ACCEPT, "text/html"), Body::empty(), 303),
        (Request::get("//login"), Body::empty(), 308),
        (Request::post("/get_code/"), Body::empty(), 400),
        (Request::get("/profile/"), Body::empty(), 401),
        (Request::post("/api/logout").header(header::COOKIE, "vouch=x"), Body::empty(), 403),
        (Request::get("/nowhere").header(header::ACCEPT, "text/html"), Body::empty(), 404),
        (Request::get("/nowhere.js"), Body::empty(), 404),
        (Request::get("/get_code/"), Body::empty(), 405),
        (Request::post("/get_code/").header(header::CONTENT_LENGTH, 20_000), large(), 413),
        (Request::post("/get_code/").header(header::CONTENT_TYPE, "text/plain"), Body::from("{}"), 415),
    ];
    for (request, body, status) in requests {
        let path = request.uri_ref().unwrap().to_string();
        let answer = app.browser().send_with(request.header("x-request-id", "forged"), body).await;
        assert_eq!(answer.status, status, "{path}");
        let id = answer.headers["x-request-id"].to_str().unwrap();
        assert!(id.len() == 36 && id != "forged", "{path}: {id}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(answer.headers["referrer-policy"], "same-origin", "{path}");
        assert_eq!(answer.headers["cross-origin-opener-policy"], "same-origin", "{path}");
        assert!(answer.headers["permissions-policy"].to_str().unwrap().contains("camera=()"), "{path}");
        assert!(answer.headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
    }
}

#[tokio::test]
async fn a_large_body_is_refused() {
    let app = TestApp::new().await;
    let answer = app.browser().request_code(&"9".repeat(20_000)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn nothing_is_done_by_a_get() {
    let app = TestApp::new().await;
    let answer = app.browser().get("/api/login/request_code?phone_number=%2B79123456789&next=").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(app.messages_sent().await, 0);
}

#[tokio::test]
async fn cookies_are_bound_to_the_site_and_hidden_from_scripts() {
    let app = TestApp::new().await;
    let answer = app.browser().request_code("+79123456789").await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }

    let browser = app.browser_at("https://vouch.test");
    let answer = browser.request_code("+79123456780").await;
    assert_eq!(answer.headers[header::STRICT_TRANSPORT_SECURITY], "max-age=63072000");
    let subdomains = AppState::new(app.state.ports.clone(), "https://vouch.test".parse().ok(), 0, true);
    let hsts = &Browser::of(build_router(subdomains)).get("/login").await.headers[header::STRICT_TRANSPORT_SECURITY];
    assert_eq!(hsts, "max-age=63072000; includeSubDomains");
    let session = cookies(&answer);
    assert!(is_well_bound(&session[0], "__Host-vouch="), "{session:?}");
    // A login sets the cookies of the session and of the device. A logout removes the session's with the same attributes,
    // without which a browser would keep it.
    assert_eq!(app.messages_sent().await, 2);
    let code = browser.shown_code().await;
    let mut login = cookies(&browser.verify(&code).await);
    login.sort();
    assert!(is_well_bound(&login[0], "__Host-vouch-device=") && is_well_bound(&login[1], "__Host-vouch="), "{login:?}");
    let removed = cookies(&browser.submit("/profile", "/api/logout", &[]).await);
    assert!(removed.len() == 1 && is_well_bound(&removed[0], "__Host-vouch=;"), "{removed:?}");
    assert!(removed[0].contains("Max-Age=0"), "{removed:?}");
}

fn cookies(answer: &Answer) -> Vec<String> {
    answer.headers.get_all(header::SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap().to_owned()).collect()
}

fn is_well_bound(cookie: &str, beginning: &str) -> bool {
    let attributes = ["; HttpOnly", "; SameSite=Lax", "; Secure", "; Path=/"];
    cookie.starts_with(beginning) && attributes.iter().all(|attribute| cookie.contains(attribute))
}

#[tokio::test]
async fn a_cookie_holds_256_random_bits_and_the_database_their_hash() {
    let app = TestApp::new().await;
    let browser = app.browser();
    browser.request_code("+79123456789").await;
    let anonymous = browser.session_cookie().unwrap();
    browser.log_in("+79123456780").await;
    for cookie in [anonymous.clone(), browser.session_cookie().unwrap(), browser.cookie("vouch-device").unwrap()] {
        assert!(cookie.len() == 64 && cookie.bytes().all(|byte| byte.is_ascii_hexdigit()), "{cookie}");
        assert!(!app.holds(&cookie).await);
    }
    assert_ne!(browser.session_cookie().unwrap(), anonymous);
    assert_eq!(app.sessions().await.len(), 1);
}

#[tokio::test]
async fn an_incomplete_or_foreign_body_of_a_form_is_a_bad_request() {
    let app = TestApp::new().await;
    let browser = app.browser_with_scripting();
    let action = "/api/login/request_code";
    assert_eq!(browser.submit("/login", action, &[("next", "")]).await.status, StatusCode::BAD_REQUEST);
    let json = Request::post(action).header(header::CONTENT_TYPE, "application/json");
    let answer = browser.send_with(json, Body::from("{\"phone_number\":\"+79123456789\"}")).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::BAD_REQUEST, "\"Malformed\""));
    assert_eq!(browser.submit("/login", "/api/nowhere", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.messages_sent().await, 0);
}

#[tokio::test]
async fn without_its_database_a_form_says_so() {
    let app = TestApp::new().await;
    let member = app.browser();
    member.log_in("+79123456789").await;
    app.store.close().await;

    let with_scripting = app.browser_with_scripting();
    assert_eq!(with_scripting.request_code("+79123456780").await.refusal(), words::member().unavailable);
    with_scripting.set_session_cookie(&member.session_cookie().unwrap());
    assert_eq!(with_scripting.redeem("ABCDEF").await.refusal(), words::member().unavailable);

    assert_eq!(app.browser().request_code("+79123456780").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn spare_slashes_lead_to_the_page_that_was_meant() {
    let app = TestApp::new().await;
    for (path, meant) in [
        ("/login/", "/login"),
        ("//login", "/login"),
        ("//login?next=%2F", "/login?next=%2F"),
        ("/login//code/", "/login/code"),
        ("/healthz/", "/healthz"),
        ("/admin/members/17/", "/admin/members/17"),
        ("///", "/"),
    ] {
        let answer = app.browser().get(path).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::PERMANENT_REDIRECT, meant), "{path}");
    }
    for unknown in ["/nothing/", "//nothing", "//evil.example//", "/login/nothing/", "/admin/nothing/"] {
        let answer = app.browser().get(unknown).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::NOT_FOUND, ""), "{unknown}");
    }
}

#[tokio::test]
async fn a_network_begins_a_number_of_sessions_an_hour_and_is_then_told_how_long_to_wait() {
    let app = TestApp::with_limits(|limits| limits.session.per_address = "30/1h".parse().unwrap()).await;
    let refused = async || app.browser().request_code("no phone").await;
    for _ in 0..30 {
        assert_eq!(refused().await.status, StatusCode::FOUND);
    }
    app.clock.advance(seconds(600));
    let answer = refused().await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.headers[header::RETRY_AFTER], "3000");
    assert!(answer.body.contains("<html") && answer.body.contains("Try again in 50 min"), "{}", answer.body);
    assert_eq!(app.sessions().await.len(), 30);
    // With scripting the form itself says so.
    let answer = app.browser_with_scripting().request_code("+79123456789").await;
    assert!(answer.refusal().contains("Try again in 50 min"), "{}", answer.refusal());
    // Browsers with a session can go on, and the next hour has a budget of its own.
    app.clock.advance(seconds(3000));
    assert_eq!(refused().await.status, StatusCode::FOUND);
}

#[tokio::test]
async fn nothing_is_sent_for_a_login_that_cannot_be_remembered_and_a_known_device_always_can() {
    let app = TestApp::with_limits(|limits| limits.session.per_address = "30/1h".parse().unwrap()).await;
    let owner = app.browser();
    owner.log_in("+79123456789").await;
    owner.submit("/profile", "/api/logout", &[]).await;
    for _ in 0..30 {
        app.browser().request_code("no phone").await;
    }
    assert_eq!(app.browser().request_code("+79123456780").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(app.messages_sent().await, 1);
    owner.log_in("+79123456789").await;
    assert_eq!(app.messages_sent().await, 2);
}

#[tokio::test]
async fn a_refused_form_keeps_no_more_than_a_field_takes() {
    let app = TestApp::new().await;
    let largest = async || app.sessions().await.iter().map(|session| session.data.len()).max().unwrap();
    app.browser().request_code(&"x".repeat(4_000)).await;
    assert!(largest().await < 500);
    let next = format!("/{}", "x".repeat(8_000));
    let fields = [("phone_number", "+79123456789"), ("next", &next)];
    app.browser().submit("/login", "/api/login/request_code", &fields).await;
    assert!(largest().await < 500);
}

#[tokio::test]
async fn the_slower_of_two_submissions_does_not_undo_the_login() {
    let app = TestApp::new().await;
    let browser = app.browser();
    browser.request_code("+79123456789").await;
    let (code, before) = (browser.shown_code().await, browser.session_cookie().unwrap());
    let late = app.browser();
    late.set_session_cookie(&before);
    // Both have read the session when one of them ends it.
    let (one, other) = tokio::join!(browser.verify(&code), late.verify(&code));
    let cookies = [cookies(&one), cookies(&other)];
    assert!(cookies.iter().flatten().all(|cookie| !cookie.contains(&before)), "{cookies:?}");
    assert_eq!(app.sessions().await.iter().filter(|session| session.login.is_some()).count(), 1);
}

/// A form that logs out, with these headers and a member's cookie.
async fn log_out_from(app: &TestApp, member: &Browser, headers: &[(&'static str, &str)]) -> Answer {
    let mut request = Request::post("/api/logout")
        .header(header::HOST, "vouch.test")
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let thief = app.browser();
    thief.set_session_cookie(&member.session_cookie().unwrap());
    thief.send_with(request, Body::empty()).await
}

#[tokio::test]
async fn a_form_from_another_site_changes_nothing() {
    let app = TestApp::new().await;
    let member = app.browser();
    member.log_in("+79123456789").await;
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[],
        &[("origin", "http://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://vouch.test.evil.example")],
        &[("origin", "http://vouch.test:8080")],
    ] {
        let answer = log_out_from(&app, &member, headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert!(answer.body.contains("did not come from a page of this site"), "{}", answer.body);
    }
    assert_eq!(member.get("/profile").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_form_of_this_site_is_accepted_by_either_header() {
    for headers in
        [&[("sec-fetch-site", "same-origin")], &[("sec-fetch-site", "none")], &[("origin", "http://vouch.test")]]
    {
        let app = TestApp::new().await;
        let member = app.browser();
        member.log_in("+79123456789").await;
        assert_eq!(log_out_from(&app, &member, headers).await.location(), "/login", "{headers:?}");
    }
}

#[tokio::test]
async fn behind_a_proxy_that_rewrites_the_host_the_public_address_counts() {
    let app = TestApp::new().await;
    let browser = app.browser_at("http://vouch.example");
    for (origin, status) in
        [("http://vouch.example", StatusCode::FOUND), ("http://evil.example", StatusCode::FORBIDDEN)]
    {
        let request = Request::post("/api/logout")
            .header(header::HOST, "10.0.0.7:3000")
            .header(header::ACCEPT, "text/html")
            .header(header::ORIGIN, origin);
        assert_eq!(browser.send(request).await.status, status, "{origin}");
    }
}

#[tokio::test]
async fn a_request_without_a_session_needs_no_origin() {
    let app = TestApp::new().await;
    let request = Request::post("/api/login/request_code")
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = app.browser().send_with(request, Body::from("phone_number=%2B79123456789&next=")).await;
    assert_eq!(answer.location(), "/login/code");
}
