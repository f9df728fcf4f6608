//! The tables: how those of a file compare with this version, and bringing them up to date.

use crate::server::storage::{StoreError, StoreResult};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use std::time::Duration;

pub(super) static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");

/// Before this version a WAL reset that races a checkpoint can corrupt the database.
const OLDEST_SQLITE: &str = "3.51.3";
/// How long a start waits while another server migrates a large database.
const MIGRATION_TIMEOUT: Duration = Duration::from_mins(5);
/// How often, and after which wait, a new file is opened again while another server makes it a database.
const CONNECT_TRIES: u32 = 100;
const CONNECT_WAIT: Duration = Duration::from_millis(50);

/// How the tables of a file compare with those of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tables {
    /// It is empty, or not a database of Vouch.
    None,
    Older,
    Current,
    Newer,
}

impl Tables {
    pub async fn of(connection: &mut SqliteConnection) -> StoreResult<Self> {
        let list = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'");
        let lists: i64 = list.fetch_one(&mut *connection).await?;
        if lists == 0 {
            return Ok(Self::None);
        }
        let applied = sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success");
        let applied: Vec<i64> = applied.fetch_all(connection).await?;
        if applied.iter().any(|version| !MIGRATIONS.version_exists(*version)) {
            return Ok(Self::Newer);
        }
        let is_complete = MIGRATIONS.iter().all(|migration| applied.contains(&migration.version));
        Ok(if is_complete { Self::Current } else { Self::Older })
    }
}

/// Migrates the tables. Foreign keys are off meanwhile, because `SQLite` changes a table by recreating it, and are
/// checked afterwards (`sqlite.org/lang_altertable.html`, section 7).
///
/// All of it is one transaction: of two servers that start at once one waits, and if a reference is broken, nothing
/// stays that the next start would take as done.
pub async fn migrate(options: &SqliteConnectOptions) -> StoreResult<()> {
    let mut connection = connect(&options.clone().foreign_keys(false).busy_timeout(MIGRATION_TIMEOUT)).await?;
    require_version(&mut connection).await?;
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    let before = Tables::of(&mut tx).await?;
    if before == Tables::Newer {
        return Err(StoreError::Newer);
    }
    MIGRATIONS.run(&mut *tx).await?;
    // The check reads every row, so it runs only after a change.
    let check = sqlx::query("PRAGMA foreign_key_check");
    if before != Tables::Current && check.fetch_optional(&mut *tx).await?.is_some() {
        return Err(StoreError::Malformed("reference to another row".to_owned()));
    }
    tx.commit().await?;
    Ok(connection.close().await?)
}

async fn require_version(connection: &mut SqliteConnection) -> StoreResult<()> {
    let found: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(connection).await?;
    let numbers = |version: &str| version.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>();
    if numbers(&found) < numbers(OLDEST_SQLITE) {
        return Err(StoreError::TooOld { name: "SQLite", found, needed: OLDEST_SQLITE });
    }
    Ok(())
}

/// Connects, and waits while another server that starts turns a new file into a database in WAL mode: `SQLite` refuses
/// that at once, whatever its timeout is.
async fn connect(options: &SqliteConnectOptions) -> StoreResult<SqliteConnection> {
    for _ in 1..CONNECT_TRIES {
        match SqliteConnection::connect_with(options).await {
            Err(error) if result_of(&error) == Some(BUSY) => tokio::time::sleep(CONNECT_WAIT).await,
            connected => return Ok(connected?),
        }
    }
    Ok(SqliteConnection::connect_with(options).await?)
}

/// Results of `SQLite` (sqlite.org/rescode.html).
pub const BUSY: i32 = 5;
pub const CORRUPT: i32 = 11;
pub const NOT_A_DATABASE: i32 = 26;

/// The result that an error stands for.
pub fn result_of(error: &sqlx::Error) -> Option<i32> {
    let code: i32 = error.as_database_error()?.code()?.parse().ok()?;
    // sqlx gives the extended code: the lowest byte is the result, the others say more about it.
    Some(code & 0xff)
}
