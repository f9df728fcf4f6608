//! Files of members and their lines.

use super::locks;
use super::store::PostgresStore;
use super::transaction::PostgresTransaction;
use crate::model::invite_code::InviteCode;
use crate::server::clock::Timestamp;
use crate::server::data::{
    AttemptOutcome, BadLine, Import, ImportState, Line, LineProblem, MemberId, NewAttempt, NewImport,
};
use crate::server::storage::columns::{json, stored_problems};
use crate::server::storage::rows::{bad_line, import, unsigned};
use crate::server::storage::{ImportStore, ImportTransaction, StoreResult};
use async_trait::async_trait;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Postgres, QueryBuilder, Row};

const IMPORTS: &str = "SELECT id, actor, file_name, state, begun_at, touched_at, lines, checked, unread, \
                       (SELECT count(*) FROM import_lines WHERE import_id = id AND problems IS NOT NULL) AS bad \
                       FROM imports";
/// Lines in one statement, which has twelve parameters for each; PostgreSQL allows 65,535.
const LINES_AT_ONCE: usize = 1000;

#[async_trait]
impl ImportStore for PostgresStore {
    async fn imports(&self, limit: u32) -> StoreResult<Vec<Import>> {
        let mut query = QueryBuilder::<Postgres>::new(IMPORTS);
        query.push(" ORDER BY id DESC LIMIT ").push_bind(i64::from(limit));
        query.build().fetch_all(&self.pool).await?.iter().map(import).collect()
    }

    async fn import(&self, id: i64) -> StoreResult<Option<Import>> {
        let mut query = QueryBuilder::<Postgres>::new(IMPORTS);
        query.push(" WHERE id = ").push_bind(id);
        query.build().fetch_optional(&self.pool).await?.as_ref().map(import).transpose()
    }

    async fn bad_lines(&self, import: i64, after: u64, limit: u32) -> StoreResult<Vec<BadLine>> {
        let rows = sqlx::query(
            "SELECT line, problems FROM import_lines WHERE import_id = $1 AND line > $2 AND problems IS NOT NULL \
             ORDER BY line LIMIT $3",
        );
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let rows = rows.bind(import).bind(after).bind(i64::from(limit)).fetch_all(&self.pool).await?;
        rows.iter().map(bad_line).collect()
    }

    async fn note_progress(&self, import: i64, checked: u32, now: Timestamp) -> StoreResult<()> {
        let note = sqlx::query("UPDATE imports SET checked = $1, touched_at = $2 WHERE id = $3");
        note.bind(i64::from(checked)).bind(now).bind(import).execute(&self.pool).await?;
        Ok(())
    }

    async fn forget_lines(&self, import: i64) -> StoreResult<()> {
        let lines = "DELETE FROM import_lines WHERE (import_id, line) IN \
                     (SELECT import_id, line FROM import_lines WHERE import_id = $1 LIMIT $2)";
        self.forget(lines, import).await?;
        Ok(())
    }

    async fn forget_imports_before(&self, before: Timestamp) -> StoreResult<u64> {
        // With all lines in one transaction: a part of a file must never be imported.
        let delete = sqlx::query("DELETE FROM imports WHERE begun_at < $1");
        Ok(delete.bind(before).execute(&self.pool).await?.rows_affected())
    }
}

#[async_trait]
impl ImportTransaction for PostgresTransaction {
    async fn add_import(&mut self, new: &NewImport<'_>) -> StoreResult<i64> {
        let add = sqlx::query_scalar(
            "INSERT INTO imports (actor, file_name, state, begun_at, touched_at, lines, unread) \
             VALUES ($1, $2, $3, $4, $4, $5, $6) RETURNING id",
        );
        let add = add.bind(new.actor).bind(new.file_name).bind(ImportState::Checking).bind(new.begun_at);
        Ok(add.bind(i64::from(new.lines)).bind(json(new.unread)?).fetch_one(self.connection()).await?)
    }

    async fn add_lines(&mut self, import: i64, lines: &[Line]) -> StoreResult<()> {
        for lines in lines.chunks(LINES_AT_ONCE) {
            add_lines(self.connection(), import, lines).await?;
        }
        Ok(())
    }

    async fn mark_conflicts(&mut self, import: i64) -> StoreResult<u32> {
        for (conflict, mark) in MARKS {
            let mark = sqlx::query(mark).bind(json(&conflict)?).bind(import);
            mark.execute(self.connection()).await?;
        }
        let bad = sqlx::query_scalar("SELECT count(*) FROM import_lines WHERE import_id = $1 AND problems IS NOT NULL");
        unsigned(bad.bind(import).fetch_one(self.connection()).await?, "problems")
    }

    async fn finish_check(&mut self, import: i64, now: Timestamp) -> StoreResult<()> {
        let finish = sqlx::query(
            "UPDATE imports SET state = $1, checked = lines, touched_at = $2 WHERE id = $3 AND state <> $4",
        );
        let finish = finish.bind(ImportState::Checked).bind(now).bind(import).bind(ImportState::Done);
        finish.execute(self.connection()).await?;
        Ok(())
    }

    async fn begin_import(&mut self, import: i64, now: Timestamp, stalled_before: Timestamp) -> StoreResult<bool> {
        let begin = sqlx::query(
            "UPDATE imports SET state = $1, touched_at = $2 \
             WHERE id = $3 AND (state = $4 OR (state = $1 AND touched_at < $5))",
        );
        let begin = begin.bind(ImportState::Writing).bind(now).bind(import);
        let begun = begin.bind(ImportState::Checked).bind(stalled_before).execute(self.connection()).await?;
        Ok(begun.rows_affected() == 1)
    }

    async fn write_import(&mut self, import: i64, now: Timestamp) -> StoreResult<(Vec<MemberId>, Vec<NewAttempt>)> {
        let connection = self.connection();
        // An import adds redemptions without looking for circles: new members cannot be inviters of present ones.
        locks::take(connection, locks::REDEMPTIONS).await?;
        let members = sqlx::query_scalar(
            "INSERT INTO members (phone, invite_code, created_at, blocked_at, erased_at, visited_at) \
             SELECT phone, invite_code, joined_at, blocked_at, erased_at, $2 FROM import_lines \
             WHERE import_id = $1 ORDER BY line RETURNING id",
        );
        let members = members.bind(import).bind(now).fetch_all(&mut *connection).await?;
        let former = sqlx::query(
            "INSERT INTO former_invite_codes (invite_code, member_id, replaced_at) \
             SELECT code, members.id, $2 FROM import_lines \
             CROSS JOIN LATERAL json_array_elements_text(former_codes::json) AS code \
             JOIN members ON members.invite_code = import_lines.invite_code WHERE import_id = $1",
        );
        former.bind(import).bind(now).execute(&mut *connection).await?;
        let redemptions = sqlx::query(
            "INSERT INTO redemptions (invitee_id, inviter_id, invite_code, redeemed_at) \
             SELECT invitees.id, coalesce( \
                 (SELECT inviters.id FROM import_lines AS theirs JOIN members AS inviters USING (invite_code) \
                  WHERE theirs.import_id = mine.import_id AND theirs.line = mine.inviter_line), \
                 (SELECT id FROM members WHERE invite_code = mine.redeemed_code), \
                 (SELECT member_id FROM former_invite_codes WHERE invite_code = mine.redeemed_code)), \
             redeemed_code, redeemed_at \
             FROM import_lines AS mine JOIN members AS invitees USING (invite_code) \
             WHERE mine.import_id = $1 AND redeemed_code IS NOT NULL ORDER BY line",
        );
        redemptions.bind(import).execute(&mut *connection).await?;
        let attempts = sqlx::query(
            "INSERT INTO redeem_tries (member_id, typed, inviter_id, outcome, tried_at, last_at) \
             SELECT invitee_id, redemptions.invite_code, inviter_id, $2, redemptions.redeemed_at, \
             redemptions.redeemed_at FROM import_lines JOIN members USING (invite_code) \
             JOIN redemptions ON invitee_id = members.id \
             WHERE import_id = $1 ORDER BY line RETURNING member_id, typed, inviter_id, outcome, tried_at",
        );
        let attempts = attempts.bind(import).bind(AttemptOutcome::Redeemed).fetch_all(&mut *connection).await?;
        let attempts = attempts.iter().map(imported_attempt).collect::<StoreResult<_>>()?;
        let finish = sqlx::query("UPDATE imports SET state = $1, touched_at = $2 WHERE id = $3");
        finish.bind(ImportState::Done).bind(now).bind(import).execute(connection).await?;
        Ok((members, attempts))
    }
}

/// Each adds its problem ($1) to the lines of an import ($2) that have it.
const MARKS: [(LineProblem, &str); 3] = [
    (
        LineProblem::PhoneTaken,
        "UPDATE import_lines SET problems = concat_ws(chr(10), problems, $1) WHERE import_id = $2 \
         AND EXISTS (SELECT 1 FROM members WHERE members.phone = import_lines.phone)",
    ),
    (
        LineProblem::CodeTaken,
        "UPDATE import_lines SET problems = concat_ws(chr(10), problems, $1) WHERE import_id = $2 \
         AND EXISTS (SELECT 1 FROM (SELECT import_lines.invite_code AS code \
             UNION ALL SELECT json_array_elements_text(former_codes::json)) AS codes \
             WHERE EXISTS (SELECT 1 FROM members WHERE invite_code = code) \
             OR EXISTS (SELECT 1 FROM former_invite_codes AS former WHERE former.invite_code = code))",
    ),
    (
        LineProblem::RedeemedUnknown,
        "UPDATE import_lines SET problems = concat_ws(chr(10), problems, $1) WHERE import_id = $2 \
         AND redeemed_code IS NOT NULL AND inviter_line IS NULL \
         AND NOT EXISTS (SELECT 1 FROM members WHERE members.invite_code = redeemed_code) \
         AND NOT EXISTS (SELECT 1 FROM former_invite_codes AS former WHERE former.invite_code = redeemed_code)",
    ),
];

async fn add_lines(connection: &mut PgConnection, import: i64, lines: &[Line]) -> StoreResult<()> {
    let mut problems = Vec::with_capacity(lines.len());
    let mut former_codes = Vec::with_capacity(lines.len());
    for line in lines {
        problems.push(stored_problems(&line.problems)?);
        let codes: Vec<_> = line.former_codes.iter().map(InviteCode::as_str).collect();
        former_codes.push(json(&codes)?);
    }
    let mut add = QueryBuilder::<Postgres>::new(
        "INSERT INTO import_lines (import_id, line, phone, invite_code, former_codes, joined_at, blocked_at, \
         erased_at, redeemed_code, inviter_line, redeemed_at, problems) ",
    );
    add.push_values(lines.iter().zip(former_codes).zip(problems), |mut row, ((line, former_codes), problems)| {
        row.push_bind(import).push_bind(signed(line.number)).push_bind(line.phone.clone());
        row.push_bind(line.invite_code.clone()).push_bind(former_codes).push_bind(line.joined_at);
        row.push_bind(line.blocked_at).push_bind(line.erased_at).push_bind(line.redeemed_code.clone());
        row.push_bind(line.inviter_line.map(signed)).push_bind(line.redeemed_at).push_bind(problems);
    });
    add.build().execute(connection).await?;
    Ok(())
}

/// The number of a line as PostgreSQL stores it.
fn signed(line: u64) -> i64 {
    i64::try_from(line).unwrap_or(i64::MAX)
}

fn imported_attempt(row: &PgRow) -> StoreResult<NewAttempt> {
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
