//! Invented members, many at once: one statement for each table.

use super::transaction::PostgresTransaction;
use crate::server::clock::Timestamp;
use crate::server::data::Joined;
use crate::server::storage::demo::rows_of;
use crate::server::storage::{DemoTransaction, StoreResult};
use async_trait::async_trait;

const MEMBERS: &str = "INSERT INTO members (id, phone, invite_code, created_at, blocked_at, visited_at) \
    SELECT (value ->> 0)::bigint, value ->> 1, value ->> 2, (value ->> 3)::bigint, (value ->> 4)::bigint, \
    (value ->> 5)::bigint \
    FROM json_array_elements($1::json) AS value";
const CODES: &str = "INSERT INTO login_codes (flow, phone, length, begins_login, created_at, expires_at) \
    SELECT decode(value ->> 0, 'hex'), value ->> 1, (value ->> 2)::bigint, (value ->> 3)::boolean, \
    (value ->> 4)::bigint, (value ->> 5)::bigint FROM json_array_elements($1::json) AS value";
/// Logins are counted when a code becomes used, so codes are not inserted as used ones.
const USED_CODES: &str = "UPDATE login_codes SET used_at = (value ->> 1)::bigint \
    FROM json_array_elements($1::json) AS value WHERE flow = decode(value ->> 0, 'hex')";
const OLD_CODES: &str = "DELETE FROM login_codes WHERE created_at < $1";
/// Each member has one device at most, and it has the member's id.
const DEVICES: &str = "INSERT INTO devices (id, browser, member_id, token_hash, created_at, seen_at, agent, network) \
    SELECT (value ->> 0)::bigint, (value ->> 0)::bigint, (value ->> 0)::bigint, decode(value ->> 1, 'hex'), \
    (value ->> 2)::bigint, (value ->> 2)::bigint, value ->> 3, value ->> 4 \
    FROM json_array_elements($1::json) AS value";
const ATTEMPTS: &str = "INSERT INTO redeem_tries (member_id, typed, inviter_id, outcome, tried_at, last_at, network) \
    SELECT (value ->> 0)::bigint, value ->> 1, (value ->> 2)::bigint, value ->> 3, (value ->> 4)::bigint, \
    (value ->> 4)::bigint, value ->> 5 FROM json_array_elements($1::json) AS value";
const REDEMPTIONS: &str = "INSERT INTO redemptions (invitee_id, invite_code, inviter_id, redeemed_at) \
    SELECT (value ->> 0)::bigint, value ->> 1, (value ->> 2)::bigint, (value ->> 4)::bigint \
    FROM json_array_elements($1::json) AS value";
/// Ids that are written do not move the sequence on.
const SEQUENCES: [&str; 2] = [
    "SELECT setval(pg_get_serial_sequence('members', 'id'), max(id)) FROM members",
    "SELECT setval(pg_get_serial_sequence('devices', 'id'), max(id)) FROM devices",
];

#[async_trait]
impl DemoTransaction for PostgresTransaction {
    async fn add_joined(&mut self, joined: &[Joined], codes_since: Timestamp) -> StoreResult<()> {
        let statements = [MEMBERS, CODES, USED_CODES, DEVICES, ATTEMPTS, REDEMPTIONS];
        for (statement, rows) in statements.into_iter().zip(rows_of(joined)) {
            sqlx::query(statement).bind(rows).execute(self.connection()).await?;
        }
        sqlx::query(OLD_CODES).bind(codes_since).execute(self.connection()).await?;
        for sequence in SEQUENCES {
            sqlx::query(sequence).execute(self.connection()).await?;
        }
        Ok(())
    }
}
