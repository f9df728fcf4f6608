//! Who may run the referral program, and what the second factor asks of them.

use super::*;

#[tokio::test]
async fn only_a_member_who_was_granted_the_right_and_proved_the_second_factor_of_that_grant_is_an_admin() {
    let app = TestApp::new().await;
    let member = app.log_in(MEMBER).await.id;
    assert_eq!(authenticate(&app, &stranger(), member, None).await.unwrap_err(), Refusal::NotAnAdmin);
    let (id, totp, _) = set_up(&app, ADMIN).await;
    assert_eq!(authenticate(&app, &stranger(), id, None).await.unwrap_err(), Refusal::SecondFactorRequired);
    let proven = second_factor::prove(&app, &stranger(), (id, true), &shown(&app, &totp)).await.unwrap();
    assert!(authenticate(&app, &stranger(), id, Some(proven)).await.is_ok());
    assert_eq!(authenticate(&app, &stranger(), member, Some(proven)).await.unwrap_err(), Refusal::NotAnAdmin);

    assert!(grants::revoke(&app, ADMIN).await.unwrap());
    assert_eq!(authenticate(&app, &stranger(), id, Some(proven)).await.unwrap_err(), Refusal::NotAnAdmin);
    assert!(grants::grant(&app, ADMIN).await.unwrap());
    let again = authenticate(&app, &stranger(), id, Some(proven)).await;
    assert_eq!(again.unwrap_err(), Refusal::SecondFactorRequired, "the proof was of another grant");
}

#[tokio::test]
async fn a_code_of_the_app_works_once_and_for_a_minute() {
    let app = TestApp::new().await;
    let (id, totp, _) = set_up(&app, ADMIN).await;
    let code = shown(&app, &totp);
    app.clock.advance(seconds(29));
    assert_eq!(prove(&app, id, &code).await, Ok(()));
    assert_eq!(prove(&app, id, &code).await, Err(Refusal::SecondFactorRefused));
    app.clock.advance(seconds(60));
    let code = shown(&app, &totp);
    app.clock.advance(seconds(61));
    assert_eq!(prove(&app, id, &code).await, Err(Refusal::SecondFactorRefused));
}

#[tokio::test]
async fn setting_the_clock_of_the_machine_right_locks_no_admin_out() {
    let app = TestApp::new().await;
    let (id, totp, _) = set_up(&app, ADMIN).await;
    // The machine started an hour late or early; then its clock was set right, to that of the phone.
    for wrong_by in [3_600_000, -3_600_000] {
        app.clock.set_wall(wrong_by);
        app.clock.advance(seconds(7_300));
        let on_the_phone = (app.clock.now().0 + wrong_by) / 1000;
        let code = totp.generate(on_the_phone.try_into().unwrap()).to_string();
        assert_eq!(prove(&app, id, &code).await, Ok(()), "{wrong_by}");
    }
}

#[tokio::test]
async fn of_parallel_uses_of_one_code_one_counts() {
    let app = TestApp::new().await;
    let (id, totp, _) = set_up(&app, ADMIN).await;
    let code = shown(&app, &totp);
    let all = join_all((0..5).map(|_| prove(&app, id, &code))).await;
    assert_eq!(all.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{all:?}");
}

#[tokio::test]
async fn a_recovery_code_works_once_and_only_after_the_app_was_set_up() {
    let app = TestApp::new().await;
    let (id, totp, recovery) = set_up(&app, ADMIN).await;
    assert_eq!(prove(&app, id, &recovery[0]).await, Err(Refusal::SecondFactorRefused));
    prove(&app, id, &shown(&app, &totp)).await.unwrap();
    assert_eq!(prove(&app, id, &recovery[3].to_lowercase()).await, Ok(()));
    assert_eq!(prove(&app, id, &recovery[3]).await, Err(Refusal::SecondFactorRefused));
    assert_eq!(prove(&app, id, &recovery[4].replace('-', " ")).await, Ok(()));
    assert_eq!(recovery.iter().collect::<std::collections::HashSet<_>>().len(), 10);
}

#[tokio::test]
async fn wrong_second_factors_are_few_and_right_ones_cost_nothing() {
    let app = TestApp::new().await;
    let (id, totp, _) = set_up(&app, ADMIN).await;
    prove(&app, id, &shown(&app, &totp)).await.unwrap();
    for _ in 0..5 {
        assert_eq!(prove(&app, id, "AAAAAAAAAA").await, Err(Refusal::SecondFactorRefused));
    }
    let refused = app.acts().await.iter().filter(|act| **act == Act::SecondFactorRefused).count();
    assert_eq!(refused, 5);
    app.clock.advance(seconds(60));
    let right = shown(&app, &totp);
    assert_eq!(prove(&app, id, &right).await, Err(Refusal::TooManySecondFactors { seconds: 840 }));
    app.clock.advance(seconds(840));
    assert_eq!(prove(&app, id, &shown(&app, &totp)).await, Ok(()));
}

#[tokio::test]
async fn the_secret_is_shown_until_it_is_used_and_never_again() {
    let app = TestApp::new().await;
    let (id, totp, _) = set_up(&app, ADMIN).await;
    // Setting up anew draws another secret, as long as the first was not used.
    second_factor::set_up(&app, id).await.unwrap();
    let setup = second_factor::setup(&app, id).await.unwrap().unwrap();
    assert_eq!(prove(&app, id, &shown(&app, &totp)).await, Err(Refusal::SecondFactorRefused));
    let totp = authenticator(&setup.secret);
    prove(&app, id, &shown(&app, &totp)).await.unwrap();
    assert!(second_factor::setup(&app, id).await.unwrap().is_none());
    assert_eq!(second_factor::set_up(&app, id).await, Err(Refusal::AlreadySetUp));
    assert!(!app.holds(totp.secret().as_bytes()).await, "the secret is stored in the clear");
}

#[tokio::test]
async fn an_old_login_does_not_become_an_admins() {
    let app = TestApp::new().await;
    let (id, totp, _) = set_up(&app, ADMIN).await;
    let outcome = second_factor::prove(&app, &stranger(), (id, false), &shown(&app, &totp)).await;
    assert_eq!(outcome.unwrap_err(), Refusal::LoginTooOld);
}

#[tokio::test]
async fn a_test_phone_is_never_an_admin() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let (member, store) = (by.member(), app.state.ports.store.clone());
    let rules = |rules: &mut crate::server::settings::Rules| {
        rules.test_phones = vec![format!("{ADMIN}=48151623@2027-01-31").parse().unwrap()];
    };
    let other = app.another_server_with(rules).await;
    let grant = store.grant_of(member).await.unwrap().unwrap();
    let outcome = authenticate(&other, &stranger(), member, Some(grant.id)).await;
    assert_eq!(outcome.err(), Some(Refusal::NotAnAdmin));
    assert_eq!(grants::grant(&other, ADMIN).await, Err(AppError::TestPhone));
}
