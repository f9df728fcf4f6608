//! What every database must guarantee, whatever the code above it does. Each dialect runs the whole suite.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod admin;

use super::*;
use crate::model::invite_code::InviteCode;
use crate::model::login_code::CodeLength;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{
    AddMember, BudgetUse, BudgetUses, FamilyId, FlowId, IdempotentOutcome, Member, MemberId, NewLoginCode,
    RefreshToken, SentToPrefix, SessionRow, *,
};
use crate::server::storage::sqlite::SqliteStore;
use crate::tests::stranger;
use admin::*;
use std::time::Duration;
use tempfile::TempDir;

const NOW: Timestamp = Timestamp(1_767_225_600_000);
const HOUR_MS: i64 = 3_600_000;

/// A new SQLite database, and the folder that it is in.
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
    the_whole_chain_of_inviters_is_followed
    a_guess_is_counted_until_the_limit
    a_guess_needs_a_live_code
    the_newest_code_of_a_flow_counts
    a_code_is_used_once
    unused_messages_are_counted_from_the_newest_back
    an_ended_code_cannot_be_used_and_counts_as_unused
    a_dropped_transaction_is_rolled_back
    a_session_is_kept_until_it_expires
    a_session_that_ended_is_not_revived
    a_session_never_outlives_its_absolute_life
    two_sessions_have_two_ids
    a_session_ends_with_the_epoch_and_when_its_member_is_blocked
    a_token_is_valid_while_its_family_and_epoch_are
    a_refresh_token_is_found_until_its_family_ends
    expired_tokens_are_deleted_with_their_family
    the_newest_tokens_and_families_are_kept
    a_budget_counts_what_was_used_since
    any_number_of_expired_rows_is_deleted
    a_budget_is_taken_only_while_no_limit_is_reached
    uses_can_be_given_back
    a_device_is_known_for_the_members_who_logged_in_on_it
    codes_for_a_known_device_are_counted_separately
    the_oldest_login_flows_of_a_phone_expire
    a_message_with_the_same_code_is_counted_and_can_be_taken_back
    guesses_of_an_api_login_are_counted_by_themselves
    unused_codes_can_be_deleted
    the_newest_uses_and_what_is_left_are_told
    all_uses_of_a_subject_can_be_given_back
    used_and_unused_codes_to_a_prefix_are_counted
    an_outcome_is_kept_for_one_member_and_key
    the_check_of_the_secret_is_one_value
    the_database_is_ready
    a_grant_belongs_to_one_phone_and_a_new_one_has_a_new_id
    a_link_for_the_first_admin_works_once_while_there_is_none
    members_are_found_by_every_filter
    the_record_of_an_erased_member_has_no_phone
    an_erasure_leaves_longer_numbers_alone
    totals_and_daily_counts_follow_redemptions
    a_repeated_attempt_is_counted_and_its_network_deleted
    a_flag_waits_once_and_is_reviewed_once
    lines_of_the_audit_log_are_found
    lines_that_conflict_with_members_get_problems
    a_file_becomes_members_once
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

fn new_code(flow: FlowId, phone: &Phone, created_at: Timestamp) -> NewLoginCode {
    let expires_at = created_at.plus(Duration::from_mins(3));
    NewLoginCode {
        flow,
        phone: phone.clone(),
        device: None,
        length: CodeLength::MIN,
        begins_login: true,
        created_at,
        expires_at,
    }
}

async fn add_code(store: &dyn Store, flow: FlowId, phone: &Phone, created_at: Timestamp) -> i64 {
    let mut tx = store.begin().await.unwrap();
    let id = tx.add_login_code(&new_code(flow, phone, created_at)).await.unwrap().id;
    tx.commit().await.unwrap();
    id
}

fn unused(count: u32, newest: Option<Timestamp>) -> UnusedMessages {
    UnusedMessages { count, newest }
}

async fn take_guess(store: &dyn Store, flow: FlowId, now: Timestamp) -> Option<i64> {
    let mut tx = store.begin().await.unwrap();
    let taken = tx.take_guess(GuessTarget::Flow(flow), 3, now).await.unwrap();
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
    // The transaction goes on, so another code can be drawn in it.
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

async fn the_whole_chain_of_inviters_is_followed(store: &dyn Store) {
    let first = add_member(store, 1, "AAAAAA").await;
    let second = add_member(store, 2, "BBBBBB").await;
    let third = add_member(store, 3, "CCCCCC").await;
    add_redemption(store, second.id, first.id).await.unwrap();
    add_redemption(store, third.id, second.id).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    assert!(tx.descends_from(second.id, first.id).await.unwrap());
    assert!(tx.descends_from(third.id, first.id).await.unwrap());
    assert!(!tx.descends_from(first.id, third.id).await.unwrap());
    assert!(!tx.descends_from(first.id, first.id).await.unwrap());
}

async fn a_guess_is_counted_until_the_limit(store: &dyn Store) {
    let flow = FlowId([1; 16]);
    let id = add_code(store, flow, &phone(1), NOW).await;
    for _ in 0..3 {
        assert_eq!(take_guess(store, flow, NOW).await, Some(id));
    }
    assert_eq!(take_guess(store, flow, NOW).await, None);
}

async fn a_guess_needs_a_live_code(store: &dyn Store) {
    let flow = FlowId([1; 16]);
    let id = add_code(store, flow, &phone(1), NOW).await;
    assert_eq!(take_guess(store, FlowId([2; 16]), NOW).await, None);
    assert_eq!(take_guess(store, flow, NOW.plus(Duration::from_mins(3))).await, None);
    assert_eq!(take_guess(store, flow, NOW.plus(Duration::from_secs(179))).await, Some(id));
}

async fn the_newest_code_of_a_flow_counts(store: &dyn Store) {
    let flow = FlowId([1; 16]);
    add_code(store, flow, &phone(1), NOW).await;
    let newest = add_code(store, flow, &phone(1), NOW).await;
    assert_eq!(take_guess(store, flow, NOW).await, Some(newest));
    assert_eq!(store.newest_login_code(flow).await.unwrap().map(|code| code.id), Some(newest));
    assert!(store.newest_login_code(FlowId([2; 16])).await.unwrap().is_none());
}

async fn a_code_is_used_once(store: &dyn Store) {
    let id = add_code(store, FlowId([1; 16]), &phone(1), NOW).await;
    let mut tx = store.begin().await.unwrap();
    assert!(tx.use_code(id, NOW).await.unwrap());
    assert!(!tx.use_code(id, NOW).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(take_guess(store, FlowId([1; 16]), NOW).await, None);
}

async fn unused_messages_are_counted_from_the_newest_back(store: &dyn Store) {
    let later = NOW.plus(Duration::from_mins(1));
    add_code(store, FlowId([1; 16]), &phone(1), NOW).await;
    add_code(store, FlowId([2; 16]), &phone(1), later).await;
    add_code(store, FlowId([3; 16]), &phone(2), later).await;
    let before = NOW.minus(Duration::from_secs(1));
    assert_eq!(store.unused_messages(&phone(1), None, before).await.unwrap(), unused(2, Some(later)));
    assert_eq!(store.unused_messages(&phone(1), None, NOW).await.unwrap(), unused(1, Some(later)));
    assert_eq!(store.delete_codes_before(later).await.unwrap(), 1);
    assert_eq!(store.unused_messages(&phone(1), None, before).await.unwrap(), unused(1, Some(later)));
}

async fn an_ended_code_cannot_be_used_and_counts_as_unused(store: &dyn Store) {
    let id = add_code(store, FlowId([1; 16]), &phone(1), NOW).await;
    let mut tx = store.begin().await.unwrap();
    tx.end_codes(&phone(1), NOW).await.unwrap();
    assert!(!tx.use_code(id, NOW).await.unwrap());
    assert_eq!(tx.unused_messages(&phone(1), None, Timestamp(0)).await.unwrap(), unused(1, Some(NOW)));
    tx.commit().await.unwrap();
    assert_eq!(take_guess(store, FlowId([1; 16]), NOW).await, None);
}

async fn a_dropped_transaction_is_rolled_back(store: &dyn Store) {
    let mut tx = store.begin().await.unwrap();
    tx.add_member(&phone(1), &code("AAAAAA"), NOW).await.unwrap();
    drop(tx);
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.member_by_phone(&phone(1)).await.unwrap(), None);
}

fn session(id: u8, data: &str) -> SessionRow {
    SessionRow { id_hash: [id; 32], member: None, epoch: Epoch(0), data: data.to_owned() }
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
    assert!(store.save_session(&session(1, "{}"), hour_later, 24 * HOUR_MS).await.unwrap());
    store.delete_session(&[1; 32]).await.unwrap();
    assert!(!store.save_session(&session(1, "{}"), hour_later, 24 * HOUR_MS).await.unwrap());
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

async fn a_session_ends_with_the_epoch_and_when_its_member_is_blocked(store: &dyn Store) {
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

async fn next_epoch(store: &dyn Store, member: MemberId) {
    let mut tx = store.begin().await.unwrap();
    tx.next_epoch(member).await.unwrap();
    tx.commit().await.unwrap();
}

const FAMILY: FamilyId = FamilyId([1; 16]);
const HASH: [u8; 32] = [9; 32];

async fn add_family(store: &dyn Store, member: MemberId, expires_at: Timestamp) {
    let mut tx = store.begin().await.unwrap();
    tx.add_token_family(FAMILY, member, Epoch(0), NOW).await.unwrap();
    tx.add_refresh_token(FAMILY, &HASH, expires_at).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_token_is_valid_while_its_family_and_epoch_are(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    let other = add_member(store, 2, "BBBBBB").await.id;
    add_family(store, member, Timestamp(NOW.0 + HOUR_MS)).await;
    let is_live =
        async |member, family| store.token_standing(member, family).await.unwrap().unwrap().begun_at.is_some();
    assert!(is_live(member, FAMILY).await);
    assert!(!is_live(member, FamilyId([2; 16])).await);
    assert!(!is_live(other, FAMILY).await);
    assert_eq!(store.token_standing(MemberId(404), FAMILY).await.unwrap(), None);
    next_epoch(store, member).await;
    assert!(!is_live(member, FAMILY).await);
}

async fn a_refresh_token_is_found_until_its_family_ends(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    let expires_at = Timestamp(NOW.0 + HOUR_MS);
    add_family(store, member, expires_at).await;
    let mut tx = store.begin().await.unwrap();
    let found = RefreshToken { family: FAMILY, member, expires_at, used_at: None };
    assert_eq!(tx.refresh_token(&HASH).await.unwrap(), Some(found));
    assert_eq!(tx.refresh_token(&[8; 32]).await.unwrap(), None);
    tx.use_refresh_token(&HASH, NOW).await.unwrap();
    assert_eq!(tx.refresh_token(&HASH).await.unwrap(), Some(RefreshToken { used_at: Some(NOW), ..found }));
    // The first use counts.
    tx.use_refresh_token(&HASH, expires_at).await.unwrap();
    assert_eq!(tx.refresh_token(&HASH).await.unwrap().unwrap().used_at, Some(NOW));
    tx.end_token_family(FAMILY).await.unwrap();
    assert_eq!(tx.refresh_token(&HASH).await.unwrap(), None);
}

async fn expired_tokens_are_deleted_with_their_family(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    let (soon, later) = (Timestamp(NOW.0 + HOUR_MS), Timestamp(NOW.0 + 2 * HOUR_MS));
    add_family(store, member, soon).await;
    let mut tx = store.begin().await.unwrap();
    tx.add_refresh_token(FAMILY, &[8; 32], later).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.delete_expired_tokens(Timestamp(soon.0 - 1)).await.unwrap(), 0);
    assert_eq!(store.delete_expired_tokens(soon).await.unwrap(), 1);
    assert!(store.token_standing(member, FAMILY).await.unwrap().unwrap().begun_at.is_some());
    assert_eq!(store.delete_expired_tokens(later).await.unwrap(), 2);
    assert!(store.token_standing(member, FAMILY).await.unwrap().unwrap().begun_at.is_none());
}

/// One use of the budget "b".
fn one_use<'a>(subject: &'a str, purpose: &'a str, used_at: Timestamp) -> BudgetUse<'a> {
    BudgetUse { budget: "b", subject, purpose, used_at, expires_at: used_at.plus(Duration::from_hours(1)) }
}

async fn any_number_of_expired_rows_is_deleted(store: &dyn Store) {
    let mut tx = store.begin().await.unwrap();
    for _ in 0..10_001 {
        tx.take_budget(&one_use("1", "", NOW), &[]).await.unwrap();
    }
    tx.take_budget(&one_use("1", "", NOW.plus(Duration::from_secs(1))), &[]).await.unwrap();
    tx.commit().await.unwrap();
    let now = NOW.plus(Duration::from_hours(1));
    assert_eq!(store.delete_expired_budget_uses(now).await.unwrap(), 10_001);
    assert_eq!(store.delete_expired_budget_uses(now).await.unwrap(), 0);
}

async fn the_newest_tokens_and_families_are_kept(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await;
    let at = |minute: u8| NOW.plus(Duration::from_mins(minute.into()));
    let mut tx = store.begin().await.unwrap();
    for number in 1..=4 {
        let family = FamilyId([number; 16]);
        tx.add_token_family(family, member.id, member.epoch, NOW).await.unwrap();
        for token in 1..=4 {
            tx.add_refresh_token(family, &[10 * number + token; 32], at(10 * number + token)).await.unwrap();
        }
    }
    tx.keep_newest_tokens(FamilyId([4; 16]), 3).await.unwrap();
    tx.keep_newest_families(member.id, 2).await.unwrap();
    let mut kept = Vec::new();
    for number in 1..=4 {
        for token in 1..=4 {
            if tx.refresh_token(&[10 * number + token; 32]).await.unwrap().is_some() {
                kept.push(10 * number + token);
            }
        }
    }
    assert_eq!(kept, [31, 32, 33, 34, 42, 43, 44]);
}

async fn a_budget_counts_what_was_used_since(store: &dyn Store) {
    let (before, later) = (Timestamp(NOW.0 - 1), Timestamp(NOW.0 + 1));
    let mut tx = store.begin().await.unwrap();
    for (subject, at) in [("1", NOW), ("1", later), ("2", NOW)] {
        assert!(tx.take_budget(&one_use(subject, "", at), &[]).await.unwrap().is_some());
    }
    tx.take_budget(&BudgetUse { budget: "c", ..one_use("1", "", NOW) }, &[]).await.unwrap();
    tx.commit().await.unwrap();
    let uses = |count, oldest| BudgetUses { count, oldest };
    assert_eq!(store.budget_uses("b", "1", before).await.unwrap(), uses(2, Some(NOW)));
    assert_eq!(store.budget_uses("b", "1", NOW).await.unwrap(), uses(1, Some(later)));
    assert_eq!(store.budget_uses("b", "1", later).await.unwrap(), uses(0, None));
    assert_eq!(store.delete_expired_budget_uses(NOW.plus(Duration::from_hours(1))).await.unwrap(), 3);
    assert_eq!(store.budget_uses("b", "1", before).await.unwrap(), uses(1, Some(later)));
}

async fn a_budget_is_taken_only_while_no_limit_is_reached(store: &dyn Store) {
    let later = Timestamp(NOW.0 + 10);
    let limits = [(2, Timestamp(NOW.0 + 5)), (3, Timestamp(0))];
    let mut tx = store.begin().await.unwrap();
    let mut take = async |at| tx.take_budget(&one_use("1", "", at), &limits).await.unwrap().is_some();
    assert_eq!([take(NOW).await, take(NOW).await, take(later).await, take(later).await], [true, true, true, false]);
    // Another subject has uses left, and so has the first one with wider limits.
    assert!(tx.take_budget(&one_use("2", "", NOW), &limits).await.unwrap().is_some());
    assert!(tx.take_budget(&one_use("1", "", later), &[(4, Timestamp(0))]).await.unwrap().is_some());
    assert!(tx.take_budget(&one_use("1", "", later), &[(3, Timestamp(NOW.0 + 5))]).await.unwrap().is_some());
    assert!(tx.take_budget(&one_use("1", "", later), &[(3, Timestamp(NOW.0 + 5))]).await.unwrap().is_none());
}

async fn uses_can_be_given_back(store: &dyn Store) {
    let mut tx = store.begin().await.unwrap();
    let first = tx.take_budget(&one_use("1", "login", NOW), &[]).await.unwrap().unwrap();
    tx.take_budget(&one_use("1", "login", NOW), &[]).await.unwrap();
    tx.take_budget(&one_use("1", "other", NOW), &[]).await.unwrap();
    let count = async |tx: &mut dyn Transaction| tx.budget_uses("b", "1", Timestamp(0)).await.unwrap().count;
    tx.give_back(&[UseId(first)]).await.unwrap();
    assert_eq!(count(tx.as_mut()).await, 2);
    tx.give_back_for("b", "2", "login").await.unwrap();
    tx.give_back_for("b", "1", "login").await.unwrap();
    assert_eq!(count(tx.as_mut()).await, 1);
}

async fn a_device_is_known_for_the_members_who_logged_in_on_it(store: &dyn Store) {
    let first = add_member(store, 1, "AAAAAA").await;
    let second = add_member(store, 2, "BBBBBB").await;
    let mut tx = store.begin().await.unwrap();
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
    let mut tx = store.begin().await.unwrap();
    tx.remember_device(second.id, Some(&[1; 32]), &[3; 32], &stranger(), later).await.unwrap();
    tx.remember_device(second.id, Some(&[3; 32]), &[3; 32], &stranger(), later).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((known([1; 32], 1).await, known([3; 32], 1).await), (None, id));
    assert!(known([3; 32], 2).await.is_some_and(|second| Some(second) != id));

    assert_eq!(store.delete_devices_seen_before(later).await.unwrap(), 1);
    assert_eq!(known([3; 32], 1).await, None);
    assert!(store.is_known_device(&[3; 32], before).await.unwrap(), "for the other member");
    assert!(!store.is_known_device(&[3; 32], later).await.unwrap());
    let mut tx = store.begin().await.unwrap();
    tx.forget_devices(second.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(known([3; 32], 2).await, None);
}

async fn codes_for_a_known_device_are_counted_separately(store: &dyn Store) {
    let device = Some(DeviceId(7));
    add_code(store, FlowId([1; 16]), &phone(1), NOW).await;
    let mut tx = store.begin().await.unwrap();
    let for_device = NewLoginCode { device, length: CodeLength::MAX, ..new_code(FlowId([2; 16]), &phone(1), NOW) };
    tx.add_login_code(&for_device).await.unwrap();
    tx.commit().await.unwrap();
    for who in [None, device] {
        assert_eq!(store.unused_messages(&phone(1), who, Timestamp(0)).await.unwrap(), unused(1, Some(NOW)));
    }
    let of_other = store.unused_messages(&phone(1), Some(DeviceId(8)), Timestamp(0)).await.unwrap();
    assert_eq!(of_other, UnusedMessages::default());
    let sent = store.newest_login_code(FlowId([2; 16])).await.unwrap().unwrap();
    assert_eq!((sent.device, sent.length), (device, CodeLength::MAX));
    assert_eq!(store.newest_code_at().await.unwrap(), Some(NOW));
}

async fn the_oldest_login_flows_of_a_phone_expire(store: &dyn Store) {
    let flows = [1, 2, 3, 4].map(|number| FlowId([number; 16]));
    for flow in flows {
        add_code(store, flow, &phone(1), NOW).await;
    }
    add_code(store, FlowId([5; 16]), &phone(2), NOW).await;
    let mut tx = store.begin().await.unwrap();
    tx.expire_oldest_flows(&phone(1), Some(DeviceId(7)), flows[0], 0, NOW).await.unwrap();
    tx.expire_oldest_flows(&phone(1), None, flows[0], 2, NOW).await.unwrap();
    tx.commit().await.unwrap();
    let mut live = Vec::new();
    for flow in flows {
        live.push(take_guess(store, flow, NOW).await.is_some());
    }
    assert_eq!(live, [true, false, true, true]);
    assert!(take_guess(store, FlowId([5; 16]), NOW).await.is_some());
    // They still count as unused codes.
    assert_eq!(store.unused_messages(&phone(1), None, Timestamp(0)).await.unwrap().count, 4);
}

async fn a_message_with_the_same_code_is_counted_and_can_be_taken_back(store: &dyn Store) {
    let flow = FlowId([1; 16]);
    let id = add_code(store, flow, &phone(1), NOW).await;
    let later = NOW.plus(Duration::from_mins(1));
    let mut tx = store.begin().await.unwrap();
    tx.count_message(id, later).await.unwrap();
    assert_eq!(tx.unused_messages(&phone(1), None, Timestamp(0)).await.unwrap(), unused(2, Some(later)));
    assert_eq!(tx.newest_login_code(flow).await.unwrap().unwrap().resent_at, Some(later));
    tx.commit().await.unwrap();
    let sent = async || {
        let counts = store.daily_counts(NOW.0 / 86_400_000).await.unwrap();
        counts.iter().find(|count| count.what == Counted::MessagesSent).map(|count| count.count)
    };
    assert_eq!(sent().await, Some(2));
    let mut tx = store.begin().await.unwrap();
    tx.take_back_message(id, None).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.unused_messages(&phone(1), None, Timestamp(0)).await.unwrap(), unused(1, Some(NOW)));
    assert_eq!(sent().await, Some(1));
    assert_eq!(store.logins_of(&phone(1), 9).await.unwrap().len(), 1);
}

async fn guesses_of_an_api_login_are_counted_by_themselves(store: &dyn Store) {
    let flow = FlowId([1; 16]);
    let id = add_code(store, flow, &phone(1), NOW).await;
    let (one, other) = (ApiLoginId([1; 16]), ApiLoginId([2; 16]));
    let mut tx = store.begin().await.unwrap();
    for login in [one, other] {
        tx.add_api_login(login, id).await.unwrap();
    }
    let mut guess = async |target| tx.take_guess(target, 3, NOW).await.unwrap().map(|sent| (sent.id, sent.tries));
    for tries in 1..=3 {
        assert_eq!(guess(GuessTarget::ApiLogin(one)).await, Some((id, tries)));
    }
    assert_eq!(guess(GuessTarget::ApiLogin(one)).await, None);
    assert_eq!(guess(GuessTarget::ApiLogin(other)).await, Some((id, 1)));
    assert_eq!(guess(GuessTarget::Flow(flow)).await, Some((id, 1)));
    assert_eq!(guess(GuessTarget::ApiLogin(ApiLoginId([3; 16]))).await, None);

    let longer = tx.add_login_code(&new_code(flow, &phone(1), NOW)).await.unwrap().id;
    tx.move_api_logins(id, longer).await.unwrap();
    let guessed = tx.take_guess(GuessTarget::ApiLogin(one), 3, NOW).await.unwrap();
    assert_eq!(guessed.map(|sent| (sent.id, sent.tries)), Some((longer, 1)));
    tx.end_codes(&phone(1), NOW).await.unwrap();
    assert!(tx.take_guess(GuessTarget::ApiLogin(one), 3, NOW).await.unwrap().is_none());
    tx.commit().await.unwrap();
    let guesses: Vec<_> = store.logins_of(&phone(1), 9).await.unwrap().iter().map(|login| login.guesses).collect();
    assert_eq!(guesses, [1, 1]);
}

async fn unused_codes_can_be_deleted(store: &dyn Store) {
    let used = add_code(store, FlowId([1; 16]), &phone(1), NOW).await;
    let mut tx = store.begin().await.unwrap();
    tx.use_code(used, NOW).await.unwrap();
    tx.commit().await.unwrap();
    for number in [1, 2] {
        add_code(store, FlowId([2; 16]), &phone(number), NOW).await;
    }
    let mut tx = store.begin().await.unwrap();
    tx.delete_unused_codes(&phone(1)).await.unwrap();
    assert_eq!(tx.unused_messages(&phone(1), None, Timestamp(0)).await.unwrap(), UnusedMessages::default());
    assert_eq!(tx.unused_messages(&phone(2), None, Timestamp(0)).await.unwrap().count, 1);
    tx.commit().await.unwrap();
    assert_eq!(store.logins_of(&phone(1), 9).await.unwrap()[0].used_at, Some(NOW));
}

async fn the_newest_uses_and_what_is_left_are_told(store: &dyn Store) {
    let mut tx = store.begin().await.unwrap();
    for second in 0..3 {
        let used_at = Timestamp(NOW.0 + second);
        let new = BudgetUse { budget: "b", subject: "s", purpose: "", used_at, expires_at: used_at };
        tx.take_budget(&new, &[]).await.unwrap().unwrap();
    }
    assert_eq!(tx.nth_newest_use("b", "s", 1).await.unwrap(), Some(Timestamp(NOW.0 + 2)));
    assert_eq!(tx.nth_newest_use("b", "s", 3).await.unwrap(), Some(NOW));
    assert_eq!(tx.nth_newest_use("b", "s", 4).await.unwrap(), None);
    assert_eq!(tx.nth_newest_use("b", "t", 1).await.unwrap(), None);
    let before = Timestamp(NOW.0 - 1);
    assert!(tx.is_budget_left("b", "s", &[(4, before), (2, Timestamp(NOW.0 + 1))]).await.unwrap());
    assert!(!tx.is_budget_left("b", "s", &[(4, before), (1, Timestamp(NOW.0 + 1))]).await.unwrap());
    assert!(tx.is_budget_left("b", "s", &[]).await.unwrap());
}

async fn all_uses_of_a_subject_can_be_given_back(store: &dyn Store) {
    let mut tx = store.begin().await.unwrap();
    for subject in ["+7912", "+7912 10.0.0.1", "+79123", "+791", "of +7912"] {
        let new = BudgetUse { budget: "b", subject, purpose: "", used_at: NOW, expires_at: NOW };
        tx.take_budget(&new, &[]).await.unwrap().unwrap();
    }
    tx.give_back_all("b", "+7912").await.unwrap();
    let mut left = Vec::new();
    for subject in ["+7912", "+7912 10.0.0.1", "+79123", "+791", "of +7912"] {
        left.push(tx.budget_uses("b", subject, Timestamp(0)).await.unwrap().count);
    }
    assert_eq!(left, [0, 0, 1, 1, 1]);
}

async fn used_and_unused_codes_to_a_prefix_are_counted(store: &dyn Store) {
    let used = add_code(store, FlowId([1; 16]), &phone(1), NOW).await;
    add_code(store, FlowId([2; 16]), &phone(2), NOW).await;
    add_code(store, FlowId([3; 16]), &phone(9_000_003), NOW).await;
    let mut tx = store.begin().await.unwrap();
    assert!(tx.use_code(used, NOW).await.unwrap());
    let sent = |count, used, oldest| SentToPrefix { count, used, oldest };
    let before = Timestamp(NOW.0 - 1);
    let prefix = "+7912000";
    assert_eq!(tx.sent_to_prefix(prefix, before, NOW).await.unwrap(), sent(1, 1, Some(NOW)), "one is still live");
    let later = NOW.plus(Duration::from_mins(3));
    assert_eq!(tx.sent_to_prefix(prefix, before, later).await.unwrap(), sent(2, 1, Some(NOW)));
    assert_eq!(tx.sent_to_prefix(prefix, NOW, later).await.unwrap(), sent(0, 0, None));
    assert_eq!(tx.sent_to_prefix("+7912900", before, later).await.unwrap(), sent(1, 0, Some(NOW)));
}

async fn an_outcome_is_kept_for_one_member_and_key(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    let other = add_member(store, 2, "BBBBBB").await.id;
    let later = Timestamp(NOW.0 + HOUR_MS);
    let kept = |text: &str| IdempotentOutcome { request: text.to_owned(), outcome: text.to_owned() };
    let mut tx = store.begin().await.unwrap();
    tx.keep_idempotent_outcome(member, &HASH, &kept("first"), NOW).await.unwrap();
    let before = NOW.minus(Duration::from_secs(1));
    assert_eq!(tx.idempotent_outcome(member, &HASH, before).await.unwrap().unwrap().request, "first");
    assert!(tx.idempotent_outcome(member, &HASH, NOW).await.unwrap().is_none());
    assert!(tx.idempotent_outcome(member, &[8; 32], before).await.unwrap().is_none());
    assert!(tx.idempotent_outcome(other, &HASH, before).await.unwrap().is_none());
    tx.keep_idempotent_outcome(member, &HASH, &kept("second"), later).await.unwrap();
    assert_eq!(tx.idempotent_outcome(member, &HASH, NOW).await.unwrap().unwrap().outcome, "second");
    tx.commit().await.unwrap();
    assert_eq!(store.delete_idempotent_outcomes_before(later).await.unwrap(), 0);
    assert_eq!(store.delete_idempotent_outcomes_before(Timestamp(later.0 + 1)).await.unwrap(), 1);
}

async fn the_check_of_the_secret_is_one_value(store: &dyn Store) {
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.secret_check().await.unwrap(), None);
    for value in [[1; 32], [2; 32]] {
        tx.keep_secret_check(&value).await.unwrap();
        assert_eq!(tx.secret_check().await.unwrap(), Some(value));
    }
}

async fn the_database_is_ready(store: &dyn Store) {
    store.check_ready().await.unwrap();
    store.close().await;
    assert!(store.check_ready().await.is_err());
}
