//! The tables: how those of a database compare with this version, and bringing them up to date.

use super::connection::connect;
use super::locks::{Key, MIGRATION};
use crate::server::storage::{StoreError, StoreResult};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use std::time::Duration;

pub(super) static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/postgres");

/// PostgreSQL 15, as PostgreSQL writes it.
const OLDEST_POSTGRES: i32 = 15_00_00;
/// How long a start waits while another server migrates a large database, and how often it looks.
const MIGRATION_TIMEOUT: Duration = Duration::from_mins(5);
const MIGRATION_PAUSE: Duration = Duration::from_millis(100);

/// How the tables of a database compare with those of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tables {
    /// It is empty, or not a database of Vouch.
    None,
    Older,
    Current,
    Newer,
}

impl Tables {
    pub async fn of(connection: &mut PgConnection) -> StoreResult<Self> {
        let is_there = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL");
        if !is_there.fetch_one(&mut *connection).await? {
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

/// Migrates the tables. Of several servers that start at once, the others wait.
pub async fn migrate(options: &PgConnectOptions) -> StoreResult<()> {
    let mut connection = connect(options).await?;
    require_version(&mut connection).await?;
    lock(&mut connection, MIGRATION).await?;
    if Tables::of(&mut connection).await? == Tables::Newer {
        return Err(StoreError::Newer);
    }
    MIGRATIONS.run(&mut connection).await?;
    index_parts_of_phones(&mut connection).await?;
    // This also gives the lock back.
    Ok(connection.close().await?)
}

/// Takes a lock until the connection ends. Whoever waits in a statement keeps CREATE INDEX CONCURRENTLY waiting, which the holder of the lock may be running. So
/// this asks again and again instead.
pub(super) async fn lock(connection: &mut PgConnection, key: Key) -> StoreResult<()> {
    let waited = tokio::time::timeout(MIGRATION_TIMEOUT, async {
        loop {
            let free = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(key.0);
            if free.fetch_one(&mut *connection).await? {
                return Ok(());
            }
            tokio::time::sleep(MIGRATION_PAUSE).await;
        }
    });
    waited.await.unwrap_or(Err(StoreError::InUse))
}

async fn require_version(connection: &mut PgConnection) -> StoreResult<()> {
    let version =
        sqlx::query_as("SELECT current_setting('server_version_num')::int, current_setting('server_version')");
    let (number, found): (i32, String) = version.fetch_one(connection).await?;
    if number < OLDEST_POSTGRES {
        return Err(StoreError::TooOld { name: "PostgreSQL", found, needed: "15" });
    }
    Ok(())
}

/// Makes the index that finds a part of a phone among millions. The module that it needs comes with PostgreSQL, in a
/// package of its own on some systems, and some hosts may not load it; then each search reads every member. Not a step of
/// the migrations, because it may become possible later.
async fn index_parts_of_phones(connection: &mut PgConnection) -> StoreResult<()> {
    let is_valid = sqlx::query_scalar(
        "SELECT coalesce((SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('members_phone_parts')), false)",
    );
    if is_valid.fetch_one(&mut *connection).await? {
        return Ok(());
    }
    if let Err(error) = sqlx::query("CREATE EXTENSION IF NOT EXISTS pg_trgm").execute(&mut *connection).await {
        tracing::warn!(%error, "the module pg_trgm is missing: in a large database, admins wait for members by a part of a phone");
        return Ok(());
    }
    for statement in [
        // One that was interrupted is there, and is not used.
        "DROP INDEX CONCURRENTLY IF EXISTS members_phone_parts",
        "CREATE INDEX CONCURRENTLY members_phone_parts ON members USING gin (phone gin_trgm_ops)",
    ] {
        sqlx::query(statement).execute(&mut *connection).await?;
    }
    Ok(())
}
