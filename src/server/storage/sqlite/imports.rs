//! Files of members and their lines.

use super::connection::{Statements, at_length, value};
use super::store::SqliteStore;
use super::transaction::SqliteTransaction;
use crate::model::invite_code::InviteCode;
use crate::server::clock::Timestamp;
use crate::server::data::{
    AttemptOutcome, BadLine, Import, ImportState, Line, LineProblem, MemberId, NewAttempt, NewImport,
};
use crate::server::storage::columns::{json, stored_problems};
use crate::server::storage::rows::{bad_line, import};
use crate::server::storage::{ImportStore, ImportTransaction, StoreResult};
use async_trait::async_trait;
use rusqlite::{Connection, params};
use sqlx::{QueryBuilder, Sqlite};

const IMPORTS: &str = "SELECT id, actor, file_name, state, begun_at, touched_at, lines, checked, unread, \
                       (SELECT count(*) FROM import_lines WHERE import_id = id AND problems IS NOT NULL) AS bad \
                       FROM imports";

#[async_trait]
impl ImportStore for SqliteStore {
    async fn imports(&self, limit: u32) -> StoreResult<Vec<Import>> {
        let mut query = QueryBuilder::<Sqlite>::new(IMPORTS);
        query.push(" ORDER BY id DESC LIMIT ").push_bind(limit);
        query.build().fetch_all(&self.readers).await?.iter().map(import).collect()
    }

    async fn import(&self, id: i64) -> StoreResult<Option<Import>> {
        let mut query = QueryBuilder::<Sqlite>::new(IMPORTS);
        query.push(" WHERE id = ").push_bind(id);
        query.build().fetch_optional(&self.readers).await?.as_ref().map(import).transpose()
    }

    async fn bad_lines(&self, import: i64, after: u64, limit: u32) -> StoreResult<Vec<BadLine>> {
        let rows = sqlx::query(
            "SELECT line, problems FROM import_lines WHERE import_id = ? AND line > ? AND problems IS NOT NULL \
             ORDER BY line LIMIT ?",
        );
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let rows = rows.bind(import).bind(after).bind(limit).fetch_all(&self.readers).await?;
        rows.iter().map(bad_line).collect()
    }

    async fn note_progress(&self, import: i64, checked: u32, now: Timestamp) -> StoreResult<()> {
        let note = "UPDATE imports SET checked = ?, touched_at = ? WHERE id = ?";
        self.writer.write(|connection| connection.change(note, params![checked, now, import])).await?;
        Ok(())
    }

    async fn forget_lines(&self, import: i64) -> StoreResult<()> {
        let lines = "DELETE FROM import_lines WHERE (import_id, line) IN \
                     (SELECT import_id, line FROM import_lines WHERE import_id = ? LIMIT ?)";
        self.forget(lines, import).await?;
        Ok(())
    }

    async fn forget_imports_before(&self, before: Timestamp) -> StoreResult<u64> {
        // With all lines in one transaction: a part of a file must never be imported.
        let delete = "DELETE FROM imports WHERE begun_at < ?";
        self.writer.write(|connection| at_length(|| connection.change(delete, [before]))).await
    }
}

#[async_trait]
impl ImportTransaction for SqliteTransaction {
    async fn add_import(&mut self, new: &NewImport<'_>) -> StoreResult<i64> {
        self.connection.one(
            "INSERT INTO imports (actor, file_name, state, begun_at, touched_at, lines, unread) \
             VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6) RETURNING id",
            params![new.actor, new.file_name, ImportState::Checking, new.begun_at, new.lines, json(new.unread)?],
            value,
        )
    }

    async fn add_lines(&mut self, import: i64, lines: &[Line]) -> StoreResult<()> {
        let connection = &*self.connection;
        at_length(|| lines.iter().try_for_each(|line| add_line(connection, import, line)))
    }

    async fn mark_conflicts(&mut self, import: i64) -> StoreResult<u32> {
        let connection = &*self.connection;
        at_length(|| mark_conflicts(connection, import))
    }

    async fn finish_check(&mut self, import: i64, now: Timestamp) -> StoreResult<()> {
        let finish = "UPDATE imports SET state = ?, checked = lines, touched_at = ? WHERE id = ? AND state <> ?";
        self.connection.change(finish, params![ImportState::Checked, now, import, ImportState::Done])?;
        Ok(())
    }

    async fn begin_import(&mut self, import: i64, now: Timestamp, stalled_before: Timestamp) -> StoreResult<bool> {
        let begin = "UPDATE imports SET state = ?1, touched_at = ?2 \
                     WHERE id = ?3 AND (state = ?4 OR (state = ?1 AND touched_at < ?5))";
        let values = params![ImportState::Writing, now, import, ImportState::Checked, stalled_before];
        Ok(self.connection.change(begin, values)? == 1)
    }

    async fn write_import(&mut self, import: i64, now: Timestamp) -> StoreResult<(Vec<MemberId>, Vec<NewAttempt>)> {
        let connection = &*self.connection;
        at_length(|| write_import(connection, import, now))
    }
}

fn add_line(connection: &Connection, import: i64, line: &Line) -> StoreResult<()> {
    let former: Vec<_> = line.former_codes.iter().map(InviteCode::as_str).collect();
    let add = "INSERT INTO import_lines (import_id, line, phone, invite_code, former_codes, joined_at, blocked_at, \
               erased_at, redeemed_code, inviter_line, redeemed_at, problems) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let values = params![
        import,
        line.number,
        line.phone,
        line.invite_code,
        json(&former)?,
        line.joined_at,
        line.blocked_at,
        line.erased_at,
        line.redeemed_code,
        line.inviter_line,
        line.redeemed_at,
        stored_problems(&line.problems)?,
    ];
    connection.change(add, values)?;
    Ok(())
}

fn mark_conflicts(connection: &Connection, import: i64) -> StoreResult<u32> {
    for (conflict, which) in [
        (LineProblem::PhoneTaken, "EXISTS (SELECT 1 FROM members WHERE members.phone = import_lines.phone)"),
        (
            LineProblem::CodeTaken,
            "EXISTS (SELECT 1 FROM json_each(json_insert(former_codes, '$[#]', import_lines.invite_code)) AS code \
             WHERE EXISTS (SELECT 1 FROM members WHERE invite_code = code.value) \
             OR EXISTS (SELECT 1 FROM former_invite_codes WHERE invite_code = code.value))",
        ),
        (
            LineProblem::RedeemedUnknown,
            "redeemed_code IS NOT NULL AND inviter_line IS NULL \
             AND NOT EXISTS (SELECT 1 FROM members WHERE members.invite_code = redeemed_code) \
             AND NOT EXISTS (SELECT 1 FROM former_invite_codes AS former WHERE former.invite_code = redeemed_code)",
        ),
    ] {
        let mark = format!(
            "UPDATE import_lines SET problems = concat_ws(char(10), problems, ?) WHERE import_id = ? AND {which}"
        );
        connection.change(&mark, params![json(&conflict)?, import])?;
    }
    let bad = "SELECT count(*) FROM import_lines WHERE import_id = ? AND problems IS NOT NULL";
    connection.one(bad, [import], value)
}

fn write_import(connection: &Connection, import: i64, now: Timestamp) -> StoreResult<(Vec<MemberId>, Vec<NewAttempt>)> {
    let members = "INSERT INTO members (phone, invite_code, created_at, blocked_at, erased_at, visited_at) \
                   SELECT phone, invite_code, joined_at, blocked_at, erased_at, ?2 FROM import_lines \
                   WHERE import_id = ?1 ORDER BY line RETURNING id";
    let members = connection.all(members, params![import, now], value)?;
    let former = "INSERT INTO former_invite_codes (invite_code, member_id, replaced_at) \
                  SELECT code.value, members.id, ?2 FROM import_lines JOIN json_each(former_codes) AS code \
                  JOIN members ON members.invite_code = import_lines.invite_code WHERE import_id = ?1";
    connection.change(former, params![import, now])?;
    let redemptions = "INSERT INTO redemptions (invitee_id, inviter_id, invite_code, redeemed_at) \
         SELECT invitees.id, coalesce( \
             (SELECT inviters.id FROM import_lines AS theirs JOIN members AS inviters USING (invite_code) \
              WHERE theirs.import_id = mine.import_id AND theirs.line = mine.inviter_line), \
             (SELECT id FROM members WHERE invite_code = mine.redeemed_code), \
             (SELECT member_id FROM former_invite_codes WHERE invite_code = mine.redeemed_code)), \
         redeemed_code, redeemed_at \
         FROM import_lines AS mine JOIN members AS invitees USING (invite_code) \
         WHERE mine.import_id = ? AND redeemed_code IS NOT NULL ORDER BY line";
    connection.change(redemptions, [import])?;
    let attempts = "INSERT INTO redeem_tries (member_id, typed, inviter_id, outcome, tried_at, last_at) \
         SELECT invitee_id, redemptions.invite_code, inviter_id, ?2, redemptions.redeemed_at, redemptions.redeemed_at \
         FROM import_lines JOIN members USING (invite_code) JOIN redemptions ON invitee_id = members.id \
         WHERE import_id = ?1 ORDER BY line RETURNING member_id, typed, inviter_id, outcome, tried_at";
    let attempts = connection.all(attempts, params![import, AttemptOutcome::Redeemed], imported_attempt)?;
    let finish = "UPDATE imports SET state = ?, touched_at = ? WHERE id = ?";
    connection.change(finish, params![ImportState::Done, now, import])?;
    Ok((members, attempts))
}

fn imported_attempt(row: &rusqlite::Row<'_>) -> rusqlite::Result<NewAttempt> {
    Ok(NewAttempt {
        member: row.get("member_id")?,
        typed: row.get("typed")?,
        inviter: row.get("inviter_id")?,
        outcome: row.get("outcome")?,
        at: row.get("tried_at")?,
        network: None,
        browser: None,
    })
}
