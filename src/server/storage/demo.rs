//! Invented members, many at once.

use crate::server::clock::Timestamp;
use crate::server::data::{AttemptOutcome, Joined};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

/// Changes inside a write transaction.
#[async_trait]
pub trait DemoTransaction: Send {
    /// Adds members to a database in which nobody has their ids, phones, invite codes and devices. It is then as if they
    /// had joined one by one. Codes that were sent before `codes_since` are counted, and not kept.
    async fn add_joined(&mut self, joined: &[Joined], codes_since: Timestamp) -> StoreResult<()>;
}

/// The rows of each table as a JSON array of arrays, which every dialect can read in one statement: members, codes, uses of
/// codes, devices, attempts, redemptions.
pub(super) fn rows_of(joined: &[Joined]) -> [String; 6] {
    let rows: [Vec<Value>; 6] = [
        joined.iter().map(member).collect(),
        joined.iter().flat_map(codes).collect(),
        joined.iter().flat_map(used_codes).collect(),
        joined.iter().filter_map(device).collect(),
        joined.iter().flat_map(|joined| attempts(joined, |_| true)).collect(),
        joined.iter().flat_map(|joined| attempts(joined, is_redemption)).collect(),
    ];
    rows.map(|rows| Value::Array(rows).to_string())
}

fn member(joined: &Joined) -> Value {
    let blocked_at = joined.blocked_at.map(|at| at.0);
    json!([
        joined.id.0,
        joined.phone.as_str(),
        joined.invite_code.as_str(),
        joined.joined_at.0,
        blocked_at,
        joined.visited_at.0
    ])
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
