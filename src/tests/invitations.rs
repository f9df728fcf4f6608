//! Share links: what is behind one, how long it is remembered, and what is counted.

use super::*;
use crate::model::invite_code::{ALPHABET, InviteCode};
use crate::server::data::LinkCounts;
use crate::server::domain::invitation;
use axum::http::{Request, header};

const INVITER: &str = "+79123456789";
/// The number of the inviter as newcomers see it; no line ends within it.
const MASKED: &str = "+7\u{a0}9••\u{a0}•••\u{2011}••\u{2011}89";
const NEWCOMER: &str = "+79120000019";

/// An app with a member who invites, and their share link.
async fn invited() -> (TestApp, Member, String) {
    let app = TestApp::new().await;
    let inviter = app.log_in(INVITER).await;
    let link = format!("/i/{}", inviter.invite_code);
    (app, inviter, link)
}

async fn counts(app: &TestApp, of: &Member) -> (u64, u64, u64) {
    let LinkCounts { opened, logged_in, redeemed } = invitation::counts(app, of.id).await.unwrap();
    (opened, logged_in, redeemed)
}

/// The code that this member has activated.
async fn activated(app: &TestApp, phone: &str) -> Option<InviteCode> {
    app.store.member(app.member_id(phone).await).await.unwrap().unwrap().activated
}

#[tokio::test]
async fn a_link_says_who_invites_without_the_whole_number() {
    let (app, _, link) = invited().await;
    let page = app.browser().get(&link).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(&format!("{MASKED} invites you")), "{}", page.body);
    assert!(!page.body.contains("345"), "no other digit of the number");
    assert!(page.body.contains(r#"<a href="/login" class="button">Join</a>"#));
}

#[tokio::test]
async fn messengers_get_a_preview_and_search_engines_nothing() {
    let (app, inviter, link) = invited().await;
    let page = app
        .browser()
        .send(Request::get(&link).header(header::HOST, "vouch.test").header(header::ACCEPT, "text/html"))
        .await;
    for meta in [
        r#"<meta name="robots" content="noindex""#.to_owned(),
        format!(r#"content="{MASKED} invites you" property="og:title""#),
        format!(r#"content="http://vouch.test{link}" property="og:url""#),
        format!(r#"content="http://vouch.test{link}/card.png" property="og:image""#),
    ] {
        assert!(page.body.contains(&meta), "{meta}: {}", page.body);
    }
    let card = app.browser().get(&format!("{link}/card.png")).await;
    assert_eq!((card.status, &card.headers[header::CONTENT_TYPE]), (StatusCode::OK, &"image/png".parse().unwrap()));
    assert_eq!(app.browser().get("/i/AAAAAA/card.png").await.status, StatusCode::NOT_FOUND);
    assert_eq!(counts(&app, &inviter).await.0, 1, "the pictures are not counted");
}

#[tokio::test]
async fn the_code_is_offered_after_the_login_and_redeemed_only_by_the_button() {
    let (app, inviter, link) = invited().await;
    let browser = app.browser();
    browser.get(&link).await;
    browser.get("/nothing").await;
    browser.log_in(NEWCOMER).await;
    let profile = browser.get("/profile").await.body;
    assert!(profile.contains(&format!("You were invited by {MASKED}.")), "{profile}");
    assert_eq!(activated(&app, NEWCOMER).await, None);
    browser.redeem(inviter.invite_code.as_str()).await;
    assert_eq!(activated(&app, NEWCOMER).await, Some(inviter.invite_code.clone()));
    assert!(browser.cookie("vouch-invite").is_none());
    assert!(!browser.get("/profile").await.body.contains("You were invited by"));
    assert_eq!(counts(&app, &inviter).await, (1, 1, 1));
}

#[tokio::test]
async fn the_newest_link_wins_and_each_step_is_counted_once() {
    let (app, first, first_link) = invited().await;
    let second = app.log_in("+79123456788").await;
    let browser = app.browser();
    browser.get(&first_link).await;
    browser.get(&format!("/i/{}", second.invite_code)).await;
    browser.get(&format!("/i/{}", second.invite_code)).await;
    browser.get("/i/AAAAAA").await;
    browser.log_in(NEWCOMER).await;
    assert!(browser.get("/profile").await.body.contains("+7\u{a0}9••\u{a0}•••\u{2011}••\u{2011}88."));
    assert_eq!(counts(&app, &first).await, (1, 0, 0));
    assert_eq!(counts(&app, &second).await, (1, 1, 0));
    // Somebody who then enters the code of the first was not brought by the link of the second.
    browser.redeem(first.invite_code.as_str()).await;
    assert_eq!((counts(&app, &first).await, counts(&app, &second).await), ((1, 0, 0), (1, 1, 0)));
}

#[tokio::test]
async fn programs_that_fetch_a_preview_are_not_counted() {
    let (app, inviter, link) = invited().await;
    for (name, value) in [("sec-fetch-mode", "cors"), ("sec-purpose", "prefetch;prerender")] {
        let browser = app.browser();
        browser.send(Request::get(&link).header(header::ACCEPT, "text/html").header(name, value)).await;
        assert!(browser.cookie("vouch-invite").is_none(), "{name}");
    }
    assert_eq!(counts(&app, &inviter).await, (0, 0, 0));
}

#[tokio::test]
async fn a_link_that_invites_nobody_says_why_and_lets_one_join() {
    let (app, _, link) = invited().await;
    let unknown = app.browser().get("/i/AAAAAA").await;
    assert_eq!(unknown.status, StatusCode::OK);
    assert!(unknown.body.contains("no longer valid") && unknown.body.contains(">Join</a>"));
    app.block(INVITER).await;
    let blocked = app.browser().get(&link).await.body;
    assert!(blocked.contains("cannot be accepted at the moment") && blocked.contains("Join"), "{blocked}");
    let browser = app.browser();
    browser.get(&link).await;
    browser.log_in(NEWCOMER).await;
    assert!(!browser.get("/profile").await.body.contains("You were invited by"));
}

#[tokio::test]
async fn a_member_sees_that_a_link_is_their_own_or_that_they_have_an_inviter() {
    let (app, inviter, link) = invited().await;
    let browser = app.browser();
    browser.log_in(NEWCOMER).await;
    let own = app.log_in(NEWCOMER).await.invite_code;
    assert!(browser.get(&format!("/i/{own}")).await.body.contains("This is your own link"));
    browser.redeem(inviter.invite_code.as_str()).await;
    for other in [&link, "/i/AAAAAA", "/i/x"] {
        let page = browser.get(other).await.body;
        assert!(page.contains(&format!("You have already activated the code {}", inviter.invite_code)), "{page}");
        assert!(page.contains("href=\"/profile\""));
    }
    assert!(browser.get(&format!("/i/{own}")).await.body.contains("This is your own link"));
    assert_eq!(counts(&app, &inviter).await, (0, 0, 0));
}

#[tokio::test]
async fn a_member_is_told_where_the_invitation_is_and_counted_as_logged_in() {
    let (app, inviter, link) = invited().await;
    let browser = app.browser();
    browser.log_in(NEWCOMER).await;
    let page = browser.get(&link).await.body;
    assert!(page.contains("You will find the invitation in your profile.") && page.contains("Go to your profile"));
    assert!(!page.contains("Log in with your phone number. "), "{page}");
    assert!(browser.get("/profile").await.body.contains(&format!("You were invited by {MASKED}.")));
    let unknown = browser.get("/i/AAAAAA").await.body;
    assert!(unknown.contains("Ask for a new link.") && !unknown.contains("join without"), "{unknown}");
    assert_eq!(counts(&app, &inviter).await, (1, 1, 0));
    browser.redeem(inviter.invite_code.as_str()).await;
    assert_eq!(counts(&app, &inviter).await, (1, 1, 1));
}

#[tokio::test]
async fn nobody_is_offered_the_invitation_of_somebody_who_joined_through_them() {
    let (app, inviter, _) = invited().await;
    let (friend, friends_friend) = (app.log_in(NEWCOMER).await, app.log_in("+79120000020").await);
    for (invitee, inviter) in [(&friend, &inviter), (&friends_friend, &friend)] {
        let browser = app.browser();
        browser.log_in(invitee.phone.as_str()).await;
        browser.redeem(inviter.invite_code.as_str()).await;
    }
    for below in [friend, friends_friend] {
        let link = format!("/i/{}", below.invite_code);
        let browser = app.browser();
        // Before the login, it can be anybody who opens the link.
        browser.get(&link).await;
        browser.log_in(INVITER).await;
        assert!(!browser.get("/profile").await.body.contains("You were invited by"), "{link}");
        let page = browser.get(&link).await.body;
        assert!(page.contains("This person joined through you") && page.contains("Go to your profile"), "{page}");
    }
}

#[tokio::test]
async fn the_profile_has_the_link_its_qr_code_and_what_became_of_it() {
    let (app, inviter, link) = invited().await;
    app.browser().get(&link).await;
    app.clock.advance(Duration::from_hours(1));
    let browser = app.browser();
    browser.log_in(INVITER).await;
    let page = browser.get("/profile").await.body;
    assert!(page.contains("Your link was opened by 1 person. 0 logged in, 0 activated your code."), "{page}");
    assert!(page.contains(&format!("I vouch for you. Join with my link: http://localhost{link}")), "{page}");
    let qr = browser.get(&format!("/i/{}/qr.svg", inviter.invite_code)).await;
    assert_eq!(qr.headers[header::CONTENT_TYPE], "image/svg+xml");
    assert!(qr.body.contains("<svg"));
}

#[tokio::test]
async fn nobody_learns_by_guessing_which_codes_exist_and_everybody_can_still_join() {
    let (app, inviter, link) = invited().await;
    let browser = app.browser();
    for number in 0..60u32 {
        let symbol = |place: u32| char::from(ALPHABET[(number / 31u32.pow(place) % 31) as usize]);
        let unknown = format!("/i/ZZZZ{}{}", symbol(1), symbol(0));
        assert!(browser.get(&unknown).await.body.contains("no longer valid"), "{unknown}");
    }
    let page = browser.get(&link).await.body;
    assert!(page.contains("This link cannot be checked at the moment") && page.contains("Join"), "{page}");
    assert!(page.contains(&format!("enter the code {} in your profile", inviter.invite_code)));
    assert!(!browser.get("/i/ZZZZZZ").await.body.contains("no longer valid"));
    assert_eq!(browser.get(&format!("{link}/card.png")).await.status, StatusCode::NOT_FOUND);
    app.clock.advance(Duration::from_hours(1));
    assert!(browser.get(&link).await.body.contains("invites you"));
}

#[tokio::test]
async fn a_step_that_cannot_be_counted_costs_nobody_anything() {
    let (app, inviter, link) = invited().await;
    let browser = app.browser();
    app.without_table("link_counts", async || {
        assert!(browser.get(&link).await.body.contains("invites you"));
        browser.log_in(NEWCOMER).await;
        assert_eq!(browser.redeem(inviter.invite_code.as_str()).await.location(), "/profile");
    })
    .await;
    assert_eq!(activated(&app, NEWCOMER).await, Some(inviter.invite_code.clone()));
    assert_eq!(counts(&app, &inviter).await, (0, 0, 0));
}
