//! Files of members and their lines.

use super::store::{SqliteStore, forget};
use super::transaction::SqliteTransaction;
use crate::model::invite_code::InviteCode;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{AttemptOutcome, BadLine, Import, ImportState, Line, LineProblem, NewAttempt, NewImport};
use crate::server::storage::{ImportStore, ImportTransaction, StoreError, StoreResult};
use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

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
        rows.iter()
            .map(|row| {
                let problems: String = row.try_get("problems")?;
                Ok(BadLine {
                    line: row.try_get("line")?,
                    problems: problems.lines().map(|code| from_json("problems", code)).collect::<StoreResult<_>>()?,
                })
            })
            .collect()
    }

    async fn note_progress(&self, import: i64, checked: u32, now: Timestamp) -> StoreResult<()> {
        let note = sqlx::query("UPDATE imports SET checked = ?, touched_at = ? WHERE id = ?");
        note.bind(checked).bind(now).bind(import).execute(&self.writer).await?;
        Ok(())
    }

    async fn forget_lines(&self, import: i64) -> StoreResult<()> {
        let lines = "DELETE FROM import_lines WHERE (import_id, line) IN \
                     (SELECT import_id, line FROM import_lines WHERE import_id = ? LIMIT ?)";
        forget(&self.writer, lines, import).await?;
        Ok(())
    }

    async fn forget_imports_before(&self, before: Timestamp) -> StoreResult<u64> {
        // With all lines in one transaction: a part of a file must never be imported.
        let delete = sqlx::query("DELETE FROM imports WHERE begun_at < ?");
        Ok(delete.bind(before).execute(&self.writer).await?.rows_affected())
    }
}

#[async_trait]
impl ImportTransaction for SqliteTransaction {
    async fn add_import(&mut self, new: &NewImport<'_>) -> StoreResult<i64> {
        Ok(sqlx::query_scalar(
            "INSERT INTO imports (actor, file_name, state, begun_at, touched_at, lines, unread) \
             VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6) RETURNING id",
        )
        .bind(new.actor)
        .bind(new.file_name)
        .bind(ImportState::Checking)
        .bind(new.begun_at)
        .bind(new.lines)
        .bind(json(new.unread)?)
        .fetch_one(&mut *self.0)
        .await?)
    }

    async fn add_lines(&mut self, import: i64, lines: &[Line]) -> StoreResult<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let former = lines.iter().map(|line| {
            let codes: Vec<_> = line.former_codes.iter().map(InviteCode::as_str).collect();
            json(&codes)
        });
        let former = former.collect::<StoreResult<Vec<_>>>()?;
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO import_lines (import_id, line, phone, invite_code, former_codes, joined_at, blocked_at, \
             erased_at, redeemed_code, inviter_line, redeemed_at, problems) ",
        );
        let problems = lines.iter().map(|line| stored_problems(&line.problems)).collect::<StoreResult<Vec<_>>>()?;
        query.push_values(lines.iter().zip(former).zip(problems), |mut row, ((line, former), problems)| {
            row.push_bind(import)
                .push_bind(i64::try_from(line.number).unwrap_or(i64::MAX))
                .push_bind(line.phone.as_ref().map(Phone::as_str))
                .push_bind(line.invite_code.as_ref().map(InviteCode::as_str))
                .push_bind(former)
                .push_bind(line.joined_at)
                .push_bind(line.blocked_at)
                .push_bind(line.erased_at)
                .push_bind(line.redeemed_code.as_ref().map(InviteCode::as_str))
                .push_bind(line.inviter_line.map(|line| i64::try_from(line).unwrap_or(i64::MAX)))
                .push_bind(line.redeemed_at)
                .push_bind(problems);
        });
        query.build().execute(&mut *self.0).await?;
        Ok(())
    }

    async fn mark_conflicts(&mut self, import: i64) -> StoreResult<u32> {
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
            let mut query =
                QueryBuilder::<Sqlite>::new("UPDATE import_lines SET problems = concat_ws(char(10), problems, ");
            query.push_bind(json(&conflict)?).push(") WHERE import_id = ").push_bind(import).push(" AND ").push(which);
            query.build().execute(&mut *self.0).await?;
        }
        let bad = sqlx::query_scalar("SELECT count(*) FROM import_lines WHERE import_id = ? AND problems IS NOT NULL");
        Ok(bad.bind(import).fetch_one(&mut *self.0).await?)
    }

    async fn finish_check(&mut self, import: i64, now: Timestamp) -> StoreResult<()> {
        let finish =
            sqlx::query("UPDATE imports SET state = ?, checked = lines, touched_at = ? WHERE id = ? AND state <> ?");
        let finish = finish.bind(ImportState::Checked).bind(now).bind(import).bind(ImportState::Done);
        finish.execute(&mut *self.0).await?;
        Ok(())
    }

    async fn begin_import(&mut self, import: i64, now: Timestamp, stalled_before: Timestamp) -> StoreResult<bool> {
        let begin = sqlx::query(
            "UPDATE imports SET state = ?1, touched_at = ?2 \
             WHERE id = ?3 AND (state = ?4 OR (state = ?1 AND touched_at < ?5))",
        );
        let begin = begin.bind(ImportState::Writing).bind(now).bind(import).bind(ImportState::Checked);
        Ok(begin.bind(stalled_before).execute(&mut *self.0).await?.rows_affected() == 1)
    }

    async fn write_import(&mut self, import: i64, now: Timestamp) -> StoreResult<(u64, Vec<NewAttempt>)> {
        let members = sqlx::query(
            "INSERT INTO members (phone, invite_code, created_at, blocked_at, erased_at) \
             SELECT phone, invite_code, joined_at, blocked_at, erased_at FROM import_lines \
             WHERE import_id = ? ORDER BY line",
        );
        let members = members.bind(import).execute(&mut *self.0).await?.rows_affected();
        sqlx::query(
            "INSERT INTO former_invite_codes (invite_code, member_id, replaced_at) \
             SELECT code.value, members.id, ?2 FROM import_lines JOIN json_each(former_codes) AS code \
             JOIN members ON members.invite_code = import_lines.invite_code WHERE import_id = ?1",
        )
        .bind(import)
        .bind(now)
        .execute(&mut *self.0)
        .await?;
        let redemptions = sqlx::query(
            "INSERT INTO redemptions (invitee_id, inviter_id, invite_code, redeemed_at) \
             SELECT invitees.id, coalesce( \
                 (SELECT inviters.id FROM import_lines AS theirs JOIN members AS inviters USING (invite_code) \
                  WHERE theirs.import_id = mine.import_id AND theirs.line = mine.inviter_line), \
                 (SELECT id FROM members WHERE invite_code = mine.redeemed_code), \
                 (SELECT member_id FROM former_invite_codes WHERE invite_code = mine.redeemed_code)), \
             redeemed_code, redeemed_at \
             FROM import_lines AS mine JOIN members AS invitees USING (invite_code) \
             WHERE mine.import_id = ? AND redeemed_code IS NOT NULL ORDER BY line",
        );
        redemptions.bind(import).execute(&mut *self.0).await?;
        let attempts = sqlx::query(
            "INSERT INTO redeem_tries (member_id, typed, inviter_id, outcome, tried_at, last_at) \
             SELECT invitee_id, redemptions.invite_code, inviter_id, ?2, redemptions.redeemed_at, redemptions.redeemed_at \
             FROM import_lines JOIN members USING (invite_code) JOIN redemptions ON invitee_id = members.id \
             WHERE import_id = ?1 ORDER BY line RETURNING member_id, typed, inviter_id, outcome, tried_at",
        );
        let attempts = attempts.bind(import).bind(AttemptOutcome::Redeemed).fetch_all(&mut *self.0).await?;
        let attempts = attempts.iter().map(imported_attempt).collect::<StoreResult<_>>()?;
        sqlx::query("UPDATE imports SET state = ?, touched_at = ? WHERE id = ?")
            .bind(ImportState::Done)
            .bind(now)
            .bind(import)
            .execute(&mut *self.0)
            .await?;
        Ok((members, attempts))
    }
}

fn imported_attempt(row: &SqliteRow) -> StoreResult<NewAttempt> {
    Ok(NewAttempt {
        member: row.try_get("member_id")?,
        typed: row.try_get("typed")?,
        inviter: row.try_get("inviter_id")?,
        outcome: row.try_get("outcome")?,
        at: row.try_get("tried_at")?,
        network: None,
        browser: None,
    })
}

fn import(row: &SqliteRow) -> StoreResult<Import> {
    let unread: String = row.try_get("unread")?;
    Ok(Import {
        id: row.try_get("id")?,
        actor: row.try_get("actor")?,
        file_name: row.try_get("file_name")?,
        state: row.try_get("state")?,
        begun_at: row.try_get("begun_at")?,
        touched_at: row.try_get("touched_at")?,
        lines: row.try_get("lines")?,
        checked: row.try_get("checked")?,
        bad: row.try_get("bad")?,
        unread: from_json("unread", &unread)?,
    })
}

/// Each problem as a code on a line of its own; `None` for a line without problems.
fn stored_problems(problems: &[LineProblem]) -> StoreResult<Option<String>> {
    let codes = problems.iter().map(json).collect::<StoreResult<Vec<_>>>()?;
    Ok((!codes.is_empty()).then(|| codes.join("\n")))
}

fn json<T: serde::Serialize + ?Sized>(value: &T) -> StoreResult<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Malformed(error.to_string()))
}

fn from_json<T: serde::de::DeserializeOwned>(column: &str, text: &str) -> StoreResult<T> {
    serde_json::from_str(text).map_err(|_| StoreError::Malformed(column.to_owned()))
}
