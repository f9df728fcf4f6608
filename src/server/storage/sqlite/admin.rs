//! What admins ask of SQLite.

use super::*;
use crate::server::domain::admin::audit::{Act, AuditLine, AuditSearch};
use crate::server::domain::admin::flags::{Flag, FlagKind, Verdict};
use crate::server::domain::admin::members::{
    CodeOwner, Device, ListedMember, ListedRedemption, LiveLogin, MemberRecord, MemberSearch, Place, RedeemTry,
    Redemption, Sort, Status,
};
use crate::server::domain::admin::overview::{Counted, Counts, DailyCount};
use crate::server::domain::admin::{Grant, GrantId};
use crate::server::domain::referral::TryOutcome;
use crate::server::domain::visitor::BrowserId;
use sqlx::QueryBuilder;
use std::collections::HashSet;

/// Up to so many matches are collected and put in order; of more, the first in order are soon found by looking through.
const FEW: i64 = 20_000;

const GRANTS: &str = "SELECT admins.id, admins.phone, members.id AS member_id, granted_at, secret, enrolled_at, \
                      last_step, recovery_used FROM admins LEFT JOIN members ON members.phone = admins.phone";
const FLAGS: &str = "SELECT flags.id, kind, member_id, phone, source, count, first_at, last_at, verdict \
                     FROM flags JOIN members ON members.id = member_id";
const LISTED: &str = "SELECT id, phone, invite_code, created_at, blocked_at, invitees FROM members";

#[async_trait]
impl AdminStore for SqliteStore {
    async fn grants(&self) -> StoreResult<Vec<Grant>> {
        let mut query = QueryBuilder::<Sqlite>::new(GRANTS);
        let rows = query.push(" ORDER BY admins.id").build().fetch_all(&self.readers).await?;
        rows.iter().map(grant).collect()
    }

    async fn grant_of(&self, member: MemberId) -> StoreResult<Option<Grant>> {
        grant_of(&self.readers, member).await
    }

    async fn find_members(&self, search: &MemberSearch) -> StoreResult<Vec<ListedMember>> {
        let mut query = QueryBuilder::<Sqlite>::new(LISTED);
        query.push(" WHERE true");
        if let Some(part) = &search.phone_part {
            let like = format!("%{part}%");
            match self.has_few_matches(&like).await? {
                true => query
                    .push(" AND id IN (SELECT rowid FROM member_phones WHERE phone LIKE ")
                    .push_bind(like)
                    .push(")"),
                false => query.push(" AND phone LIKE ").push_bind(like),
            };
        }
        if let Some(code) = &search.invite_code {
            query.push(" AND id IN (SELECT id FROM members WHERE invite_code = ").push_bind(code.as_str());
            query
                .push(" UNION SELECT member_id FROM former_invite_codes WHERE invite_code = ")
                .push_bind(code.as_str());
            query.push(")");
        }
        if let Some(inviter) = search.inviter {
            query
                .push(" AND id IN (SELECT invitee_id FROM redemptions WHERE inviter_id = ")
                .push_bind(inviter.0)
                .push(")");
        }
        query.push(match search.status {
            Status::Any => "",
            Status::Active => " AND blocked_at IS NULL AND erased_at IS NULL",
            Status::Blocked => " AND blocked_at IS NOT NULL",
            Status::Erased => " AND erased_at IS NOT NULL",
            Status::Redeemed => " AND EXISTS (SELECT 1 FROM redemptions WHERE invitee_id = id)",
            Status::NotRedeemed => " AND NOT EXISTS (SELECT 1 FROM redemptions WHERE invitee_id = id)",
        });
        if let Some(from) = search.from {
            query.push(" AND created_at >= ").push_bind(from.0);
        }
        if let Some(until) = search.until {
            query.push(" AND created_at < ").push_bind(until.0);
        }
        let (key, direction, comparison) = match search.sort {
            Sort::Newest => ("created_at", "DESC", "<"),
            Sort::Oldest => ("created_at", "ASC", ">"),
            Sort::MostInvitees => ("invitees", "DESC", "<"),
        };
        // Of these there are few, with an index of their own: a plus keeps SQLite from looking for them among all others,
        // along the index of the order.
        let plus = if matches!(search.status, Status::Blocked | Status::Erased) { "+" } else { "" };
        if let Some(Place { key: after, id }) = search.after {
            query
                .push(format_args!(" AND ({plus}{key}, id) {comparison} ("))
                .push_bind(after)
                .push(", ")
                .push_bind(id)
                .push(")");
        }
        query.push(format_args!(" ORDER BY {plus}{key} {direction}, id {direction} LIMIT ")).push_bind(search.limit);
        let rows = query.build().fetch_all(&self.readers).await?;
        rows.iter().map(listed_member).collect()
    }

    async fn member_record(&self, id: MemberId) -> StoreResult<Option<MemberRecord>> {
        let found = self.member_records(MemberId(id.0.saturating_sub(1)), 1).await?;
        Ok(found.into_iter().find(|member| member.listed.id == id))
    }

    async fn member_records(&self, after: MemberId, limit: u32) -> StoreResult<Vec<MemberRecord>> {
        let rows = sqlx::query(
            "SELECT members.id, members.phone, members.invite_code, members.created_at, members.blocked_at, \
             members.erased_at, members.invitees, admins.id IS NOT NULL AS is_admin, inviter_id, \
             inviters.phone AS inviter_phone, redemptions.invite_code AS activated, redeemed_at FROM members \
             LEFT JOIN admins ON admins.phone = members.phone \
             LEFT JOIN redemptions ON invitee_id = members.id \
             LEFT JOIN members AS inviters ON inviters.id = inviter_id \
             WHERE members.id > ? ORDER BY members.id LIMIT ?",
        );
        // Both reads see the same moment.
        let mut snapshot = self.readers.begin().await?;
        let rows = rows.bind(after.0).bind(limit).fetch_all(&mut *snapshot).await?;
        let mut members = rows.iter().map(member_record).collect::<StoreResult<Vec<_>>>()?;
        let Some(last) = members.last().map(|member| member.listed.id) else { return Ok(members) };
        let former = sqlx::query(
            "SELECT member_id, invite_code, replaced_at FROM former_invite_codes \
             WHERE member_id > ? AND member_id <= ? ORDER BY replaced_at DESC",
        );
        for row in former.bind(after.0).bind(last.0).fetch_all(&mut *snapshot).await? {
            let id = MemberId(row.try_get("member_id")?);
            if let Ok(place) = members.binary_search_by_key(&id.0, |member| member.listed.id.0) {
                let code = invite_code(row.try_get("invite_code")?)?;
                members[place].former_codes.push((code, Timestamp(row.try_get("replaced_at")?)));
            }
        }
        Ok(members)
    }

    async fn redemptions(&self, after: MemberId, limit: u32) -> StoreResult<Vec<ListedRedemption>> {
        let rows = sqlx::query(
            "SELECT invitee_id, invitees.phone, inviter_id, inviters.phone AS inviter_phone, redemptions.invite_code, \
             redeemed_at FROM redemptions JOIN members AS invitees ON invitees.id = invitee_id \
             JOIN members AS inviters ON inviters.id = inviter_id WHERE invitee_id > ? ORDER BY invitee_id LIMIT ?",
        );
        let rows = rows.bind(after.0).bind(limit).fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| {
                Ok(ListedRedemption {
                    invitee: MemberId(row.try_get("invitee_id")?),
                    invitee_phone: optional_phone(row)?,
                    inviter: MemberId(row.try_get("inviter_id")?),
                    inviter_phone: inviter_phone(row)?,
                    code: invite_code(row.try_get("invite_code")?)?,
                    redeemed_at: Timestamp(row.try_get("redeemed_at")?),
                })
            })
            .collect()
    }

    async fn invitees_listed(&self, inviter: MemberId, limit: u32) -> StoreResult<Vec<ListedMember>> {
        let rows = sqlx::query(
            "SELECT id, phone, members.invite_code, created_at, blocked_at, invitees \
             FROM redemptions JOIN members ON id = invitee_id \
             WHERE inviter_id = ? ORDER BY redeemed_at DESC, invitee_id DESC LIMIT ?",
        );
        rows.bind(inviter.0).bind(limit).fetch_all(&self.readers).await?.iter().map(listed_member).collect()
    }

    async fn tries_of(&self, member: MemberId, limit: u32) -> StoreResult<Vec<RedeemTry>> {
        let rows = sqlx::query(
            "SELECT id, member_id, typed, inviter_id, outcome, tried_at, last_at, times, network FROM redeem_tries \
             WHERE member_id = ? ORDER BY last_at DESC, id DESC LIMIT ?",
        );
        rows.bind(member.0).bind(limit).fetch_all(&self.readers).await?.iter().map(redeem_try).collect()
    }

    async fn devices_of(&self, member: MemberId, limit: u32) -> StoreResult<Vec<Device>> {
        let rows = sqlx::query(
            "SELECT agent, network, created_at, seen_at FROM devices WHERE member_id = ? ORDER BY seen_at DESC LIMIT ?",
        );
        let rows = rows.bind(member.0).bind(limit).fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| {
                Ok(Device {
                    agent: row.try_get("agent")?,
                    network: row.try_get("network")?,
                    created_at: Timestamp(row.try_get("created_at")?),
                    seen_at: Timestamp(row.try_get("seen_at")?),
                })
            })
            .collect()
    }

    async fn live_logins_of(&self, member: MemberId, now: Timestamp, limit: u32) -> StoreResult<Vec<LiveLogin>> {
        let rows = sqlx::query(
            "SELECT false AS is_api, sessions.created_at, expires_at FROM sessions JOIN members ON id = member_id \
             WHERE member_id = ?1 AND sessions.epoch = members.epoch AND expires_at > ?2 AND blocked_at IS NULL \
             UNION ALL \
             SELECT true, token_families.created_at, expires_at FROM token_families \
             JOIN members ON members.id = member_id \
             WHERE member_id = ?1 AND token_families.epoch = members.epoch AND expires_at > ?2 AND blocked_at IS NULL \
             ORDER BY 2 DESC LIMIT ?3",
        );
        let rows = rows.bind(member.0).bind(now.0).bind(limit).fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| {
                Ok(LiveLogin {
                    is_api: row.try_get("is_api")?,
                    created_at: Timestamp(row.try_get("created_at")?),
                    expires_at: Timestamp(row.try_get("expires_at")?),
                })
            })
            .collect()
    }

    async fn owner_of_code(&self, code: &InviteCode) -> StoreResult<Option<MemberId>> {
        owner_of_code(&self.readers, code).await
    }

    async fn owners_of_codes(&self, codes: &HashSet<InviteCode>) -> StoreResult<Vec<CodeOwner>> {
        let mut query = QueryBuilder::<Sqlite>::new("WITH meant (code) AS (VALUES (NULL)");
        for code in codes {
            query.push(", (").push_bind(code.as_str()).push(")");
        }
        query.push(
            ") SELECT code, id, phone FROM meant JOIN members ON invite_code = code WHERE phone IS NOT NULL \
             UNION ALL SELECT code, id, phone FROM meant JOIN former_invite_codes former ON former.invite_code = code \
             JOIN members ON id = member_id WHERE phone IS NOT NULL",
        );
        let owner = |row: &SqliteRow| {
            let member = MemberId(row.try_get("id")?);
            Ok(CodeOwner { code: invite_code(row.try_get("code")?)?, member, phone: phone(row)? })
        };
        query.build().fetch_all(&self.readers).await?.iter().map(owner).collect()
    }

    async fn member_with_phone(&self, phone: &Phone) -> StoreResult<Option<MemberId>> {
        let id: Option<i64> = sqlx::query_scalar("SELECT id FROM members WHERE phone = ?")
            .bind(phone.as_str())
            .fetch_optional(&self.readers)
            .await?;
        Ok(id.map(MemberId))
    }

    async fn daily_counts(&self, since: i64) -> StoreResult<Vec<DailyCount>> {
        let rows = sqlx::query("SELECT day, what, count FROM daily_counts WHERE day >= ? ORDER BY day");
        let rows = rows.bind(since).fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| Ok(DailyCount { day: row.try_get("day")?, what: counted(row)?, count: row.try_get("count")? }))
            .collect()
    }

    async fn total_counts(&self) -> StoreResult<Counts> {
        let rows = sqlx::query("SELECT what, sum(count) AS count FROM daily_counts GROUP BY what");
        let mut totals = Counts::default();
        for row in rows.fetch_all(&self.readers).await? {
            totals.add(counted(&row)?, row.try_get("count")?);
        }
        Ok(totals)
    }

    async fn blocked_and_erased(&self) -> StoreResult<(u64, u64)> {
        Ok(sqlx::query_as(
            "SELECT (SELECT count(*) FROM members WHERE blocked_at IS NOT NULL), \
             (SELECT count(*) FROM members WHERE erased_at IS NOT NULL)",
        )
        .fetch_one(&self.readers)
        .await?)
    }

    async fn flags(&self, waiting: bool, after: i64, limit: u32) -> StoreResult<Vec<Flag>> {
        let mut query = QueryBuilder::<Sqlite>::new(FLAGS);
        query.push(if waiting { " WHERE reviewed_at IS NULL" } else { " WHERE reviewed_at IS NOT NULL" });
        query.push(" AND flags.id > ").push_bind(after).push(" ORDER BY flags.id LIMIT ").push_bind(limit);
        query.build().fetch_all(&self.readers).await?.iter().map(flag).collect()
    }

    async fn flag(&self, id: i64) -> StoreResult<Option<Flag>> {
        let mut query = QueryBuilder::<Sqlite>::new(FLAGS);
        query.push(" WHERE flags.id = ").push_bind(id);
        query.build().fetch_optional(&self.readers).await?.as_ref().map(flag).transpose()
    }

    async fn audit_lines(&self, search: &AuditSearch) -> StoreResult<Vec<AuditLine>> {
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT id, at, actor, act, subject, reason, details, address FROM audit_log WHERE true",
        );
        if let Some(actor) = search.actor {
            query.push(" AND actor = ").push_bind(actor.0);
        }
        if let Some(subject) = search.subject {
            query.push(" AND subject = ").push_bind(subject.0);
        }
        if let Some(act) = search.act {
            query.push(" AND act = ").push_bind(act.as_str());
        }
        if let Some(text) = &search.text {
            query.push(" AND (instr(lower(reason), lower(").push_bind(text);
            query.push(")) > 0 OR instr(lower(details), lower(").push_bind(text).push(")) > 0)");
        }
        if let Some(from) = search.from {
            query.push(" AND at >= ").push_bind(from.0);
        }
        if let Some(until) = search.until {
            query.push(" AND at < ").push_bind(until.0);
        }
        if let Some(before) = search.before {
            query.push(" AND id < ").push_bind(before);
        }
        query.push(" ORDER BY id DESC LIMIT ").push_bind(search.limit);
        query.build().fetch_all(&self.readers).await?.iter().map(audit_line).collect()
    }

    async fn browser(&self, token_hash: &[u8; 32]) -> StoreResult<Option<BrowserId>> {
        let browser: Option<Option<i64>> =
            sqlx::query_scalar("SELECT browser FROM devices WHERE token_hash = ? LIMIT 1")
                .bind(token_hash.to_vec())
                .fetch_optional(&self.readers)
                .await?;
        Ok(browser.flatten().map(BrowserId))
    }

    async fn forget_networks_before(&self, before: Timestamp) -> StoreResult<u64> {
        // With their number, since of two flags about one member no source may be the same.
        let flags = sqlx::query(
            "UPDATE flags SET source = 'no longer kept, ' || id \
             WHERE kind = ? AND last_at < ? AND source NOT LIKE 'no longer kept%'",
        );
        flags.bind(FlagKind::SameNetwork.as_str()).bind(before.0).execute(&self.writer).await?;
        let tries = "UPDATE redeem_tries SET network = NULL, browser = NULL WHERE id IN \
                     (SELECT id FROM redeem_tries WHERE last_at < ? AND (network IS NOT NULL OR browser IS NOT NULL) LIMIT ?)";
        forget(&self.writer, tries, before.0).await
    }
}

impl SqliteStore {
    /// Whether so few phones match that they can all be looked at. The index knows three digits and more; fewer are in so
    /// many phones that the question need not be asked.
    async fn has_few_matches(&self, like: &str) -> StoreResult<bool> {
        if like.len() < "%123%".len() {
            return Ok(false);
        }
        let count: i64 =
            sqlx::query_scalar("SELECT count(*) FROM (SELECT 1 FROM member_phones WHERE phone LIKE ? LIMIT ?)")
                .bind(like)
                .bind(FEW + 1)
                .fetch_one(&self.readers)
                .await?;
        Ok(count <= FEW)
    }
}

fn flag(row: &SqliteRow) -> StoreResult<Flag> {
    let (kind, verdict): (String, Option<String>) = (row.try_get("kind")?, row.try_get("verdict")?);
    Ok(Flag {
        id: row.try_get("id")?,
        kind: FlagKind::parse(&kind).ok_or(StoreError::Malformed("kind of flag"))?,
        member: MemberId(row.try_get("member_id")?),
        phone: optional_phone(row)?,
        source: row.try_get("source")?,
        count: row.try_get("count")?,
        first_at: Timestamp(row.try_get("first_at")?),
        last_at: Timestamp(row.try_get("last_at")?),
        verdict: verdict.as_deref().and_then(Verdict::parse),
    })
}

pub(super) async fn grant_of<'e, E>(executor: E, member: MemberId) -> StoreResult<Option<Grant>>
where
    E: sqlx::Executor<'e, Database = Sqlite>,
{
    let mut query = QueryBuilder::<Sqlite>::new(GRANTS);
    query.push(" WHERE members.id = ").push_bind(member.0);
    query.build().fetch_optional(executor).await?.as_ref().map(grant).transpose()
}

pub(super) async fn owner_of_code<'e, E>(executor: E, code: &InviteCode) -> StoreResult<Option<MemberId>>
where
    E: sqlx::Executor<'e, Database = Sqlite>,
{
    let id: Option<i64> = sqlx::query_scalar(
        "SELECT id FROM members WHERE invite_code = ?1 \
         UNION ALL SELECT member_id FROM former_invite_codes WHERE invite_code = ?1",
    )
    .bind(code.as_str())
    .fetch_optional(executor)
    .await?;
    Ok(id.map(MemberId))
}

fn grant(row: &SqliteRow) -> StoreResult<Grant> {
    Ok(Grant {
        id: GrantId(row.try_get("id")?),
        phone: phone(row)?,
        member: row.try_get::<Option<i64>, _>("member_id")?.map(MemberId),
        granted_at: Timestamp(row.try_get("granted_at")?),
        secret: row.try_get("secret")?,
        enrolled_at: time(row, "enrolled_at")?,
        last_step: row.try_get("last_step")?,
        recovery_used: row.try_get("recovery_used")?,
    })
}

fn listed_member(row: &SqliteRow) -> StoreResult<ListedMember> {
    Ok(ListedMember {
        id: MemberId(row.try_get("id")?),
        phone: optional_phone(row)?,
        invite_code: invite_code(row.try_get("invite_code")?)?,
        created_at: Timestamp(row.try_get("created_at")?),
        is_blocked: time(row, "blocked_at")?.is_some(),
        invitees: row.try_get("invitees")?,
    })
}

/// But for the former codes.
fn member_record(row: &SqliteRow) -> StoreResult<MemberRecord> {
    let redemption = match row.try_get::<Option<i64>, _>("inviter_id")? {
        None => None,
        Some(inviter) => Some(Redemption {
            inviter: MemberId(inviter),
            inviter_phone: inviter_phone(row)?,
            code: invite_code(row.try_get("activated")?)?,
            redeemed_at: Timestamp(row.try_get("redeemed_at")?),
        }),
    };
    Ok(MemberRecord {
        listed: listed_member(row)?,
        blocked_at: time(row, "blocked_at")?,
        erased_at: time(row, "erased_at")?,
        is_admin: row.try_get("is_admin")?,
        redemption,
        former_codes: Vec::new(),
    })
}

fn inviter_phone(row: &SqliteRow) -> StoreResult<Option<Phone>> {
    row.try_get::<Option<String>, _>("inviter_phone")?.map(stored_phone).transpose()
}

fn redeem_try(row: &SqliteRow) -> StoreResult<RedeemTry> {
    let outcome: String = row.try_get("outcome")?;
    Ok(RedeemTry {
        id: row.try_get("id")?,
        member: MemberId(row.try_get("member_id")?),
        typed: row.try_get("typed")?,
        inviter: row.try_get::<Option<i64>, _>("inviter_id")?.map(MemberId),
        outcome: TryOutcome::parse(&outcome).ok_or(StoreError::Malformed("outcome of a try"))?,
        tried_at: Timestamp(row.try_get("tried_at")?),
        last_at: Timestamp(row.try_get("last_at")?),
        times: row.try_get("times")?,
        network: row.try_get("network")?,
    })
}

fn counted(row: &SqliteRow) -> StoreResult<Counted> {
    let what: String = row.try_get("what")?;
    Counted::parse(&what).ok_or(StoreError::Malformed("name of a count"))
}

fn audit_line(row: &SqliteRow) -> StoreResult<AuditLine> {
    let act: String = row.try_get("act")?;
    Ok(AuditLine {
        id: row.try_get("id")?,
        at: Timestamp(row.try_get("at")?),
        actor: row.try_get::<Option<i64>, _>("actor")?.map(MemberId),
        act: Act::parse(&act).ok_or(StoreError::Malformed("act in the audit log"))?,
        subject: row.try_get::<Option<i64>, _>("subject")?.map(MemberId),
        reason: row.try_get("reason")?,
        details: row.try_get("details")?,
        address: row.try_get("address")?,
    })
}

pub(super) fn time(row: &SqliteRow, column: &str) -> StoreResult<Option<Timestamp>> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(Timestamp))
}
