//! SQLite, the embedded default: one connection that writes, a pool of read-only ones beside it. Here: opening it, and
//! what a single statement does; [`transaction`] holds the rest, [`admin`] and [`admin_transaction`] what admins need,
//! [`import`] files of members.

mod admin;
mod admin_transaction;
mod import;
mod transaction;

use super::*;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{Connection, Row, Sqlite, SqliteConnection};
use std::path::Path;
use std::time::Duration;
use transaction::SqliteTransaction;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");

/// The first version whose WAL cannot be corrupted by a reset that races a checkpoint.
const OLDEST_SQLITE: &str = "3.51.3";
/// How long a statement waits for another process's lock, and a transaction for the writer.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);
/// Each connection has a thread; reads are short and in memory, so more threads than this only take turns.
const READERS: u32 = 2;
/// How many rows are forgotten before others get to write: about 50 ms' worth.
const FORGOTTEN_AT_A_TIME: i64 = 5000;

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
            // What is deleted is overwritten: an erased member's phone is not to be found in the file.
            .pragma("secure_delete", "ON")
            .optimize_on_close(true, None);
        migrate(&for_writing).await?;
        let pool = || SqlitePoolOptions::new().acquire_timeout(LOCK_TIMEOUT).idle_timeout(None).max_lifetime(None);
        let writer = pool().max_connections(1).after_release(|connection, _| Box::pin(is_sound(connection)));
        let writer = writer.connect_with(for_writing).await?;
        let readers =
            pool().max_connections(READERS).min_connections(READERS).connect_with(for_reading.read_only(true)).await?;
        Ok(Self { writer, readers })
    }
}

/// Writes what a database holds at this moment into the empty file `to`, while others go on reading and writing.
///
/// # Errors
/// When the one cannot be read or the other not be written.
pub async fn copy(from: &Path, to: &Path) -> StoreResult<()> {
    let options = SqliteConnectOptions::new().filename(from).read_only(true).busy_timeout(LOCK_TIMEOUT);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let to = to.to_str().ok_or(StoreError::Malformed("file name"))?;
    sqlx::query("VACUUM INTO ?").bind(to).execute(&mut connection).await?;
    Ok(connection.close().await?)
}

/// What SQLite says of a database's soundness ("ok"), and how many members it holds.
///
/// # Errors
/// When it cannot be read.
pub async fn inspect(path: &Path) -> StoreResult<(String, i64)> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let verdict = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut connection).await?;
    let members = sqlx::query_scalar("SELECT count(*) FROM members").fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok((verdict, members))
}

/// Whether a connection can be used again. When the disk is full SQLite ends a transaction by itself, and sqlx, whose own
/// rollback then fails, believes for ever that it is open.
async fn is_sound(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    // Waits for the rollback.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// Brings the tables up to date. Foreign keys are off meanwhile, since a table can only be remade by dropping it, and are
/// checked afterwards (sqlite.org/lang_altertable.html, section 7).
async fn migrate(options: &SqliteConnectOptions) -> StoreResult<()> {
    let mut connection = SqliteConnection::connect_with(&options.clone().foreign_keys(false)).await?;
    require_version(&mut connection).await?;
    MIGRATIONS.run(&mut connection).await?;
    // It reads every row, so only after a change.
    let changes: i64 = sqlx::query_scalar("SELECT total_changes()").fetch_one(&mut connection).await?;
    let check = sqlx::query("PRAGMA foreign_key_check");
    let broken = if changes > 0 { check.fetch_optional(&mut connection).await? } else { None };
    connection.close().await?;
    if broken.is_some() { Err(StoreError::Malformed("reference to another row")) } else { Ok(()) }
}

async fn require_version(connection: &mut SqliteConnection) -> StoreResult<()> {
    let found: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(connection).await?;
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
            "SELECT id, phone, device_id, length, mac, used_at FROM login_codes \
             WHERE flow = ? ORDER BY id DESC LIMIT 1",
        )
        .bind(flow.0.to_vec())
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(sent_login_code).transpose()
    }

    async fn unused_codes(
        &self,
        phone: &Phone,
        device: Option<DeviceId>,
        since: Timestamp,
    ) -> StoreResult<Vec<Timestamp>> {
        unused_codes(&self.readers, phone, device, since).await
    }

    async fn newest_code_at(&self) -> StoreResult<Option<Timestamp>> {
        let newest: Option<i64> =
            sqlx::query_scalar("SELECT max(created_at) FROM login_codes").fetch_one(&self.readers).await?;
        Ok(newest.map(Timestamp))
    }

    async fn known_device(
        &self,
        token_hash: &[u8; 32],
        phone: &Phone,
        since: Timestamp,
    ) -> StoreResult<Option<DeviceId>> {
        let id: Option<i64> = sqlx::query_scalar(
            "SELECT devices.id FROM devices JOIN members ON members.id = member_id \
             WHERE token_hash = ? AND phone = ? AND seen_at > ?",
        )
        .bind(token_hash.to_vec())
        .bind(phone.as_str())
        .bind(since.0)
        .fetch_optional(&self.readers)
        .await?;
        Ok(id.map(DeviceId))
    }

    async fn is_known_device(&self, token_hash: &[u8; 32], since: Timestamp) -> StoreResult<bool> {
        let known = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM devices WHERE token_hash = ? AND seen_at > ?)");
        Ok(known.bind(token_hash.to_vec()).bind(since.0).fetch_one(&self.readers).await?)
    }

    async fn delete_devices_seen_before(&self, before: Timestamp) -> StoreResult<u64> {
        let old = "DELETE FROM devices WHERE id IN (SELECT id FROM devices WHERE seen_at < ? LIMIT ?)";
        forget(&self.writer, old, before.0).await
    }

    async fn delete_codes_before(&self, before: Timestamp) -> StoreResult<u64> {
        let old = "DELETE FROM login_codes WHERE id IN (SELECT id FROM login_codes WHERE created_at < ? LIMIT ?)";
        forget(&self.writer, old, before.0).await
    }

    async fn member(&self, id: MemberId) -> StoreResult<Option<MemberSummary>> {
        let row = sqlx::query(
            "SELECT id, phone, members.invite_code, epoch, blocked_at, redemptions.invite_code AS activated, invitees \
             FROM members LEFT JOIN redemptions ON invitee_id = id WHERE id = ? AND phone IS NOT NULL",
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
                    phone: optional_phone(row)?,
                    redeemed_at: Timestamp(row.try_get("redeemed_at")?),
                })
            })
            .collect()
    }

    async fn create_session(&self, row: &SessionRow, now: Timestamp, expires_at: Timestamp) -> StoreResult<bool> {
        let done = sqlx::query(
            "INSERT INTO sessions (id_hash, member_id, epoch, data, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?) \
             ON CONFLICT (id_hash) DO NOTHING",
        )
        .bind(row.id_hash.to_vec())
        .bind(row.member.map(|member| member.0))
        .bind(row.epoch.0)
        .bind(&row.data)
        .bind(now.0)
        .bind(expires_at.0)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn save_session(&self, row: &SessionRow, expires_at: Timestamp, absolute_ms: i64) -> StoreResult<bool> {
        let done = sqlx::query(
            "UPDATE sessions SET member_id = ?, epoch = ?, data = ?, expires_at = min(?, created_at + ?) \
             WHERE id_hash = ?",
        )
        .bind(row.member.map(|member| member.0))
        .bind(row.epoch.0)
        .bind(&row.data)
        .bind(expires_at.0)
        .bind(absolute_ms)
        .bind(row.id_hash.to_vec())
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn load_session(&self, id_hash: &[u8; 32], now: Timestamp) -> StoreResult<Option<String>> {
        Ok(sqlx::query_scalar(
            "SELECT data FROM sessions LEFT JOIN members ON members.id = member_id \
             WHERE id_hash = ? AND expires_at > ? \
             AND (member_id IS NULL OR (blocked_at IS NULL AND members.epoch = sessions.epoch))",
        )
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
        let old = "DELETE FROM sessions WHERE id_hash IN (SELECT id_hash FROM sessions WHERE expires_at <= ? LIMIT ?)";
        forget(&self.writer, old, now.0).await
    }

    async fn token_standing(&self, member: MemberId, family: FamilyId) -> StoreResult<Option<TokenStanding>> {
        let row = sqlx::query(
            "SELECT blocked_at IS NOT NULL AS is_blocked, token_families.created_at AS begun_at FROM members \
             LEFT JOIN token_families ON token_families.id = ? AND member_id = members.id \
             AND token_families.epoch = members.epoch WHERE members.id = ? AND phone IS NOT NULL",
        )
        .bind(family.0.to_vec())
        .bind(member.0)
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let begun_at: Option<i64> = row.try_get("begun_at")?;
        Ok(Some(TokenStanding { is_blocked: row.try_get("is_blocked")?, begun_at: begun_at.map(Timestamp) }))
    }

    async fn delete_expired_tokens(&self, now: Timestamp) -> StoreResult<u64> {
        let tokens =
            "DELETE FROM refresh_tokens WHERE hash IN (SELECT hash FROM refresh_tokens WHERE expires_at <= ? LIMIT ?)";
        let families =
            "DELETE FROM token_families WHERE id IN (SELECT id FROM token_families WHERE expires_at <= ? LIMIT ?)";
        Ok(forget(&self.writer, tokens, now.0).await? + forget(&self.writer, families, now.0).await?)
    }

    async fn budget_uses(&self, budget: &str, subject: &str, since: Timestamp) -> StoreResult<BudgetUses> {
        budget_uses(&self.readers, budget, subject, since).await
    }

    async fn delete_expired_budget_uses(&self, now: Timestamp) -> StoreResult<u64> {
        let old = "DELETE FROM budget_uses WHERE id IN (SELECT id FROM budget_uses WHERE expires_at <= ? LIMIT ?)";
        forget(&self.writer, old, now.0).await
    }

    async fn delete_idempotent_outcomes_before(&self, before: Timestamp) -> StoreResult<u64> {
        let old = "DELETE FROM idempotency_keys WHERE (member_id, key_hash) IN \
                   (SELECT member_id, key_hash FROM idempotency_keys WHERE created_at < ? LIMIT ?)";
        forget(&self.writer, old, before.0).await
    }
}

/// Runs a statement, whose parameters are a bound and how many rows it may forget, until none are left within the bound.
/// Others get to write in between: to forget a million rows at once would keep them waiting until they give up.
async fn forget(writer: &SqlitePool, statement: &'static str, bound: i64) -> StoreResult<u64> {
    let mut forgotten = 0;
    loop {
        let done = sqlx::query(statement).bind(bound).bind(FORGOTTEN_AT_A_TIME).execute(writer).await?;
        match done.rows_affected() {
            0 => return Ok(forgotten),
            some => forgotten += some,
        }
    }
}

async fn budget_uses<'e, E>(executor: E, budget: &str, subject: &str, since: Timestamp) -> StoreResult<BudgetUses>
where
    E: sqlx::Executor<'e, Database = Sqlite>,
{
    let row = sqlx::query(
        "SELECT count(*) AS count, min(used_at) AS oldest FROM budget_uses \
         WHERE budget = ? AND subject = ? AND used_at > ?",
    )
    .bind(budget)
    .bind(subject)
    .bind(since.0)
    .fetch_one(executor)
    .await?;
    let oldest: Option<i64> = row.try_get("oldest")?;
    Ok(BudgetUses { count: row.try_get("count")?, oldest: oldest.map(Timestamp) })
}

async fn unused_codes<'e, E>(
    executor: E,
    phone: &Phone,
    device: Option<DeviceId>,
    since: Timestamp,
) -> StoreResult<Vec<Timestamp>>
where
    E: sqlx::Executor<'e, Database = Sqlite>,
{
    let times: Vec<i64> = sqlx::query_scalar(
        "SELECT created_at FROM login_codes \
         WHERE phone = ? AND device_id IS ? AND created_at > ? AND used_at IS NULL \
         ORDER BY created_at DESC",
    )
    .bind(phone.as_str())
    .bind(device.map(|device| device.0))
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
        epoch: Epoch(row.try_get("epoch")?),
        is_blocked: row.try_get::<Option<i64>, _>("blocked_at")?.is_some(),
    })
}

fn refresh_token(row: &SqliteRow) -> StoreResult<RefreshToken> {
    let family: Vec<u8> = row.try_get("family_id")?;
    Ok(RefreshToken {
        family: FamilyId(family.try_into().map_err(|_| StoreError::Malformed("token family"))?),
        member: MemberId(row.try_get("member_id")?),
        expires_at: Timestamp(row.try_get("expires_at")?),
        used_at: row.try_get::<Option<i64>, _>("used_at")?.map(Timestamp),
    })
}

fn sent_login_code(row: &SqliteRow) -> StoreResult<SentLoginCode> {
    Ok(SentLoginCode {
        id: row.try_get("id")?,
        phone: phone(row)?,
        device: row.try_get::<Option<i64>, _>("device_id")?.map(DeviceId),
        length: row.try_get("length")?,
        mac: row.try_get("mac")?,
        is_used: row.try_get::<Option<i64>, _>("used_at")?.is_some(),
    })
}

fn phone(row: &SqliteRow) -> StoreResult<Phone> {
    stored_phone(row.try_get("phone")?)
}

/// `None` for a member who was erased.
fn optional_phone(row: &SqliteRow) -> StoreResult<Option<Phone>> {
    row.try_get::<Option<String>, _>("phone")?.map(stored_phone).transpose()
}

fn stored_phone(text: String) -> StoreResult<Phone> {
    Phone::from_e164(&text).ok_or(StoreError::Malformed("phone"))
}

fn invite_code(text: String) -> StoreResult<InviteCode> {
    InviteCode::from_symbols(text).ok_or(StoreError::Malformed("invite code"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::domain::admin::members::MemberSearch;
    use crate::server::domain::referral::TryOutcome;

    #[tokio::test]
    async fn writing_goes_on_after_sqlite_has_ended_a_transaction_by_itself() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("full.db")).await.unwrap();
        // As it does when the disk is full.
        let trigger = "CREATE TRIGGER full BEFORE INSERT ON budget_uses WHEN NEW.budget = 'full' \
                       BEGIN SELECT RAISE(ROLLBACK, 'disk is full'); END";
        sqlx::query(trigger).execute(&store.writer).await.unwrap();
        let new =
            |budget| BudgetUse { budget, subject: "", purpose: "", used_at: Timestamp(0), expires_at: Timestamp(0) };

        let mut tx = store.begin().await.unwrap();
        let refused = tx.take_budget(&new("full"), &[]).await.unwrap_err();
        assert!(refused.to_string().contains("disk is full"), "{refused}");
        drop(tx);

        let mut tx = store.begin().await.unwrap();
        tx.take_budget(&new("b"), &[]).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Members are remade in the fourth step; what refers to them has to survive that.
    #[tokio::test]
    async fn a_database_of_an_older_version_keeps_everything() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true).foreign_keys(true);
        let mut old = SqliteConnection::connect_with(&options).await.unwrap();
        let steps: Vec<_> = MIGRATIONS.iter().filter(|step| step.version <= 3).cloned().collect();
        sqlx::migrate::Migrator::with_migrations(steps).run(&mut old).await.unwrap();
        for statement in [
            "INSERT INTO members (id, phone, invite_code, created_at, epoch) \
             VALUES (3, '+79120000003', 'AAAAA3', 1, 0), (7, '+79120000007', 'AAAAA7', 2, 5)",
            "INSERT INTO redemptions VALUES (7, 3, 'AAAAA3', 9)",
            "INSERT INTO sessions (id_hash, member_id, data, created_at, expires_at, epoch) \
             VALUES (zeroblob(32), 7, '{}', 1, 99, 5)",
            "INSERT INTO devices (token_hash, member_id, created_at, seen_at) VALUES (zeroblob(32), 7, 1, 1)",
        ] {
            sqlx::query(statement).execute(&mut old).await.unwrap();
        }
        old.close().await.unwrap();

        let store = SqliteStore::open(&path).await.unwrap();
        let inviter = store.member(MemberId(3)).await.unwrap().unwrap();
        assert_eq!((inviter.invitees, inviter.member.invite_code.as_str()), (1, "AAAAA3"));
        assert_eq!(store.load_session(&[0; 32], Timestamp(5)).await.unwrap().as_deref(), Some("{}"));
        assert_eq!(store.tries_of(MemberId(7), 9).await.unwrap()[0].outcome, TryOutcome::Redeemed);
        assert!(store.browser(&[0; 32]).await.unwrap().is_some());
        let found = MemberSearch { phone_part: Some("000007".to_owned()), limit: 9, ..MemberSearch::default() };
        assert_eq!(store.find_members(&found).await.unwrap()[0].id, MemberId(7));
        let mut tx = store.begin().await.unwrap();
        let newcomer = Phone::from_e164("+79120000008").unwrap();
        let code = InviteCode::parse("AAAAA8").unwrap();
        let AddMember::Added(next) = tx.add_member(&newcomer, &code, Timestamp(3)).await.unwrap() else { panic!() };
        assert_eq!(next.id, MemberId(8), "numbers go on where they were");
        let deleted = tx.remove_redemption(MemberId(7)).await.unwrap();
        assert_eq!(deleted.map(|(inviter, _)| inviter), Some(MemberId(3)));
        tx.commit().await.unwrap();
        assert_eq!(store.member(MemberId(3)).await.unwrap().unwrap().invitees, 0);
    }
}
