//! Sessions of browsers.

use super::*;

pub fn session(id: u8, data: &str) -> SessionRow {
    SessionRow { id_hash: [id; 32], member: None, epoch: Epoch(0), data: data.to_owned() }
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
    let row = |id, epoch| SessionRow { member: Some(member), epoch: Epoch(epoch), ..session(id, "{}") };
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
