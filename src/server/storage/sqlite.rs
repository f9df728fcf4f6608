//! SQLite, the embedded default: one connection that writes, a pool of read-only ones beside it.

use super::*;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{Row, Sqlite};
use std::path::Path;
use std::time::Duration;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");

/// The first version whose WAL cannot be corrupted by a reset that races a checkpoint.
const OLDEST_SQLITE: &str = "3.51.3";
/// How long a statement waits for another process's lock, and a transaction for the writer.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);
/// Each connection has a thread; reads are short and in memory, so more threads than this only take turns.
const READERS: u32 = 2;

/// A database file.
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl SqliteStore {
    /// Opens the file, or makes it, and brings its tables up to date.
    ///
    /// # Errors
    /// When the file cannot be opened or migrated, or SQLite is too old.
    pub async fn open(path: &Path) -> StoreResult<Self> {
        let for_reading = SqliteConnectOptions::new().filename(path).busy_timeout(LOCK_TIMEOUT);
        let for_writing = for_reading
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .optimize_on_close(true, None);
        let pool = || SqlitePoolOptions::new().acquire_timeout(LOCK_TIMEOUT).idle_timeout(None).max_lifetime(None);
        let writer = pool().max_connections(1).connect_with(for_writing).await?;
        require_version(&writer).await?;
        MIGRATIONS.run(&writer).await?;
        let readers =
            pool().max_connections(READERS).min_connections(READERS).connect_with(for_reading.read_only(true)).await?;
        Ok(Self { writer, readers })
    }
}

async fn require_version(pool: &SqlitePool) -> StoreResult<()> {
    let found: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(pool).await?;
    let numbers = |version: &str| version.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>();
    if numbers(&found) < numbers(OLDEST_SQLITE) {
        return Err(StoreError::TooOld { found, needed: OLDEST_SQLITE });
    }
    Ok(())
}

#[async_trait]
impl Store for SqliteStore {
    async fn begin(&self) -> StoreResult<Box<dyn Transaction>> {
        // IMMEDIATE: a deferred transaction that reads first cannot become a writer when another one wrote meanwhile.
        Ok(Box::new(SqliteTransaction(self.writer.begin_with("BEGIN IMMEDIATE").await?)))
    }

    async fn check_ready(&self) -> StoreResult<()> {
        let newest = MIGRATIONS.iter().map(|migration| migration.version).max();
        let applied: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
            .fetch_one(&self.readers)
            .await?;
        if applied < newest {
            return Err(StoreError::Malformed("list of migrations"));
        }
        Ok(())
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    async fn newest_login_code(&self, flow: FlowId) -> StoreResult<Option<SentLoginCode>> {
        let row = sqlx::query(
            "SELECT id, phone, mac FROM login_codes \
             WHERE flow = ? AND used_at IS NULL AND ended_at IS NULL ORDER BY id DESC LIMIT 1",
        )
        .bind(flow.0.to_vec())
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(sent_login_code).transpose()
    }

    async fn unused_codes(&self, phone: &Phone, since: Timestamp) -> StoreResult<Vec<Timestamp>> {
        unused_codes(&self.readers, phone, since).await
    }

    async fn delete_codes_before(&self, before: Timestamp) -> StoreResult<u64> {
        let done =
            sqlx::query("DELETE FROM login_codes WHERE created_at < ?").bind(before.0).execute(&self.writer).await?;
        Ok(done.rows_affected())
    }

    async fn member(&self, id: MemberId) -> StoreResult<Option<MemberSummary>> {
        let row = sqlx::query(
            "SELECT id, phone, members.invite_code, redemptions.invite_code AS activated, \
             (SELECT count(*) FROM redemptions WHERE inviter_id = members.id) AS invitees \
             FROM members LEFT JOIN redemptions ON invitee_id = id WHERE id = ?",
        )
        .bind(id.0)
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(MemberSummary {
            member: member(&row)?,
            activated: row.try_get::<Option<String>, _>("activated")?.map(invite_code).transpose()?,
            invitees: row.try_get("invitees")?,
        }))
    }

    async fn invitees(&self, inviter: MemberId, after: Option<Cursor>, limit: u32) -> StoreResult<Vec<Invitee>> {
        let after = after.unwrap_or(Cursor { redeemed_at: i64::MAX, invitee: i64::MAX });
        let rows = sqlx::query(
            "SELECT id, phone, redeemed_at FROM redemptions JOIN members ON id = invitee_id \
             WHERE inviter_id = ? AND (redeemed_at, invitee_id) < (?, ?) \
             ORDER BY redeemed_at DESC, invitee_id DESC LIMIT ?",
        )
        .bind(inviter.0)
        .bind(after.redeemed_at)
        .bind(after.invitee)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Invitee {
                    id: MemberId(row.try_get("id")?),
                    phone: phone(row)?,
                    redeemed_at: Timestamp(row.try_get("redeemed_at")?),
                })
            })
            .collect()
    }

    async fn create_session(&self, row: &SessionRow, now: Timestamp, expires_at: Timestamp) -> StoreResult<bool> {
        let done = sqlx::query(
            "INSERT INTO sessions (id_hash, member_id, data, created_at, expires_at) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT (id_hash) DO NOTHING",
        )
        .bind(row.id_hash.to_vec())
        .bind(row.member.map(|member| member.0))
        .bind(&row.data)
        .bind(now.0)
        .bind(expires_at.0)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn save_session(&self, row: &SessionRow, expires_at: Timestamp, absolute_ms: i64) -> StoreResult<()> {
        sqlx::query(
            "UPDATE sessions SET member_id = ?, data = ?, expires_at = min(?, created_at + ?) WHERE id_hash = ?",
        )
        .bind(row.member.map(|member| member.0))
        .bind(&row.data)
        .bind(expires_at.0)
        .bind(absolute_ms)
        .bind(row.id_hash.to_vec())
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    async fn load_session(&self, id_hash: &[u8; 32], now: Timestamp) -> StoreResult<Option<String>> {
        Ok(sqlx::query_scalar("SELECT data FROM sessions WHERE id_hash = ? AND expires_at > ?")
            .bind(id_hash.to_vec())
            .bind(now.0)
            .fetch_optional(&self.readers)
            .await?)
    }

    async fn delete_session(&self, id_hash: &[u8; 32]) -> StoreResult<()> {
        sqlx::query("DELETE FROM sessions WHERE id_hash = ?").bind(id_hash.to_vec()).execute(&self.writer).await?;
        Ok(())
    }

    async fn delete_expired_sessions(&self, now: Timestamp) -> StoreResult<u64> {
        let done = sqlx::query("DELETE FROM sessions WHERE expires_at <= ?").bind(now.0).execute(&self.writer).await?;
        Ok(done.rows_affected())
    }
}

struct SqliteTransaction(sqlx::Transaction<'static, Sqlite>);

#[async_trait]
impl Transaction for SqliteTransaction {
    async fn commit(self: Box<Self>) -> StoreResult<()> {
        Ok(self.0.commit().await?)
    }

    async fn unused_codes(&mut self, phone: &Phone, since: Timestamp) -> StoreResult<Vec<Timestamp>> {
        unused_codes(&mut *self.0, phone, since).await
    }

    async fn add_login_code(&mut self, code: &NewLoginCode) -> StoreResult<i64> {
        let done =
            sqlx::query("INSERT INTO login_codes (flow, phone, mac, created_at, expires_at) VALUES (?, ?, ?, ?, ?)")
                .bind(code.flow.0.to_vec())
                .bind(code.phone.as_str())
                .bind(code.mac.to_vec())
                .bind(code.created_at.0)
                .bind(code.expires_at.0)
                .execute(&mut *self.0)
                .await?;
        Ok(done.last_insert_rowid())
    }

    async fn remove_login_code(&mut self, id: i64) -> StoreResult<()> {
        sqlx::query("DELETE FROM login_codes WHERE id = ?").bind(id).execute(&mut *self.0).await?;
        Ok(())
    }

    async fn take_try(&mut self, flow: FlowId, max_tries: u32, now: Timestamp) -> StoreResult<Option<SentLoginCode>> {
        let row = sqlx::query(
            "UPDATE login_codes SET tries = tries + 1 \
             WHERE id = (SELECT max(id) FROM login_codes WHERE flow = ?) \
             AND tries < ? AND expires_at > ? AND used_at IS NULL AND ended_at IS NULL RETURNING id, phone, mac",
        )
        .bind(flow.0.to_vec())
        .bind(max_tries)
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await?;
        row.as_ref().map(sent_login_code).transpose()
    }

    async fn use_code(&mut self, id: i64, now: Timestamp) -> StoreResult<bool> {
        let done =
            sqlx::query("UPDATE login_codes SET used_at = ? WHERE id = ? AND used_at IS NULL AND ended_at IS NULL")
                .bind(now.0)
                .bind(id)
                .execute(&mut *self.0)
                .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn end_codes(&mut self, phone: &Phone, now: Timestamp) -> StoreResult<()> {
        sqlx::query("UPDATE login_codes SET ended_at = ? WHERE phone = ? AND used_at IS NULL AND ended_at IS NULL")
            .bind(now.0)
            .bind(phone.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    async fn member_by_phone(&mut self, phone: &Phone) -> StoreResult<Option<Member>> {
        let row = sqlx::query("SELECT id, phone, invite_code FROM members WHERE phone = ?")
            .bind(phone.as_str())
            .fetch_optional(&mut *self.0)
            .await?;
        row.as_ref().map(member).transpose()
    }

    async fn member_by_invite_code(&mut self, code: &InviteCode) -> StoreResult<Option<Member>> {
        let row = sqlx::query("SELECT id, phone, invite_code FROM members WHERE invite_code = ?")
            .bind(code.as_str())
            .fetch_optional(&mut *self.0)
            .await?;
        row.as_ref().map(member).transpose()
    }

    async fn add_member(&mut self, phone: &Phone, code: &InviteCode, now: Timestamp) -> StoreResult<AddMember> {
        let row = sqlx::query(
            "INSERT INTO members (phone, invite_code, created_at) VALUES (?, ?, ?) \
             ON CONFLICT (invite_code) DO NOTHING RETURNING id, phone, invite_code",
        )
        .bind(phone.as_str())
        .bind(code.as_str())
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await?;
        row.as_ref().map_or(Ok(AddMember::InviteCodeTaken), |row| Ok(AddMember::Added(member(row)?)))
    }

    async fn activated_code(&mut self, invitee: MemberId) -> StoreResult<Option<InviteCode>> {
        let code: Option<String> = sqlx::query_scalar("SELECT invite_code FROM redemptions WHERE invitee_id = ?")
            .bind(invitee.0)
            .fetch_optional(&mut *self.0)
            .await?;
        code.map(invite_code).transpose()
    }

    async fn was_brought_in_by(&mut self, member: MemberId, ancestor: MemberId) -> StoreResult<bool> {
        Ok(sqlx::query_scalar(
            "WITH RECURSIVE up (id) AS ( \
                 SELECT inviter_id FROM redemptions WHERE invitee_id = ? \
                 UNION SELECT inviter_id FROM redemptions JOIN up ON invitee_id = up.id \
             ) SELECT EXISTS (SELECT 1 FROM up WHERE id = ?)",
        )
        .bind(member.0)
        .bind(ancestor.0)
        .fetch_one(&mut *self.0)
        .await?)
    }

    async fn add_redemption(
        &mut self,
        invitee: MemberId,
        inviter: MemberId,
        code: &InviteCode,
        now: Timestamp,
    ) -> StoreResult<()> {
        sqlx::query("INSERT INTO redemptions (invitee_id, inviter_id, invite_code, redeemed_at) VALUES (?, ?, ?, ?)")
            .bind(invitee.0)
            .bind(inviter.0)
            .bind(code.as_str())
            .bind(now.0)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }
}

async fn unused_codes<'e, E>(executor: E, phone: &Phone, since: Timestamp) -> StoreResult<Vec<Timestamp>>
where
    E: sqlx::Executor<'e, Database = Sqlite>,
{
    let times: Vec<i64> = sqlx::query_scalar(
        "SELECT created_at FROM login_codes \
         WHERE phone = ? AND created_at > ? AND used_at IS NULL AND ended_at IS NULL ORDER BY created_at DESC",
    )
    .bind(phone.as_str())
    .bind(since.0)
    .fetch_all(executor)
    .await?;
    Ok(times.into_iter().map(Timestamp).collect())
}

fn member(row: &SqliteRow) -> StoreResult<Member> {
    Ok(Member {
        id: MemberId(row.try_get("id")?),
        phone: phone(row)?,
        invite_code: invite_code(row.try_get("invite_code")?)?,
    })
}

fn sent_login_code(row: &SqliteRow) -> StoreResult<SentLoginCode> {
    Ok(SentLoginCode { id: row.try_get("id")?, phone: phone(row)?, mac: row.try_get("mac")? })
}

fn phone(row: &SqliteRow) -> StoreResult<Phone> {
    Phone::from_e164(row.try_get("phone")?).ok_or(StoreError::Malformed("phone"))
}

fn invite_code(text: String) -> StoreResult<InviteCode> {
    InviteCode::from_symbols(text).ok_or(StoreError::Malformed("invite code"))
}
