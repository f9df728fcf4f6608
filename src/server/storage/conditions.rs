//! The conditions of searches, which are the same SQL in both dialects.

use crate::server::data::{AuditSearch, MemberSearch, Sort, Status, WebhookDelivery, WebhookSearch};
use sqlx::{Database, Encode, QueryBuilder, Type};

/// How a list of members is ordered. There is an index for each order.
pub(super) struct Order {
    /// What is read, before the conditions.
    pub select: &'static str,
    /// The table that the order comes from.
    pub table: &'static str,
    /// The columns of a [`Place`](crate::server::data::Place) in that table.
    pub key: &'static str,
    pub id: &'static str,
    pub direction: &'static str,
    /// Compares with a place for what is after it.
    pub after: &'static str,
    /// Compares with a place for what is not after it.
    pub until: &'static str,
}

const LISTED: &str = "SELECT id, phone, invite_code, created_at, blocked_at, invitees, \
                      (SELECT redeemed_at FROM redemptions WHERE invitee_id = members.id) AS redeemed_at \
                      FROM members WHERE true";
const LISTED_ACTIVATED: &str = "SELECT id, phone, members.invite_code, created_at, blocked_at, invitees, redeemed_at \
                                FROM redemptions JOIN members ON id = invitee_id WHERE true";

impl Order {
    pub fn of(sort: Sort) -> Self {
        let (select, table, key, id) = match sort {
            Sort::Newest | Sort::Oldest => (LISTED, "members", "created_at", "id"),
            Sort::MostInvitees | Sort::FewestInvitees => (LISTED, "members", "invitees", "id"),
            Sort::LastActivated | Sort::FirstActivated => {
                (LISTED_ACTIVATED, "redemptions", "redemptions.redeemed_at", "invitee_id")
            }
        };
        let (direction, after, until) = match sort {
            Sort::Newest | Sort::MostInvitees | Sort::LastActivated => ("DESC", "<", ">="),
            Sort::Oldest | Sort::FewestInvitees | Sort::FirstActivated => ("ASC", ">", "<="),
        };
        Self { select, table, key, id, direction, after, until }
    }
}

/// The conditions of a search for members, but for its place in the order.
pub(super) fn push_of_members<DB: Database>(query: &mut QueryBuilder<DB>, search: &MemberSearch)
where
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    for<'q> String: Encode<'q, DB> + Type<DB>,
{
    if let Some(part) = &search.phone_part {
        query.push(" AND phone LIKE ").push_bind(format!("%{part}%"));
    }
    if let Some(code) = &search.invite_code {
        query.push(" AND id IN (SELECT id FROM members WHERE invite_code = ").push_bind(code.clone());
        query.push(" UNION SELECT member_id FROM former_invite_codes WHERE invite_code = ").push_bind(code.clone());
        query.push(")");
    }
    if let Some(inviter) = search.inviter {
        query.push(" AND id IN (SELECT invitee_id FROM redemptions WHERE inviter_id = ").push_bind(inviter).push(")");
    }
    query.push(match search.status {
        Status::Any => "",
        Status::Active => " AND blocked_at IS NULL AND erased_at IS NULL",
        Status::Blocked => " AND blocked_at IS NOT NULL",
        Status::Erased => " AND erased_at IS NOT NULL",
        Status::Redeemed => " AND EXISTS (SELECT 1 FROM redemptions WHERE invitee_id = id)",
        Status::NotRedeemed => " AND NOT EXISTS (SELECT 1 FROM redemptions WHERE invitee_id = id)",
    });
    // The plus keeps SQLite from sorting all who joined in this time, instead of following the index of the order.
    let joined_at = if search.sort.is_by_activation() { "+created_at" } else { "created_at" };
    if let Some(from) = search.from {
        query.push(format_args!(" AND {joined_at} >= ")).push_bind(from);
    }
    if let Some(until) = search.until {
        query.push(format_args!(" AND {joined_at} < ")).push_bind(until);
    }
}

/// A search in the audit log. `place_of` is the function that says where a text is in another, 0 if nowhere.
pub(super) fn audit_search<DB: Database>(search: &AuditSearch, place_of: &'static str) -> QueryBuilder<DB>
where
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    for<'q> String: Encode<'q, DB> + Type<DB>,
{
    let mut query =
        QueryBuilder::new("SELECT id, at, actor, act, subject, reason, details, address FROM audit_log WHERE true");
    if let Some(actor) = search.actor {
        query.push(" AND actor = ").push_bind(actor);
    }
    if let Some(subject) = search.subject {
        query.push(" AND subject = ").push_bind(subject);
    }
    if let Some(act) = search.act {
        query.push(" AND act = ").push_bind(act);
    }
    if let Some(text) = &search.text {
        query.push(format_args!(" AND ({place_of}(lower(reason), lower(")).push_bind(text.clone());
        query.push(format_args!(")) > 0 OR {place_of}(lower(details), lower(")).push_bind(text.clone()).push(")) > 0)");
    }
    if let Some(from) = search.from {
        query.push(" AND at >= ").push_bind(from);
    }
    if let Some(until) = search.until {
        query.push(" AND at < ").push_bind(until);
    }
    if let Some(before) = search.before {
        query.push(" AND id < ").push_bind(before);
    }
    query.push(" ORDER BY id DESC LIMIT ").push_bind(i64::from(search.limit));
    query
}

/// A search for deliveries of webhooks.
pub(super) fn webhook_search<DB: Database>(search: &WebhookSearch) -> QueryBuilder<DB>
where
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    for<'q> String: Encode<'q, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new(
        "SELECT id, message_id, type, member_id, inviter_id, created_at, endpoint, state, next_at \
         FROM webhook_deliveries WHERE true",
    );
    if let Some(state) = search.state {
        // Not bound: SQLite uses an index of one state only for a statement that names it.
        query.push(format_args!(" AND state = '{}'", state.into_str()));
    }
    if let Some(kind) = search.kind {
        query.push(" AND type = ").push_bind(kind);
    }
    if let Some(before) = search.before {
        query.push(" AND id < ").push_bind(before);
    }
    query.push(" ORDER BY id DESC LIMIT ").push_bind(i64::from(search.limit));
    query
}

/// The attempts of these deliveries, oldest first.
pub(super) fn webhook_attempts<DB: Database>(deliveries: &[WebhookDelivery]) -> QueryBuilder<DB>
where
    for<'q> i64: Encode<'q, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new(
        "SELECT delivery_id, begun_at, took, status, trouble FROM webhook_attempts WHERE delivery_id IN (0",
    );
    for delivery in deliveries {
        query.push(", ").push_bind(delivery.id);
    }
    query.push(") ORDER BY id");
    query
}
