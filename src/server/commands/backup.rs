//! `vouch backup FILE`: a copy of the database as it is at one moment, while the server goes on.

use crate::server::settings::Settings;
use crate::server::storage::{StoreError, sqlite};
use crate::words;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is nothing to copy.
    #[error("{}", words::service().no_database(&.0.display().to_string()))]
    NoDatabase(PathBuf),
    /// A backup never replaces anything.
    #[error("{}", words::service().file_exists(&.0.display().to_string()))]
    Exists(PathBuf),
    /// The copy cannot be written there.
    #[error("{}", words::service().cannot_write(&path.display().to_string(), &source.to_string()))]
    File { path: PathBuf, source: io::Error },
    /// The database cannot be read, or its copy not be written.
    #[error("{}", words::service().cannot_copy(&.0.to_string()))]
    Store(#[from] StoreError),
    /// The integrity check of the copy failed.
    #[error("{}", words::service().damaged_copy(.0))]
    Damaged(String),
    /// The copy is there, but the terminal is gone.
    #[error(transparent)]
    Terminal(#[from] io::Error),
}

/// Copies the database to `file`, readable by its owner only, and checks the copy. The file has its name only when all of
/// it is there.
///
/// # Errors
/// When the copy cannot be made; then there is no file, except after `Terminal`.
pub async fn run(settings: &Settings, file: &Path) -> Result<(), BackupError> {
    let database = &settings.database_url.file;
    if !database.exists() {
        return Err(BackupError::NoDatabase(database.clone()));
    }
    if file.exists() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let mut part = file.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    // SQLite writes into an empty file, but gives a new one to everybody.
    let created = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part);
    created.map_err(|source| BackupError::File { path: part.clone(), source })?;
    let copied = copy(database, &part, file).await;
    if copied.is_err() {
        fs::remove_file(&part).map_err(|source| BackupError::File { path: part, source })?;
    }
    let members = copied?;
    let (file, key) = (file.display().to_string(), settings.secret_file().display().to_string());
    Ok(writeln!(io::stdout(), "{}", words::service().backup_done(&file, members, &key))?)
}

async fn copy(database: &Path, part: &Path, file: &Path) -> Result<i64, BackupError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| BackupError::File { path, source }
    };
    sqlite::copy(database, part).await?;
    let (verdict, members) = sqlite::inspect(part).await?;
    if verdict != "ok" {
        return Err(BackupError::Damaged(verdict));
    }
    File::open(part).and_then(|copy| copy.sync_all()).map_err(failed(part))?;
    fs::rename(part, file).map_err(failed(file))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed(folder))?;
    Ok(members)
}
