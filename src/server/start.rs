//! Opens what the settings name: database, secret, gateway. The server and every command that needs the rules begin here.

use crate::error::AppError;
use crate::server::clock::{SystemClock, SystemEntropy};
use crate::server::domain::{Keys, Ports};
use crate::server::secrets::Secret;
use crate::server::settings::{Settings, SettingsError, SmsKind};
use crate::server::sms::SmsGateway;
use crate::server::sms::simulated::SimulatedSms;
use crate::server::storage::sqlite::SqliteStore;
use crate::server::storage::{LoginCodeStore, StoreError};
use crate::words::{self, Sentence};
use std::sync::Arc;

/// Why the server, or a command, did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error("{}", words::service().cannot_open(file, &source.to_string()))]
    Store { file: String, source: StoreError },
    #[error("{}", words::service().cannot_listen(&address.to_string(), &source.to_string()))]
    Listen { address: std::net::SocketAddr, source: std::io::Error },
    /// The link for the first admin could not be kept.
    #[error("{}", .0.sentence())]
    FirstAdmin(AppError),
    /// The system refused something that a server needs.
    #[error(transparent)]
    System(#[from] std::io::Error),
}

/// Opens the database, reads or makes the secret, and prepares the gateway.
///
/// # Errors
/// With the setting that could not be followed.
pub async fn open(settings: &Settings) -> Result<Arc<Ports>, StartError> {
    let entropy = Arc::new(SystemEntropy);
    let file = &settings.database_url.file;
    let failed = |source| StartError::Store { file: file.display().to_string(), source };
    let store = SqliteStore::open(file).await.map_err(failed)?;
    let clock = Arc::new(SystemClock::starting_after(store.newest_code_at().await.map_err(failed)?));
    let secret = match &settings.secret {
        Some(secret) => secret.clone(),
        None => Secret::from_file(&settings.secret_file(), entropy.as_ref()).map_err(SettingsError::from)?,
    };
    let sms: Arc<dyn SmsGateway> = match settings.sms {
        SmsKind::Simulated => {
            Arc::new(SimulatedSms::new(settings.sms_delay_ms, clock.clone(), entropy.clone()).printing())
        }
    };
    let (store, keys, rules) = (Arc::new(store), Keys::new(&secret), settings.rules());
    Ok(Arc::new(Ports { store, clock, entropy, sms, keys, rules }))
}
