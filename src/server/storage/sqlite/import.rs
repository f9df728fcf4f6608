//! Files of members in SQLite.

use super::transaction::SqliteTransaction;
use super::*;
use crate::server::domain::admin::import::{BadLine, Import, Line, State};
use crate::server::domain::referral::TryOutcome;
use sqlx::QueryBuilder;

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
                Ok(BadLine { line: row.try_get("line")?, problems: problems.lines().map(str::to_owned).collect() })
            })
            .collect()
    }

    async fn note_progress(&self, import: i64, checked: u32, now: Timestamp) -> StoreResult<()> {
        let note = sqlx::query("UPDATE imports SET checked = ?, touched_at = ? WHERE id = ?");
        note.bind(checked).bind(now.0).bind(import).execute(&self.writer).await?;
        Ok(())
    }

    async fn forget_lines(&self, import: i64) -> StoreResult<()> {
        let lines = "DELETE FROM import_lines WHERE (import_id, line) IN \
                     (SELECT import_id, line FROM import_lines WHERE import_id = ? LIMIT ?)";
        forget(&self.writer, lines, import).await?;
        Ok(())
    }

    async fn forget_imports_before(&self, before: Timestamp) -> StoreResult<u64> {
        // With all their lines at once: half a file is none.
        let delete = sqlx::query("DELETE FROM imports WHERE begun_at < ?");
        Ok(delete.bind(before.0).execute(&self.writer).await?.rows_affected())
    }
}

#[async_trait]
impl ImportTransaction for SqliteTransaction {
    async fn add_import(&mut self, new: &NewImport<'_>) -> StoreResult<i64> {
        Ok(sqlx::query_scalar(
            "INSERT INTO imports (actor, file_name, state, begun_at, touched_at, lines, unread) \
             VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6) RETURNING id",
        )
        .bind(new.actor.0)
        .bind(new.file_name)
        .bind(State::Checking.as_str())
        .bind(new.begun_at.0)
        .bind(new.lines)
        .bind(json_array(new.unread)?)
        .fetch_one(&mut *self.0)
        .await?)
    }

    async fn add_lines(&mut self, import: i64, lines: &[Line]) -> StoreResult<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let former = lines.iter().map(|line| {
            let codes: Vec<_> = line.former_codes.iter().map(InviteCode::as_str).collect();
            json_array(&codes)
        });
        let former = former.collect::<StoreResult<Vec<_>>>()?;
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO import_lines (import_id, line, phone, invite_code, former_codes, joined_at, blocked_at, \
             erased_at, redeemed_code, inviter_line, redeemed_at, problems) ",
        );
        query.push_values(lines.iter().zip(former), |mut row, (line, former)| {
            row.push_bind(import)
                .push_bind(line.number as i64)
                .push_bind(line.phone.as_ref().map(Phone::as_str))
                .push_bind(line.invite_code.as_ref().map(InviteCode::as_str))
                .push_bind(former)
                .push_bind(line.joined_at.0)
                .push_bind(line.blocked_at.map(|at| at.0))
                .push_bind(line.erased_at.map(|at| at.0))
                .push_bind(line.redeemed_code.as_ref().map(InviteCode::as_str))
                .push_bind(line.inviter_line.map(|line| line as i64))
                .push_bind(line.redeemed_at.0)
                .push_bind((!line.problems.is_empty()).then(|| line.problems.join("\n")));
        });
        query.build().execute(&mut *self.0).await?;
        Ok(())
    }

    async fn mark_conflicts(&mut self, import: i64, conflicts: &Conflicts<'_>) -> StoreResult<u32> {
        for (conflict, which) in [
            (conflicts.phone_taken, "EXISTS (SELECT 1 FROM members WHERE members.phone = import_lines.phone)"),
            (
                conflicts.code_taken,
                "EXISTS (SELECT 1 FROM json_each(json_insert(former_codes, '$[#]', import_lines.invite_code)) AS code \
                 WHERE EXISTS (SELECT 1 FROM members WHERE invite_code = code.value) \
                 OR EXISTS (SELECT 1 FROM former_invite_codes WHERE invite_code = code.value))",
            ),
            (
                conflicts.code_unknown,
                "redeemed_code IS NOT NULL AND inviter_line IS NULL \
                 AND NOT EXISTS (SELECT 1 FROM members WHERE members.invite_code = redeemed_code) \
                 AND NOT EXISTS (SELECT 1 FROM former_invite_codes AS former WHERE former.invite_code = redeemed_code)",
            ),
        ] {
            let mut query =
                QueryBuilder::<Sqlite>::new("UPDATE import_lines SET problems = concat_ws(char(10), problems, ");
            query.push_bind(conflict).push(") WHERE import_id = ").push_bind(import).push(" AND ").push(which);
            query.build().execute(&mut *self.0).await?;
        }
        let bad = sqlx::query_scalar("SELECT count(*) FROM import_lines WHERE import_id = ? AND problems IS NOT NULL");
        Ok(bad.bind(import).fetch_one(&mut *self.0).await?)
    }

    async fn finish_check(&mut self, import: i64, now: Timestamp) -> StoreResult<()> {
        let finish =
            sqlx::query("UPDATE imports SET state = ?, checked = lines, touched_at = ? WHERE id = ? AND state <> ?");
        let finish = finish.bind(State::Checked.as_str()).bind(now.0).bind(import).bind(State::Done.as_str());
        finish.execute(&mut *self.0).await?;
        Ok(())
    }

    async fn begin_import(&mut self, import: i64, now: Timestamp, stalled_before: Timestamp) -> StoreResult<bool> {
        let begin = sqlx::query(
            "UPDATE imports SET state = ?1, touched_at = ?2 \
             WHERE id = ?3 AND (state = ?4 OR (state = ?1 AND touched_at < ?5))",
        );
        let begin = begin.bind(State::Writing.as_str()).bind(now.0).bind(import).bind(State::Checked.as_str());
        Ok(begin.bind(stalled_before.0).execute(&mut *self.0).await?.rows_affected() == 1)
    }

    async fn write_import(&mut self, import: i64, now: Timestamp) -> StoreResult<(u64, u64)> {
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
        .bind(now.0)
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
        let redemptions = redemptions.bind(import).execute(&mut *self.0).await?.rows_affected();
        sqlx::query(
            "INSERT INTO redeem_tries (member_id, typed, inviter_id, outcome, tried_at, last_at) \
             SELECT invitee_id, redemptions.invite_code, inviter_id, ?2, redemptions.redeemed_at, redemptions.redeemed_at \
             FROM import_lines JOIN members USING (invite_code) JOIN redemptions ON invitee_id = members.id \
             WHERE import_id = ?1 ORDER BY line",
        )
        .bind(import)
        .bind(TryOutcome::Redeemed.as_str())
        .execute(&mut *self.0)
        .await?;
        sqlx::query("UPDATE imports SET state = ?, touched_at = ? WHERE id = ?")
            .bind(State::Done.as_str())
            .bind(now.0)
            .bind(import)
            .execute(&mut *self.0)
            .await?;
        Ok((members, redemptions))
    }
}

fn import(row: &SqliteRow) -> StoreResult<Import> {
    let (state, unread): (String, String) = (row.try_get("state")?, row.try_get("unread")?);
    Ok(Import {
        id: row.try_get("id")?,
        actor: MemberId(row.try_get("actor")?),
        file_name: row.try_get("file_name")?,
        state: State::parse(&state).ok_or(StoreError::Malformed("state of an import"))?,
        begun_at: Timestamp(row.try_get("begun_at")?),
        touched_at: Timestamp(row.try_get("touched_at")?),
        lines: row.try_get("lines")?,
        checked: row.try_get("checked")?,
        bad: row.try_get("bad")?,
        unread: serde_json::from_str(&unread).map_err(|_| StoreError::Malformed("list of columns"))?,
    })
}

fn json_array<T: serde::Serialize>(values: &[T]) -> StoreResult<String> {
    serde_json::to_string(values).map_err(|_| StoreError::Malformed("list of texts"))
}
