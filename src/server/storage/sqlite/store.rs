//! A `SQLite` file: one writing connection, and read-only connections beside it. No queries of aggregates here.

use super::connection::{self, Statements, at_length};
use super::files::{self, FileId, LOCK_TIMEOUT};
use super::reads::Reads;
use super::tables::{self, Tables};
use super::writer::Writer;
use crate::server::data::Lock;
use crate::server::storage::{Pool, Store, StoreError, StoreResult, Transaction};
use async_trait::async_trait;
use rusqlite::params;
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions};
use sqlx::{Connection, SqliteConnection};
use std::path::Path;
use std::time::{Duration, Instant};

/// Each connection has a thread. Reads are short and from memory, so more threads would only wait for each other.
const READERS: u32 = 2;
/// How long a statement may delete; to commit that takes about as long, and then other writers get their turn.
const LONGEST_FORGETTING: Duration = Duration::from_millis(20);
/// Rows that the first statement deletes. In a large database whose pages are not in memory, each takes a while.
const FORGOTTEN_AT_FIRST: u32 = 100;
/// Rows that a statement deletes at most.
const FORGOTTEN_AT_ONCE: u32 = 5000;

pub struct SqliteStore {
    pub(super) writer: Writer,
    /// For what nearly every request reads.
    pub(super) reads: Reads,
    /// For lists and searches, on threads of their own.
    pub(super) readers: SqlitePool,
}

impl SqliteStore {
    /// Opens or creates the file, readable by its owner only, and migrates its tables.
    ///
    /// # Errors
    /// When the file cannot be opened or migrated, or `SQLite` is too old.
    pub async fn open(path: &Path) -> StoreResult<Self> {
        files::make_private(path)?;
        let file = files::id_of(path)?;
        tables::migrate(&files::for_writing(path)).await?;
        Self::connect(path, file).await
    }

    /// Opens a file for a command, beside a server or without one: neither creates nor migrates anything.
    ///
    /// # Errors
    /// When the file cannot be opened, or its tables are not those of this version.
    pub async fn open_existing(path: &Path) -> StoreResult<Self> {
        let file = files::id_of(path)?;
        let mut connection = SqliteConnection::connect_with(&files::for_writing(path)).await?;
        let tables = Tables::of(&mut connection).await?;
        connection.close().await?;
        match tables {
            Tables::Current => Self::connect(path, file).await,
            Tables::Older => Err(StoreError::Older),
            Tables::Newer => Err(StoreError::Newer),
            Tables::None => Err(StoreError::NotVouch),
        }
    }

    async fn connect(path: &Path, file: FileId) -> StoreResult<Self> {
        let moving: Option<String> =
            connection::for_reading(path)?.first("SELECT source FROM moving", [], connection::value)?;
        if let Some(source) = moving {
            return Err(StoreError::HalfMoved(source));
        }
        let writer = Writer::open(path)?;
        let reads = Reads::open(path)?;
        // A file does not hang up: to ping it before each statement costs as much as the statement.
        let readers = SqlitePoolOptions::new().acquire_timeout(LOCK_TIMEOUT).test_before_acquire(false);
        let readers = readers.idle_timeout(None).max_lifetime(None).max_connections(READERS).min_connections(READERS);
        let readers = readers.connect_with(files::for_reading(path)).await?;
        // `vouch restore` may have put another file there before the first connection had its lock.
        if files::id_of(path)? != file {
            return Err(StoreError::InUse);
        }
        Ok(Self { writer, reads, readers })
    }

    /// Runs a statement that deletes or clears rows until it affects none. Its parameters are a bound and the number of
    /// rows at a time: a million rows at once would make other writers time out.
    pub(super) async fn forget(&self, statement: &str, bound: i64) -> StoreResult<u64> {
        let (mut forgotten, mut rows) = (0, FORGOTTEN_AT_FIRST);
        loop {
            let some = self.writer.write(|connection| {
                let begun = Instant::now();
                let some = at_length(|| connection.change(statement, params![bound, rows]))?;
                Ok((some, begun.elapsed()))
            });
            let (some, took) = some.await?;
            if some == 0 {
                return Ok(forgotten);
            }
            forgotten += some;
            rows = if took < LONGEST_FORGETTING { rows * 2 } else { rows / 2 };
            rows = rows.clamp(1, FORGOTTEN_AT_ONCE);
        }
    }
}

#[async_trait]
impl Store for SqliteStore {
    /// One writer: whatever the lock is, the transaction before has ended.
    async fn begin(&self, _: Lock<'_>) -> StoreResult<Box<dyn Transaction>> {
        Ok(Box::new(self.writer.begin().await?))
    }

    async fn check_ready(&self) -> StoreResult<()> {
        match Tables::of(&mut *self.readers.acquire().await?).await? {
            Tables::Current | Tables::Newer => Ok(()),
            Tables::Older | Tables::None => Err(StoreError::Malformed("list of migrations".to_owned())),
        }
    }

    fn pool(&self) -> Pool {
        let idle = u32::try_from(self.readers.num_idle()).unwrap_or_default();
        Pool { busy: self.readers.size().saturating_sub(idle), idle }
    }

    async fn close(&self) {
        self.readers.close().await;
        self.reads.close();
        self.writer.close().await;
    }
}

#[cfg(test)]
mod tests {
    use super::tables::MIGRATIONS;
    use super::*;
    use crate::model::invite_code::InviteCode;
    use crate::model::phone::Phone;
    use crate::server::clock::Timestamp;
    use crate::server::data::{AddMember, AttemptOutcome, BudgetUse, Lock, MemberId, MemberSearch};
    use crate::server::storage::{DeviceStore, MemberStore, RedemptionStore, SessionStore};
    use sqlx::sqlite::SqliteConnectOptions;
    use std::os::unix::fs::PermissionsExt;

    /// SQLite keeps what a statement would restore in memory, and beyond a limit in a file, which it writes in one piece
    /// when the limit is reached: of 128 KiB and more it cannot (`unixWrite`).
    #[tokio::test]
    async fn a_statement_may_change_more_than_is_kept_in_memory() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("large.db")).await.unwrap();
        let uses = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT 20000) \
                    INSERT INTO budget_uses (budget, subject, purpose, used_at, expires_at) \
                    SELECT 'b', hex(randomblob(40)), '', n, n FROM numbers";
        for _ in 0..2 {
            store.writer.write(|connection| connection.change(uses, [])).await.unwrap();
        }
        let change = "UPDATE budget_uses SET subject = hex(randomblob(40))";
        assert_eq!(store.writer.write(|connection| connection.change(change, [])).await.unwrap(), 40_000);
    }

    #[tokio::test]
    async fn a_transaction_that_sqlite_rolled_back_does_not_block_writers() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("full.db")).await.unwrap();
        // SQLite does the same when the disk is full.
        let trigger = "CREATE TRIGGER full BEFORE INSERT ON budget_uses WHEN NEW.budget = 'full' \
                       BEGIN SELECT RAISE(ROLLBACK, 'disk is full'); END";
        store.writer.write(|connection| connection.change(trigger, [])).await.unwrap();
        let new =
            |budget| BudgetUse { budget, subject: "", purpose: "", used_at: Timestamp(0), expires_at: Timestamp(0) };

        let mut tx = store.begin(Lock::Nothing).await.unwrap();
        let refused = tx.take_budget(&new("full"), &[]).await.unwrap_err();
        assert!(refused.to_string().contains("disk is full"), "{refused}");
        drop(tx);

        let mut tx = store.begin(Lock::Nothing).await.unwrap();
        tx.take_budget(&new("b"), &[]).await.unwrap();
        tx.commit().await.unwrap();
    }

    #[tokio::test]
    async fn servers_can_open_one_new_file_at_once() {
        for _ in 0..10 {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("new.db");
            for opened in futures::future::join_all((0..8).map(|_| SqliteStore::open(&path))).await {
                opened.unwrap();
            }
        }
    }

    #[tokio::test]
    async fn only_the_owner_can_read_the_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("private.db");
        let modes = || {
            let files = folder.path().read_dir().unwrap().map(|file| file.unwrap().path());
            files.map(|file| std::fs::metadata(file).unwrap().permissions().mode() & 0o777).collect::<Vec<_>>()
        };
        let store = SqliteStore::open(&path).await.unwrap();
        assert_eq!(modes(), [0o600; 3]);
        // An earlier version left it to the umask.
        for file in files::companions(&path).iter().chain([&path]) {
            std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o644)).unwrap();
        }
        let another = SqliteStore::open(&path).await.unwrap();
        assert_eq!(modes(), [0o600; 3]);
        another.close().await;
        store.close().await;
    }

    #[tokio::test]
    async fn a_command_neither_creates_nor_migrates_a_database() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        assert!(SqliteStore::open_existing(&path).await.is_err());
        assert!(!path.exists());
        let mut old = old_database(&path, 9).await;
        assert!(matches!(SqliteStore::open_existing(&path).await, Err(StoreError::Older)));
        assert_eq!(Tables::of(&mut old).await.unwrap(), Tables::Older);
        SqliteStore::open(&path).await.unwrap();
        assert!(SqliteStore::open_existing(&path).await.is_ok());
        sqlx::query("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 9").execute(&mut old).await.unwrap();
        assert!(matches!(SqliteStore::open_existing(&path).await, Err(StoreError::Newer)));
        assert!(matches!(SqliteStore::open(&path).await, Err(StoreError::Newer)));
    }

    #[tokio::test]
    async fn a_migration_that_leaves_a_broken_reference_is_not_taken_as_done() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("broken.db");
        let mut old = old_database(&path, 3).await;
        // What a mistake in a migration would leave behind.
        for statement in ["PRAGMA foreign_keys = OFF", "INSERT INTO redemptions VALUES (7, 3, 'AAAAA3', 9)"] {
            sqlx::query(statement).execute(&mut old).await.unwrap();
        }
        for _ in 0..2 {
            assert!(SqliteStore::open(&path).await.is_err());
            assert_eq!(Tables::of(&mut old).await.unwrap(), Tables::Older);
        }
        sqlx::query("DELETE FROM redemptions").execute(&mut old).await.unwrap();
        SqliteStore::open(&path).await.unwrap();
    }

    /// A database with the first migrations only.
    async fn old_database(path: &Path, newest: i64) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(path).create_if_missing(true).foreign_keys(true);
        let mut old = SqliteConnection::connect_with(&options).await.unwrap();
        let steps: Vec<_> = MIGRATIONS.iter().filter(|step| step.version <= newest).cloned().collect();
        sqlx::migrate::Migrator::with_migrations(steps).run(&mut old).await.unwrap();
        old
    }

    /// The fourth migration recreates the table of members; rows that refer to it must survive.
    #[tokio::test]
    async fn a_database_of_an_older_version_keeps_everything() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        let mut old = old_database(&path, 3).await;
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
        let mut tx = store.begin(Lock::Nothing).await.unwrap();
        let newcomer = Phone::from_e164("+79120000008").unwrap();
        let code = InviteCode::parse("AAAAA8").unwrap();
        let AddMember::Added(next) = tx.add_member(&newcomer, &code, Timestamp(3)).await.unwrap() else { panic!() };
        assert_eq!(next.id, MemberId(8), "ids continue");
        let deleted = tx.remove_redemption(MemberId(7)).await.unwrap();
        assert_eq!(deleted.map(|(inviter, _)| inviter), Some(MemberId(3)));
        tx.commit().await.unwrap();
        assert_eq!(store.member(MemberId(3)).await.unwrap().unwrap().invitees, 0);
    }

    #[tokio::test]
    async fn texts_that_cannot_be_codes_are_forgotten_by_the_upgrade() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true).foreign_keys(true);
        let mut old = SqliteConnection::connect_with(&options).await.unwrap();
        let steps: Vec<_> = MIGRATIONS.iter().filter(|step| step.version <= 12).cloned().collect();
        sqlx::migrate::Migrator::with_migrations(steps).run(&mut old).await.unwrap();
        for statement in [
            "INSERT INTO members (id, phone, invite_code, created_at) VALUES (3, '+79120000003', 'AAAAA3', 1)",
            "INSERT INTO redeem_tries (member_id, typed, outcome, tried_at, last_at) VALUES \
             (3, '8 912 345-67…', 'malformed', 1, 1), (3, 'km-7q 2o', 'unknown', 2, 2), (3, 'pass!', 'malformed', 3, 3)",
        ] {
            sqlx::query(statement).execute(&mut old).await.unwrap();
        }
        old.close().await.unwrap();

        let store = SqliteStore::open(&path).await.unwrap();
        let attempts = store.attempts_of(MemberId(3), 9).await.unwrap();
        let typed: Vec<_> = attempts.iter().map(|attempt| attempt.typed.as_str()).collect();
        assert_eq!(typed, ["", "km-7q 2o", ""]);
    }
}
