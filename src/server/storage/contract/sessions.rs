//! Sessions of browsers.

use super::*;

pub fn session(id: u8, data: &str) -> SessionRow {
    SessionRow { id_hash: [id; 32], login: None, data: data.to_owned() }
}

fn login(member: MemberId, epoch: i64, device: Option<DeviceId>) -> SessionLogin {
    SessionLogin { member, epoch: Epoch(epoch), device, logged_in_at: NOW, seen_at: NOW }
}

pub async fn a_session_is_kept_until_it_expires(store: &dyn Store) {
    let hour_later = Timestamp(NOW.0 + HOUR_MS);
    assert!(store.create_session(&session(1, "{}"), NOW, hour_later).await.unwrap());
    store.save_session(&session(1, "{\"a\":1}"), hour_later, 24 * HOUR_MS).await.unwrap();
    let loaded = store.load_session(&[1; 32], Timestamp(hour_later.0 - 1)).await.unwrap();
    assert_eq!(loaded.as_deref(), Some("{\"a\":1}"));
    assert_eq!(store.load_session(&[1; 32], hour_later).await.unwrap(), None);
    assert_eq!(store.delete_expired_sessions(Timestamp(hour_later.0 - 1)).await.unwrap(), 0);
    assert_eq!(store.delete_expired_sessions(hour_later).await.unwrap(), 1);
}

pub async fn a_session_that_ended_is_not_revived(store: &dyn Store) {
    let hour_later = Timestamp(NOW.0 + HOUR_MS);
    store.create_session(&session(1, "{}"), NOW, hour_later).await.unwrap();
    assert!(store.save_session(&session(1, "{}"), hour_later, 24 * HOUR_MS).await.unwrap());
    store.delete_session(&[1; 32]).await.unwrap();
    assert!(!store.save_session(&session(1, "{}"), hour_later, 24 * HOUR_MS).await.unwrap());
    assert_eq!(store.load_session(&[1; 32], NOW).await.unwrap(), None);
}

pub async fn a_session_never_outlives_its_absolute_life(store: &dyn Store) {
    store.create_session(&session(1, "{}"), NOW, Timestamp(NOW.0 + HOUR_MS)).await.unwrap();
    store.save_session(&session(1, "{}"), Timestamp(NOW.0 + 100 * HOUR_MS), 2 * HOUR_MS).await.unwrap();
    let last = Timestamp(NOW.0 + 2 * HOUR_MS - 1);
    assert!(store.load_session(&[1; 32], last).await.unwrap().is_some());
    assert!(store.load_session(&[1; 32], Timestamp(last.0 + 1)).await.unwrap().is_none());
}

pub async fn two_sessions_have_two_ids(store: &dyn Store) {
    let hour_later = Timestamp(NOW.0 + HOUR_MS);
    assert!(store.create_session(&session(1, "{}"), NOW, hour_later).await.unwrap());
    assert!(!store.create_session(&session(1, "{\"stolen\":1}"), NOW, hour_later).await.unwrap());
    assert_eq!(store.load_session(&[1; 32], NOW).await.unwrap().as_deref(), Some("{}"));
}

pub async fn a_session_ends_with_the_epoch_and_when_its_member_is_blocked(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    let hour_later = Timestamp(NOW.0 + HOUR_MS);
    let row = |id, epoch| SessionRow { login: Some(login(member, epoch, None)), ..session(id, "{}") };
    store.create_session(&row(1, 0), NOW, hour_later).await.unwrap();
    assert!(store.load_session(&[1; 32], NOW).await.unwrap().is_some());
    next_epoch(store, member).await;
    assert!(store.load_session(&[1; 32], NOW).await.unwrap().is_none());
    store.create_session(&row(2, 1), NOW, hour_later).await.unwrap();
    assert!(store.load_session(&[2; 32], NOW).await.unwrap().is_some());
    // Saving a session that was loaded before does not move it to the new epoch.
    store.save_session(&row(1, 0), hour_later, 24 * HOUR_MS).await.unwrap();
    assert!(store.load_session(&[1; 32], NOW).await.unwrap().is_none());
}

async fn known_device(store: &dyn Store, member: MemberId, token: u8) -> DeviceId {
    let visitor = Visitor { agent: format!("Browser {token}"), ..stranger() };
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    let device = tx.remember_device(member, None, &[token; 32], &visitor, NOW).await.unwrap();
    tx.commit().await.unwrap();
    device
}

async fn end_login(store: &dyn Store, member: MemberId, id: u8) -> bool {
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    let is_ended = tx.end_login(member, LoginId([id; 16])).await.unwrap();
    tx.commit().await.unwrap();
    is_ended
}

pub async fn live_logins_are_listed_with_what_their_device_calls_itself(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    let hour_later = Timestamp(NOW.0 + HOUR_MS);
    let minute_later = Timestamp(NOW.0 + 60_000);
    let device = known_device(store, member, 1).await;
    let seen = SessionLogin { seen_at: minute_later, ..login(member, 0, Some(device)) };
    store.create_session(&SessionRow { login: Some(seen), ..session(2, "{}") }, NOW, hour_later).await.unwrap();
    store.create_session(&SessionRow { login: Some(seen), ..session(3, "{}") }, NOW, NOW).await.unwrap();
    add_family(store, member, hour_later).await;
    let live = |id, agent: &str, is_api, seen_at| LiveLogin {
        id: LoginId([id; 16]),
        is_api,
        agent: agent.to_owned(),
        logged_in_at: NOW,
        seen_at,
        expires_at: hour_later,
    };
    let expected = [live(2, "Browser 1", false, minute_later), live(1, "", true, NOW)];
    assert_eq!(store.live_logins_of(member, NOW, 9).await.unwrap(), expected);
    assert_eq!(store.live_logins_of(member, NOW, 1).await.unwrap(), expected[..1]);
    // What a session is, it remains when it is saved.
    let later = SessionLogin { seen_at: hour_later, ..seen };
    let saved = SessionRow { login: Some(later), ..session(2, "{}") };
    store.save_session(&saved, hour_later, 24 * HOUR_MS).await.unwrap();
    assert_eq!(store.live_logins_of(member, NOW, 1).await.unwrap(), [live(2, "Browser 1", false, hour_later)]);
    next_epoch(store, member).await;
    assert_eq!(store.live_logins_of(member, NOW, 9).await.unwrap(), []);
}

pub async fn a_login_that_ends_takes_its_device_along_unless_another_is_on_it(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    let other = add_member(store, 2, "BBBBBB").await.id;
    let hour_later = Timestamp(NOW.0 + HOUR_MS);
    let device = known_device(store, member, 1).await;
    for id in [2, 3] {
        let row = SessionRow { login: Some(login(member, 0, Some(device))), ..session(id, "{}") };
        store.create_session(&row, NOW, hour_later).await.unwrap();
    }
    add_family(store, member, hour_later).await;
    let is_known = async || store.is_known_device(&[1; 32], Timestamp(NOW.0 - 1)).await.unwrap();

    assert!(!end_login(store, other, 2).await, "of another member");
    assert!(end_login(store, member, 2).await);
    assert!(!end_login(store, member, 2).await, "again");
    assert!(is_known().await);
    assert!(end_login(store, member, 3).await);
    assert!(!is_known().await);
    assert!(end_login(store, member, 1).await, "over the API");
    assert_eq!(store.live_logins_of(member, NOW, 9).await.unwrap(), []);
}

pub async fn a_device_is_kept_while_a_login_over_the_api_goes_on(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    let device = known_device(store, member, 1).await;
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.add_token_family(FAMILY, member, Epoch(0), Some(device), NOW).await.unwrap();
    tx.commit().await.unwrap();
    let later = Timestamp(NOW.0 + 1);
    assert_eq!(store.delete_devices_seen_before(later).await.unwrap(), 0);
    assert!(end_login(store, member, 1).await);
    assert!(!store.is_known_device(&[1; 32], Timestamp(NOW.0 - 1)).await.unwrap());
}

pub async fn a_session_may_outlive_its_device(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    let device = known_device(store, member, 1).await;
    let later = Timestamp(NOW.0 + HOUR_MS);
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.forget_devices(member, None).await.unwrap();
    tx.commit().await.unwrap();
    let row = SessionRow { login: Some(login(member, 0, Some(device))), ..session(2, "{}") };
    assert!(store.create_session(&row, NOW, later).await.unwrap());
}
