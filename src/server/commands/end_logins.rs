//! `vouch end-logins`: logs everybody out. Who restores a database by other means than `vouch restore` brings back the logins of
//! that time, also those that were ended since.

use crate::server::data::{EndedLogins, Lock};
use crate::server::domain::Ports;
use crate::server::sentences;
use crate::server::settings::Settings;
use crate::server::start::{self, StartError};
use crate::server::storage::{StoreError, StoreResult};
use std::io::Write;

/// Why the command failed.
#[derive(Debug, thiserror::Error)]
pub enum EndLoginsError {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The terminal is gone.
    #[error(transparent)]
    Terminal(#[from] std::io::Error),
}

/// Ends every login, and prints how many there were.
///
/// # Errors
/// When the database cannot be opened, or fails.
pub async fn run(settings: &Settings) -> Result<(), EndLoginsError> {
    let ports = start::open_existing(settings).await?;
    let ended = end(&ports).await;
    ports.store.close().await;
    let EndedLogins { sessions, token_families, codes } = ended?;
    Ok(writeln!(std::io::stdout(), "{}", sentences::terminal().logins_ended(sessions, token_families, codes))?)
}

async fn end(ports: &Ports) -> StoreResult<EndedLogins> {
    let mut tx = ports.store.begin(Lock::Nothing).await?;
    let ended = tx.end_every_login(ports.clock.now()).await?;
    tx.commit().await?;
    Ok(ended)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Api, TestApp};

    #[tokio::test]
    async fn nobody_is_logged_in_afterwards() {
        let api = Api::of(TestApp::new().await).await;
        let browser = api.app.browser();
        browser.log_in("+79123456789").await;
        let tokens = api.log_in("+79123456780").await;
        let ended = end(&api.app).await.unwrap();
        assert_eq!((ended.sessions, ended.token_families), (1, 1));
        assert!(browser.get("/profile").await.location().starts_with("/login"));
        assert_eq!(api.with_token(&tokens.access).get("/profile/").await.status, 401);
    }
}
