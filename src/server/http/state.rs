//! What every request shares: made once at the start, handed to the router.

use crate::model::page::PageAssets;
use crate::server::domain::Ports;
use crate::server::http::assets;
use crate::server::jobs::Jobs;
use crate::server::jobs::live::Live;
use crate::server::present::CountryChoice;
use crate::server::settings::PublicUrl;
use crate::server::storage::Store;
use axum::extract::FromRef;
use axum::http::{HeaderMap, header};
use leptos::config::LeptosOptions;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What every request shares; cloning it is cheap.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

/// The fields of [`AppState`].
pub struct Shared {
    /// The database, the clock, the gateway and the rules.
    pub ports: Arc<Ports>,
    /// The files that a page loads.
    pub page_assets: PageAssets,
    /// Where browsers find this server, if that was set.
    pub public_url: Option<PublicUrl>,
    /// How many trusted proxies a request comes through.
    pub trusted_hops: u8,
    /// Whether HSTS also holds for subdomains.
    pub hsts_subdomains: bool,
    /// The options of Leptos.
    pub leptos: LeptosOptions,
    /// Background jobs.
    pub jobs: Jobs,
    pub live: Live,
    pub countries: CountryChoice,
    draining: AtomicBool,
}

impl AppState {
    /// The state around given ports.
    pub fn new(ports: Arc<Ports>, public_url: Option<PublicUrl>, trusted_hops: u8, hsts_subdomains: bool) -> Self {
        Self(Arc::new(Shared {
            page_assets: assets::page_assets(&ports.rules, public_url.as_ref()),
            ports,
            public_url,
            trusted_hops,
            hsts_subdomains,
            leptos: LeptosOptions::builder().output_name("vouch").build(),
            jobs: Jobs::default(),
            live: Live::default(),
            countries: CountryChoice::default(),
            draining: AtomicBool::default(),
        }))
    }

    pub fn store(&self) -> &Arc<dyn Store> {
        &self.ports.store
    }

    /// Whether browsers come over TLS.
    pub fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(PublicUrl::is_https)
    }

    /// Where browsers find this server, without a slash at the end: `VOUCH_PUBLIC_URL`, or the address that this one has used.
    pub fn origin(&self, headers: &HeaderMap) -> String {
        if let Some(url) = &self.public_url {
            return url.as_str().to_owned();
        }
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
        format!("http://{host}")
    }

    /// From now on `/readyz` answers that the server is not ready.
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
