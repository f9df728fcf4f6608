//! Who may use the admin pages, for how long, and what others see.

use super::*;
use crate::server::data::Lock;
use leptos::server_fn::axum::server_fn_paths;

/// An admin's browser and the app on their phone; the second factor is set up, and not yet used in this browser.
pub(super) async fn candidate(app: &TestApp) -> (Browser, Totp) {
    grants::grant(app, ADMIN).await.unwrap();
    let browser = app.browser();
    browser.log_in(ADMIN).await;
    assert_eq!(browser.get("/admin").await.location(), "/admin/second-factor?next=/admin");
    let set_up = browser.submit("/admin/second-factor", "/api/admin/second_factor/set_up", &[]).await;
    assert_eq!(set_up.location(), "/admin/second-factor");
    let page = browser.get("/admin/second-factor").await;
    assert_eq!(page.status, StatusCode::OK);
    let (_, secret) = page.body.split_once("data-testid=\"secret\"").expect("the secret is shown");
    let secret = secret.split(['<', '>']).nth(1).unwrap();
    (browser, authenticator(secret))
}

pub(super) async fn prove_in(app: &TestApp, browser: &Browser, totp: &Totp) -> Answer {
    let fields = [("code", &*shown(app, totp)), ("next", "/admin/members?q=912")];
    browser.submit("/admin/second-factor", "/api/admin/second_factor/prove", &fields).await
}

/// Every server function for admins, with what its form would send.
fn calls() -> Vec<(&'static str, &'static [(&'static str, &'static str)])> {
    // `log_in_again` answers every visitor in the same way: it logs them out.
    let paths = server_fn_paths().map(|(path, _)| path).filter(|path| !path.ends_with("log_in_again"));
    paths
        .filter(|path| path.starts_with("/api/admin"))
        .map(|path| {
            let fields: &[_] = match path.rsplit('/').next().unwrap() {
                "list" if path.contains("flags") => &[("waiting", "true"), ("after", "")],
                "flag" | "delivery" => &[("id", "1")],
                "endpoint" => &[("number", "1")],
                "replay_failed" => &[("reason", "why not")],
                "switch_on" => &[("number", "1"), ("url", "https://hooks.example/"), ("reason", "why not")],
                "list" if path.contains("webhooks") => &[("query[state]", "")],
                "import" => &[("id", "1"), ("after", "")],
                "apply" | "replay" => &[("id", "1"), ("reason", "why not")],
                "review" => &[("id", "1"), ("verdict", "accepted"), ("reason", "why not")],
                "overview" => &[("unit", "day")],
                "accept" => &[("token", "")],
                "prove" => &[("code", "123456"), ("next", "")],
                "act" => &[("id", "1"), ("act", "block")],
                "repair" => &[("id", "1"), ("act", "block"), ("reason", "why not"), ("invite_code", "")],
                "view" if path.contains("members") => &[("id", "1"), ("unfolded", "")],
                _ => &[("query[q]", "")],
            };
            (path, fields)
        })
        .collect()
}

#[tokio::test]
async fn a_member_who_calls_a_function_for_admins_gets_nothing() {
    let app = TestApp::new().await;
    app.log_in("+79129999999").await;
    let member = app.browser();
    member.log_in(MEMBER).await;
    let member = member.with_scripting();
    let calls = calls();
    assert!(calls.len() >= 23, "{calls:?}");
    for (path, fields) in calls {
        let answer = member.submit("/admin", path, fields).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (404, "\"NotFound\""), "{path}");
    }
    assert_eq!(app.acts().await, []);
    assert_eq!(app.store.blocked_and_erased().await.unwrap(), (0, 0));
}

#[tokio::test]
async fn a_stranger_and_an_admin_without_second_factor_are_led_away_by_every_function() {
    let app = TestApp::new().await;
    app.log_in("+79129999999").await;
    let (admin, _) = candidate(&app).await;
    for (path, fields) in calls() {
        let answer = app.browser().submit("/admin", path, fields).await;
        assert!(answer.location().starts_with("/login?next=/admin"), "{path}");
        // Those by which a member becomes an admin.
        if path.contains("second_factor") || path.contains("first") {
            continue;
        }
        let answer = admin.submit("/admin/members", path, fields).await;
        assert_eq!(answer.location(), "/admin/second-factor?next=/admin/members", "{path}");
        assert!(!answer.body.contains("+7"), "{path}");
    }
    assert_eq!(app.store.blocked_and_erased().await.unwrap(), (0, 0));
}

#[tokio::test]
async fn for_a_member_an_admin_page_is_an_unknown_address_like_any_other() {
    let app = TestApp::new().await;
    let browser = app.browser();
    browser.log_in(MEMBER).await;
    let without_nonce = |answer: Answer| {
        let nonce = answer.body.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
        (answer.status, answer.body.replace(&nonce, ""))
    };
    let unknown = without_nonce(browser.get("/nowhere").await);
    for path in [
        "/admin",
        "/admin/members",
        "/admin/members/1",
        "/admin/members/1/block",
        "/admin/audit",
        "/admin/flags",
        "/admin/flags/1",
        "/admin/export",
        "/admin/imports",
        "/admin/imports/1",
        "/admin/webhooks",
        "/admin/webhooks/1",
        "/admin/webhooks/failed",
        "/admin/webhooks/endpoints/1",
        "/admin/second-factor",
        "/admin/first",
    ] {
        let page = without_nonce(browser.get(path).await);
        assert_eq!((page.0, page.1.len()), (StatusCode::NOT_FOUND, unknown.1.len()), "{path}");
        assert_eq!(page.1, unknown.1, "{path}");
    }
}

#[tokio::test]
async fn the_second_factor_changes_neither_the_device_nor_the_beginning_of_a_login() {
    let app = TestApp::new().await;
    let (browser, totp) = candidate(&app).await;
    let before = app.sessions().await.pop().unwrap();
    app.clock.advance(seconds(60));
    prove_in(&app, &browser, &totp).await;
    let after = app.sessions().await.pop().unwrap();
    assert_ne!(after.id_hash, before.id_hash);
    assert_eq!(after.login, before.login);
    assert!(after.login.is_some_and(|login| login.device.is_some()));
}

#[tokio::test]
async fn the_second_factor_leads_on_to_where_the_admin_wanted_to_be_under_a_new_session_id() {
    let app = TestApp::new().await;
    let (browser, totp) = candidate(&app).await;
    let before = browser.session_cookie();
    assert_eq!(prove_in(&app, &browser, &totp).await.location(), "/admin/members?q=912");
    assert_ne!(browser.session_cookie(), before);
    let page = browser.get("/admin/members?q=912").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("+7 912 000-00-01"));
    // The proof belongs to this login; another login has to prove it again.
    app.clock.advance(seconds(60));
    let other = app.browser();
    other.log_in(ADMIN).await;
    assert!(other.get("/admin").await.location().starts_with("/admin/second-factor"));
}

#[tokio::test]
async fn after_a_pause_the_second_factor_is_asked_for_and_after_twelve_hours_the_login() {
    let app = TestApp::new().await;
    let (browser, totp) = candidate(&app).await;
    prove_in(&app, &browser, &totp).await;
    for _ in 0..4 {
        app.clock.advance(seconds(14 * 60));
        assert_eq!(browser.get("/admin").await.status, StatusCode::OK);
    }
    app.clock.advance(seconds(15 * 60));
    assert!(browser.get("/admin").await.location().starts_with("/admin/second-factor"));
    assert_eq!(prove_in(&app, &browser, &totp).await.location(), "/admin/members?q=912");
    for _ in 0..(11 * 60 / 14) {
        app.clock.advance(seconds(14 * 60));
        browser.get("/admin").await;
    }
    assert!(browser.get("/admin").await.location().starts_with("/admin/second-factor"));
    assert!(browser.get("/admin/second-factor").await.body.contains("Your login is too old"));
    assert_eq!(prove_in(&app, &browser, &totp).await.location(), "/admin/second-factor");
    let again = browser.submit("/admin/second-factor", "/api/admin/second_factor/log_in_again", &[]).await;
    assert_eq!(again.location(), "/login?next=/admin");
    assert_eq!(browser.get("/profile").await.location(), "/login?next=/profile");
}

#[tokio::test]
async fn an_unknown_member_and_an_unknown_act_are_not_found() {
    let app = TestApp::new().await;
    let (browser, totp) = candidate(&app).await;
    prove_in(&app, &browser, &totp).await;
    for path in ["/admin/members/99", "/admin/members/1/promote", "/admin/nowhere", "/admin/members/x"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.body.contains("There is no such page"), "{path}");
    }
    assert_eq!(browser.get("/admin/").await.location(), "/admin");
}

/// The page of the form for attaching, after this was refused in it.
async fn after_refused_attach(invite_code: &str, reason: &str) -> String {
    let app = TestApp::new().await;
    let (browser, totp) = candidate(&app).await;
    prove_in(&app, &browser, &totp).await;
    let MemberId(id) = app.log_in(MEMBER).await.id;
    let page = format!("/admin/members/{id}/attach");
    let id = id.to_string();
    let fields = [("id", id.as_str()), ("act", "attach"), ("invite_code", invite_code), ("reason", reason)];
    assert_eq!(browser.submit(&page, "/api/admin/members/repair", &fields).await.location(), page);
    browser.get(&page).await.body
}

#[tokio::test]
async fn a_refused_act_comes_back_with_what_was_typed() {
    let body = after_refused_attach("ZZZZZZ", "a \"friend\"").await;
    assert!(body.contains("Unknown code.") && body.contains("value=\"ZZZZZZ\""));
    assert!(body.contains("value=\"a &quot;friend&quot;\""), "{body}");
}

#[tokio::test]
async fn a_line_break_in_one_field_does_not_move_the_others() {
    let body = after_refused_attach("ZZZ\nZZZ", "a friend").await;
    assert!(body.contains("value=\"ZZZ\nZZZ\"") && body.contains("value=\"a friend\""), "{body}");
}

#[tokio::test]
async fn the_second_factor_of_one_admin_does_not_work_for_another() {
    let app = TestApp::new().await;
    let (_, totp) = candidate(&app).await;
    grants::grant(&app, MEMBER).await.unwrap();
    let other = app.browser();
    other.log_in(MEMBER).await;
    assert_eq!(prove_in(&app, &other, &totp).await.location(), "/admin/second-factor");
    second_factor::set_up(&app, app.member_id(MEMBER).await).await.unwrap();
    assert_eq!(prove_in(&app, &other, &totp).await.location(), "/admin/second-factor");
    assert!(other.get("/admin/second-factor").await.body.contains("This code is wrong"));
}

/// Uploads a file as the form on the page does.
async fn upload(browser: &Browser, file: &str) -> Answer {
    let body = format!(
        "--limit\r\nContent-Disposition: form-data; name=\"file\"; filename=\"members.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n{file}\r\n--limit--\r\n"
    );
    let request = Request::post("/admin/imports")
        .header(header::ACCEPT, "text/html")
        .header(header::REFERER, "http://vouch.test/admin/imports")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=limit");
    browser.send_with(request, Body::from(body)).await
}

const EXPORT: [(&str, &str); 3] = [("list", "members"), ("format", "csv"), ("reason", "a test")];

#[tokio::test]
async fn the_forms_for_files_give_nothing_to_others() {
    let app = TestApp::new().await;
    let member = app.browser();
    member.log_in(MEMBER).await;
    let (candidate, _) = candidate(&app).await;
    for (browser, status, place) in [
        (&member, 404, ""),
        (&app.browser(), 303, "/login?next=/admin/"),
        (&candidate, 303, "/admin/second-factor?next=/admin/"),
    ] {
        let exported = browser.submit("/admin/export", "/admin/export", &EXPORT).await;
        let imported = upload(browser, "phone_number\n+79120000099\n").await;
        for answer in [exported, imported] {
            assert_eq!(answer.status.as_u16(), status);
            assert!(answer.location().starts_with(place), "{}", answer.location());
            assert!(!answer.body.contains("+7"));
        }
    }
    assert_eq!(app.store.imports(9).await.unwrap(), []);
    assert!(!app.acts().await.contains(&Act::Export));
}

#[tokio::test]
async fn a_list_is_downloaded_by_its_form_which_comes_back_when_it_is_refused() {
    let app = TestApp::new().await;
    let (browser, totp) = candidate(&app).await;
    prove_in(&app, &browser, &totp).await;
    let file = browser.submit("/admin/export", "/admin/export", &EXPORT).await;
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8; header=present");
    assert!(file.body.contains(ADMIN));
    let refused = [("list", "audit"), ("format", "jsonl"), ("reason", " ")];
    assert_eq!(browser.submit("/admin/export", "/admin/export", &refused).await.location(), "/admin/export");
    let page = browser.get("/admin/export").await.body;
    assert!(page.contains("Say why") && page.contains("<option value=\"audit\" selected"), "{page}");
    assert!(page.contains("<option value=\"jsonl\" selected"));
}

#[tokio::test]
async fn a_file_is_uploaded_by_its_form_and_imported() {
    let app = TestApp::new().await;
    let (browser, totp) = candidate(&app).await;
    prove_in(&app, &browser, &totp).await;
    assert_eq!(upload(&browser, "name\nAnn\n").await.location(), "/admin/imports");
    assert!(browser.get("/admin/imports").await.body.contains("phone_number must be one of them"));
    let uploaded = upload(&browser, &format!("phone_number\n{MEMBER}\n")).await;
    let page = uploaded.location();
    assert_eq!(page, "/admin/imports/1");
    while browser.get(page).await.body.contains("<progress") {}
    assert!(browser.get(page).await.body.contains("1 line can be imported."));
    let refused = browser.submit(page, "/api/admin/files/apply", &[("id", "1"), ("reason", "")]).await;
    assert_eq!(refused.location(), page);
    assert!(browser.get(page).await.body.contains("Say why"));
    let applied = browser.submit(page, "/api/admin/files/apply", &[("id", "1"), ("reason", "we moved")]).await;
    assert_eq!(applied.location(), page);
    while browser.get(page).await.body.contains("<progress") {}
    assert!(browser.get(page).await.body.contains("1 member imported."));
    assert!(browser.get("/admin/imports").await.body.contains("members.csv"));
    app.member_id(MEMBER).await;
}

#[tokio::test]
async fn they_are_in_russian_and_for_readers_of_arabic_in_english() {
    let app = TestApp::new().await;
    let (browser, totp) = candidate(&app).await;
    prove_in(&app, &browser, &totp).await;
    for (language, root, heading, refused) in [
        ("ru", r#"<html lang="ru" dir="ltr""#, "Участники", "Неизвестный номер"),
        ("ar", r#"<html lang="en" dir="ltr""#, "Members", "Unknown phone number"),
    ] {
        browser.submit("/admin", "/language", &[("language", language)]).await;
        let page = browser.get("/admin/members").await.body;
        assert!(page.contains(root) && page.contains(heading), "{language}: {page}");
        let page = browser.get("/admin/audit?subject=%2B79990000000").await.body;
        assert!(page.contains(refused), "{language}: {page}");
    }
}

/// The table of members at an address: its rows, each as the phones in it.
async fn listed(browser: &Browser, address: &str) -> (String, Vec<String>) {
    let page = browser.get(address).await.body;
    let (_, table) = page.split_once("<tbody").expect("a table");
    let (table, _) = table.split_once("</tbody>").unwrap();
    let names = table.split("data-testid=\"member\"").skip(1);
    let names = names.map(|rest| rest.split(['<', '>']).nth(1).unwrap().to_owned()).collect();
    (page, names)
}

#[tokio::test]
async fn the_table_of_members_is_ordered_by_the_links_in_its_head() {
    let app = TestApp::new().await;
    let (browser, totp) = candidate(&app).await;
    prove_in(&app, &browser, &totp).await;
    app.clock.advance(seconds(60));
    let inviter = app.add(MEMBER).await;
    app.clock.advance(seconds(60));
    let invitee = app.add(FRIEND).await;
    redeem(&app, invitee.id, inviter.invite_code.as_str()).await.unwrap();
    let [admin, inviter, invitee] = ["+7 912 000-00-01", "+7 912 345-67-89", "+7 912 345-67-80"];
    for (sort, names, sorted, toggle) in [
        ("", vec![invitee, inviter, admin], "descending", "sort=oldest"),
        ("sort=oldest", vec![admin, inviter, invitee], "ascending", "/admin/members"),
        ("sort=most-invitees", vec![inviter, invitee, admin], "descending", "sort=fewest%2Dinvitees"),
        ("sort=fewest-invitees", vec![admin, invitee, inviter], "ascending", "sort=most%2Dinvitees"),
        ("sort=last-activated", vec![invitee], "descending", "sort=first%2Dactivated"),
        ("sort=first-activated", vec![invitee], "ascending", "sort=last%2Dactivated"),
    ] {
        let (page, listed) = listed(&browser, &format!("/admin/members?{sort}")).await;
        assert_eq!(listed, names, "{sort}");
        let heads: Vec<_> = page.split("<th ").filter(|head| head.contains("aria-sort=")).collect();
        assert_eq!(heads.len(), 1, "{sort}");
        assert!(
            heads[0].contains(&format!("aria-sort=\"{sorted}\"")) && heads[0].contains(toggle),
            "{sort}: {}",
            heads[0]
        );
        assert_eq!(page.contains("only members who have activated a code"), sort.contains("activated"), "{sort}");
    }
}

#[tokio::test]
async fn an_order_keeps_the_filters_and_begins_at_its_first_page() {
    let app = TestApp::new().await;
    let (browser, totp) = candidate(&app).await;
    prove_in(&app, &browser, &totp).await;
    let (page, _) = listed(&browser, "/admin/members?q=912&status=active&after=9999999999999-9").await;
    assert!(page.contains("href=\"/admin/members?q=912&amp;status=active&amp;sort=most%2Dinvitees\""), "{page}");
}

#[tokio::test]
async fn the_table_says_when_a_member_joined_and_activated_a_code_and_their_state() {
    let app = TestApp::new().await;
    let (browser, totp) = candidate(&app).await;
    prove_in(&app, &browser, &totp).await;
    let inviter = app.add(MEMBER).await;
    let invitee = app.add(FRIEND).await;
    app.clock.advance(seconds(24 * 60 * 60));
    redeem(&app, invitee.id, inviter.invite_code.as_str()).await.unwrap();
    let mut tx = app.store.begin(Lock::Nothing).await.unwrap();
    tx.set_blocked(inviter.id, Some(app.clock.now())).await.unwrap();
    tx.commit().await.unwrap();
    // A day later the second factor is asked for again.
    let page = async |q: &str| {
        app.clock.advance(seconds(60));
        browser.get(&format!("/admin/members?q={q}")).await
    };
    assert!(page("345").await.location().starts_with("/admin/second-factor"));
    let again = app.browser();
    again.log_in(ADMIN).await;
    prove_in(&app, &again, &totp).await;
    let row = async |q: &str| {
        let (page, _) = listed(&again, &format!("/admin/members?q={q}")).await;
        page.split_once("<tbody").unwrap().1.split_once("</tbody>").unwrap().0.to_owned()
    };
    let blocked = row("3456789").await;
    assert!(blocked.contains(inviter.invite_code.as_str()) && blocked.contains("1 January 2026"), "{blocked}");
    assert!(blocked.contains(">blocked<") && !blocked.contains("2 January 2026"), "{blocked}");
    let active = row("3456780").await;
    assert!(active.contains("1 January 2026") && active.contains("2 January 2026"), "{active}");
    assert!(active.contains(">active<"), "{active}");
}

#[tokio::test]
async fn the_key_that_leads_to_the_search_is_told_to_screen_readers() {
    let app = TestApp::new().await;
    let (browser, totp) = candidate(&app).await;
    prove_in(&app, &browser, &totp).await;
    let page = browser.get("/admin/members").await.body;
    assert!(page.contains("aria-keyshortcuts=\"/\"") && page.contains("aria-describedby=\"shortcut\""), "{page}");
    assert!(page.contains("id=\"shortcut\"") && page.contains("Press / anywhere"), "{page}");
    assert!(!browser.get("/admin/audit").await.body.contains("aria-keyshortcuts"));
}

#[tokio::test]
async fn flags_and_the_audit_log_are_tables() {
    let app = TestApp::new().await;
    let (browser, totp) = candidate(&app).await;
    prove_in(&app, &browser, &totp).await;
    assert!(!browser.get("/admin/flags").await.body.contains("<table"), "nothing is listed");
    let guesser = app.add(MEMBER).await;
    for number in 0..8 {
        redeem(&app, guesser.id, &format!("ZZZZZ{}", char::from(b'A' + number))).await.unwrap_err();
    }
    let flags = browser.get("/admin/flags").await.body;
    assert!(flags.contains("<table") && flags.contains("Guessing") && flags.contains("/admin/flags/1"), "{flags}");
    let log = browser.get("/admin/audit").await.body;
    assert!(
        log.contains("<table") && log.contains("data-testid=\"audit-line\"") && log.contains("Made admin"),
        "{log}"
    );
}
