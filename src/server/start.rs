//! Opens what the settings name: database, secret, gateway. The server and every command that needs the rules begin here.

use crate::server::clock::{SystemClock, SystemEntropy};
use crate::server::domain::{Keys, Ports, phone};
use crate::server::secrets::Secret;
use crate::server::settings::{Settings, SettingsError, SmsChoice};
use crate::server::sms::simulated::SimulatedSms;
use crate::server::sms::{Chain, Definition, DefinitionError, HttpGateway, SmsGateway, environment};
use crate::server::storage::sqlite::SqliteStore;
use crate::server::storage::{LoginCodeStore, StoreError};
use crate::words;
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
    /// A test phone that nobody can log in with.
    #[error("{}", words::service().test_phone_impossible)]
    TestPhone,
    #[error(transparent)]
    Gateway(#[from] DefinitionError),
    #[error("{}", words::service().no_http_client(&.0.to_string()))]
    HttpClient(#[from] reqwest::Error),
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
    let sms: Arc<dyn SmsGateway> = match &settings.sms {
        Some(SmsChoice::Gateways(names)) => Arc::new(Chain(gateways(names)?)),
        None | Some(SmsChoice::Simulated) => {
            Arc::new(SimulatedSms::new(settings.sms_delay_ms, clock.clone(), entropy.clone()).printing())
        }
    };
    let (store, keys, rules) = (Arc::new(store), Keys::new(&secret), settings.rules()?);
    if rules.sms_text.parts() > 1 && !settings.is_simulated() {
        tracing::warn!(
            parts = rules.sms_text.parts(),
            "each login code costs several messages; shorten VOUCH_SMS_TEXT"
        );
    }
    for test in &rules.test_phones {
        phone::parse(test.phone.as_str(), rules.region).map_err(|_| StartError::TestPhone)?;
        tracing::warn!(phone = ?test.phone, until = %test.until, "a test phone logs in with a fixed code");
    }
    Ok(Arc::new(Ports { store, clock, entropy, sms, keys, rules }))
}

/// The gateways with these names, in their order.
///
/// # Errors
/// With the definition that cannot be used.
pub fn gateways(names: &[String]) -> Result<Vec<HttpGateway>, StartError> {
    names.iter().map(|name| Ok(HttpGateway::new(Definition::read(name, &environment)?)?)).collect()
}
