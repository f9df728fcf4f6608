//! Visits of members, and accounts that are set aside.

use super::*;

const DAY_MS: i64 = 24 * HOUR_MS;

async fn last_visit(store: &dyn Store, member: MemberId) -> Timestamp {
    store.begin(Lock::Nothing).await.unwrap().last_visit(member).await.unwrap()
}

pub async fn a_visit_is_noted_once_a_day(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    assert_eq!(last_visit(store, member).await, NOW);
    for (hours, noted) in [(24, 0), (25, 25), (30, 25), (49, 25), (50, 50)] {
        let mut tx = store.begin(Lock::Nothing).await.unwrap();
        tx.note_visit(member, Timestamp(NOW.0 + hours * HOUR_MS)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(last_visit(store, member).await.0 - NOW.0, noted * HOUR_MS, "{hours}");
    }
}

pub async fn a_session_that_is_saved_notes_the_visit(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    let later = Timestamp(NOW.0 + 3 * DAY_MS);
    let login = |seen_at| SessionLogin { member, epoch: Epoch(0), device: None, logged_in_at: NOW, seen_at };
    let row = |seen_at| SessionRow { id_hash: [1; 32], login: Some(login(seen_at)), data: "{}".to_owned() };
    store.create_session(&row(NOW), NOW, later).await.unwrap();
    store.save_session(&row(later), later, 30 * DAY_MS).await.unwrap();
    assert_eq!(last_visit(store, member).await, later);
}

/// An account without its phone, and the one that has it.
async fn aside(store: &dyn Store) -> (Member, Member) {
    let old = add_member(store, 1, "AAAAAA").await;
    let mut tx = store.begin(Lock::Phone(&phone(1))).await.unwrap();
    tx.remember_device(old.id, None, &[1; 32], &stranger(), NOW).await.unwrap();
    tx.set_aside(old.id, NOW).await.unwrap();
    let AddMember::Added(successor) = tx.add_member(&phone(1), &code("BBBBBB"), NOW).await.unwrap() else {
        panic!("BBBBBB is taken")
    };
    tx.name_successor(old.id, successor.id).await.unwrap();
    tx.commit().await.unwrap();
    (old, successor)
}

async fn successor_of(store: &dyn Store, member: MemberId) -> Option<Option<MemberId>> {
    let record = store.member_record(member).await.unwrap().unwrap();
    record.set_aside.map(|aside| aside.successor)
}

pub async fn an_account_that_is_set_aside_has_no_phone_and_keeps_its_code(store: &dyn Store) {
    let (old, successor) = aside(store).await;
    assert_eq!(store.member_with_phone(&phone(1)).await.unwrap(), Some(successor.id));
    let record = store.member_record(old.id).await.unwrap().unwrap();
    assert_eq!(record.set_aside, Some(SetAside { at: NOW, successor: Some(successor.id) }));
    assert_eq!((record.listed.phone, record.listed.invite_code), (None, code("AAAAAA")));
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    assert_eq!(tx.aside(old.id).await.unwrap(), record.set_aside);
    assert_eq!(tx.aside(successor.id).await.unwrap(), None);
    assert_eq!(tx.member_by_invite_code(&code("AAAAAA")).await.unwrap(), None);
}

pub async fn an_account_that_is_set_aside_gets_a_phone_again_once(store: &dyn Store) {
    let (old, _) = aside(store).await;
    let later = Timestamp(NOW.0 + 1);
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    assert!(tx.take_back(old.id, &phone(2), later).await.unwrap());
    assert!(!tx.take_back(old.id, &phone(3), later).await.unwrap());
    let again = tx.member_by_phone(&phone(2)).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert_eq!((again.id, again.invite_code), (old.id, code("AAAAAA")));
    assert!(again.epoch.0 > old.epoch.0, "no login of before is valid again");
    assert_eq!(successor_of(store, old.id).await, None);
    assert_eq!(last_visit(store, old.id).await, later);
}

pub async fn an_account_is_claimable_on_the_devices_that_it_knows(store: &dyn Store) {
    let (old, _) = aside(store).await;
    let before = Timestamp(NOW.0 - 1);
    let claimable = async |token, since| store.claimable(&token, since).await.unwrap().map(|found| found.member);
    assert_eq!(claimable([1; 32], before).await, Some(old.id));
    assert_eq!(claimable([2; 32], before).await, None);
    assert_eq!(claimable([1; 32], NOW).await, None);
    // What the device is called is forgotten before the device itself.
    assert_eq!(store.forget_device_details_before(NOW).await.unwrap(), 0);
    assert_eq!(store.forget_device_details_before(Timestamp(NOW.0 + 1)).await.unwrap(), 1);
    assert_eq!(store.devices_of(old.id, 1).await.unwrap()[0].network, "");
    assert_eq!(claimable([1; 32], before).await, Some(old.id));
    store.delete_devices_seen_before(Timestamp(NOW.0 + 1)).await.unwrap();
    assert_eq!(claimable([1; 32], before).await, None);
}

pub async fn a_number_that_moves_on_leaves_no_successor(store: &dyn Store) {
    let (old, successor) = aside(store).await;
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    assert!(tx.change_phone(successor.id, &phone(1), &phone(9)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(successor_of(store, old.id).await, Some(None));
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.name_successor(old.id, successor.id).await.unwrap();
    tx.erase_member(successor.id, Some(&phone(9)), NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(successor_of(store, old.id).await, Some(None));
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.erase_member(old.id, None, NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(successor_of(store, old.id).await, None);
}

pub async fn a_redemption_ties_both_members(store: &dyn Store) {
    let inviter = add_member(store, 1, "AAAAAA").await.id;
    let invitee = add_member(store, 2, "BBBBBB").await.id;
    let other = add_member(store, 3, "CCCCCC").await.id;
    add_redemption(store, invitee, inviter).await.unwrap();
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    for (member, has_ties) in [(inviter, true), (invitee, true), (other, false)] {
        assert_eq!(tx.has_ties(member).await.unwrap(), has_ties);
    }
}
