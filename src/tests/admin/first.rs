//! The link of the terminal, by which the first admin becomes one.

use super::*;
use crate::server::domain::admin::first;
use crate::{route, words};

/// The link that the terminal shows, as a path with its token.
async fn link(app: &TestApp) -> String {
    route::first_admin(first::offer(app).await.unwrap().expect("there is no admin yet").as_str())
}

fn token_of(link: &str) -> &str {
    link.split_once("token=").expect("a link with a token").1
}

async fn accept(browser: &Browser, link: &str) -> Answer {
    browser.submit(link, "/api/admin/first/accept", &[("token", token_of(link))]).await
}

#[tokio::test]
async fn whoever_opens_the_link_and_logs_in_becomes_the_first_admin() {
    for scripting in [false, true] {
        let app = TestApp::new().await;
        let link = link(&app).await;
        let browser = if scripting { app.browser_with_scripting() } else { app.browser() };
        let login = browser.get(&link).await;
        assert_eq!(login.location(), format!("/login?next={link}"));
        let fields = [("phone_number", ADMIN), ("next", &*link)];
        browser.submit(login.location(), "/api/login/request_code", &fields).await;
        assert_eq!(browser.verify(&browser.shown_code().await).await.location(), link);

        let page = browser.get(&link).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains(token_of(&link)), "the form sends the token");
        assert_eq!(app.acts().await, [], "opening the page changes nothing");
        assert_eq!(accept(&browser, &link).await.location(), "/admin/second-factor");
        assert!(browser.get("/admin/second-factor").await.body.contains(words::admin().set_it_up));
        assert_eq!(app.acts().await, [Act::Grant]);
        assert!(app.audit_actors().await == [None], "the audit log names the host");
        assert!(first::offer(&app).await.unwrap().is_none(), "there is an admin");
    }
}

#[tokio::test]
async fn a_used_expired_or_unknown_link_is_an_unknown_address() {
    let app = TestApp::new().await;
    let (used, expired) = (link(&app).await, link(&app).await);
    let unknown = route::first_admin(&"a1".repeat(32));
    let browser = app.browser();
    browser.log_in(ADMIN).await;
    accept(&browser, &used).await;
    grants::revoke(&app, ADMIN).await.unwrap();
    let late = link(&app).await;
    app.clock.advance(first::LINK_LIFE);
    for link in [&used, &expired, &late, &unknown, "/admin/first", "/admin/first?token="] {
        assert_eq!(browser.get(link).await.status, StatusCode::NOT_FOUND, "{link}");
    }
    for link in [&used, &expired, &late, &unknown] {
        let back = accept(&browser, link).await;
        assert!(back.location().contains(token_of(link)), "back to the address that does not exist: {link}");
    }
    let browser = browser.with_scripting();
    assert_eq!(accept(&browser, &unknown).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.store.grants().await.unwrap(), []);
}

#[tokio::test]
async fn the_link_ends_when_the_command_line_makes_an_admin() {
    let app = TestApp::new().await;
    let link = link(&app).await;
    grants::grant(&app, ADMIN).await.unwrap();
    let browser = app.browser();
    browser.log_in(MEMBER).await;
    assert_eq!(browser.get(&link).await.status, StatusCode::NOT_FOUND);
    assert_eq!(accept(&browser.with_scripting(), &link).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.store.grants().await.unwrap().len(), 1);
}

#[tokio::test]
async fn of_two_who_use_one_link_at_once_one_becomes_the_admin() {
    let app = TestApp::new().await;
    let link = link(&app).await;
    let members = [app.log_in(MEMBER).await.id, app.log_in(FRIEND).await.id];
    let all = join_all(members.map(|member| first::accept(&app, member, token_of(&link)))).await;
    assert_eq!(all.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{all:?}");
    assert_eq!(app.store.grants().await.unwrap().len(), 1);
}
