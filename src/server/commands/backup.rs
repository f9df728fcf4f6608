//! `vouch backup FILE`: a copy of the database as it is at one moment, while the server goes on.

use crate::server::commands::part::Part;
use crate::server::sentences;
use crate::server::settings::Settings;
use crate::server::storage::{StoreError, sqlite};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{}", sentences::terminal().only_sqlite)]
    OnlySqlite,
    /// There is nothing to copy.
    #[error("{}", sentences::terminal().no_database(&.0.display().to_string()))]
    NoDatabase(PathBuf),
    /// A backup never replaces anything.
    #[error("{}", sentences::terminal().file_exists(&.0.display().to_string()))]
    Exists(PathBuf),
    /// The copy cannot be written there.
    #[error("{}", sentences::terminal().cannot_write(&path.display().to_string(), &source.to_string()))]
    File { path: PathBuf, source: io::Error },
    /// The database cannot be read, or its copy not be written.
    #[error("{}", sentences::terminal().cannot_copy(&.0.to_string()))]
    Store(#[from] StoreError),
    /// The integrity check of the copy failed.
    #[error("{}", sentences::terminal().damaged_copy(.0))]
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
    let database = settings.database_file().ok_or(BackupError::OnlySqlite)?;
    if !database.exists() {
        return Err(BackupError::NoDatabase(database.to_owned()));
    }
    if file.exists() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let failed = |source| BackupError::File { path: file.to_owned(), source };
    let part = Part::of(file).map_err(failed)?;
    sqlite::copy(database, part.path()).await?;
    let (verdict, members) = sqlite::inspect(part.path()).await?;
    if verdict != "ok" {
        return Err(BackupError::Damaged(verdict));
    }
    part.put_in_place().map_err(failed)?;
    let key = settings.secret_file().unwrap_or_default().display().to_string();
    Ok(writeln!(io::stdout(), "{}", sentences::terminal().backup_done(&file.display().to_string(), members, &key))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::TestApp;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    #[tokio::test]
    async fn what_an_interrupted_backup_left_behind_is_no_obstacle() {
        let app = TestApp::in_file().await;
        let backup = app.database_file().with_file_name("backup.db");
        let part = backup.with_file_name("backup.db.part");
        fs::write(&part, "half of it").unwrap();
        run(&app.settings(), &backup).await.unwrap();
        assert_eq!(fs::metadata(&backup).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!part.exists());
        assert!(matches!(run(&app.settings(), &backup).await, Err(BackupError::Exists(_))));
    }

    #[tokio::test]
    async fn two_backups_do_not_write_one_file() {
        let app = TestApp::in_file().await;
        let backup = app.database_file().with_file_name("backup.db");
        let under_way = Part::of(&backup).unwrap();
        assert!(matches!(run(&app.settings(), &backup).await, Err(BackupError::File { .. })));
        drop(under_way);
        run(&app.settings(), &backup).await.unwrap();
    }
}
