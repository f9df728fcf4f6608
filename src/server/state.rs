//! What every request shares: made once at the start, handed to the router.

use crate::app::PageAssets;
use crate::server::assets;
use crate::server::clock::{SystemClock, SystemEntropy};
use crate::server::config::{Config, ConfigError, PublicUrl, SmsKind};
use crate::server::domain::{Keys, Ports};
use crate::server::secrets::Secret;
use crate::server::sms::SmsGateway;
use crate::server::sms::simulated::SimulatedSms;
use crate::server::storage::sqlite::SqliteStore;
use crate::server::storage::{Store, StoreError};
use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What every request shares; cloning it is cheap.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

/// The fields of [`AppState`].
pub struct Shared {
    /// The way into the domain.
    pub ports: Arc<Ports>,
    /// The files a page asks for.
    pub page_assets: PageAssets,
    /// Where browsers find this server, if that was set.
    pub public_url: Option<PublicUrl>,
    /// How many proxies of ours a request comes through.
    pub trusted_hops: u8,
    /// What Leptos wants to know.
    pub leptos: LeptosOptions,
    draining: AtomicBool,
}

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database did not open.
    #[error("VOUCH_DATABASE_URL: {file} cannot be opened: {source}")]
    Store {
        /// The database file.
        file: String,
        /// What went wrong.
        source: StoreError,
    },
    /// The address is taken or not ours.
    #[error("VOUCH_LISTEN: cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The system refused something a server needs.
    #[error(transparent)]
    System(#[from] std::io::Error),
}

impl AppState {
    /// Opens the database and the gateway that the settings name.
    ///
    /// # Errors
    /// With the setting that could not be followed.
    pub async fn open(config: &Config) -> Result<Self, StartError> {
        let entropy = Arc::new(SystemEntropy);
        let file = &config.database_url.file;
        let failed = |source| StartError::Store { file: file.display().to_string(), source };
        let store = SqliteStore::open(file).await.map_err(failed)?;
        let clock = Arc::new(SystemClock::starting_after(store.newest_code_at().await.map_err(failed)?));
        let secret = match &config.secret {
            Some(secret) => secret.clone(),
            None => Secret::from_file(&config.secret_file(), entropy.as_ref()).map_err(ConfigError::from)?,
        };
        let sms: Arc<dyn SmsGateway> = match config.sms {
            SmsKind::Simulated => {
                Arc::new(SimulatedSms::new(config.sms_delay_ms, clock.clone(), entropy.clone()).printing())
            }
        };
        let ports =
            Ports { store: Arc::new(store), clock, entropy, sms, keys: Keys::new(&secret), rules: config.rules() };
        Ok(Self::new(Arc::new(ports), config.public_url.clone(), config.trusted_hops))
    }

    /// The state around given ports.
    pub fn new(ports: Arc<Ports>, public_url: Option<PublicUrl>, trusted_hops: u8) -> Self {
        Self(Arc::new(Shared {
            ports,
            page_assets: assets::page_assets(),
            public_url,
            trusted_hops,
            leptos: LeptosOptions::builder().output_name("vouch").build(),
            draining: AtomicBool::default(),
        }))
    }

    /// The database.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.ports.store
    }

    /// Whether browsers come over TLS.
    pub fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(PublicUrl::is_https)
    }

    /// From now on the server says that it is not ready for more.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Whether [`Self::drain`] was called.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
