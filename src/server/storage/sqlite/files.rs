//! A database as a file: who may read it, copying it, checking a copy, and keeping others out while it is replaced.

use super::tables::{self, Tables};
use crate::server::data::ErasedMember;
use crate::server::secrets;
use crate::server::storage::{StoreError, StoreResult};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteLockingMode, SqliteSynchronous};
use sqlx::{Connection, Row, SqliteConnection};
use std::fs::{self, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a statement waits for another process's lock, and a transaction for the writer.
pub(super) const LOCK_TIMEOUT: Duration = Duration::from_secs(5);
/// How long [`hold`] waits for a command that is about to end.
const HOLD_TIMEOUT: Duration = Duration::from_secs(1);

/// The files that `SQLite` keeps beside a database.
pub fn companions(path: &Path) -> [PathBuf; 2] {
    ["-wal", "-shm"].map(|end| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    })
}

pub(super) fn for_writing(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(LOCK_TIMEOUT)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // Deleted data is overwritten, so that an erased member's phone cannot be found in the file.
        .pragma("secure_delete", "ON")
        .optimize_on_close(true, None)
}

pub(super) fn for_reading(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(LOCK_TIMEOUT)
}

/// Which file is at a path, whatever it is called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct FileId(u64, u64);

pub(super) fn id_of(path: &Path) -> io::Result<FileId> {
    let file = fs::metadata(path)?;
    Ok(FileId(file.dev(), file.ino()))
}

/// Creates the file of a database if there is none. In any case only its owner can read it afterwards, and what `SQLite`
/// keeps beside it, whatever the umask: `SQLite` gives its own files the permissions of the database.
pub(super) fn make_private(path: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    for file in companions(path).iter().map(PathBuf::as_path).chain([path]) {
        match secrets::is_open_to_others(file) {
            Ok(true) => restrict(file),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// A file of somebody else can be used, but not be restricted.
fn restrict(file: &Path) {
    match fs::set_permissions(file, Permissions::from_mode(0o600)) {
        Ok(()) => tracing::info!(file = %file.display(), "others can no longer read this file"),
        Err(error) => tracing::warn!(file = %file.display(), %error, "others can read this file"),
    }
}

/// Copies a database, as it is at this moment, into the empty file `to`. Reads and writes continue meanwhile.
///
/// # Errors
/// When `from` cannot be read or `to` cannot be written.
pub async fn copy(from: &Path, to: &Path) -> StoreResult<()> {
    let mut connection = SqliteConnection::connect_with(&for_reading(from)).await?;
    let to = to.to_str().ok_or(StoreError::Malformed("file name".to_owned()))?;
    sqlx::query("VACUUM INTO ?").bind(to).execute(&mut connection).await?;
    Ok(connection.close().await?)
}

/// The result of `SQLite`'s integrity check ("ok" if sound), and the number of members.
///
/// # Errors
/// When the file cannot be read, is not a database of Vouch, or is one of a newer version.
pub async fn inspect(path: &Path) -> StoreResult<(String, i64)> {
    let mut connection = SqliteConnection::connect_with(&for_reading(path)).await?;
    match Tables::of(&mut connection).await? {
        Tables::None => return Err(StoreError::NotVouch),
        Tables::Newer => return Err(StoreError::Newer),
        Tables::Older | Tables::Current => {}
    }
    let verdict = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut connection).await?;
    let members = sqlx::query_scalar("SELECT count(*) FROM members").fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok((verdict, members))
}

/// A database that nobody else can use until this is released.
pub struct Held(SqliteConnection);

/// Locks a database for this process alone. What is in its write-ahead log is moved into it, and the log is deleted, so
/// that the file holds everything.
///
/// # Errors
/// `InUse` while a server or another program has it open, whatever its version: in WAL mode every connection keeps a
/// lock on the file. `Unreadable` if it is damaged.
pub async fn hold(path: &Path) -> StoreResult<Held> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(HOLD_TIMEOUT)
        .locking_mode(SqliteLockingMode::Exclusive)
        .journal_mode(SqliteJournalMode::Delete);
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(held_error)?;
    // In this mode a lock is kept after its transaction.
    for statement in ["BEGIN EXCLUSIVE", "COMMIT"] {
        sqlx::query(statement).execute(&mut connection).await.map_err(held_error)?;
    }
    Ok(Held(connection))
}

impl Held {
    /// The members who were erased in it, without those who are only set aside.
    ///
    /// # Errors
    /// `Unreadable` if it is damaged.
    pub async fn erased_members(&mut self) -> StoreResult<Vec<ErasedMember>> {
        // In a database of an older server nobody is.
        let table = sqlx::query("SELECT 1 FROM sqlite_schema WHERE name = 'set_aside'");
        let rows = match table.fetch_optional(&mut self.0).await.map_err(held_error)? {
            None => "SELECT id, created_at, erased_at FROM members WHERE erased_at IS NOT NULL",
            Some(_) => {
                "SELECT id, created_at, erased_at FROM members WHERE erased_at IS NOT NULL \
                 AND id NOT IN (SELECT member_id FROM set_aside)"
            }
        };
        let rows = sqlx::query(rows).fetch_all(&mut self.0).await.map_err(held_error)?;
        let erased = rows.iter().map(|row| {
            Ok(ErasedMember {
                id: row.try_get("id")?,
                joined_at: row.try_get("created_at")?,
                erased_at: row.try_get("erased_at")?,
            })
        });
        erased.collect()
    }

    /// Lets others use it again.
    ///
    /// # Errors
    /// When `SQLite` cannot close it.
    pub async fn release(self) -> StoreResult<()> {
        Ok(self.0.close().await?)
    }
}

fn held_error(error: sqlx::Error) -> StoreError {
    match tables::result_of(&error) {
        Some(tables::BUSY) => StoreError::InUse,
        Some(tables::CORRUPT | tables::NOT_A_DATABASE) => StoreError::Unreadable(error.into()),
        _ => error.into(),
    }
}
