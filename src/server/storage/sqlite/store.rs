//! A `SQLite` file: one writing connection, and a pool of read-only connections beside it. No queries of aggregates here.

use super::transaction::SqliteTransaction;
use crate::server::storage::{Store, StoreError, StoreResult, Transaction};
use async_trait::async_trait;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection};
use std::path::Path;
use std::time::Duration;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");

/// Before this version a WAL reset that races a checkpoint can corrupt the database.
const OLDEST_SQLITE: &str = "3.51.3";
/// How long a statement waits for another process's lock, and a transaction for the writer.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);
/// Each connection has a thread. Reads are short and from memory, so more threads would only wait for each other.
const READERS: u32 = 2;
/// Rows deleted per statement: about 50 ms, after which other writers get their turn.
const FORGOTTEN_AT_A_TIME: i64 = 5000;

pub struct SqliteStore {
    pub(super) writer: SqlitePool,
    pub(super) readers: SqlitePool,
}

impl SqliteStore {
    /// Opens or creates the file, and migrates its tables.
    ///
    /// # Errors
    /// When the file cannot be opened or migrated, or `SQLite` is too old.
    pub async fn open(path: &Path) -> StoreResult<Self> {
        let for_reading = SqliteConnectOptions::new().filename(path).busy_timeout(LOCK_TIMEOUT);
        let for_writing = for_reading
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // Deleted data is overwritten, so that an erased member's phone cannot be found in the file.
            .pragma("secure_delete", "ON")
            .optimize_on_close(true, None);
        migrate(&for_writing).await?;
        // A file does not hang up: to ping it before each statement costs as much as the statement.
        let pool = || {
            let options = SqlitePoolOptions::new().acquire_timeout(LOCK_TIMEOUT).test_before_acquire(false);
            options.idle_timeout(None).max_lifetime(None)
        };
        let writer = pool().max_connections(1).after_release(|connection, _| Box::pin(is_sound(connection)));
        let writer = writer.connect_with(for_writing).await?;
        let readers =
            pool().max_connections(READERS).min_connections(READERS).connect_with(for_reading.read_only(true)).await?;
        Ok(Self { writer, readers })
    }
}

/// Copies a database, as it is at this moment, into the empty file `to`. Reads and writes continue meanwhile.
///
/// # Errors
/// When `from` cannot be read or `to` cannot be written.
pub async fn copy(from: &Path, to: &Path) -> StoreResult<()> {
    let options = SqliteConnectOptions::new().filename(from).read_only(true).busy_timeout(LOCK_TIMEOUT);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let to = to.to_str().ok_or(StoreError::Malformed("file name".to_owned()))?;
    sqlx::query("VACUUM INTO ?").bind(to).execute(&mut connection).await?;
    Ok(connection.close().await?)
}

/// The result of `SQLite`'s integrity check ("ok" if sound), and the number of members.
///
/// # Errors
/// When the file cannot be read.
pub async fn inspect(path: &Path) -> StoreResult<(String, i64)> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let verdict = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut connection).await?;
    let members = sqlx::query_scalar("SELECT count(*) FROM members").fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok((verdict, members))
}

/// Whether a connection can be used again. When the disk is full `SQLite` ends a transaction by itself; the rollback of
/// sqlx then fails, and sqlx counts the transaction as open forever.
async fn is_sound(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    // The ping waits until the rollback is done.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// Migrates the tables. Foreign keys are off meanwhile, because `SQLite` changes a table by recreating it, and are
/// checked afterwards (`sqlite.org/lang_altertable.html`, section 7).
async fn migrate(options: &SqliteConnectOptions) -> StoreResult<()> {
    let mut connection = SqliteConnection::connect_with(&options.clone().foreign_keys(false)).await?;
    require_version(&mut connection).await?;
    MIGRATIONS.run(&mut connection).await?;
    // The check reads every row, so it runs only after a change.
    let changes: i64 = sqlx::query_scalar("SELECT total_changes()").fetch_one(&mut connection).await?;
    let check = sqlx::query("PRAGMA foreign_key_check");
    let broken = if changes > 0 { check.fetch_optional(&mut connection).await? } else { None };
    connection.close().await?;
    if broken.is_some() { Err(StoreError::Malformed("reference to another row".to_owned())) } else { Ok(()) }
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
        // IMMEDIATE: a deferred transaction that reads first cannot write if another transaction wrote first.
        Ok(Box::new(SqliteTransaction(self.writer.begin_with("BEGIN IMMEDIATE").await?)))
    }

    async fn check_ready(&self) -> StoreResult<()> {
        let newest = MIGRATIONS.iter().map(|migration| migration.version).max();
        let applied: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
            .fetch_one(&self.readers)
            .await?;
        if applied < newest {
            return Err(StoreError::Malformed("list of migrations".to_owned()));
        }
        Ok(())
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Runs a statement that deletes or clears rows until it affects none. Its parameters are a bound and the number of rows
/// at a time: a million rows at once would make other writers time out.
pub(super) async fn forget(writer: &SqlitePool, statement: &'static str, bound: i64) -> StoreResult<u64> {
    let mut forgotten = 0;
    loop {
        let done = sqlx::query(statement).bind(bound).bind(FORGOTTEN_AT_A_TIME).execute(writer).await?;
        match done.rows_affected() {
            0 => return Ok(forgotten),
            some => forgotten += some,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::invite_code::InviteCode;
    use crate::model::phone::Phone;
    use crate::server::clock::Timestamp;
    use crate::server::data::{AddMember, AttemptOutcome, BudgetUse, MemberId, MemberSearch};
    use crate::server::storage::{DeviceStore, MemberStore, RedemptionStore, SessionStore};

    #[tokio::test]
    async fn a_transaction_that_sqlite_rolled_back_does_not_block_writers() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("full.db")).await.unwrap();
        // SQLite does the same when the disk is full.
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

    /// The fourth migration recreates the table of members; rows that refer to it must survive.
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
             VALUES (zeroblob(32), 7, '{\"member\":7,\"epoch\":5,\"seen\":3}', 1, 99, 5)",
            "INSERT INTO devices (token_hash, member_id, created_at, seen_at) VALUES (zeroblob(32), 7, 1, 1)",
        ] {
            sqlx::query(statement).execute(&mut old).await.unwrap();
        }
        old.close().await.unwrap();

        let store = SqliteStore::open(&path).await.unwrap();
        let inviter = store.member(MemberId(3)).await.unwrap().unwrap();
        assert_eq!((inviter.invitees, inviter.member.invite_code.as_str()), (1, "AAAAA3"));
        let login = r#"{"session":{"login":{"member":7,"epoch":5,"logged_in_at":1,"seen_at":3}}}"#;
        assert_eq!(store.load_session(&[0; 32], Timestamp(5)).await.unwrap().as_deref(), Some(login));
        assert_eq!(store.attempts_of(MemberId(7), 9).await.unwrap()[0].outcome, AttemptOutcome::Redeemed);
        assert!(store.browser(&[0; 32]).await.unwrap().is_some());
        let found = MemberSearch { phone_part: Some("000007".to_owned()), limit: 9, ..MemberSearch::default() };
        assert_eq!(store.find_members(&found).await.unwrap()[0].id, MemberId(7));
        let mut tx = store.begin().await.unwrap();
        let newcomer = Phone::from_e164("+79120000008").unwrap();
        let code = InviteCode::parse("AAAAA8").unwrap();
        let AddMember::Added(next) = tx.add_member(&newcomer, &code, Timestamp(3)).await.unwrap() else { panic!() };
        assert_eq!(next.id, MemberId(8), "ids continue");
        let deleted = tx.remove_redemption(MemberId(7)).await.unwrap();
        assert_eq!(deleted.map(|(inviter, _)| inviter), Some(MemberId(3)));
        tx.commit().await.unwrap();
        assert_eq!(store.member(MemberId(3)).await.unwrap().unwrap().invitees, 0);
    }
}
