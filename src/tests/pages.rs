//! The web pages, as browsers without and with JavaScript use them.

use super::*;
use crate::server::settings::Brand;
use std::collections::HashSet;

const PHONE: &str = "+7 912 345-67-89";

#[tokio::test]
async fn the_first_page_says_what_this_is_and_leads_a_member_to_the_profile() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let start = browser.get("/").await;
    assert_eq!(start.status, StatusCode::OK);
    assert!(start.body.contains("By invitation of people who know you") && start.body.contains("href=\"/login\""));
    assert_eq!(browser.get("/login/code").await.location(), "/login");
    browser.log_in(PHONE).await;
    for path in ["/", "/login", "/login/code"] {
        assert_eq!(browser.get(path).await.location(), "/profile", "{path}");
    }
}

#[tokio::test]
async fn a_guarded_page_leads_to_the_login_and_back() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let answer = browser.get("/profile?after=17-3").await;
    assert_eq!(answer.location(), "/login?next=/profile?after=17-3");
    assert!(answer.body.is_empty(), "nothing is rendered for a stranger");

    let fields = [("phone_number", PHONE), ("next", "/profile?after=17-3")];
    browser.submit("/login", "/api/login/request_code", &fields).await;
    let code = browser.shown_code().await;
    assert_eq!(browser.verify(&code).await.location(), "/profile?after=17-3");
}

#[tokio::test]
async fn the_way_back_survives_a_refused_phone() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let fields = [("phone_number", "12"), ("next", "/profile?after=17-3")];
    let page = "/login?next=/profile?after=17-3";
    assert_eq!(browser.submit(page, "/api/login/request_code", &fields).await.location(), page);
    let page = browser.get(page).await.body;
    assert!(page.contains("name=\"next\" value=\"/profile?after=17-3\"") && page.contains("value=\"12\""));
}

#[tokio::test]
async fn a_login_form_without_its_hidden_field_leads_to_the_profile() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let answer = browser.submit("/login", "/api/login/request_code", &[("phone_number", PHONE)]).await;
    assert_eq!(answer.location(), "/login/code");
    let code = browser.shown_code().await;
    assert_eq!(browser.verify(&code).await.location(), "/profile");
}

#[tokio::test]
async fn without_a_connection_a_member_has_the_code_and_a_stranger_has_none() {
    let app = TestApp::new().await;
    let browser = app.browser();
    assert!(!browser.get("/offline").await.body.contains("invite-code"));
    browser.log_in(PHONE).await;
    let page = browser.get("/offline").await.body;
    let code = app.log_in(PHONE).await.invite_code;
    assert!(page.contains("No connection") && page.contains(code.as_str()) && page.contains("<svg"));
    let script = browser.get("/service-worker.js").await;
    assert_eq!(script.headers[header::CONTENT_SECURITY_POLICY], "default-src 'none'; connect-src 'self'");
    assert!(script.body.contains("\"/offline\"") && script.body.contains("\"/api/page\""));
}

#[tokio::test]
async fn the_style_guide_is_there_only_where_strangers_cannot_reach_the_server() {
    let page = TestApp::new().await.browser().get("/styleguide").await;
    assert!(page.status == StatusCode::OK && page.body.contains("Heading of a section"));
    let public = TestApp::with_rules(|rules| rules.is_public = true).await;
    assert_eq!(public.browser().get("/styleguide").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nobody_is_led_to_another_site_after_the_login() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let fields = [("phone_number", PHONE), ("next", "//evil.example/")];
    browser.submit("/login", "/api/login/request_code", &fields).await;
    let code = browser.shown_code().await;
    assert_eq!(browser.verify(&code).await.location(), "/profile");
}

#[tokio::test]
async fn the_first_load_is_complete_html() {
    let app = TestApp::new().await;
    let inviter = app.log_in("+79123456780").await;
    let browser = app.browser();
    browser.log_in(PHONE).await;
    browser.redeem(inviter.invite_code.as_str()).await;
    let page = browser.get("/profile").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("+7 912 345-67-89"), "own phone");
    assert!(page.body.contains("data-testid=\"invite-code\""), "own code");
    assert!(page.body.contains(inviter.invite_code.as_str()), "activated code");
    assert!(!page.body.contains("name=\"invite_code\""), "the field has gone for good");
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");

    let inviter = app.browser();
    inviter.log_in("+79123456780").await;
    let page = inviter.get("/profile").await.body;
    assert!(page.contains("data-testid=\"invitees\"") && page.contains("1 January 2026"));
}

#[tokio::test]
async fn a_refusal_without_scripting_comes_back_with_what_was_typed_and_once() {
    let app = TestApp::new().await;
    let browser = app.browser();
    assert_eq!(browser.request_code("no phone").await.location(), "/login");
    let page = browser.get("/login").await.body;
    assert!(page.contains("value=\"no phone\"") && page.contains("not a possible phone number"));
    let again = browser.get("/login").await.body;
    assert!(!again.contains("no phone") && !again.contains("not a possible phone number"));
}

#[tokio::test]
async fn what_was_typed_cannot_break_out_of_the_page() {
    let app = TestApp::new().await;
    let browser = app.browser();
    browser.request_code("\"><script>alert(1)</script>").await;
    assert!(!browser.get("/login").await.body.contains("<script>alert"));
}

#[tokio::test]
async fn a_refusal_with_scripting_is_an_ordinary_answer() {
    let app = TestApp::new().await;
    let browser = app.browser_with_scripting();
    let answer = browser.request_code("").await;
    assert_eq!((answer.status, answer.refusal().as_str()), (StatusCode::OK, words::refusals().phone_missing));
    assert_eq!(answer.location(), "");
}

#[tokio::test]
async fn every_refusal_of_the_redeem_form_has_its_sentence() {
    let app = TestApp::new().await;
    let browser = app.browser();
    browser.log_in(PHONE).await;
    let me = app.log_in(PHONE).await;
    let my_invitee = app.log_in("+79123456780").await;
    crate::server::domain::redeem::redeem(&app, &stranger(), my_invitee.id, me.invite_code.as_str()).await.unwrap();
    for (typed, sentence) in [
        ("", "Enter an invite code."),
        ("ABCDEFG", "this one is longer"),
        ("ZZZZZZ", "Unknown code."),
        (me.invite_code.as_str(), "your own code"),
        (my_invitee.invite_code.as_str(), "joined through you"),
    ] {
        assert_eq!(browser.redeem(typed).await.location(), "/profile");
        let page = browser.get("/profile").await.body;
        assert!(page.contains(sentence), "{typed}: {sentence}");
        assert!(page.contains(&format!("value=\"{typed}\"")), "{typed} is kept");
    }
    assert_eq!(app.redemptions().await.len(), 1);
}

#[tokio::test]
async fn the_session_id_changes_at_the_login() {
    let app = TestApp::new().await;
    let browser = app.browser();
    browser.request_code(PHONE).await;
    let before = browser.session_cookie().unwrap();
    let code = browser.shown_code().await;
    browser.verify(&code).await;
    assert_ne!(browser.session_cookie().unwrap(), before);
    browser.set_session_cookie(&before);
    assert_eq!(browser.get("/profile").await.location(), "/login?next=/profile");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_parallel_submissions_of_one_right_code_make_one_session() {
    let app = TestApp::new().await;
    let browser = Arc::new(app.browser());
    browser.request_code(PHONE).await;
    let (before, code) = (browser.session_cookie().unwrap(), browser.shown_code().await);
    let tries: Vec<_> = (0..50)
        .map(|_| {
            let (twin, code) = (app.browser(), code.clone());
            twin.set_session_cookie(&before);
            tokio::spawn(async move { twin.verify(&code).await })
        })
        .collect();
    let mut winners = 0;
    for answer in tries {
        let answer = answer.await.unwrap();
        assert_eq!(answer.status, StatusCode::FOUND);
        winners += i32::from(answer.location() == "/profile");
    }
    assert_eq!(winners, 1);
    assert_eq!(app.sessions().await.iter().filter(|session| session.login.is_some()).count(), 1);
}

#[tokio::test]
async fn logging_out_ends_the_session_for_good() {
    let app = TestApp::new().await;
    let browser = app.browser();
    browser.log_in(PHONE).await;
    let cookie = browser.session_cookie().unwrap();
    assert_eq!(browser.submit("/profile", "/api/logout", &[]).await.location(), "/login");
    assert_eq!(browser.session_cookie(), None);
    browser.set_session_cookie(&cookie);
    assert_eq!(browser.get("/profile").await.location(), "/login?next=/profile");
    assert_eq!(app.sessions().await.len(), 0);
}

#[tokio::test]
async fn a_session_ends_after_a_week_without_a_visit_and_after_a_month_in_any_case() {
    const DAY: Duration = seconds(24 * 60 * 60);
    let app = TestApp::new().await;
    let browser = app.browser();
    browser.log_in(PHONE).await;
    for _ in 0..4 {
        app.clock.advance(seconds(7 * 24 * 60 * 60 - 1));
        assert_eq!(browser.get("/profile").await.status, StatusCode::OK);
    }
    app.clock.advance(DAY * 2 + seconds(4));
    assert_eq!(browser.get("/profile").await.location(), "/login?next=/profile");

    browser.log_in(PHONE).await;
    app.clock.advance(DAY * 7);
    assert_eq!(browser.get("/profile").await.location(), "/login?next=/profile");
}

#[tokio::test]
async fn a_form_sent_after_the_session_ended_leads_to_the_login_and_back() {
    let app = TestApp::new().await;
    for browser in [app.browser(), app.browser_with_scripting()] {
        let answer = browser.redeem("ABCDEF").await;
        assert_eq!(answer.location(), "/login?next=/profile");
        assert!(browser.get("/login?next=/profile").await.body.contains("Log in to continue."));
    }
}

#[tokio::test]
async fn a_code_sent_without_a_login_leads_to_its_beginning() {
    let app = TestApp::new().await;
    let browser = app.browser();
    assert_eq!(browser.verify("1234").await.location(), "/login");
    assert!(browser.get("/login").await.body.contains("Start again with your phone number."));
}

#[tokio::test]
async fn an_unfinished_login_can_be_gone_back_to() {
    let app = TestApp::new().await;
    let browser = app.browser();
    browser.request_code(PHONE).await;
    let page = browser.get("/login").await.body;
    assert!(page.contains("A code was sent to") && page.contains("href=\"/login/code\""));
}

#[tokio::test]
async fn only_the_simulated_gateway_shows_a_message() {
    let sms = SilentSms::broken();
    sms.mend();
    let app = TestApp::with_sms(Arc::new(sms)).await;
    let browser = app.browser();
    browser.request_code(PHONE).await;
    let page = browser.get("/login/code").await.body;
    assert!(page.contains("name=\"code\"") && !page.contains("simulated-sms"));
}

#[tokio::test]
async fn strangers_are_led_from_the_admin_pages_to_the_login_and_members_find_nothing_there() {
    let app = TestApp::new().await;
    for path in ["/admin", "/admin/"] {
        assert_eq!(app.browser().get(path).await.location(), format!("/login?next={path}"));
    }
    let member = app.browser();
    member.log_in("+79123456789").await;
    assert_eq!(member.get("/admin").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_page_says_that_nobody_is_verified_where_messages_are_simulated_in_public() {
    for in_public in [true, false] {
        let app = TestApp::with_rules(|rules| rules.is_simulated_in_public = in_public).await;
        let browser = app.browser();
        browser.log_in("+79123456789").await;
        for page in ["/profile", "/nowhere"] {
            let answer = browser.get(page).await;
            assert_eq!(
                answer.body.contains("<body data-notice=\"For trying out"),
                in_public,
                "{page}: {}",
                answer.body
            );
        }
    }
}

#[tokio::test]
async fn each_answer_has_a_nonce_of_its_own_also_where_the_page_is_the_same() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let mut nonces = HashSet::new();
    for _ in 0..3 {
        let answer = browser.get("/login").await;
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
        assert!(nonce.len() >= 22 && answer.body.contains(&format!("nonce=\"{nonce}\"")), "{policy}");
        nonces.insert(nonce.to_owned());
    }
    assert_eq!(nonces.len(), 3);
}

/// The size of a compressed page tells what is in it to whoever chooses a part of it (BREACH).
#[tokio::test]
async fn a_page_is_compressed_unless_its_address_has_a_query() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let encoding = async |path| {
        let request = Request::get(path).header("accept-encoding", "gzip, br");
        let answer = browser.send(request).await;
        (answer.status, answer.headers.get("content-encoding").map(|value| value.to_str().unwrap().to_owned()))
    };
    assert_eq!(encoding("/login").await, (StatusCode::OK, Some("gzip".to_owned())));
    assert_eq!(encoding("/login?next=/profile").await, (StatusCode::OK, None));
    browser.log_in(PHONE).await;
    assert_eq!(encoding("/profile").await, (StatusCode::OK, Some("gzip".to_owned())));
    assert_eq!(encoding("/profile?after=17-3").await, (StatusCode::OK, None));
}

#[tokio::test]
async fn every_page_shows_the_colours_the_logo_and_the_links_of_the_host() {
    let folder = tempfile::tempdir().unwrap();
    let logo = folder.path().join("logo.svg");
    std::fs::write(&logo, "<svg/>").unwrap();
    let brand = Brand {
        colors: Some("#0033aa,#88bbff".parse().unwrap()),
        logo: Some(logo.to_str().unwrap().parse().unwrap()),
        terms: Some("https://example.org/terms".parse().unwrap()),
        privacy: None,
    };
    let app = TestApp::with_rules(|rules| rules.brand = brand).await;
    let browser = app.browser();
    for path in ["/", "/login", "/nothing"] {
        let page = browser.get(path).await.body;
        assert!(page.contains("--accent:light-dark(#0033aa,#88bbff)"), "{page}");
        assert!(page.contains("background-image:url(\"/logo\")") && page.contains("href=\"/logo\""), "{page}");
        assert!(
            page.contains("<a href=\"https://example.org/terms\">Terms</a>") && !page.contains(">Privacy<"),
            "{page}"
        );
    }
    assert_eq!(browser.get("/logo").await.body, "<svg/>");
    let manifest: serde_json::Value = serde_json::from_str(&browser.get("/manifest.webmanifest").await.body).unwrap();
    assert_eq!(manifest["icons"][0]["src"], "/logo");
    assert_eq!(TestApp::new().await.browser().get("/logo").await.status, StatusCode::NOT_FOUND);
}
