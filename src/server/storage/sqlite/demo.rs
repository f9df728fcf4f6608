//! Invented members, many at once: one statement for each table.

use super::connection::{Statements, at_length};
use super::transaction::SqliteTransaction;
use crate::server::clock::Timestamp;
use crate::server::data::Joined;
use crate::server::storage::demo::rows_of;
use crate::server::storage::{DemoTransaction, StoreResult};
use async_trait::async_trait;

/// 256 MiB for pages: the rows of random keys are all over the indexes, and would be written again for every few members.
const LARGE_CACHE: &str = "PRAGMA cache_size = -262144";

const MEMBERS: &str = "INSERT INTO members (id, phone, invite_code, created_at, blocked_at, visited_at) \
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?)";
const CODES: &str = "INSERT INTO login_codes (flow, phone, mac, length, begins_login, created_at, expires_at) \
    SELECT unhex(value ->> 0), value ->> 1, zeroblob(32), value ->> 2, value ->> 3, value ->> 4, value ->> 5 \
    FROM json_each(?)";
/// Logins are counted when a code becomes used, so codes are not inserted as used ones.
const USED_CODES: &str = "UPDATE login_codes SET used_at = used.value ->> 1 FROM json_each(?) AS used \
    WHERE flow = unhex(used.value ->> 0)";
const OLD_CODES: &str = "DELETE FROM login_codes WHERE created_at < ?";
/// Each member has one device at most, and it has the member's id.
const DEVICES: &str = "INSERT INTO devices (id, browser, member_id, token_hash, created_at, seen_at, agent, network) \
    SELECT value ->> 0, value ->> 0, value ->> 0, unhex(value ->> 1), value ->> 2, value ->> 2, value ->> 3, value ->> 4 \
    FROM json_each(?)";
const ATTEMPTS: &str = "INSERT INTO redeem_tries (member_id, typed, inviter_id, outcome, tried_at, last_at, network) \
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 4, value ->> 5 FROM json_each(?)";
const REDEMPTIONS: &str = "INSERT INTO redemptions (invitee_id, invite_code, inviter_id, redeemed_at) \
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 4 FROM json_each(?)";

#[async_trait]
impl DemoTransaction for SqliteTransaction {
    async fn add_joined(&mut self, joined: &[Joined], codes_since: Timestamp) -> StoreResult<()> {
        self.connection.execute_batch(LARGE_CACHE)?;
        let statements = [MEMBERS, CODES, USED_CODES, DEVICES, ATTEMPTS, REDEMPTIONS];
        for (statement, rows) in statements.into_iter().zip(rows_of(joined)) {
            at_length(|| self.connection.change(statement, [rows]))?;
        }
        self.connection.change(OLD_CODES, [codes_since.0])?;
        Ok(())
    }
}
