//! Opens what the settings name: database, secret, gateway. The server and every command that needs the rules begin here.

mod key;

use crate::error::AppError;
use crate::server::clock::{SystemClock, SystemEntropy};
use crate::server::domain::{Keys, Ports, phone};
use crate::server::sentences;
use crate::server::settings::{DatabaseUrl, PublicUrl, Settings, SettingsError, SmsChoice, Switch};
use crate::server::sms::simulated::SimulatedSms;
use crate::server::sms::{Chain, Definition, DefinitionError, HttpGateway, SmsGateway, environment, innermost};
use crate::server::storage::postgres::PostgresStore;
use crate::server::storage::sqlite::SqliteStore;
use crate::server::storage::{Store, StoreError};
use crate::server::webhooks::{Endpoint, EndpointError};
use crate::words::Sentence;
use std::path::PathBuf;
use std::sync::Arc;

/// Why the server, or a command, did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error("{}", sentences::terminal().cannot_open(database, &source.to_string()))]
    Store { database: String, source: StoreError },
    /// A command does not create a database.
    #[error("{}", sentences::terminal().no_database(&.0.display().to_string()))]
    NoDatabase(PathBuf),
    /// The database was used with another secret. The file is where it is looked for.
    #[error("VOUCH_SECRET: {}", sentences::terminal().secret_differs(.0.as_ref().map(|file| file.display().to_string()).as_deref()))]
    OtherSecret(Option<PathBuf>),
    /// The database was used with a secret, and its file is not there.
    #[error("VOUCH_SECRET: {}", sentences::terminal().secret_missing(&.0.display().to_string()))]
    NoSecret(PathBuf),
    /// Beside PostgreSQL there is no file in which one could be made.
    #[error("VOUCH_SECRET: {}", sentences::terminal().secret_needed)]
    SecretNeeded,
    #[error("{}", sentences::terminal().cannot_listen(setting, &address.to_string(), &source.to_string()))]
    Listen { setting: &'static str, address: std::net::SocketAddr, source: std::io::Error },
    #[error(transparent)]
    Metrics(#[from] metrics_exporter_prometheus::BuildError),
    #[error("VOUCH_OTLP_ENDPOINT: {0}")]
    Traces(#[from] opentelemetry_otlp::ExporterBuildError),
    /// A test phone that nobody can log in with.
    #[error("{}", sentences::terminal().test_phone_impossible)]
    TestPhone,
    #[error(transparent)]
    Gateway(#[from] DefinitionError),
    #[error("{}", sentences::terminal().no_http_client(&innermost(.0)))]
    HttpClient(#[from] reqwest::Error),
    #[error("VOUCH_WEBHOOKS: {0}")]
    Webhook(#[from] EndpointError),
    /// The link for the first admin could not be kept.
    #[error("{}", .0.sentence())]
    FirstAdmin(AppError),
    /// The system refused something that a server needs.
    #[error(transparent)]
    System(#[from] std::io::Error),
}

/// Opens or creates the database and migrates it, reads or makes the secret, and prepares the gateway.
///
/// # Errors
/// With the setting that could not be followed.
pub async fn open(settings: &Settings) -> Result<Arc<Ports>, StartError> {
    let store: Arc<dyn Store> = match &settings.database_url {
        DatabaseUrl::Sqlite(file) => Arc::new(SqliteStore::open(file).await.map_err(store_error(settings))?),
        DatabaseUrl::Postgres(options) => {
            let store = PostgresStore::open(options, settings.database_connections).await;
            Arc::new(store.map_err(store_error(settings))?)
        }
    };
    let ports = assemble(settings, store, key::Missing::Refused).await?;
    key::check(&ports, settings).await?;
    Ok(ports)
}

/// The same for a command that may run beside a server: it neither creates the database nor migrates it.
///
/// # Errors
/// With the setting that could not be followed.
pub async fn open_existing(settings: &Settings) -> Result<Arc<Ports>, StartError> {
    let ports = assemble(settings, existing_store(settings).await?, key::Missing::Refused).await?;
    key::check(&ports, settings).await?;
    Ok(ports)
}

/// The same whatever secret the database was used with. A new secret is made if there is none.
///
/// # Errors
/// With the setting that could not be followed.
pub async fn open_with_any_secret(settings: &Settings) -> Result<Arc<Ports>, StartError> {
    assemble(settings, existing_store(settings).await?, key::Missing::Made).await
}

async fn existing_store(settings: &Settings) -> Result<Arc<dyn Store>, StartError> {
    let options = match &settings.database_url {
        DatabaseUrl::Postgres(options) => options,
        DatabaseUrl::Sqlite(file) => {
            let file = std::path::absolute(file)?;
            if !file.try_exists()? {
                return Err(StartError::NoDatabase(file));
            }
            return Ok(Arc::new(SqliteStore::open_existing(&file).await.map_err(store_error(settings))?));
        }
    };
    let store = PostgresStore::open_existing(options, settings.database_connections).await;
    Ok(Arc::new(store.map_err(store_error(settings))?))
}

async fn assemble(settings: &Settings, store: Arc<dyn Store>, missing: key::Missing) -> Result<Arc<Ports>, StartError> {
    let entropy = Arc::new(SystemEntropy);
    let newest_code = store.newest_code_at().await.map_err(store_error(settings))?;
    let clock = Arc::new(SystemClock::starting_after(newest_code));
    let secret = key::read(settings, store.as_ref(), entropy.as_ref(), missing).await?;
    let sms: Arc<dyn SmsGateway> = match &settings.sms {
        Some(SmsChoice::Gateways(names)) => Arc::new(Chain(gateways(settings, names)?)),
        None | Some(SmsChoice::Simulated) => {
            Arc::new(SimulatedSms::new(settings.sms_delay_ms, entropy.clone()).printing())
        }
    };
    let (keys, rules) = (Keys::new(&secret), settings.rules()?);
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
pub fn gateways(settings: &Settings, names: &[String]) -> Result<Vec<HttpGateway>, StartError> {
    let public_url = settings.public_url.as_ref().map(PublicUrl::as_str);
    names.iter().map(|name| Ok(HttpGateway::new(Definition::read(name, public_url, &environment)?)?)).collect()
}

/// The endpoints of webhooks.
///
/// # Errors
/// With the one that cannot be used.
pub fn webhooks(settings: &Settings) -> Result<Vec<Endpoint>, StartError> {
    let Some(keys) = &settings.webhook_secret else { return Ok(Vec::new()) };
    let allows_private = settings.webhook_private == Switch::On;
    let endpoints = settings.webhooks.iter().map(|url| Ok(Endpoint::new(url.clone(), keys.clone(), allows_private)?));
    endpoints.collect()
}

fn store_error(settings: &Settings) -> impl Fn(StoreError) -> StartError + use<> {
    let database = settings.database_url.to_string();
    move |source| StartError::Store { database: database.clone(), source }
}

/// Tells the host what is not as it should be: in the log, and where there is none, on standard error.
pub fn warn(sentence: &str) {
    if tracing::enabled!(tracing::Level::WARN) {
        tracing::warn!("{sentence}");
    } else {
        eprintln!("vouch: {sentence}");
    }
}
