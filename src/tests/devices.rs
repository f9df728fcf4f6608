//! The page of a member's devices: what it lists, and what its forms end. The API's list: `rest/devices`.

use super::*;
use crate::server::domain::visitor;
use crate::server::secrets::Token;

const PHONE: &str = "+79123456789";
const PAGE: &str = "/profile/devices";

/// Logs the phone in on a browser of its own, a minute later than before.
async fn log_in(app: &TestApp) -> Browser {
    app.clock.advance(seconds(60));
    let browser = app.browser();
    browser.log_in(PHONE).await;
    browser
}

/// The names by which the forms end logins. The own one has the ordinary form to log out.
async fn ids(browser: &Browser) -> Vec<String> {
    let page = browser.get(PAGE).await.body;
    let values = page.split("name=\"id\" value=\"").skip(1);
    values.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_page_needs_a_login_and_leads_back() {
    let app = TestApp::new().await;
    assert_eq!(app.browser().get(PAGE).await.location(), "/login?next=/profile/devices");
}

#[tokio::test]
async fn every_login_is_listed_and_the_own_one_is_marked() {
    let app = TestApp::new().await;
    let first = log_in(&app).await;
    let _second = log_in(&app).await;
    let page = first.get(PAGE).await.body;
    assert!(page.contains("You are logged in at 2 places."), "{page}");
    let (own, other) =
        page.split_once("data-testid=\"device\"").unwrap().1.split_once("data-testid=\"device\"").unwrap();
    assert!(own.contains("This device") && !other.contains("This device"), "{page}");
}

#[tokio::test]
async fn another_login_is_ended_and_its_device_becomes_unknown() {
    let app = TestApp::new().await;
    let lost = log_in(&app).await;
    let here = log_in(&app).await;
    let [other] = ids(&here).await.try_into().unwrap();
    assert_eq!(here.submit(PAGE, "/api/devices/log_out", &[("id", &other)]).await.location(), PAGE);
    assert_eq!(ids(&here).await.len(), 0);
    assert!(lost.get("/profile").await.location().starts_with("/login"));
    let lost = Visitor { device: Token::presented(&lost.cookie("vouch-device").unwrap()), ..stranger() };
    assert_eq!(visitor::is_known(&app, &lost, app.clock.now()).await, Ok(false));
    // Ending it again changes nothing.
    assert_eq!(here.submit(PAGE, "/api/devices/log_out", &[("id", &other)]).await.location(), PAGE);
}

#[tokio::test]
async fn logging_out_everywhere_ends_every_login() {
    let app = TestApp::new().await;
    let (one, other) = (log_in(&app).await, log_in(&app).await);
    assert_eq!(one.submit(PAGE, "/api/devices/log_out_everywhere", &[]).await.location(), "/login");
    for browser in [one, other] {
        assert!(browser.get("/profile").await.location().starts_with("/login"));
    }
}

#[tokio::test]
async fn strangers_end_nothing() {
    let app = TestApp::new().await;
    let (_first, member) = (log_in(&app).await, log_in(&app).await);
    let [id] = ids(&member).await.try_into().unwrap();
    let other = app.browser();
    assert!(other.submit(PAGE, "/api/devices/log_out", &[("id", &id)]).await.location().starts_with("/login"));
    assert!(other.submit(PAGE, "/api/devices/log_out_everywhere", &[]).await.location().starts_with("/login"));
    other.log_in("+79123456780").await;
    for id in [id.as_str(), "", "x"] {
        other.submit(PAGE, "/api/devices/log_out", &[("id", id)]).await;
    }
    assert_eq!(ids(&member).await, [id]);
}
