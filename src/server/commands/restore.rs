//! `vouch restore FILE`: puts a backup in the place of the database, which is kept beside it.

use crate::server::clock::{Clock, SystemClock, Timestamp};
use crate::server::commands::part::{Part, beside};
use crate::server::data::{EndedLogins, ErasedMember};
use crate::server::domain::admin::upkeep;
use crate::server::sentences;
use crate::server::settings::Settings;
use crate::server::storage::sqlite::{self, Held, SqliteStore};
use crate::server::storage::{Store, StoreError, StoreResult};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    #[error("{}", sentences::terminal().only_sqlite)]
    OnlySqlite,
    /// The backup cannot be used.
    #[error("{}", sentences::terminal().cannot_restore(&file.display().to_string(), &source.to_string()))]
    Backup { file: PathBuf, source: StoreError },
    /// The integrity check of the backup failed.
    #[error("{}", sentences::terminal().damaged_backup(&file.display().to_string(), verdict))]
    Damaged { file: PathBuf, verdict: String },
    /// The present database cannot be replaced, above all while it is used.
    #[error("{}", sentences::terminal().cannot_open(&file.display().to_string(), &source.to_string()))]
    Database { file: PathBuf, source: StoreError },
    #[error("{}", sentences::terminal().cannot_write(&file.display().to_string(), &source.to_string()))]
    File { file: PathBuf, source: io::Error },
    /// The backup is in place, but the terminal is gone.
    #[error(transparent)]
    Terminal(#[from] io::Error),
}

/// The database that is to be replaced.
struct Present {
    /// Keeps others out; `None` if it is so damaged that nobody can use it.
    held: Option<Held>,
    /// The members who were erased in it, or why it does not say that.
    erased: StoreResult<Vec<ErasedMember>>,
}

/// What was done.
struct Restored {
    /// Members in the backup.
    members: i64,
    /// The new name of the database of before, if there was one.
    aside: Option<PathBuf>,
    ended: EndedLogins,
    erased_again: u64,
    /// Why the erasures since the backup are not known.
    cannot_erase: Option<StoreError>,
}

/// Replaces the database by the backup, ends every login in it, repeats the erasures made since, and prints all of this.
///
/// # Errors
/// When the database is in use or cannot be replaced, or the backup cannot be used. Then nothing was changed, except after
/// `Terminal`.
pub async fn run(settings: &Settings, backup: &Path) -> Result<(), RestoreError> {
    let database = settings.database_file().ok_or(RestoreError::OnlySqlite)?;
    let done = restore(database, backup, SystemClock::starting_after(None).now()).await?;
    let (words, mut out) = (sentences::terminal(), io::stdout().lock());
    writeln!(out, "{}", words.restored(&database.display().to_string(), done.members))?;
    if let Some(aside) = done.aside {
        writeln!(out, "{}", words.kept_aside(&aside.display().to_string()))?;
    }
    writeln!(out, "{}", words.logins_ended(done.ended.sessions, done.ended.token_families, done.ended.codes))?;
    match done.cannot_erase {
        Some(error) => writeln!(out, "{}", words.cannot_erase_again(&error.to_string()))?,
        None => writeln!(out, "{}", words.erased_again(done.erased_again))?,
    }
    Ok(writeln!(out, "{}", words.restore_done)?)
}

async fn restore(database: &Path, backup: &Path, now: Timestamp) -> Result<Restored, RestoreError> {
    let on_backup = |source| RestoreError::Backup { file: backup.to_owned(), source };
    let on_database = |source| RestoreError::Database { file: database.to_owned(), source };
    let on_file = |source| RestoreError::File { file: database.to_owned(), source };

    let (verdict, members) = sqlite::inspect(backup).await.map_err(on_backup)?;
    if verdict != "ok" {
        return Err(RestoreError::Damaged { file: backup.to_owned(), verdict });
    }
    let present = present(database).await.map_err(on_database)?;
    let part = Part::of(database).map_err(on_file)?;
    sqlite::copy(backup, part.path()).await.map_err(on_backup)?;
    let erased = present.as_ref().and_then(|present| present.erased.as_deref().ok()).unwrap_or_default();
    let (ended, erased_again) = prepare(part.path(), erased, now).await.map_err(on_backup)?;
    let aside = present.is_some().then(|| keep_aside(database, now)).transpose().map_err(on_file)?;
    part.put_in_place().map_err(on_file)?;
    let mut restored = Restored { members, aside, ended, erased_again, cannot_erase: None };
    let Some(present) = present else { return Ok(restored) };
    if let Some(held) = present.held {
        held.release().await.map_err(on_database)?;
    }
    restored.cannot_erase = present.erased.err();
    Ok(restored)
}

async fn present(database: &Path) -> StoreResult<Option<Present>> {
    if !database.try_exists()? {
        return Ok(None);
    }
    let mut held = match sqlite::hold(database).await {
        Ok(held) => held,
        Err(error @ StoreError::Unreadable(_)) => return Ok(Some(Present { held: None, erased: Err(error) })),
        Err(error) => return Err(error),
    };
    let erased = held.erased_members().await;
    Ok(Some(Present { held: Some(held), erased }))
}

/// Brings the copy up to date, and takes out of it what must not live again.
async fn prepare(copy: &Path, erased: &[ErasedMember], now: Timestamp) -> StoreResult<(EndedLogins, u64)> {
    let store = SqliteStore::open(copy).await?;
    let prepared = upkeep::prepare_backup(&store, erased, now).await;
    store.close().await;
    // Moves what is in the write-ahead log into the file, because only the file gets another name.
    sqlite::hold(copy).await?.release().await?;
    prepared
}

/// Gives the present database a second name, so that there is a database at every moment. What is left of its write-ahead
/// log goes with it: it must not be taken for that of the backup.
fn keep_aside(database: &Path, now: Timestamp) -> io::Result<PathBuf> {
    let aside = beside(database, &format!(".before-{}", now.rfc3339().replace(':', "")));
    fs::hard_link(database, &aside)?;
    for (from, to) in sqlite::companions(database).iter().zip(sqlite::companions(&aside)) {
        match fs::rename(from, to) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(aside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::AppError;
    use crate::server::commands::backup;
    use crate::server::data::MemberId;
    use crate::server::domain::login;
    use crate::server::storage::MemberStore;
    use crate::tests::*;
    use axum::http::StatusCode;
    use std::os::unix::fs::PermissionsExt;

    const MEMBER: &str = "+79123456789";
    const ERASED: &str = "+79123456780";
    const LATER: &str = "+79123456781";

    /// A backup of a running server.
    async fn backup_of(app: &TestApp) -> PathBuf {
        let file = app.database_file().with_file_name("backup.db");
        backup::run(&app.settings(), &file).await.unwrap();
        file
    }

    async fn restore_in(app: &TestApp, backup: &Path) -> Result<Restored, RestoreError> {
        restore(&app.database_file(), backup, app.clock.now()).await
    }

    #[tokio::test]
    async fn nothing_is_restored_while_a_server_uses_the_database() {
        let app = TestApp::in_file().await;
        let backup = backup_of(&app).await;
        app.log_in(MEMBER).await;
        let refused = restore_in(&app, &backup).await.err().unwrap();
        assert!(matches!(refused, RestoreError::Database { source: StoreError::InUse, .. }), "{refused}");
        assert_eq!(app.members().await.len(), 1);
        assert!(!beside(&app.database_file(), ".part").exists());
        app.store.close().await;
        run(&app.settings(), &backup).await.unwrap();
    }

    #[tokio::test]
    async fn nobody_is_logged_in_after_a_restore() {
        let api = Api::of(TestApp::in_file().await).await;
        let app = api.app.clone();
        app.browser().log_in(MEMBER).await;
        let tokens = api.log_in(ERASED).await;
        let somebody = stranger_at("192.0.2.7");
        let (flow, code) = app.request_code(&somebody, LATER).await;
        let backup = backup_of(&app).await;
        app.log_in_from(&stranger_at("192.0.2.8"), "+79133456789").await;
        app.store.close().await;
        let done = restore_in(&app, &backup).await.unwrap();
        assert_eq!(done.ended, EndedLogins { sessions: 1, token_families: 1, codes: 1 });

        let app = app.another_server().await;
        assert_eq!(app.members().await.len(), 2, "the third is not in the backup");
        assert!(app.sessions().await.is_empty());
        assert_eq!(app.rows(Rows::TokenFamilies).await + app.rows(Rows::UnusedRefreshTokens).await, 0);
        let late = login::verify(&app, &somebody, flow, &code).await;
        assert_eq!(refusal(late), AppError::LoginCodeRefused);
        let api = Api::of(app).await;
        assert_eq!(api.with_token(&tokens.access).get("/profile/").await.status, StatusCode::UNAUTHORIZED);
        let before = SqliteStore::open(&done.aside.unwrap()).await.unwrap();
        assert_eq!(before.member_records(MemberId(0), 9).await.unwrap().len(), 3, "nothing is lost");
    }

    #[tokio::test]
    async fn whoever_was_erased_since_the_backup_is_erased_again() {
        let app = TestApp::in_file().await;
        let (member, erased) = (app.add(MEMBER).await.id, app.add(ERASED).await.id);
        let backup = backup_of(&app).await;
        app.erase(ERASED).await;
        app.store.close().await;
        let done = restore_in(&app, &backup).await.unwrap();
        assert_eq!(done.erased_again, 1);
        fs::remove_file(backup).unwrap();
        fs::remove_file(done.aside.unwrap()).unwrap();
        let app = app.another_server().await;
        let phone = async |id| app.store.member_record(id).await.unwrap().unwrap().listed.phone;
        assert!(phone(member).await.is_some() && phone(erased).await.is_none());
        assert_eq!(app.acts().await, [crate::server::data::Act::Erase]);
        assert!(!app.holds(ERASED.trim_start_matches('+')).await);
    }

    #[tokio::test]
    async fn another_member_with_the_number_of_an_erased_one_is_not_erased() {
        let app = TestApp::in_file().await;
        let member = app.add(MEMBER).await.id;
        let now = app.clock.now();
        let erased = ErasedMember { id: member, joined_at: now.minus(seconds(1)), erased_at: now };
        let (_, again) = upkeep::prepare_backup(app.store.as_ref(), &[erased], now).await.unwrap();
        assert_eq!(again, 0);
        let erased = ErasedMember { joined_at: now, ..erased };
        let (_, again) = upkeep::prepare_backup(app.store.as_ref(), &[erased], now).await.unwrap();
        assert_eq!(again, 1);
    }

    #[tokio::test]
    async fn the_files_are_private_and_complete() {
        let app = TestApp::in_file().await;
        app.add(MEMBER).await;
        let backup = backup_of(&app).await;
        app.store.close().await;
        fs::set_permissions(&backup, fs::Permissions::from_mode(0o644)).unwrap();
        let done = restore_in(&app, &backup).await.unwrap();
        for file in [app.database_file(), done.aside.unwrap()] {
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
        }
        for file in sqlite::companions(&app.database_file()) {
            assert!(!file.exists(), "{}", file.display());
        }
    }

    #[tokio::test]
    async fn what_is_no_sound_backup_is_refused_and_nothing_is_changed() {
        let app = TestApp::in_file().await;
        app.add(MEMBER).await;
        let sound = backup_of(&app).await;
        let file = |name: &str| sound.with_file_name(name);
        app.store.close().await;
        fs::write(file("empty"), "").unwrap();
        fs::write(file("text"), "this is no database".repeat(100)).unwrap();
        let mut bytes = fs::read(&sound).unwrap();
        let half = bytes.len() / 2;
        bytes[half..half + 20_000].fill(7);
        fs::write(file("damaged"), bytes).unwrap();
        app.make_newer(&sound, &file("newer")).await;
        for name in ["missing", "empty", "text", "damaged", "newer"] {
            let refused = restore_in(&app, &file(name)).await.err().unwrap();
            let is_said = refused.to_string().contains(name);
            assert!(is_said && !matches!(refused, RestoreError::Database { .. }), "{name}: {refused}");
        }
        assert_eq!(app.another_server().await.members().await.len(), 1);
    }

    #[tokio::test]
    async fn a_damaged_database_is_replaced_and_kept() {
        let app = TestApp::in_file().await;
        app.add(MEMBER).await;
        let backup = backup_of(&app).await;
        app.store.close().await;
        fs::write(app.database_file(), "this is no database".repeat(100)).unwrap();
        fs::write(&sqlite::companions(&app.database_file())[0], "a log of before").unwrap();
        let done = restore_in(&app, &backup).await.unwrap();
        assert!(matches!(done.cannot_erase, Some(StoreError::Unreadable(_))));
        assert!(fs::read_to_string(done.aside.unwrap()).unwrap().starts_with("this is no database"));
        assert_eq!(app.another_server().await.members().await.len(), 1);
    }
}
