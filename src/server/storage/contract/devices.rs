//! Known devices.

use super::*;

pub async fn a_device_is_known_for_the_members_who_logged_in_on_it(store: &dyn Store) {
    let first = add_member(store, 1, "AAAAAA").await;
    let second = add_member(store, 2, "BBBBBB").await;
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.remember_device(first.id, None, &[1; 32], &stranger(), NOW).await.unwrap();
    tx.commit().await.unwrap();
    let before = Timestamp(NOW.0 - 1);
    let known = async |token: [u8; 32], number| store.known_device(&token, &phone(number), before).await.unwrap();
    let id = known([1; 32], 1).await;
    assert!(id.is_some());
    assert_eq!((known([1; 32], 2).await, known([2; 32], 1).await), (None, None));
    assert_eq!(store.known_device(&[1; 32], &phone(1), NOW).await.unwrap(), None);

    // The next login on the device gives it a new token, by which it is known for both.
    let later = Timestamp(NOW.0 + 1);
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.remember_device(second.id, Some(&[1; 32]), &[3; 32], &stranger(), later).await.unwrap();
    tx.remember_device(second.id, Some(&[3; 32]), &[3; 32], &stranger(), later).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((known([1; 32], 1).await, known([3; 32], 1).await), (None, id));
    assert!(known([3; 32], 2).await.is_some_and(|second| Some(second) != id));

    assert_eq!(store.delete_devices_seen_before(later).await.unwrap(), 1);
    assert_eq!(known([3; 32], 1).await, None);
    assert!(store.is_known_device(&[3; 32], before).await.unwrap(), "for the other member");
    assert!(!store.is_known_device(&[3; 32], later).await.unwrap());
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    let kept = tx.remember_device(second.id, None, &[4; 32], &stranger(), later).await.unwrap();
    tx.forget_devices(second.id, Some(kept)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((known([3; 32], 2).await, known([4; 32], 2).await), (None, Some(kept)));
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.forget_devices(second.id, None).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(known([4; 32], 2).await, None);
}
