//! Invented members, many at once: one statement for each table, whose rows come as one JSON value.

use super::connection::{Statements, at_length};
use super::transaction::SqliteTransaction;
use crate::server::clock::Timestamp;
use crate::server::data::{AttemptOutcome, Joined};
use crate::server::storage::{DemoTransaction, StoreResult};
use async_trait::async_trait;
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

/// 256 MiB for pages: the rows of random keys are all over the indexes, and would be written again for every few members.
const LARGE_CACHE: &str = "PRAGMA cache_size = -262144";

const MEMBERS: &str = "INSERT INTO members (id, phone, invite_code, created_at, blocked_at) \
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)";
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
        for (statement, rows) in [
            (MEMBERS, joined.iter().map(member).collect()),
            (CODES, joined.iter().flat_map(codes).collect()),
            (USED_CODES, joined.iter().flat_map(used_codes).collect()),
            (DEVICES, joined.iter().filter_map(device).collect()),
            (ATTEMPTS, joined.iter().flat_map(|joined| attempts(joined, |_| true)).collect()),
            (REDEMPTIONS, joined.iter().flat_map(|joined| attempts(joined, is_redemption)).collect()),
        ] {
            let rows = Value::Array(rows).to_string();
            at_length(|| self.connection.change(statement, [rows]))?;
        }
        self.connection.change(OLD_CODES, [codes_since.0])?;
        Ok(())
    }
}

fn member(joined: &Joined) -> Value {
    let blocked_at = joined.blocked_at.map(|at| at.0);
    json!([joined.id.0, joined.phone.as_str(), joined.invite_code.as_str(), joined.joined_at.0, blocked_at])
}

fn codes(joined: &Joined) -> impl Iterator<Item = Value> {
    joined.codes.iter().map(|(code, _)| {
        let length: u8 = code.length.into();
        let (flow, phone) = (HEXLOWER.encode(&code.flow.0), code.phone.as_str());
        json!([flow, phone, length, code.begins_login, code.created_at.0, code.expires_at.0])
    })
}

fn used_codes(joined: &Joined) -> impl Iterator<Item = Value> {
    let used = joined.codes.iter().filter_map(|(code, used_at)| Some((code, (*used_at)?)));
    used.map(|(code, used_at)| json!([HEXLOWER.encode(&code.flow.0), used_at.0]))
}

fn device(joined: &Joined) -> Option<Value> {
    let Joined { visitor, .. } = joined;
    let hash = HEXLOWER.encode(&joined.device_hash?);
    Some(json!([joined.id.0, hash, joined.joined_at.0, visitor.agent, visitor.network.as_str()]))
}

fn attempts(joined: &Joined, which: fn(AttemptOutcome) -> bool) -> impl Iterator<Item = Value> {
    let attempts = joined.attempts.iter().filter(move |attempt| which(attempt.outcome));
    attempts.map(|attempt| {
        let inviter = attempt.inviter.map(|inviter| inviter.0);
        let outcome = attempt.outcome.into_str();
        json!([attempt.member.0, attempt.typed, inviter, outcome, attempt.at.0, attempt.network])
    })
}

fn is_redemption(outcome: AttemptOutcome) -> bool {
    outcome == AttemptOutcome::Redeemed
}
