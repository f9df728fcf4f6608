//! Rows of sqlx as records: lists and searches have the same columns in both dialects. What only one of them reads this
//! way is in its own files.

use super::columns::from_json;
use super::error::{StoreError, StoreResult};
use crate::server::clock::Timestamp;
use crate::server::data::{
    Attempt, AuditLine, BadLine, DailyCount, Device, Flag, Import, ListedMember, ListedRedemption, LoginAttempt,
    MemberRecord, Redemption, SentMessage, SetAside, WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent,
    WebhookResult,
};
use sqlx::{ColumnIndex, Decode, Row, Type};
use std::time::Duration;

/// Makes each function one for the rows of any database that has these types.
macro_rules! readers {
    ($($(#[$doc:meta])* fn $name:ident $(<$number:ident: TryFrom<i64>>)? ($row:ident $(, $more:ident: $type:ty)?) -> $record:ty $body:block)*) => {$(
        $(#[$doc])*
        pub(super) fn $name<R: Row, $($number: TryFrom<i64>)?>($row: &R $(, $more: $type)?) -> StoreResult<$record>
        where
            for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
            for<'r> String: Decode<'r, R::Database> + Type<R::Database>,
            for<'r> bool: Decode<'r, R::Database> + Type<R::Database>,
            for<'c> &'c str: ColumnIndex<R>,
        $body
    )*};
}

/// A value that is never negative; `name` is for the error.
pub(super) fn unsigned<T: TryFrom<i64>>(value: i64, name: &str) -> StoreResult<T> {
    T::try_from(value).map_err(|_| StoreError::Malformed(name.to_owned()))
}

readers! {
    /// A number that is never negative. PostgreSQL has no unsigned integers.
    fn number<T: TryFrom<i64>>(row, column: &str) -> T {
        unsigned(row.try_get(column)?, column)
    }

    fn is_blocked(row) -> bool {
        Ok(row.try_get::<Option<Timestamp>, _>("blocked_at")?.is_some())
    }

    fn listed_member(row) -> ListedMember {
        Ok(ListedMember {
            id: row.try_get("id")?,
            phone: row.try_get("phone")?,
            invite_code: row.try_get("invite_code")?,
            created_at: row.try_get("created_at")?,
            is_blocked: is_blocked(row)?,
            invitees: number(row, "invitees")?,
            redeemed_at: row.try_get("redeemed_at")?,
        })
    }

    /// Without the former codes, which are in another table.
    fn member_record(row) -> MemberRecord {
        let redemption = match row.try_get("inviter_id")? {
            None => None,
            Some(inviter) => Some(Redemption {
                inviter,
                inviter_phone: row.try_get("inviter_phone")?,
                code: row.try_get("activated")?,
                redeemed_at: row.try_get("redeemed_at")?,
            }),
        };
        let set_aside = match row.try_get("set_aside_at")? {
            None => None,
            Some(at) => Some(SetAside { at, successor: row.try_get("successor_id")? }),
        };
        Ok(MemberRecord {
            set_aside,
            visited_at: row.try_get("visited_at")?,
            listed: listed_member(row)?,
            blocked_at: row.try_get("blocked_at")?,
            erased_at: row.try_get("erased_at")?,
            is_admin: row.try_get("is_admin")?,
            language: row.try_get("language")?,
            redemption,
            former_codes: Vec::new(),
        })
    }

    fn listed_redemption(row) -> ListedRedemption {
        Ok(ListedRedemption {
            invitee: row.try_get("invitee_id")?,
            invitee_phone: row.try_get("phone")?,
            inviter: row.try_get("inviter_id")?,
            inviter_phone: row.try_get("inviter_phone")?,
            code: row.try_get("invite_code")?,
            redeemed_at: row.try_get("redeemed_at")?,
        })
    }

    fn attempt(row) -> Attempt {
        Ok(Attempt {
            id: row.try_get("id")?,
            member: row.try_get("member_id")?,
            typed: row.try_get("typed")?,
            inviter: row.try_get("inviter_id")?,
            outcome: row.try_get("outcome")?,
            first_at: row.try_get("tried_at")?,
            last_at: row.try_get("last_at")?,
            times: number(row, "times")?,
            network: row.try_get("network")?,
        })
    }

    fn login_attempt(row) -> LoginAttempt {
        Ok(LoginAttempt {
            begun_at: row.try_get("created_at")?,
            is_known_device: row.try_get("is_known")?,
            length: row.try_get("length")?,
            messages: number(row, "sends")?,
            guesses: number(row, "guesses")?,
            used_at: row.try_get("used_at")?,
            expires_at: row.try_get("expires_at")?,
        })
    }

    fn sent_message(row) -> SentMessage {
        Ok(SentMessage {
            gateway: row.try_get("gateway")?,
            state: row.try_get("state")?,
            sent_at: row.try_get("sent_at")?,
            delivery: row.try_get("report")?,
        })
    }

    fn device(row) -> Device {
        Ok(Device {
            agent: row.try_get("agent")?,
            network: row.try_get("network")?,
            created_at: row.try_get("created_at")?,
            seen_at: row.try_get("seen_at")?,
        })
    }

    fn flag(row) -> Flag {
        Ok(Flag {
            id: row.try_get("id")?,
            kind: row.try_get("kind")?,
            member: row.try_get("member_id")?,
            phone: row.try_get("phone")?,
            source: row.try_get("source")?,
            count: number(row, "count")?,
            first_at: row.try_get("first_at")?,
            last_at: row.try_get("last_at")?,
            verdict: row.try_get("verdict")?,
        })
    }

    fn audit_line(row) -> AuditLine {
        Ok(AuditLine {
            id: row.try_get("id")?,
            at: row.try_get("at")?,
            actor: row.try_get("actor")?,
            act: row.try_get("act")?,
            subject: row.try_get("subject")?,
            reason: row.try_get("reason")?,
            details: row.try_get("details")?,
            address: row.try_get("address")?,
        })
    }

    fn daily_count(row) -> DailyCount {
        Ok(DailyCount { day: row.try_get("day")?, what: row.try_get("what")?, count: number(row, "count")? })
    }

    fn import(row) -> Import {
        let unread: String = row.try_get("unread")?;
        Ok(Import {
            id: row.try_get("id")?,
            actor: row.try_get("actor")?,
            file_name: row.try_get("file_name")?,
            state: row.try_get("state")?,
            begun_at: row.try_get("begun_at")?,
            touched_at: row.try_get("touched_at")?,
            lines: number(row, "lines")?,
            checked: number(row, "checked")?,
            bad: number(row, "bad")?,
            unread: from_json("unread", &unread)?,
        })
    }

    fn webhook_event(row) -> WebhookEvent {
        Ok(WebhookEvent {
            kind: row.try_get("type")?,
            member: row.try_get("member_id")?,
            inviter: row.try_get("inviter_id")?,
        })
    }

    /// Without the attempts, which are in another table.
    fn webhook_delivery(row) -> WebhookDelivery {
        Ok(WebhookDelivery {
            id: row.try_get("id")?,
            message_id: row.try_get("message_id")?,
            event: webhook_event(row)?,
            created_at: row.try_get("created_at")?,
            endpoint: row.try_get("endpoint")?,
            state: row.try_get("state")?,
            next_at: row.try_get("next_at")?,
            attempts: Vec::new(),
        })
    }

    fn webhook_attempt(row) -> WebhookAttempt {
        let status: Option<i64> = row.try_get("status")?;
        let result = match status {
            Some(status) => WebhookResult::Answered(unsigned(status, "status")?),
            None => WebhookResult::Failed(row.try_get("trouble")?),
        };
        let took = Duration::from_millis(number(row, "took")?);
        Ok(WebhookAttempt { begun_at: row.try_get("begun_at")?, took, result })
    }

    fn webhook_endpoint(row) -> WebhookEndpoint {
        let off_at: Option<Timestamp> = row.try_get("off_at")?;
        let off = match off_at {
            Some(off_at) => Some((off_at, row.try_get("off_because")?)),
            None => None,
        };
        Ok(WebhookEndpoint { url: row.try_get("url")?, failing_since: row.try_get("failing_since")?, off })
    }

    fn bad_line(row) -> BadLine {
        let problems: String = row.try_get("problems")?;
        let problems = problems.lines().map(|code| from_json("problems", code)).collect::<StoreResult<_>>()?;
        Ok(BadLine { line: number(row, "line")?, problems })
    }
}
