//! The secret at the start: read or made, and compared with the one that the database was used with before.

use super::{StartError, store_error, warn};
use crate::server::clock::Entropy;
use crate::server::data::Lock;
use crate::server::domain::Ports;
use crate::server::secrets::{self, Secret};
use crate::server::sentences;
use crate::server::settings::{Settings, SettingsError};
use crate::server::storage::{Store, StoreError};

/// What happens if the database was used with a secret, and there is none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    Refused,
    /// A new one is made.
    Made,
}

/// Reads the secret from the settings or from its file. At the first start the file is made.
pub async fn read(
    settings: &Settings,
    store: &dyn Store,
    entropy: &dyn Entropy,
    missing: Missing,
) -> Result<Secret, StartError> {
    if let Some(secret) = &settings.secret {
        return Ok(secret.clone());
    }
    let file = settings.secret_file().ok_or(StartError::SecretNeeded)?;
    let was_used = store.begin(Lock::Nothing).await.map_err(store_error(settings))?.secret_check().await;
    let must_exist = was_used.map_err(store_error(settings))?.is_some() && missing == Missing::Refused;
    if must_exist && !file.try_exists()? {
        return Err(StartError::NoSecret(file));
    }
    let secret = match &settings.secret_file {
        Some(file) => Secret::from_file(file),
        None => Secret::from_own_file(&file, entropy),
    };
    let secret = secret.map_err(SettingsError::from)?;
    if secrets::is_open_to_others(&file)? {
        warn(&sentences::terminal().secret_unprotected(&file.display().to_string()));
    }
    Ok(secret)
}

/// Refuses a secret with which the database was not used before. While the secret is being changed, both are accepted,
/// and the database remembers the new one.
pub async fn check(ports: &Ports, settings: &Settings) -> Result<(), StartError> {
    let is_right = is_right(ports).await.map_err(store_error(settings))?;
    if is_right { Ok(()) } else { Err(StartError::OtherSecret(settings.secret_file())) }
}

async fn is_right(ports: &Ports) -> Result<bool, StoreError> {
    let key = &ports.keys.check;
    let own = key.mac(&[]);
    let mut tx = ports.store.begin(Lock::Host).await?;
    match tx.secret_check().await? {
        Some(kept) if kept == own => return Ok(true),
        Some(kept) if !key.verify(&[], &kept) => return Ok(false),
        _ => {}
    }
    tx.keep_secret_check(&own).await?;
    tx.commit().await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::settings::Cli;
    use crate::server::start;
    use clap::Parser;
    use std::path::Path;

    /// The settings of a server in a folder.
    fn settings(folder: &Path, more: &[&str]) -> Settings {
        let database = format!("sqlite:{}", folder.join("vouch.db").display());
        Cli::parse_from(["vouch", "--database-url", &database].iter().chain(more)).settings
    }

    async fn start(folder: &Path, more: &[&str]) -> Result<(), StartError> {
        let ports = start::open(&settings(folder, more)).await?;
        ports.store.close().await;
        Ok(())
    }

    #[tokio::test]
    async fn a_database_starts_only_with_its_secret() {
        let folder = tempfile::tempdir().unwrap();
        let (folder, [old, new]) = (folder.path(), ["a1", "b2"].map(|digits| digits.repeat(32)));
        start(folder, &["--secret", &old]).await.unwrap();
        start(folder, &["--secret", &old]).await.unwrap();
        assert!(matches!(start(folder, &["--secret", &new]).await, Err(StartError::OtherSecret(_))));
        assert!(matches!(start(folder, &[]).await, Err(StartError::NoSecret(_))), "and no other is made");
        assert!(!folder.join("vouch.db.key").exists());
        // While it is being changed both are accepted, and afterwards only the new one.
        start(folder, &["--secret", &format!("{new},{old}")]).await.unwrap();
        start(folder, &["--secret", &new]).await.unwrap();
        assert!(matches!(start(folder, &["--secret", &old]).await, Err(StartError::OtherSecret(_))));
    }

    #[tokio::test]
    async fn a_secret_file_that_is_named_is_read_and_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        let named = ["--secret-file", file.to_str().unwrap()];
        assert!(matches!(start(folder.path(), &named).await, Err(StartError::Settings(_))));
        std::fs::write(&file, "a1".repeat(32)).unwrap();
        start(folder.path(), &named).await.unwrap();
        start(folder.path(), &["--secret", &"a1".repeat(32)]).await.unwrap();
    }

    #[tokio::test]
    async fn servers_can_start_on_one_new_database_at_once() {
        for _ in 0..5 {
            let folder = tempfile::tempdir().unwrap();
            let starts = (0..6).map(|_| start(folder.path(), &[]));
            for started in futures::future::join_all(starts).await {
                started.unwrap();
            }
        }
    }
}
