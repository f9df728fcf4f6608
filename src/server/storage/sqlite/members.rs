//! Members: found, added, changed, erased.

use super::store::SqliteStore;
use super::transaction::SqliteTransaction;
use crate::model::invite_code::InviteCode;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{
    AddMember, CodeOwner, ListedMember, Member, MemberId, MemberRecord, MemberSearch, MemberSummary, Place, Redemption,
    Sort, Status, Subject,
};
use crate::server::storage::{MemberStore, MemberTransaction, StoreResult};
use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};
use std::collections::HashSet;

/// Up to this many matches are collected and sorted. If there are more, scanning in the order of the list soon finds a
/// page.
const FEW: i64 = 20_000;
const LISTED: &str = "SELECT id, phone, invite_code, created_at, blocked_at, invitees FROM members";

#[async_trait]
impl MemberStore for SqliteStore {
    async fn member(&self, id: MemberId) -> StoreResult<Option<MemberSummary>> {
        let row = sqlx::query(
            "SELECT id, phone, members.invite_code, epoch, blocked_at, redemptions.invite_code AS activated, invitees \
             FROM members LEFT JOIN redemptions ON invitee_id = id WHERE id = ? AND phone IS NOT NULL",
        )
        .bind(id)
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(MemberSummary {
            member: member(&row)?,
            activated: row.try_get("activated")?,
            invitees: row.try_get("invitees")?,
        }))
    }

    async fn find_members(&self, search: &MemberSearch) -> StoreResult<Vec<ListedMember>> {
        let mut query = QueryBuilder::<Sqlite>::new(LISTED);
        query.push(" WHERE true");
        if let Some(part) = &search.phone_part {
            let like = format!("%{part}%");
            if self.has_few_matches(&like).await? {
                query.push(" AND id IN (SELECT rowid FROM member_phones WHERE phone LIKE ").push_bind(like).push(")")
            } else {
                query.push(" AND phone LIKE ").push_bind(like)
            };
        }
        if let Some(code) = &search.invite_code {
            query.push(" AND id IN (SELECT id FROM members WHERE invite_code = ").push_bind(code);
            query.push(" UNION SELECT member_id FROM former_invite_codes WHERE invite_code = ").push_bind(code);
            query.push(")");
        }
        if let Some(inviter) = search.inviter {
            query
                .push(" AND id IN (SELECT invitee_id FROM redemptions WHERE inviter_id = ")
                .push_bind(inviter)
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
            query.push(" AND created_at >= ").push_bind(from);
        }
        if let Some(until) = search.until {
            query.push(" AND created_at < ").push_bind(until);
        }
        let (key, direction, comparison) = match search.sort {
            Sort::Newest => ("created_at", "DESC", "<"),
            Sort::Oldest => ("created_at", "ASC", ">"),
            Sort::MostInvitees => ("invitees", "DESC", "<"),
        };
        // These are few and have an index of their own. The unary plus keeps SQLite from scanning the index of the
        // order instead.
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
        // One transaction, so that both reads see the same state.
        let mut snapshot = self.readers.begin().await?;
        let rows = rows.bind(after).bind(limit).fetch_all(&mut *snapshot).await?;
        let mut members = rows.iter().map(member_record).collect::<StoreResult<Vec<_>>>()?;
        let Some(last) = members.last().map(|member| member.listed.id) else { return Ok(members) };
        let former = sqlx::query(
            "SELECT member_id, invite_code, replaced_at FROM former_invite_codes \
             WHERE member_id > ? AND member_id <= ? ORDER BY replaced_at DESC",
        );
        for row in former.bind(after).bind(last).fetch_all(&mut *snapshot).await? {
            let id: MemberId = row.try_get("member_id")?;
            if let Ok(place) = members.binary_search_by_key(&id.0, |member| member.listed.id.0) {
                let code = row.try_get("invite_code")?;
                members[place].former_codes.push((code, row.try_get("replaced_at")?));
            }
        }
        Ok(members)
    }

    async fn member_with_phone(&self, phone: &Phone) -> StoreResult<Option<MemberId>> {
        let id: Option<i64> = sqlx::query_scalar("SELECT id FROM members WHERE phone = ?")
            .bind(phone)
            .fetch_optional(&self.readers)
            .await?;
        Ok(id.map(MemberId))
    }

    async fn owner_of_code(&self, code: &InviteCode) -> StoreResult<Option<MemberId>> {
        owner_of_code(&self.readers, code).await
    }

    async fn owners_of_codes(&self, codes: &HashSet<InviteCode>) -> StoreResult<Vec<CodeOwner>> {
        let mut query = QueryBuilder::<Sqlite>::new("WITH meant (code) AS (VALUES (NULL)");
        for code in codes {
            query.push(", (").push_bind(code).push(")");
        }
        query.push(
            ") SELECT code, id, phone FROM meant JOIN members ON invite_code = code WHERE phone IS NOT NULL \
             UNION ALL SELECT code, id, phone FROM meant JOIN former_invite_codes former ON former.invite_code = code \
             JOIN members ON id = member_id WHERE phone IS NOT NULL",
        );
        let owner = |row: &SqliteRow| {
            let member = row.try_get("id")?;
            Ok(CodeOwner { code: row.try_get("code")?, member, phone: row.try_get("phone")? })
        };
        query.build().fetch_all(&self.readers).await?.iter().map(owner).collect()
    }
}

#[async_trait]
impl MemberTransaction for SqliteTransaction {
    async fn member_by_phone(&mut self, phone: &Phone) -> StoreResult<Option<Member>> {
        let row = sqlx::query("SELECT id, phone, invite_code, epoch, blocked_at FROM members WHERE phone = ?")
            .bind(phone)
            .fetch_optional(&mut *self.0)
            .await?;
        row.as_ref().map(member).transpose()
    }

    async fn member_by_invite_code(&mut self, code: &InviteCode) -> StoreResult<Option<Member>> {
        let row = sqlx::query(
            "SELECT id, phone, invite_code, epoch, blocked_at FROM members WHERE invite_code = ? AND phone IS NOT NULL",
        )
        .bind(code)
        .fetch_optional(&mut *self.0)
        .await?;
        row.as_ref().map(member).transpose()
    }

    async fn add_member(&mut self, phone: &Phone, code: &InviteCode, now: Timestamp) -> StoreResult<AddMember> {
        let row = sqlx::query(
            "INSERT INTO members (phone, invite_code, created_at) SELECT ?1, ?2, ?3 \
             WHERE NOT EXISTS (SELECT 1 FROM former_invite_codes WHERE invite_code = ?2) \
             ON CONFLICT (invite_code) DO NOTHING RETURNING id, phone, invite_code, epoch, blocked_at",
        )
        .bind(phone)
        .bind(code)
        .bind(now)
        .fetch_optional(&mut *self.0)
        .await?;
        row.as_ref().map_or(Ok(AddMember::InviteCodeTaken), |row| Ok(AddMember::Added(member(row)?)))
    }

    async fn subject(&mut self, id: MemberId) -> StoreResult<Option<Subject>> {
        let row = sqlx::query(
            "SELECT members.id, members.phone, invite_code, blocked_at, admins.id IS NOT NULL AS is_admin \
             FROM members LEFT JOIN admins ON admins.phone = members.phone WHERE members.id = ?",
        )
        .bind(id)
        .fetch_optional(&mut *self.0)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Subject {
            id: row.try_get("id")?,
            phone: row.try_get("phone")?,
            invite_code: row.try_get("invite_code")?,
            is_blocked: row.try_get::<Option<Timestamp>, _>("blocked_at")?.is_some(),
            is_admin: row.try_get("is_admin")?,
        }))
    }

    async fn set_blocked(&mut self, member: MemberId, blocked_at: Option<Timestamp>) -> StoreResult<()> {
        let set = sqlx::query("UPDATE members SET blocked_at = ? WHERE id = ?");
        set.bind(blocked_at).bind(member).execute(&mut *self.0).await?;
        Ok(())
    }

    async fn replace_invite_code(&mut self, member: MemberId, code: &InviteCode, now: Timestamp) -> StoreResult<bool> {
        if MemberTransaction::owner_of_code(self, code).await?.is_some() {
            return Ok(false);
        }
        sqlx::query(
            "INSERT INTO former_invite_codes (invite_code, member_id, replaced_at) \
             SELECT invite_code, id, ? FROM members WHERE id = ?",
        )
        .bind(now)
        .bind(member)
        .execute(&mut *self.0)
        .await?;
        let set = sqlx::query("UPDATE members SET invite_code = ? WHERE id = ?");
        set.bind(code).bind(member).execute(&mut *self.0).await?;
        Ok(true)
    }

    async fn erase_member(&mut self, member: MemberId, phone: &Phone, now: Timestamp) -> StoreResult<()> {
        for statement in [
            "DELETE FROM sessions WHERE member_id = ?",
            "DELETE FROM token_families WHERE member_id = ?",
            "DELETE FROM idempotency_keys WHERE member_id = ?",
            "DELETE FROM devices WHERE member_id = ?",
            "DELETE FROM redeem_tries WHERE member_id = ?",
            "DELETE FROM flags WHERE member_id = ?",
        ] {
            sqlx::query(statement).bind(member).execute(&mut *self.0).await?;
        }
        for statement in [
            "DELETE FROM login_codes WHERE phone = ?",
            // All lines of such a file, not only the member's: the admin checked and confirmed the file as a whole.
            // Files that are being checked may contain the phone, too.
            "DELETE FROM imports WHERE state = 'checking' OR id IN (SELECT import_id FROM import_lines WHERE phone = ?)",
        ] {
            sqlx::query(statement).bind(phone).execute(&mut *self.0).await?;
        }
        // As a whole word: a longer number may begin with this one.
        let of_phone =
            "DELETE FROM budget_uses WHERE instr(' ' || subject || ' ', ' ' || ?1 || ' ') > 0 OR purpose = ?1";
        sqlx::query(of_phone).bind(phone).execute(&mut *self.0).await?;
        sqlx::query(
            "UPDATE members SET phone = NULL, erased_at = ?, blocked_at = NULL, epoch = epoch + 1 WHERE id = ?",
        )
        .bind(now)
        .bind(member)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    async fn owner_of_code(&mut self, code: &InviteCode) -> StoreResult<Option<MemberId>> {
        owner_of_code(&mut *self.0, code).await
    }

    async fn next_epoch(&mut self, member: MemberId) -> StoreResult<()> {
        let update = sqlx::query("UPDATE members SET epoch = epoch + 1 WHERE id = ?");
        update.bind(member).execute(&mut *self.0).await?;
        Ok(())
    }
}

fn member(row: &SqliteRow) -> StoreResult<Member> {
    Ok(Member {
        id: row.try_get("id")?,
        phone: row.try_get("phone")?,
        invite_code: row.try_get("invite_code")?,
        epoch: row.try_get("epoch")?,
        is_blocked: row.try_get::<Option<Timestamp>, _>("blocked_at")?.is_some(),
    })
}

pub(super) fn listed_member(row: &SqliteRow) -> StoreResult<ListedMember> {
    Ok(ListedMember {
        id: row.try_get("id")?,
        phone: row.try_get("phone")?,
        invite_code: row.try_get("invite_code")?,
        created_at: row.try_get("created_at")?,
        is_blocked: row.try_get::<Option<Timestamp>, _>("blocked_at")?.is_some(),
        invitees: row.try_get("invitees")?,
    })
}

/// Without the former codes, which are in another table.
fn member_record(row: &SqliteRow) -> StoreResult<MemberRecord> {
    let redemption = match row.try_get::<Option<i64>, _>("inviter_id")? {
        None => None,
        Some(inviter) => Some(Redemption {
            inviter: MemberId(inviter),
            inviter_phone: row.try_get("inviter_phone")?,
            code: row.try_get("activated")?,
            redeemed_at: row.try_get("redeemed_at")?,
        }),
    };
    Ok(MemberRecord {
        listed: listed_member(row)?,
        blocked_at: row.try_get("blocked_at")?,
        erased_at: row.try_get("erased_at")?,
        is_admin: row.try_get("is_admin")?,
        redemption,
        former_codes: Vec::new(),
    })
}

async fn owner_of_code<'e, E>(executor: E, code: &InviteCode) -> StoreResult<Option<MemberId>>
where
    E: sqlx::Executor<'e, Database = Sqlite>,
{
    let id: Option<i64> = sqlx::query_scalar(
        "SELECT id FROM members WHERE invite_code = ?1 \
         UNION ALL SELECT member_id FROM former_invite_codes WHERE invite_code = ?1",
    )
    .bind(code)
    .fetch_optional(executor)
    .await?;
    Ok(id.map(MemberId))
}

impl SqliteStore {
    /// Whether few enough phones match to read them all. The trigram index needs three digits; fewer digits match too
    /// many phones anyway.
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
