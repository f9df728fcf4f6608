//! What every database has to hold, whatever the code above it does. Each dialect runs the whole suite.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use super::*;
use crate::server::storage::sqlite::SqliteStore;
use std::time::Duration;
use tempfile::TempDir;

const NOW: Timestamp = Timestamp(1_767_225_600_000);
const HOUR_MS: i64 = 3_600_000;

/// A new SQLite database, with the folder that it lies in.
async fn sqlite() -> (SqliteStore, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (SqliteStore::open(&folder.path().join("contract.db")).await.unwrap(), folder)
}

/// Runs each function of the suite on each dialect, as a test of its own.
macro_rules! contract {
    ($($name:ident)*) => {
        mod sqlite_contract {
            $(#[tokio::test]
            async fn $name() {
                let (store, _folder) = super::sqlite().await;
                super::$name(&store).await;
            })*
        }
    };
}

contract! {
    a_phone_belongs_to_one_member
    an_invite_code_belongs_to_one_member
    a_member_redeems_one_code
    nobody_redeems_their_own_code
    a_redemption_needs_two_members
    the_chain_of_inviters_is_followed_to_its_end
    a_try_is_counted_until_the_limit
    a_try_needs_a_live_code
    the_newest_code_of_a_flow_counts
    a_code_is_used_once
    unused_codes_come_newest_first
    an_ended_code_is_neither_unused_nor_usable
    what_is_dropped_is_undone
    a_session_is_kept_until_it_expires
    a_session_that_ended_is_not_revived
    a_session_never_outlives_its_absolute_life
    two_sessions_have_two_ids
    the_database_is_ready
}

fn phone(number: u32) -> Phone {
    Phone::from_e164(&format!("+7912{number:07}")).unwrap()
}

fn code(text: &str) -> InviteCode {
    InviteCode::parse(text).unwrap()
}

async fn add_member(store: &dyn Store, number: u32, invite_code: &str) -> Member {
    let mut tx = store.begin().await.unwrap();
    let added = tx.add_member(&phone(number), &code(invite_code), NOW).await.unwrap();
    tx.commit().await.unwrap();
    match added {
        AddMember::Added(member) => member,
        AddMember::InviteCodeTaken => panic!("{invite_code} is taken"),
    }
}

async fn add_redemption(store: &dyn Store, invitee: MemberId, inviter: MemberId) -> StoreResult<()> {
    let mut tx = store.begin().await?;
    tx.add_redemption(invitee, inviter, &code("AAAAAA"), NOW).await?;
    tx.commit().await
}

async fn add_code(store: &dyn Store, flow: FlowId, phone: &Phone, created_at: Timestamp) -> i64 {
    let expires_at = created_at.plus(Duration::from_secs(180));
    let new = NewLoginCode { flow, phone: phone.clone(), mac: [1; 32], created_at, expires_at };
    let mut tx = store.begin().await.unwrap();
    let id = tx.add_login_code(&new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn take_try(store: &dyn Store, flow: FlowId, now: Timestamp) -> Option<i64> {
    let mut tx = store.begin().await.unwrap();
    let taken = tx.take_try(flow, 3, now).await.unwrap();
    tx.commit().await.unwrap();
    taken.map(|code| code.id)
}

async fn a_phone_belongs_to_one_member(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await;
    let mut tx = store.begin().await.unwrap();
    assert!(tx.add_member(&phone(1), &code("BBBBBB"), NOW).await.is_err());
    drop(tx);
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.member_by_phone(&phone(1)).await.unwrap(), Some(member));
    assert_eq!(tx.member_by_phone(&phone(2)).await.unwrap(), None);
}

async fn an_invite_code_belongs_to_one_member(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await;
    let mut tx = store.begin().await.unwrap();
    let second = tx.add_member(&phone(2), &code("AAAAAA"), NOW).await.unwrap();
    assert!(matches!(second, AddMember::InviteCodeTaken));
    // The transaction goes on: another code can be drawn in it.
    let third = tx.add_member(&phone(2), &code("BBBBBB"), NOW).await.unwrap();
    assert!(matches!(third, AddMember::Added(_)));
    assert_eq!(tx.member_by_invite_code(&code("AAAAAA")).await.unwrap(), Some(member));
    assert_eq!(tx.member_by_invite_code(&code("CCCCCC")).await.unwrap(), None);
}

async fn a_member_redeems_one_code(store: &dyn Store) {
    let first = add_member(store, 1, "AAAAAA").await;
    let second = add_member(store, 2, "BBBBBB").await;
    let third = add_member(store, 3, "CCCCCC").await;
    add_redemption(store, first.id, second.id).await.unwrap();
    assert!(add_redemption(store, first.id, third.id).await.is_err());
    assert!(add_redemption(store, first.id, second.id).await.is_err());
    let summary = store.member(first.id).await.unwrap().unwrap();
    assert_eq!((summary.activated, summary.invitees), (Some(code("AAAAAA")), 0));
    assert_eq!(store.member(second.id).await.unwrap().unwrap().invitees, 1);
    assert_eq!(store.member(third.id).await.unwrap().unwrap().invitees, 0);
    assert!(store.member(MemberId(404)).await.unwrap().is_none());
}

async fn nobody_redeems_their_own_code(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await;
    assert!(add_redemption(store, member.id, member.id).await.is_err());
}

async fn a_redemption_needs_two_members(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await;
    assert!(add_redemption(store, member.id, MemberId(404)).await.is_err());
    assert!(add_redemption(store, MemberId(404), member.id).await.is_err());
}

async fn the_chain_of_inviters_is_followed_to_its_end(store: &dyn Store) {
    let first = add_member(store, 1, "AAAAAA").await;
    let second = add_member(store, 2, "BBBBBB").await;
    let third = add_member(store, 3, "CCCCCC").await;
    add_redemption(store, second.id, first.id).await.unwrap();
    add_redemption(store, third.id, second.id).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    assert!(tx.was_brought_in_by(second.id, first.id).await.unwrap());
    assert!(tx.was_brought_in_by(third.id, first.id).await.unwrap());
    assert!(!tx.was_brought_in_by(first.id, third.id).await.unwrap());
    assert!(!tx.was_brought_in_by(first.id, first.id).await.unwrap());
}

async fn a_try_is_counted_until_the_limit(store: &dyn Store) {
    let flow = FlowId([1; 16]);
    let id = add_code(store, flow, &phone(1), NOW).await;
    for _ in 0..3 {
        assert_eq!(take_try(store, flow, NOW).await, Some(id));
    }
    assert_eq!(take_try(store, flow, NOW).await, None);
}

async fn a_try_needs_a_live_code(store: &dyn Store) {
    let flow = FlowId([1; 16]);
    let id = add_code(store, flow, &phone(1), NOW).await;
    assert_eq!(take_try(store, FlowId([2; 16]), NOW).await, None);
    assert_eq!(take_try(store, flow, NOW.plus(Duration::from_secs(180))).await, None);
    assert_eq!(take_try(store, flow, NOW.plus(Duration::from_secs(179))).await, Some(id));
}

async fn the_newest_code_of_a_flow_counts(store: &dyn Store) {
    let flow = FlowId([1; 16]);
    add_code(store, flow, &phone(1), NOW).await;
    let newest = add_code(store, flow, &phone(1), NOW).await;
    assert_eq!(take_try(store, flow, NOW).await, Some(newest));
    assert_eq!(store.newest_login_code(flow).await.unwrap().map(|code| code.id), Some(newest));
    assert!(store.newest_login_code(FlowId([2; 16])).await.unwrap().is_none());
}

async fn a_code_is_used_once(store: &dyn Store) {
    let id = add_code(store, FlowId([1; 16]), &phone(1), NOW).await;
    let mut tx = store.begin().await.unwrap();
    assert!(tx.use_code(id, NOW).await.unwrap());
    assert!(!tx.use_code(id, NOW).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(take_try(store, FlowId([1; 16]), NOW).await, None);
}

async fn unused_codes_come_newest_first(store: &dyn Store) {
    let later = NOW.plus(Duration::from_secs(60));
    add_code(store, FlowId([1; 16]), &phone(1), NOW).await;
    add_code(store, FlowId([2; 16]), &phone(1), later).await;
    add_code(store, FlowId([3; 16]), &phone(2), later).await;
    let before = NOW.minus(Duration::from_secs(1));
    assert_eq!(store.unused_codes(&phone(1), before).await.unwrap(), vec![later, NOW]);
    assert_eq!(store.unused_codes(&phone(1), NOW).await.unwrap(), vec![later]);
    assert_eq!(store.delete_codes_before(later).await.unwrap(), 1);
    assert_eq!(store.unused_codes(&phone(1), before).await.unwrap(), vec![later]);
}

async fn an_ended_code_is_neither_unused_nor_usable(store: &dyn Store) {
    let id = add_code(store, FlowId([1; 16]), &phone(1), NOW).await;
    let mut tx = store.begin().await.unwrap();
    tx.end_codes(&phone(1), NOW).await.unwrap();
    assert!(!tx.use_code(id, NOW).await.unwrap());
    assert!(tx.unused_codes(&phone(1), Timestamp(0)).await.unwrap().is_empty());
    tx.commit().await.unwrap();
    assert_eq!(take_try(store, FlowId([1; 16]), NOW).await, None);
}

async fn what_is_dropped_is_undone(store: &dyn Store) {
    let mut tx = store.begin().await.unwrap();
    tx.add_member(&phone(1), &code("AAAAAA"), NOW).await.unwrap();
    drop(tx);
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.member_by_phone(&phone(1)).await.unwrap(), None);
}

fn session(id: u8, data: &str) -> SessionRow {
    SessionRow { id_hash: [id; 32], member: None, data: data.to_owned() }
}

async fn a_session_is_kept_until_it_expires(store: &dyn Store) {
    let hour_later = Timestamp(NOW.0 + HOUR_MS);
    assert!(store.create_session(&session(1, "{}"), NOW, hour_later).await.unwrap());
    store.save_session(&session(1, "{\"a\":1}"), hour_later, 24 * HOUR_MS).await.unwrap();
    let loaded = store.load_session(&[1; 32], Timestamp(hour_later.0 - 1)).await.unwrap();
    assert_eq!(loaded.as_deref(), Some("{\"a\":1}"));
    assert_eq!(store.load_session(&[1; 32], hour_later).await.unwrap(), None);
    assert_eq!(store.delete_expired_sessions(Timestamp(hour_later.0 - 1)).await.unwrap(), 0);
    assert_eq!(store.delete_expired_sessions(hour_later).await.unwrap(), 1);
}

async fn a_session_that_ended_is_not_revived(store: &dyn Store) {
    let hour_later = Timestamp(NOW.0 + HOUR_MS);
    store.create_session(&session(1, "{}"), NOW, hour_later).await.unwrap();
    store.delete_session(&[1; 32]).await.unwrap();
    store.save_session(&session(1, "{}"), hour_later, 24 * HOUR_MS).await.unwrap();
    assert_eq!(store.load_session(&[1; 32], NOW).await.unwrap(), None);
}

async fn a_session_never_outlives_its_absolute_life(store: &dyn Store) {
    store.create_session(&session(1, "{}"), NOW, Timestamp(NOW.0 + HOUR_MS)).await.unwrap();
    store.save_session(&session(1, "{}"), Timestamp(NOW.0 + 100 * HOUR_MS), 2 * HOUR_MS).await.unwrap();
    let last = Timestamp(NOW.0 + 2 * HOUR_MS - 1);
    assert!(store.load_session(&[1; 32], last).await.unwrap().is_some());
    assert!(store.load_session(&[1; 32], Timestamp(last.0 + 1)).await.unwrap().is_none());
}

async fn two_sessions_have_two_ids(store: &dyn Store) {
    let hour_later = Timestamp(NOW.0 + HOUR_MS);
    assert!(store.create_session(&session(1, "{}"), NOW, hour_later).await.unwrap());
    assert!(!store.create_session(&session(1, "{\"stolen\":1}"), NOW, hour_later).await.unwrap());
    assert_eq!(store.load_session(&[1; 32], NOW).await.unwrap().as_deref(), Some("{}"));
}

async fn the_database_is_ready(store: &dyn Store) {
    store.check_ready().await.unwrap();
    store.close().await;
    assert!(store.check_ready().await.is_err());
}
