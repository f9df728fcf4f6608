//! What every database must guarantee, whatever the code above it does: a file for each aggregate. Each dialect runs the
//! whole suite.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod admin;
mod budgets;
mod demo;
mod devices;
mod links;
mod login_codes;
mod members;
mod messages;
mod progress;
mod redemptions;
mod sessions;
mod set_aside;
mod side_by_side;
mod tokens;
mod webhooks;

use super::*;
use crate::model::invite_code::InviteCode;
use crate::model::login_code::CodeLength;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{
    AddMember, BudgetUse, BudgetUses, FamilyId, FlowId, IdempotentOutcome, Member, MemberId, NewLoginCode,
    RefreshToken, SentToPrefix, SessionRow, *,
};
use crate::tests::{OwnDatabase, TestDatabase, stranger};
use admin::*;
use budgets::*;
use demo::*;
use devices::*;
use links::*;
use login_codes::*;
use members::*;
use messages::*;
use progress::*;
use redemptions::*;
use sessions::*;
use set_aside::*;
use side_by_side::*;
use std::time::Duration;
use tokens::*;
use webhooks::*;

const NOW: Timestamp = Timestamp(1_767_225_600_000);
const HOUR_MS: i64 = 3_600_000;

/// Runs each function of the suite on each dialect, as a test of its own.
macro_rules! contract {
    ($($name:ident)*) => {
        mod sqlite_contract {
            use super::*;

            $(#[tokio::test]
            async fn $name() {
                let database = TestDatabase::in_file();
                super::$name(database.open().await.as_ref()).await;
            })*
        }

        mod postgres_contract {
            use super::*;

            $(#[tokio::test]
            async fn $name() {
                let database = TestDatabase::Postgres(OwnDatabase::new().await);
                super::$name(database.open().await.as_ref()).await;
            })*
        }
    };
}

contract! {
    a_phone_belongs_to_one_member
    an_invite_code_belongs_to_one_member
    a_phone_is_changed_to_one_that_nobody_has
    a_member_redeems_one_code
    nobody_redeems_their_own_code
    a_redemption_needs_two_members
    the_whole_chain_of_inviters_is_followed
    a_visit_is_noted_once_a_day
    a_session_that_is_saved_notes_the_visit
    an_account_that_is_set_aside_has_no_phone_and_keeps_its_code
    an_account_that_is_set_aside_gets_a_phone_again_once
    an_account_is_claimable_on_the_devices_that_it_knows
    a_number_that_moves_on_leaves_no_successor
    a_redemption_ties_both_members
    a_guess_is_counted_until_the_limit
    a_guess_needs_a_live_code
    the_newest_code_of_a_flow_counts
    a_code_is_used_once
    unused_messages_are_counted_from_the_newest_back
    an_ended_code_cannot_be_used_and_counts_as_unused
    a_dropped_transaction_is_rolled_back
    transactions_side_by_side_see_only_their_own_outcome
    a_profile_is_read_in_pages
    a_session_is_kept_until_it_expires
    a_session_that_ended_is_not_revived
    a_session_never_outlives_its_absolute_life
    two_sessions_have_two_ids
    a_session_ends_with_the_epoch_and_when_its_member_is_blocked
    live_logins_are_listed_with_what_their_device_calls_itself
    a_login_that_ends_takes_its_device_along_unless_another_is_on_it
    a_device_is_kept_while_a_login_over_the_api_goes_on
    a_session_may_outlive_its_device
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
    messages_come_newest_first_and_go_with_their_codes
    a_report_never_takes_back_that_a_message_was_delivered
    the_newest_uses_and_what_is_left_are_told
    all_uses_of_a_subject_can_be_given_back
    used_and_unused_codes_to_a_prefix_are_counted
    an_outcome_is_kept_for_one_member_and_key
    the_check_of_the_secret_is_one_value
    steps_of_a_link_are_counted_by_the_day_of_the_opening
    invitees_are_counted_by_the_day
    the_board_has_those_who_want_to_be_on_it_and_have_invitees
    a_revision_counts_the_changes_of_the_invitees
    a_delivery_is_claimed_until_its_lease_ends
    a_delivery_waits_until_it_is_due_and_can_be_replayed
    nothing_is_claimed_for_an_endpoint_that_is_off
    deliveries_are_listed_with_their_attempts_and_deleted_with_them
    the_last_delivery_to_an_endpoint_is_told
    the_database_is_ready
    a_grant_belongs_to_one_phone_and_a_new_one_has_a_new_id
    a_link_for_the_first_admin_works_once_while_there_is_none
    members_are_found_by_every_filter
    members_are_listed_in_every_order_from_any_place
    the_median_time_from_joining_to_redeeming_is_that_of_the_newest
    the_record_of_an_erased_member_has_no_phone
    an_erasure_leaves_longer_numbers_alone
    totals_and_daily_counts_follow_redemptions
    a_repeated_attempt_is_counted_and_its_network_deleted
    a_flag_waits_once_and_is_reviewed_once
    lines_of_the_audit_log_are_found
    lines_that_conflict_with_members_get_problems
    a_file_becomes_members_once
    invented_members_are_as_if_they_had_joined
}

/// The same for functions that take two stores on one database.
macro_rules! side_by_side {
    ($($name:ident)*) => {
        mod sqlite_side_by_side {
            use super::*;

            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $name() {
                let database = TestDatabase::in_file();
                let (one, other) = (database.open().await, database.open().await);
                super::$name([one.as_ref(), other.as_ref()]).await;
            })*
        }

        mod postgres_side_by_side {
            use super::*;

            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $name() {
                let database = TestDatabase::Postgres(OwnDatabase::new().await);
                let (one, other) = (database.open().await, database.open().await);
                super::$name([one.as_ref(), other.as_ref()]).await;
            })*
        }
    };
}

side_by_side! {
    the_last_use_of_a_budget_goes_to_one
    no_more_guesses_are_taken_than_allowed
    a_code_logs_in_once
    the_first_logins_of_a_phone_add_one_member
    redemptions_at_once_make_no_circle
    a_member_redeems_once_however_often_they_ask_at_once
    a_refresh_token_is_exchanged_once
    a_phone_that_two_change_to_goes_to_one
    members_who_swap_phones_do_not_stop_each_other
    there_is_one_first_admin
    a_job_that_is_due_is_claimed_once
    a_delivery_is_claimed_once
    logins_at_once_do_not_stop_each_other
}

fn phone(number: u32) -> Phone {
    Phone::from_e164(&format!("+7912{number:07}")).unwrap()
}

fn code(text: &str) -> InviteCode {
    InviteCode::parse(text).unwrap()
}

async fn add_member(store: &dyn Store, number: u32, invite_code: &str) -> Member {
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    let added = tx.add_member(&phone(number), &code(invite_code), NOW).await.unwrap();
    tx.commit().await.unwrap();
    match added {
        AddMember::Added(member) => member,
        AddMember::InviteCodeTaken => panic!("{invite_code} is taken"),
    }
}

async fn add_redemption(store: &dyn Store, invitee: MemberId, inviter: MemberId) -> StoreResult<()> {
    let mut tx = store.begin(Lock::Nothing).await?;
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
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    let id = tx.add_login_code(&new_code(flow, phone, created_at)).await.unwrap().id;
    tx.commit().await.unwrap();
    id
}

fn unused(count: u32, newest: Option<Timestamp>) -> UnusedMessages {
    UnusedMessages { count, newest }
}

async fn take_guess(store: &dyn Store, flow: FlowId, now: Timestamp) -> Option<i64> {
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    let taken = tx.take_guess(GuessTarget::Flow(flow), 3, now).await.unwrap();
    tx.commit().await.unwrap();
    taken.map(|code| code.id)
}

async fn next_epoch(store: &dyn Store, member: MemberId) {
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.next_epoch(member).await.unwrap();
    tx.commit().await.unwrap();
}

async fn any_number_of_expired_rows_is_deleted(store: &dyn Store) {
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    for _ in 0..10_001 {
        tx.take_budget(&one_use("1", "", NOW), &[]).await.unwrap();
    }
    tx.take_budget(&one_use("1", "", NOW.plus(Duration::from_secs(1))), &[]).await.unwrap();
    tx.commit().await.unwrap();
    let now = NOW.plus(Duration::from_hours(1));
    assert_eq!(store.delete_expired_budget_uses(now).await.unwrap(), 10_001);
    assert_eq!(store.delete_expired_budget_uses(now).await.unwrap(), 0);
}

async fn the_check_of_the_secret_is_one_value(store: &dyn Store) {
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
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
