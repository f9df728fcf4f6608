//! `vouch forget-secret`: lets a database be used with another secret, after the one before was lost.

use crate::error::AppError;
use crate::server::domain::admin::upkeep;
use crate::server::sentences;
use crate::server::settings::Settings;
use crate::server::start::{self, StartError};
use crate::words::Sentence;
use std::io::Write;

/// Why the command failed.
#[derive(Debug, thiserror::Error)]
pub enum ForgetSecretError {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("{}", .0.sentence())]
    Refused(AppError),
    /// The terminal is gone.
    #[error(transparent)]
    Terminal(#[from] std::io::Error),
}

/// Replaces the secret by the one of the settings, or by a new one, and prints what that ended.
///
/// # Errors
/// When the database or the secret could not be opened.
pub async fn run(settings: &Settings) -> Result<(), ForgetSecretError> {
    let ports = start::open_with_any_secret(settings).await?;
    let replaced = upkeep::replace_secret(&ports).await;
    ports.store.close().await;
    let (ended, admins) = replaced.map_err(ForgetSecretError::Refused)?;
    let words = sentences::terminal();
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", words.secret_forgotten(admins))?;
    writeln!(out, "{}", words.logins_ended(ended.sessions, ended.token_families, ended.codes))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::domain::admin::grants;
    use crate::server::start;
    use crate::tests::TestApp;

    #[tokio::test]
    async fn a_database_whose_secret_is_lost_goes_on_with_another() {
        let app = TestApp::in_file().await;
        grants::grant(&app, "+79120000001").await.unwrap();
        let before = app.store.grants().await.unwrap().remove(0);
        app.browser().log_in("+79123456789").await;
        app.store.close().await;
        let settings = app.settings();
        start::open(&settings).await.unwrap().store.close().await;
        std::fs::remove_file(settings.secret_file().unwrap()).unwrap();
        assert!(matches!(start::open(&settings).await, Err(StartError::NoSecret(_))));

        run(&settings).await.unwrap();
        start::open(&settings).await.unwrap().store.close().await;
        let app = app.another_server().await;
        assert!(app.sessions().await.is_empty());
        let after = app.store.grants().await.unwrap().remove(0);
        assert!(after.phone == before.phone && after.id != before.id, "a new grant, without a second factor");
    }

    #[tokio::test]
    async fn without_a_database_nothing_is_made() {
        let app = TestApp::in_file().await;
        app.store.close().await;
        std::fs::remove_file(app.database_file()).unwrap();
        let settings = app.settings();
        assert!(matches!(run(&settings).await, Err(ForgetSecretError::Start(StartError::NoDatabase(_)))));
        assert!(!app.database_file().exists() && !settings.secret_file().unwrap().exists());
    }
}
