//! The progress of a member as an inviter, milestones, and the board.

use super::*;
use crate::server::settings::Switch;

const PAGE: &str = "/profile/progress";
const DAY: u64 = 24 * 3600;

async fn inviter(app: &TestApp) -> (Browser, String) {
    let browser = app.browser();
    browser.log_in("+79123456789").await;
    (browser, app.log_in("+79123456789").await.invite_code.as_str().to_owned())
}

async fn invite(app: &TestApp, code: &str, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let invitee = app.browser();
        invitee.log_in(&format!("+7912000{number:04}")).await;
        invitee.redeem(code).await;
    }
}

/// The periods of the plot with their numbers, oldest first.
fn plot(page: &str) -> Vec<(String, String)> {
    let row =
        regex::Regex::new(r#"<th scope="row">([^<]+)</th><td class="number">([^<]+)</td><td class="bar">"#).unwrap();
    row.captures_iter(page).map(|row| (row[1].to_owned(), row[2].to_owned())).collect()
}

#[tokio::test]
async fn invitees_are_shown_by_days_then_weeks_then_months() {
    let app = TestApp::new().await;
    let (browser, code) = inviter(&app).await;
    assert!(browser.get(PAGE).await.body.contains("Nobody has joined with your code yet."));
    invite(&app, &code, 1..3).await;
    app.clock.advance(seconds(DAY));
    invite(&app, &code, 3..4).await;
    let page = browser.get(PAGE).await.body;
    let day = |day: &str, joined: &str| (day.to_owned(), joined.to_owned());
    assert_eq!(plot(&page), [day("1 Jan 2026", "2"), day("2 Jan 2026", "1")]);
    assert!(page.contains("3 people joined with your code."));
    app.clock.advance(seconds(40 * DAY));
    let browser = app.browser();
    browser.log_in("+79123456789").await;
    let weeks = plot(&browser.get(PAGE).await.body);
    assert_eq!((weeks[0].clone(), weeks.len()), (day("29 Dec 2025", "3"), 7));
    app.clock.advance(seconds(100 * DAY));
    app.browser().log_in("+79123456789").await;
    app.clock.advance(seconds(100 * DAY));
    let browser = app.browser();
    browser.log_in("+79123456789").await;
    let months = plot(&browser.get(PAGE).await.body);
    assert_eq!((months[0].clone(), months.len()), (day("Jan 2026", "3"), 8));
}

#[tokio::test]
async fn milestones_of_the_host_are_reached_one_by_one() {
    let milestones = ["10=A month for free", "2=You get a badge"].map(|text| text.parse().unwrap());
    let app = TestApp::with_rules(|rules| {
        rules.milestones = milestones.to_vec();
        rules.milestones.sort_by_key(|milestone| milestone.invitees);
    });
    let app = app.await;
    let (browser, code) = inviter(&app).await;
    assert!(browser.get("/profile").await.body.contains("0 of 2: You get a badge"));
    invite(&app, &code, 1..3).await;
    assert!(browser.get("/profile").await.body.contains("2 of 10: A month for free"));
    let page = browser.get(PAGE).await.body;
    assert_eq!(page.matches("reached</span>").count(), 1);
    assert!(page.find("You get a badge") < page.find("A month for free"));
}

#[tokio::test]
async fn a_member_is_on_the_board_only_if_they_want_to_and_with_a_part_of_the_number() {
    let app = TestApp::new().await;
    let (browser, code) = inviter(&app).await;
    invite(&app, &code, 1..2).await;
    let page = browser.get(PAGE).await.body;
    assert!(page.contains("Nobody is on the board yet.") && page.contains("You are not on the board."));
    let answer = browser.submit(PAGE, "/profile/board", &[("board", "on")]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, PAGE));
    let page = browser.get(PAGE).await.body;
    assert!(page.contains("<bdi>+7 9•• •••-••-89</bdi> <strong class=\"badge\">you</strong>"), "{page}");
    let other = app.browser();
    other.log_in("+79120000001").await;
    let page = other.get(PAGE).await.body;
    assert!(page.contains("+7 9•• •••-••-89") && !page.contains(">you<") && !page.contains("345"));
    // What is no choice changes nothing.
    browser.submit(PAGE, "/profile/board", &[("board", "maybe")]).await;
    assert!(browser.get(PAGE).await.body.contains("Take me off the board"));
    browser.submit(PAGE, "/profile/board", &[("board", "off")]).await;
    assert!(browser.get(PAGE).await.body.contains("Nobody is on the board yet."));
    let answer = app.browser().submit(PAGE, "/profile/board", &[("board", "on")]).await;
    assert_eq!(answer.location(), "/login?next=/profile/progress");
}

#[tokio::test]
async fn a_host_may_want_no_board() {
    let app = TestApp::with_rules(|rules| rules.board = Switch::Off).await;
    let (browser, _) = inviter(&app).await;
    assert!(!browser.get(PAGE).await.body.contains("/profile/board"));
}
