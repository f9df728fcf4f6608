//! Members: found, added, changed, erased.

use super::connection::{Statements, at_length, value};
use super::store::SqliteStore;
use super::transaction::SqliteTransaction;
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
use crate::server::storage::rows::{listed_member, member_record};
use crate::server::storage::{MemberStore, MemberTransaction, StoreError, StoreResult};
use async_trait::async_trait;
use rusqlite::{Connection, params};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};
use std::collections::HashSet;

/// Up to this many members with the digits of a search are collected and sorted. If there are more, scanning in the
/// order of the list soon finds a page.
const FEW: u32 = 20_000;
/// Digits that are in the phones of few. Fewer are likely to be in those of the first members that are looked at.
const LONG_PART: usize = 5;
/// How many members are looked at first, until a page is full: at most some 10 ms.
const LOOKED_AT: u32 = 20_000;

/// Where a search looks for members.
enum Among {
    All,
    /// So many, from where the page begins; none if there are fewer.
    First(u32),
    /// A JSON list of ids.
    These(String),
}

#[async_trait]
impl MemberStore for SqliteStore {
    async fn member(&self, id: MemberId) -> StoreResult<Option<MemberSummary>> {
        let found = "SELECT id, phone, members.invite_code, epoch, blocked_at, redemptions.invite_code, invitees \
                     FROM members LEFT JOIN redemptions ON invitee_id = id WHERE id = ? AND phone IS NOT NULL";
        self.reads.read(|connection| connection.first(found, [id], summary)).await
    }

    async fn member_by_invite_code(&self, code: &InviteCode) -> StoreResult<Option<Member>> {
        self.reads.read(|connection| member_by_invite_code(connection, code)).await
    }

    async fn profile(
        &self,
        id: MemberId,
        family: Option<FamilyId>,
        after: Option<Cursor>,
        limit: u32,
    ) -> StoreResult<Option<MemberProfile>> {
        let after = after.unwrap_or(Cursor { redeemed_at: i64::MAX, invitee: i64::MAX });
        self.reads.read(|connection| profile(connection, id, family, after, limit)).await
    }

    async fn changed_revisions(&self, seen: &[(MemberId, Revision)]) -> StoreResult<Vec<(MemberId, Revision)>> {
        let seen: Vec<_> = seen.iter().map(|(member, revision)| (member.0, revision.0)).collect();
        let seen = serde_json::to_string(&seen).map_err(|_| StoreError::Malformed("revision".to_owned()))?;
        let changed = "SELECT members.id, revision FROM json_each(?) AS seen JOIN members ON members.id = seen.value ->> 0 \
                       WHERE revision <> seen.value ->> 1";
        self.reads.read(|connection| connection.all(changed, [&seen], |row| Ok((row.get(0)?, row.get(1)?)))).await
    }

    async fn find_members(&self, search: &MemberSearch) -> StoreResult<Vec<ListedMember>> {
        let Some(part) = &search.phone_part else { return self.listed(search, &Among::All).await };
        if part.len() < LONG_PART {
            let found = self.listed(search, &Among::First(LOOKED_AT)).await?;
            if found.len() >= search.limit as usize {
                return Ok(found);
            }
        }
        let among = self.with_phone_part(part).await?.map_or(Among::All, Among::These);
        self.listed(search, &among).await
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
        let with_phone = "SELECT id FROM members WHERE phone = ?";
        self.reads.read(|connection| connection.first(with_phone, [phone], value)).await
    }

    async fn language_of(&self, phone: &Phone) -> StoreResult<Option<Language>> {
        let chosen = "SELECT language FROM members WHERE phone = ?";
        Ok(self.reads.read(|connection| connection.first(chosen, [phone], value::<Option<Language>>)).await?.flatten())
    }

    async fn owner_of_code(&self, code: &InviteCode) -> StoreResult<Option<MemberId>> {
        self.reads.read(|connection| owner_of_code(connection, code)).await
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
        let with_phone = "SELECT id, phone, invite_code, epoch, blocked_at FROM members WHERE phone = ?";
        self.connection.first(with_phone, [phone], member)
    }

    async fn member_by_invite_code(&mut self, code: &InviteCode) -> StoreResult<Option<Member>> {
        member_by_invite_code(&self.connection, code)
    }

    async fn add_member(&mut self, phone: &Phone, code: &InviteCode, now: Timestamp) -> StoreResult<AddMember> {
        let added = self.connection.first(
            "INSERT INTO members (phone, invite_code, created_at, visited_at) SELECT ?1, ?2, ?3, ?3 \
             WHERE NOT EXISTS (SELECT 1 FROM former_invite_codes WHERE invite_code = ?2) \
             ON CONFLICT (invite_code) DO NOTHING RETURNING id, phone, invite_code, epoch, blocked_at",
            params![phone, code, now],
            member,
        )?;
        Ok(added.map_or(AddMember::InviteCodeTaken, AddMember::Added))
    }

    async fn note_visit(&mut self, member: MemberId, now: Timestamp) -> StoreResult<()> {
        note_visit(&self.connection, member, now)
    }

    async fn last_visit(&mut self, member: MemberId) -> StoreResult<Timestamp> {
        self.connection.one("SELECT coalesce(visited_at, created_at) FROM members WHERE id = ?", [member], value)
    }

    async fn set_language(&mut self, member: MemberId, language: Language) -> StoreResult<()> {
        self.connection.change("UPDATE members SET language = ? WHERE id = ?", params![language, member])?;
        Ok(())
    }

    async fn subject(&mut self, id: MemberId) -> StoreResult<Option<Subject>> {
        let subject = "SELECT members.id, members.phone, invite_code, blocked_at, admins.id IS NOT NULL AS is_admin \
                       FROM members LEFT JOIN admins ON admins.phone = members.phone WHERE members.id = ?";
        self.connection.first(subject, [id], |row| {
            Ok(Subject {
                id: row.get("id")?,
                phone: row.get("phone")?,
                invite_code: row.get("invite_code")?,
                is_blocked: row.get::<_, Option<Timestamp>>("blocked_at")?.is_some(),
                is_admin: row.get("is_admin")?,
            })
        })
    }

    async fn set_blocked(&mut self, member: MemberId, blocked_at: Option<Timestamp>) -> StoreResult<()> {
        self.connection.change("UPDATE members SET blocked_at = ? WHERE id = ?", params![blocked_at, member])?;
        Ok(())
    }

    async fn replace_invite_code(&mut self, member: MemberId, code: &InviteCode, now: Timestamp) -> StoreResult<bool> {
        if MemberTransaction::owner_of_code(self, code).await?.is_some() {
            return Ok(false);
        }
        self.connection.change(
            "INSERT INTO former_invite_codes (invite_code, member_id, replaced_at) \
             SELECT invite_code, id, ? FROM members WHERE id = ?",
            params![now, member],
        )?;
        self.connection.change("UPDATE members SET invite_code = ? WHERE id = ?", params![code, member])?;
        Ok(true)
    }

    async fn change_phone(&mut self, member: MemberId, before: &Phone, phone: &Phone) -> StoreResult<bool> {
        self.connection.change("UPDATE set_aside SET successor_id = NULL WHERE successor_id = ?", [member])?;
        let change = "UPDATE members SET phone = ?1 WHERE id = ?2 AND phone = ?3 \
                      AND NOT EXISTS (SELECT 1 FROM members WHERE phone = ?1)";
        Ok(self.connection.change(change, params![phone, member, before])? == 1)
    }

    async fn erase_member(&mut self, member: MemberId, phone: Option<&Phone>, now: Timestamp) -> StoreResult<()> {
        let connection = &*self.connection;
        at_length(|| erase_member(connection, member, phone, now))
    }

    async fn owner_of_code(&mut self, code: &InviteCode) -> StoreResult<Option<MemberId>> {
        owner_of_code(&self.connection, code)
    }

    async fn next_epoch(&mut self, member: MemberId) -> StoreResult<()> {
        self.connection.change("UPDATE members SET epoch = epoch + 1 WHERE id = ?", [member])?;
        Ok(())
    }
}

pub(super) fn note_visit(connection: &Connection, member: MemberId, now: Timestamp) -> StoreResult<()> {
    let note = "UPDATE members SET visited_at = ?1 WHERE id = ?2 AND coalesce(visited_at, created_at) < ?1 - 86400000";
    connection.change(note, params![now, member])?;
    Ok(())
}

fn member_by_invite_code(connection: &Connection, code: &InviteCode) -> StoreResult<Option<Member>> {
    connection.first(
        "SELECT id, phone, invite_code, epoch, blocked_at FROM members WHERE invite_code = ? AND phone IS NOT NULL",
        [code],
        member,
    )
}

/// One statement, so that it is one state: a row for each invitee, with the member in each of them. Without invitees it
/// is one row without an invitee.
fn profile(
    connection: &Connection,
    id: MemberId,
    family: Option<FamilyId>,
    after: Cursor,
    limit: u32,
) -> StoreResult<Option<MemberProfile>> {
    let rows = "SELECT members.id, members.phone, members.invite_code, members.epoch, members.blocked_at, \
                mine.invite_code, members.invitees, \
                theirs.invitee_id, invited.phone, theirs.redeemed_at, token_families.created_at, members.revision \
                FROM members LEFT JOIN redemptions AS mine ON mine.invitee_id = members.id \
                LEFT JOIN token_families ON token_families.id = ? AND token_families.member_id = members.id \
                AND token_families.epoch = members.epoch \
                LEFT JOIN redemptions AS theirs ON theirs.inviter_id = members.id \
                AND (theirs.redeemed_at, theirs.invitee_id) < (?, ?) \
                LEFT JOIN members AS invited ON invited.id = theirs.invitee_id \
                WHERE members.id = ? AND members.phone IS NOT NULL \
                ORDER BY theirs.redeemed_at DESC, theirs.invitee_id DESC LIMIT ?";
    let mut found = None;
    let invitees = connection.all(rows, params![family, after.redeemed_at, after.invitee, id, limit], |row| {
        if found.is_none() {
            found = Some((summary(row)?, row.get(10)?, row.get(11)?));
        }
        invitee(row)
    })?;
    Ok(found.map(|(summary, begun_at, revision)| MemberProfile {
        standing: TokenStanding { is_blocked: summary.member.is_blocked, begun_at },
        summary,
        revision,
        invitees: invitees.into_iter().flatten().collect(),
    }))
}

// By position, because a name is looked for in every row.

/// Columns 7, 8 and 9: an invitee's id, phone and time of redemption.
fn invitee(row: &rusqlite::Row<'_>) -> rusqlite::Result<Option<Invitee>> {
    let Some(id) = row.get(7)? else { return Ok(None) };
    Ok(Some(Invitee { id, phone: row.get(8)?, redeemed_at: row.get(9)? }))
}

/// Those of a [`member`], then the code that they activated and the number of their invitees.
fn summary(row: &rusqlite::Row<'_>) -> rusqlite::Result<MemberSummary> {
    Ok(MemberSummary { member: member(row)?, activated: row.get(5)?, invitees: row.get(6)? })
}

/// The columns `id, phone, invite_code, epoch, blocked_at`.
fn member(row: &rusqlite::Row<'_>) -> rusqlite::Result<Member> {
    let blocked_at: Option<Timestamp> = row.get(4)?;
    let is_blocked = blocked_at.is_some();
    Ok(Member { id: row.get(0)?, phone: row.get(1)?, invite_code: row.get(2)?, epoch: row.get(3)?, is_blocked })
}

const OF_ERASED_PHONE: [&str; 3] = [
    "DELETE FROM login_codes WHERE phone = ?",
    // All lines of such a file, not only the member's: the admin checked and confirmed the file as a whole.
    // Files that are being checked may contain the phone, too.
    "DELETE FROM imports WHERE state = 'checking' OR id IN (SELECT import_id FROM import_lines WHERE phone = ?)",
    // As a whole word: a longer number may begin with this one.
    "DELETE FROM budget_uses WHERE instr(' ' || subject || ' ', ' ' || ?1 || ' ') > 0 OR purpose = ?1",
];

fn erase_member(connection: &Connection, member: MemberId, phone: Option<&Phone>, now: Timestamp) -> StoreResult<()> {
    for statement in [
        "DELETE FROM sessions WHERE member_id = ?",
        "DELETE FROM token_families WHERE member_id = ?",
        "DELETE FROM idempotency_keys WHERE member_id = ?",
        "DELETE FROM devices WHERE member_id = ?",
        "DELETE FROM redeem_tries WHERE member_id = ?",
        "DELETE FROM flags WHERE member_id = ?",
        "DELETE FROM set_aside WHERE member_id = ?",
        "UPDATE set_aside SET successor_id = NULL WHERE successor_id = ?",
    ] {
        connection.change(statement, [member])?;
    }
    for statement in phone.map_or(&[][..], |_| &OF_ERASED_PHONE) {
        connection.change(statement, [phone])?;
    }
    let erase = "UPDATE members SET phone = NULL, erased_at = ?, blocked_at = NULL, language = NULL, on_board = 0, \
                 visited_at = NULL, epoch = epoch + 1 WHERE id = ?";
    connection.change(erase, params![now, member])?;
    Ok(())
}

fn owner_of_code(connection: &Connection, code: &InviteCode) -> StoreResult<Option<MemberId>> {
    let owner = "SELECT id FROM members WHERE invite_code = ?1 \
                 UNION ALL SELECT member_id FROM former_invite_codes WHERE invite_code = ?1";
    connection.first(owner, [code], value)
}

impl SqliteStore {
    /// The members that a search finds among some of them.
    async fn listed(&self, search: &MemberSearch, among: &Among) -> StoreResult<Vec<ListedMember>> {
        let mut query = listed(search, among);
        let rows = query.build().fetch_all(&self.readers).await?;
        rows.iter().map(listed_member).collect()
    }

    /// The ids of the members with these digits in their phone, as a JSON list; `None` if they are many, or if the index
    /// does not hold so few digits.
    async fn with_phone_part(&self, part: &str) -> StoreResult<Option<String>> {
        if part.len() < "123".len() {
            return Ok(None);
        }
        // One row, since each row comes over from the thread of its connection by itself.
        let found = sqlx::query_as(
            "SELECT json_group_array(rowid), count(*) FROM \
             (SELECT rowid FROM member_phones WHERE phone LIKE ? LIMIT ?)",
        );
        let (ids, count): (String, u32) =
            found.bind(format!("%{part}%")).bind(FEW + 1).fetch_one(&self.readers).await?;
        Ok((count <= FEW).then_some(ids))
    }
}

fn listed(search: &MemberSearch, among: &Among) -> QueryBuilder<Sqlite> {
    let Order { select, table, key, id, direction, after, until } = Order::of(search.sort);
    let push_place = |query: &mut QueryBuilder<Sqlite>| {
        if let Some(place) = search.after {
            query.push(format_args!(" AND ({key}, {id}) {after} (")).push_bind(place.key);
            query.push(", ").push_bind(place.id).push(")");
        }
    };
    let mut query = QueryBuilder::<Sqlite>::new(select);
    push_place(&mut query);
    match among {
        Among::All => {}
        Among::First(count) => {
            query.push(format_args!(" AND ({key}, {id}) {until} (SELECT {key}, {id} FROM {table} WHERE true"));
            push_place(&mut query);
            query.push(format_args!(" ORDER BY {key} {direction}, {id} {direction} LIMIT 1 OFFSET {count} - 1)"));
        }
        Among::These(ids) => {
            query.push(" AND id IN (SELECT value FROM json_each(").push_bind(ids.clone()).push("))");
        }
    }
    push_of_members(&mut query, search);
    query.push(format_args!(" ORDER BY {key} {direction}, {id} {direction} LIMIT ")).push_bind(search.limit);
    query
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::data::{Place, Sort};
    use strum::VariantArray;

    /// More members than are looked at first, who did not join in the order of their ids, as after an import. The digits
    /// 900 are in every phone, 77 in many, 1234 in few, and 12345678 in none.
    const MEMBERS: &str = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT 30000) \
        INSERT INTO members (phone, invite_code, created_at, invitees) \
        SELECT printf('+7900%07d', n * 7919 % 10000000), replace(replace(printf('%06d', n), '0', 'A'), '1', 'B'), \
        n * 104729 % 1000003, n % 7 FROM numbers";

    /// Two of three have activated a code, in no order either.
    const REDEMPTIONS: &str = "INSERT INTO redemptions (invitee_id, inviter_id, invite_code, redeemed_at) \
        SELECT id, 1, 'AAAAAA', id * 7919 % 100003 FROM members WHERE id > 1 AND id % 3 > 0";

    #[tokio::test]
    async fn every_order_is_that_of_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("empty.db")).await.unwrap();
        for sort in Sort::VARIANTS {
            let search = MemberSearch { sort: *sort, after: Some(Place { key: 1, id: 1 }), ..MemberSearch::default() };
            let query = listed(&search, &Among::All);
            let explain = format!("EXPLAIN QUERY PLAN {}", query.sql().as_str());
            let plan = sqlx::query(sqlx::AssertSqlSafe(explain)).fetch_all(&store.readers).await.unwrap();
            let plan: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
            let (first, rest) = plan.split_first().unwrap();
            assert!(first.starts_with("SEARCH ") && first.contains(" INDEX "), "{sort:?}: {plan:?}");
            assert!(!rest.iter().any(|step| step.contains("TEMP B-TREE")), "{sort:?}: {plan:?}");
        }
    }

    #[tokio::test]
    async fn a_page_of_a_search_is_the_same_in_whatever_way_it_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("large.db")).await.unwrap();
        store.writer.write(|connection| connection.change(MEMBERS, [])).await.unwrap();
        store.writer.write(|connection| connection.change(REDEMPTIONS, [])).await.unwrap();
        for sort in Sort::VARIANTS.iter().copied() {
            let all = MemberSearch { sort, limit: 30_000, ..MemberSearch::default() };
            let all = store.find_members(&all).await.unwrap();
            for part in ["900", "77", "1234", "12345678"] {
                let has_part = |member: &&ListedMember| member.phone.as_ref().unwrap().as_str().contains(part);
                let expected: Vec<_> = all.iter().filter(has_part).take(150).cloned().collect();
                let mut found = Vec::new();
                for _ in 0..3 {
                    let after = found.last().map(|last| Place::of(last, sort));
                    let search = MemberSearch {
                        phone_part: Some(part.into()),
                        sort,
                        after,
                        limit: 50,
                        ..MemberSearch::default()
                    };
                    found.extend(store.find_members(&search).await.unwrap());
                }
                assert_eq!(found, expected, "{part} {sort:?}");
            }
        }
    }
}
