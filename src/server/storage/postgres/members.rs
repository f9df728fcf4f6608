//! Members: found, added, changed, erased.

use super::locks::{self, Key};
use super::store::PostgresStore;
use super::transaction::PostgresTransaction;
use crate::model::invite_code::InviteCode;
use crate::model::language::Language;
use crate::model::phone::Phone;
use crate::model::profile::Cursor;
use crate::server::clock::Timestamp;
use crate::server::data::{
    AddMember, CodeOwner, FamilyId, Invitee, ListedMember, Member, MemberId, MemberProfile, MemberRecord, MemberSearch,
    MemberSummary, Revision, Subject, TokenStanding,
};
use crate::server::storage::conditions::{Order, push_of_members};
use crate::server::storage::rows::{is_blocked, listed_member, member_record, unsigned};
use crate::server::storage::{MemberStore, MemberTransaction, StoreResult};
use async_trait::async_trait;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Postgres, QueryBuilder, Row};
use std::collections::HashSet;

#[async_trait]
impl MemberStore for PostgresStore {
    async fn member(&self, id: MemberId) -> StoreResult<Option<MemberSummary>> {
        let found = sqlx::query(
            "SELECT id, phone, members.invite_code, epoch, blocked_at, redemptions.invite_code AS activated, invitees \
             FROM members LEFT JOIN redemptions ON invitee_id = id WHERE id = $1 AND phone IS NOT NULL",
        );
        found.bind(id).fetch_optional(&self.pool).await?.as_ref().map(summary).transpose()
    }

    async fn member_by_invite_code(&self, code: &InviteCode) -> StoreResult<Option<Member>> {
        member_by_invite_code(&mut *self.pool.acquire().await?, code).await
    }

    async fn profile(
        &self,
        id: MemberId,
        family: Option<FamilyId>,
        after: Option<Cursor>,
        limit: u32,
    ) -> StoreResult<Option<MemberProfile>> {
        let after = after.unwrap_or(Cursor { redeemed_at: i64::MAX, invitee: i64::MAX });
        // One statement, so that it is one state: a row for each invitee, with the member in each of them. Without
        // invitees it is one row without an invitee.
        let rows = sqlx::query(
            "SELECT members.id, members.phone, members.invite_code, members.epoch, members.blocked_at, \
             mine.invite_code AS activated, members.invitees, theirs.invitee_id, invited.phone AS invitee_phone, \
             theirs.redeemed_at, token_families.created_at AS begun_at, members.revision \
             FROM members LEFT JOIN redemptions AS mine ON mine.invitee_id = members.id \
             LEFT JOIN token_families ON token_families.id = $1 AND token_families.member_id = members.id \
             AND token_families.epoch = members.epoch \
             LEFT JOIN LATERAL (SELECT invitee_id, redeemed_at FROM redemptions WHERE inviter_id = members.id \
                 AND (redeemed_at, invitee_id) < ($2, $3) ORDER BY redeemed_at DESC, invitee_id DESC LIMIT $5) \
             AS theirs ON true \
             LEFT JOIN members AS invited ON invited.id = theirs.invitee_id \
             WHERE members.id = $4 AND members.phone IS NOT NULL \
             ORDER BY theirs.redeemed_at DESC, theirs.invitee_id DESC",
        );
        let rows = rows.bind(family).bind(after.redeemed_at).bind(after.invitee).bind(id).bind(i64::from(limit));
        let rows = rows.fetch_all(&self.pool).await?;
        let Some(first) = rows.first() else { return Ok(None) };
        let (summary, begun_at) = (summary(first)?, first.try_get("begun_at")?);
        let standing = TokenStanding { is_blocked: summary.member.is_blocked, begun_at };
        let invitees = rows.iter().filter_map(|row| invitee(row).transpose()).collect::<StoreResult<_>>()?;
        Ok(Some(MemberProfile { standing, summary, revision: first.try_get("revision")?, invitees }))
    }

    async fn changed_revisions(&self, seen: &[(MemberId, Revision)]) -> StoreResult<Vec<(MemberId, Revision)>> {
        let (members, revisions): (Vec<_>, Vec<_>) =
            seen.iter().map(|(member, revision)| (member.0, revision.0)).unzip();
        let changed = sqlx::query_as(
            "SELECT members.id, members.revision FROM unnest($1::bigint[], $2::bigint[]) AS seen (id, revision) \
             JOIN members ON members.id = seen.id WHERE members.revision <> seen.revision",
        );
        Ok(changed.bind(members).bind(revisions).fetch_all(&self.pool).await?)
    }

    async fn find_members(&self, search: &MemberSearch) -> StoreResult<Vec<ListedMember>> {
        let Order { select, key, id, direction, after, .. } = Order::of(search.sort);
        let mut query = QueryBuilder::<Postgres>::new(select);
        if let Some(place) = search.after {
            query.push(format_args!(" AND ({key}, {id}) {after} (")).push_bind(place.key);
            query.push(", ").push_bind(place.id).push(")");
        }
        push_of_members(&mut query, search);
        query.push(format_args!(" ORDER BY {key} {direction}, {id} {direction} LIMIT "));
        query.push_bind(i64::from(search.limit));
        // Planned for these values: whether the index of the phones serves best depends on the digits.
        let rows = query.build().persistent(false).fetch_all(&self.pool).await?;
        rows.iter().map(listed_member).collect()
    }

    async fn member_record(&self, id: MemberId) -> StoreResult<Option<MemberRecord>> {
        let found = self.member_records(MemberId(id.0.saturating_sub(1)), 1).await?;
        Ok(found.into_iter().find(|member| member.listed.id == id))
    }

    async fn member_records(&self, after: MemberId, limit: u32) -> StoreResult<Vec<MemberRecord>> {
        let rows = sqlx::query(
            "SELECT members.id, members.phone, members.invite_code, members.created_at, members.blocked_at, \
             members.erased_at, members.invitees, members.language, members.visited_at, admins.id IS NOT NULL AS is_admin, inviter_id, \
             inviters.phone AS inviter_phone, redemptions.invite_code AS activated, redeemed_at, \
             set_aside.at AS set_aside_at, successor_id FROM members \
             LEFT JOIN admins ON admins.phone = members.phone \
             LEFT JOIN set_aside ON set_aside.member_id = members.id \
             LEFT JOIN redemptions ON invitee_id = members.id \
             LEFT JOIN members AS inviters ON inviters.id = inviter_id \
             WHERE members.id > $1 ORDER BY members.id LIMIT $2",
        );
        // One snapshot, so that both reads see the same state.
        let mut snapshot = self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let rows = rows.bind(after).bind(i64::from(limit)).fetch_all(&mut *snapshot).await?;
        let mut members = rows.iter().map(member_record).collect::<StoreResult<Vec<_>>>()?;
        let Some(last) = members.last().map(|member| member.listed.id) else { return Ok(members) };
        let former = sqlx::query(
            "SELECT member_id, invite_code, replaced_at FROM former_invite_codes \
             WHERE member_id > $1 AND member_id <= $2 ORDER BY replaced_at DESC",
        );
        for row in former.bind(after).bind(last).fetch_all(&mut *snapshot).await? {
            let id: MemberId = row.try_get("member_id")?;
            if let Ok(place) = members.binary_search_by_key(&id.0, |member| member.listed.id.0) {
                let code = row.try_get("invite_code")?;
                members[place].former_codes.push((code, row.try_get("replaced_at")?));
            }
        }
        snapshot.commit().await?;
        Ok(members)
    }

    async fn member_with_phone(&self, phone: &Phone) -> StoreResult<Option<MemberId>> {
        let with_phone = sqlx::query_scalar("SELECT id FROM members WHERE phone = $1");
        Ok(with_phone.bind(phone).fetch_optional(&self.pool).await?)
    }

    async fn language_of(&self, phone: &Phone) -> StoreResult<Option<Language>> {
        let chosen = sqlx::query_scalar("SELECT language FROM members WHERE phone = $1");
        let chosen: Option<Option<Language>> = chosen.bind(phone).fetch_optional(&self.pool).await?;
        Ok(chosen.flatten())
    }

    async fn owner_of_code(&self, code: &InviteCode) -> StoreResult<Option<MemberId>> {
        owner_of_code(&mut *self.pool.acquire().await?, code).await
    }

    async fn owners_of_codes(&self, codes: &HashSet<InviteCode>) -> StoreResult<Vec<CodeOwner>> {
        let codes: Vec<_> = codes.iter().map(|code| code.as_str().to_owned()).collect();
        let owners = sqlx::query_as(
            "SELECT code, id, phone FROM unnest($1) AS code JOIN members ON invite_code = code \
             WHERE phone IS NOT NULL \
             UNION ALL SELECT code, id, phone FROM unnest($1) AS code \
             JOIN former_invite_codes AS former ON former.invite_code = code \
             JOIN members ON id = member_id WHERE phone IS NOT NULL",
        );
        let owners = owners.bind(codes).fetch_all(&self.pool).await?;
        Ok(owners.into_iter().map(|(code, member, phone)| CodeOwner { code, member, phone }).collect())
    }
}

#[async_trait]
impl MemberTransaction for PostgresTransaction {
    async fn member_by_phone(&mut self, phone: &Phone) -> StoreResult<Option<Member>> {
        let found = sqlx::query("SELECT id, phone, invite_code, epoch, blocked_at FROM members WHERE phone = $1");
        found.bind(phone).fetch_optional(self.connection()).await?.as_ref().map(member).transpose()
    }

    async fn member_by_invite_code(&mut self, code: &InviteCode) -> StoreResult<Option<Member>> {
        member_by_invite_code(self.connection(), code).await
    }

    async fn add_member(&mut self, phone: &Phone, code: &InviteCode, now: Timestamp) -> StoreResult<AddMember> {
        let add = sqlx::query(
            "INSERT INTO members (phone, invite_code, created_at, visited_at) SELECT $1, $2, $3, $3 \
             WHERE NOT EXISTS (SELECT 1 FROM former_invite_codes WHERE invite_code = $2) \
             ON CONFLICT (invite_code) DO NOTHING RETURNING id, phone, invite_code, epoch, blocked_at",
        );
        let added = add.bind(phone).bind(code).bind(now).fetch_optional(self.connection()).await?;
        Ok(match added {
            Some(row) => AddMember::Added(member(&row)?),
            None => AddMember::InviteCodeTaken,
        })
    }

    async fn note_visit(&mut self, member: MemberId, now: Timestamp) -> StoreResult<()> {
        note_visit(self.connection(), member, now).await
    }

    async fn last_visit(&mut self, member: MemberId) -> StoreResult<Timestamp> {
        let last = sqlx::query_scalar("SELECT coalesce(visited_at, created_at) FROM members WHERE id = $1");
        Ok(last.bind(member).fetch_one(self.connection()).await?)
    }

    async fn set_language(&mut self, member: MemberId, language: Language) -> StoreResult<()> {
        let set = sqlx::query("UPDATE members SET language = $1 WHERE id = $2");
        set.bind(language).bind(member).execute(self.connection()).await?;
        Ok(())
    }

    async fn subject(&mut self, id: MemberId) -> StoreResult<Option<Subject>> {
        let found = sqlx::query(
            "SELECT members.id, members.phone, invite_code, blocked_at, admins.id IS NOT NULL AS is_admin \
             FROM members LEFT JOIN admins ON admins.phone = members.phone WHERE members.id = $1",
        );
        found.bind(id).fetch_optional(self.connection()).await?.as_ref().map(subject).transpose()
    }

    async fn set_blocked(&mut self, member: MemberId, blocked_at: Option<Timestamp>) -> StoreResult<()> {
        let set = sqlx::query("UPDATE members SET blocked_at = $1 WHERE id = $2");
        set.bind(blocked_at).bind(member).execute(self.connection()).await?;
        Ok(())
    }

    async fn replace_invite_code(&mut self, member: MemberId, code: &InviteCode, now: Timestamp) -> StoreResult<bool> {
        if MemberTransaction::owner_of_code(self, code).await?.is_some() {
            return Ok(false);
        }
        let keep = sqlx::query(
            "INSERT INTO former_invite_codes (invite_code, member_id, replaced_at) \
             SELECT invite_code, id, $1 FROM members WHERE id = $2",
        );
        keep.bind(now).bind(member).execute(self.connection()).await?;
        let replace = sqlx::query("UPDATE members SET invite_code = $1 WHERE id = $2");
        replace.bind(code).bind(member).execute(self.connection()).await?;
        Ok(true)
    }

    async fn change_phone(&mut self, member: MemberId, before: &Phone, phone: &Phone) -> StoreResult<bool> {
        locks::take_phones(self.connection(), [before, phone]).await?;
        let gone = sqlx::query("UPDATE set_aside SET successor_id = NULL WHERE successor_id = $1");
        gone.bind(member).execute(self.connection()).await?;
        let change = sqlx::query(
            "UPDATE members SET phone = $1 WHERE id = $2 AND phone = $3 \
             AND NOT EXISTS (SELECT 1 FROM members WHERE phone = $1)",
        );
        Ok(change.bind(phone).bind(member).bind(before).execute(self.connection()).await?.rows_affected() == 1)
    }

    async fn erase_member(&mut self, member: MemberId, phone: Option<&Phone>, now: Timestamp) -> StoreResult<()> {
        if let Some(phone) = phone {
            locks::take(self.connection(), Key::of_phone(phone)).await?;
        }
        for statement in OF_ERASED_MEMBER {
            sqlx::query(statement).bind(member).execute(self.connection()).await?;
        }
        for statement in phone.map_or(&[][..], |_| &OF_ERASED_PHONE) {
            sqlx::query(*statement).bind(phone).execute(self.connection()).await?;
        }
        let erase = sqlx::query(
            "UPDATE members SET phone = NULL, erased_at = $1, blocked_at = NULL, language = NULL, on_board = false, \
             visited_at = NULL, epoch = epoch + 1 WHERE id = $2",
        );
        erase.bind(now).bind(member).execute(self.connection()).await?;
        Ok(())
    }

    async fn owner_of_code(&mut self, code: &InviteCode) -> StoreResult<Option<MemberId>> {
        owner_of_code(self.connection(), code).await
    }

    async fn next_epoch(&mut self, member: MemberId) -> StoreResult<()> {
        let next = sqlx::query("UPDATE members SET epoch = epoch + 1 WHERE id = $1");
        next.bind(member).execute(self.connection()).await?;
        Ok(())
    }
}

pub(super) async fn note_visit(connection: &mut PgConnection, member: MemberId, now: Timestamp) -> StoreResult<()> {
    let note = "UPDATE members SET visited_at = $1 WHERE id = $2 AND coalesce(visited_at, created_at) < $1 - 86400000";
    sqlx::query(note).bind(now).bind(member).execute(connection).await?;
    Ok(())
}

async fn member_by_invite_code(connection: &mut PgConnection, code: &InviteCode) -> StoreResult<Option<Member>> {
    let found = sqlx::query(
        "SELECT id, phone, invite_code, epoch, blocked_at FROM members WHERE invite_code = $1 AND phone IS NOT NULL",
    );
    found.bind(code).fetch_optional(connection).await?.as_ref().map(member).transpose()
}

const OF_ERASED_MEMBER: [&str; 8] = [
    "DELETE FROM sessions WHERE member_id = $1",
    "DELETE FROM token_families WHERE member_id = $1",
    "DELETE FROM idempotency_keys WHERE member_id = $1",
    "DELETE FROM devices WHERE member_id = $1",
    "DELETE FROM redeem_tries WHERE member_id = $1",
    "DELETE FROM flags WHERE member_id = $1",
    "DELETE FROM set_aside WHERE member_id = $1",
    "UPDATE set_aside SET successor_id = NULL WHERE successor_id = $1",
];
const OF_ERASED_PHONE: [&str; 3] = [
    "DELETE FROM login_codes WHERE phone = $1",
    // All lines of such a file, not only the member's: the admin checked and confirmed the file as a whole. Files that
    // are being checked may contain the phone, too.
    "DELETE FROM imports WHERE state = 'checking' OR id IN (SELECT import_id FROM import_lines WHERE phone = $1)",
    // As a whole word: a longer number may begin with this one.
    "DELETE FROM budget_uses WHERE strpos(' ' || subject || ' ', ' ' || $1 || ' ') > 0 OR purpose = $1",
];

async fn owner_of_code(connection: &mut PgConnection, code: &InviteCode) -> StoreResult<Option<MemberId>> {
    let owner = sqlx::query_scalar(
        "SELECT id FROM members WHERE invite_code = $1 \
         UNION ALL SELECT member_id FROM former_invite_codes WHERE invite_code = $1",
    );
    Ok(owner.bind(code).fetch_optional(connection).await?)
}

fn invitee(row: &PgRow) -> StoreResult<Option<Invitee>> {
    let Some(id) = row.try_get("invitee_id")? else { return Ok(None) };
    Ok(Some(Invitee { id, phone: row.try_get("invitee_phone")?, redeemed_at: row.try_get("redeemed_at")? }))
}

fn summary(row: &PgRow) -> StoreResult<MemberSummary> {
    let invitees = unsigned(row.try_get("invitees")?, "invitees")?;
    Ok(MemberSummary { member: member(row)?, activated: row.try_get("activated")?, invitees })
}

fn member(row: &PgRow) -> StoreResult<Member> {
    Ok(Member {
        id: row.try_get("id")?,
        phone: row.try_get("phone")?,
        invite_code: row.try_get("invite_code")?,
        epoch: row.try_get("epoch")?,
        is_blocked: is_blocked(row)?,
    })
}

fn subject(row: &PgRow) -> StoreResult<Subject> {
    Ok(Subject {
        id: row.try_get("id")?,
        phone: row.try_get("phone")?,
        invite_code: row.try_get("invite_code")?,
        is_blocked: is_blocked(row)?,
        is_admin: row.try_get("is_admin")?,
    })
}
