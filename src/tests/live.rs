//! Events: an open profile hears of changes on any server, of those it has missed, and of nothing else.

use super::*;
use crate::route::EVENTS;
use crate::server::domain::profile;
use axum::body::Body;
use axum::http::Request;
use futures::FutureExt;
use http_body_util::BodyExt;

const INVITER: &str = "+79123456789";

/// An open profile that has seen this revision.
async fn open(browser: &Browser, seen: i64) -> Body {
    let request = Request::get(format!("{EVENTS}?since={seen}")).header("accept", "text/event-stream");
    let answer = browser.begin(request, Body::empty()).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.into_body()
}

/// What it has heard since, without waiting.
fn heard(events: &mut Body) -> Option<String> {
    let frame = events.frame().now_or_never()??;
    Some(String::from_utf8(frame.unwrap().into_data().unwrap().into()).unwrap())
}

/// Lets a new member redeem the code of the inviter.
async fn redeem(app: &TestApp, phone: &str) {
    let code = app.log_in(INVITER).await.invite_code;
    app.clock.advance(Duration::from_hours(1));
    let newcomer = app.browser();
    newcomer.log_in(phone).await;
    newcomer.redeem(code.as_str()).await;
}

#[tokio::test]
async fn a_redemption_on_another_server_is_heard_once() {
    let app = TestApp::in_file().await;
    let other = app.another_server().await;
    let browser = app.browser();
    browser.log_in(INVITER).await;
    let mut events = open(&browser, 0).await;
    app.state.live.look(&app).await;
    assert_eq!(heard(&mut events), None);
    redeem(&other, "+79120000001").await;
    app.state.live.look(&app).await;
    assert_eq!(heard(&mut events).unwrap(), "id: 1\ndata: changed\n\n");
    app.state.live.look(&app).await;
    assert_eq!(heard(&mut events), None);
}

#[tokio::test]
async fn whoever_comes_back_hears_what_was_missed() {
    let app = TestApp::new().await;
    let browser = app.browser();
    browser.log_in(INVITER).await;
    redeem(&app, "+79120000001").await;
    redeem(&app, "+79120000002").await;
    let mut events = open(&browser, 1).await;
    app.state.live.look(&app).await;
    assert_eq!(heard(&mut events).unwrap(), "id: 2\ndata: changed\n\n");
    let again = Request::get(format!("{EVENTS}?since=0")).header("last-event-id", "2");
    let mut events = browser.begin(again, Body::empty()).await.into_body();
    app.state.live.look(&app).await;
    assert_eq!(heard(&mut events), None);
}

#[tokio::test]
async fn the_page_shows_the_revision_from_which_it_follows() {
    let app = TestApp::new().await;
    redeem(&app, "+79120000001").await;
    let inviter = app.member_id(INVITER).await;
    assert_eq!(profile::read(&app, inviter, None, 20).await.unwrap().revision.0, 1);
}

#[tokio::test]
async fn strangers_and_too_many_pages_of_a_member_hear_nothing() {
    let app = TestApp::new().await;
    let request = || Request::get(format!("{EVENTS}?since=0"));
    assert_eq!(app.browser().send(request()).await.status, StatusCode::NO_CONTENT);
    let browser = app.browser();
    browser.log_in(INVITER).await;
    let mut pages = Vec::new();
    for _ in 0..20 {
        pages.push(open(&browser, 0).await);
    }
    assert_eq!(browser.send(request()).await.status, StatusCode::NO_CONTENT);
    pages.pop();
    let _another = open(&browser, 0).await;
}

#[tokio::test]
async fn open_pages_are_let_go_when_the_server_stops() {
    let app = TestApp::new().await;
    let browser = app.browser();
    browser.log_in(INVITER).await;
    let mut events = open(&browser, 0).await;
    app.state.live.end();
    assert!(events.frame().now_or_never().unwrap().is_none());
}
