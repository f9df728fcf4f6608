//! What the overview says of a period and of the one before.

use super::pages::{candidate, prove_in};
use super::*;
use crate::server::data::{Counted, LinkCounts, LinkStep, Lock, WebhookOff};
use crate::server::domain::admin::overview;
use crate::server::domain::periods::Unit;

const DAY: u64 = 24 * 60 * 60;

async fn page(app: &TestApp) -> String {
    let (browser, totp) = candidate(app).await;
    prove_in(app, &browser, &totp).await;
    browser.get("/admin").await.body
}

/// The text of a figure, from its name on, without markup.
fn figure(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("<dt>{name}</dt>")).unwrap_or_else(|| panic!("{name}: {page}"));
    let (figure, _) = rest.split_once("</div>").unwrap();
    let texts = figure.split('<').filter_map(|part| part.split_once('>').map(|(_, text)| text.trim()));
    texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("|")
}

#[tokio::test]
async fn a_period_is_compared_with_as_many_days_before_it() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    for number in 0..4 {
        app.add(&format!("+7921{number:07}")).await;
    }
    app.store.count_link_step(by.member(), app.clock.now().day(), LinkStep::Opened).await.unwrap();
    // The first day of the last thirty is the second of January, and the thirty before end with the first.
    app.clock.advance(seconds(30 * DAY));
    app.add(MEMBER).await;
    let days = overview::read(&app, &by, Unit::Day).await.unwrap();
    let members = |span: &overview::Span| span.counts.of(Counted::Members);
    assert_eq!([members(&days.span), members(&days.before)], [1, 5]);
    assert_eq!(days.before.links, LinkCounts { opened: 1, ..LinkCounts::default() });
    app.clock.advance(seconds(29 * DAY));
    let days = overview::read(&app, &by, Unit::Day).await.unwrap();
    assert_eq!([members(&days.span), members(&days.before)], [1, 5]);
    app.clock.advance(seconds(DAY));
    let days = overview::read(&app, &by, Unit::Day).await.unwrap();
    assert_eq!([members(&days.span), members(&days.before)], [0, 1]);
    let months = overview::read(&app, &by, Unit::Month).await.unwrap();
    assert_eq!([members(&months.span), members(&months.before)], [6, 0]);
}

#[tokio::test]
async fn each_figure_is_shown_with_its_change() {
    let app = TestApp::new().await;
    for number in 0..4 {
        app.add(&format!("+7921{number:07}")).await;
    }
    app.clock.advance(seconds(30 * DAY));
    app.add(MEMBER).await;
    let page = page(&app).await;
    assert_eq!(figure(&page, "Members who joined"), "2|\u{2212}50 %|before: 4");
    assert_eq!(figure(&page, "Logins completed"), "1|before: none");
    assert_eq!(figure(&page, "Links opened"), "0|before: none");
    assert_eq!(figure(&page, "From joining to activating a code (median)"), "\u{2014}|before: none");
}

#[tokio::test]
async fn the_time_from_joining_to_redeeming_is_the_median_of_the_period() {
    let app = TestApp::new().await;
    let inviter = app.add(MEMBER).await;
    for (number, wait) in [(0, 60), (1, 3600), (2, 7200)] {
        let invitee = app.add(&format!("+7921{number:07}")).await;
        app.clock.advance(seconds(wait));
        redeem(&app, invitee.id, inviter.invite_code.as_str()).await.unwrap();
    }
    app.clock.advance(seconds(30 * DAY));
    let late = app.add(FRIEND).await;
    app.clock.advance(seconds(90));
    redeem(&app, late.id, inviter.invite_code.as_str()).await.unwrap();
    let page = page(&app).await;
    assert_eq!(figure(&page, "From joining to activating a code (median)"), "90 s|\u{2212}98 %|before: 60 min");
}

#[tokio::test]
async fn the_way_from_a_link_to_a_redemption_is_told_as_a_whole_and_compared() {
    let app = TestApp::new().await;
    let owner = app.add(MEMBER).await.id;
    let today = app.clock.now().day();
    let count = async |day, step, times| {
        for _ in 0..times {
            app.store.count_link_step(owner, day, step).await.unwrap();
        }
    };
    count(today, LinkStep::Opened, 8).await;
    count(today, LinkStep::LoggedIn, 4).await;
    count(today, LinkStep::Redeemed, 1).await;
    let by = admin(&app).await;
    let conversion = async || {
        let read = overview::read(&app, &by, Unit::Day).await.unwrap();
        crate::server::present::overview::overview(&read, Unit::Day).funnels[1].conversion.clone()
    };
    assert_eq!(conversion().await, "In all 12 %");
    app.clock.advance(seconds(30 * DAY));
    count(today + 30, LinkStep::Opened, 2).await;
    count(today + 30, LinkStep::Redeemed, 1).await;
    assert_eq!(conversion().await, "In all 50 %, before 12 %");
}

#[tokio::test]
async fn what_has_no_data_says_so() {
    let app = TestApp::new().await;
    let page = page(&app).await;
    // No code was activated, and no link was opened. The admin has logged in, for which a message was sent.
    assert_eq!(page.matches("Nothing yet in this period.").count(), 2, "{page}");
    assert_eq!(page.matches("<svg").count(), 3);
    assert!(page.contains("Nobody has invited anybody yet."));
}

#[tokio::test]
async fn each_bar_says_its_number() {
    let app = TestApp::new().await;
    let page = page(&app).await;
    assert!(page.contains("<title>1 Jan 2026, joined: 1</title>"), "{page}");
    assert!(page.contains("<title>1 Jan 2026, started: 1, completed: 1</title>"), "{page}");
    assert!(page.contains("As a table"));
}

#[tokio::test]
async fn an_endpoint_to_which_nothing_is_sent_is_noticed() {
    let endpoint = "https://hooks.example/secret-path";
    let app = TestApp::with_rules(|rules| rules.webhooks = vec![endpoint.parse().unwrap()]).await;
    let (browser, totp) = candidate(&app).await;
    prove_in(&app, &browser, &totp).await;
    let notice = "No webhooks are sent to https://hooks.example since 1 Jan 2026, 00:00 UTC.";
    let page = browser.get("/admin").await.body;
    assert!(page.contains("/admin/webhooks") && !page.contains(notice));
    let mut tx = app.store.begin(Lock::Nothing).await.unwrap();
    tx.webhook_failed(endpoint, app.clock.now()).await.unwrap();
    tx.switch_webhooks_off(endpoint, WebhookOff::Failing, app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    let page = browser.get("/admin").await.body;
    assert!(page.contains(notice) && !page.contains("secret-path"), "{page}");
}
