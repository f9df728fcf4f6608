//! The server, from the outside in:
//!
//! - [`config`], [`limits`], [`logging`], [`secrets`], [`jwt`], [`clock`]: what it starts with
//! - [`connections`], [`router`], [`body`], [`accept`], [`csp`], [`csrf`], [`guard`], [`health`], [`assets`]: how a request comes in, and who may go where
//! - [`client`], [`cookies`], [`session`], [`visit`], [`present`], [`files`], [`spreadsheet`]: who is asking, how forms are answered, and what pages and files show
//! - [`rest`]: the JSON API
//! - [`domain`]: the rules, behind which stand [`storage`] and [`sms`]
//!
//! A request only ever goes down this list. Beside it stand [`backup`], [`admin_command`] and [`demo`], which are commands of their own.

pub mod accept;
pub mod admin_command;
pub mod assets;
pub mod backup;
pub mod body;
pub mod client;
pub mod clock;
pub mod config;
pub mod connections;
pub mod cookies;
pub mod csp;
pub mod csrf;
pub mod demo;
pub mod domain;
pub mod files;
pub mod guard;
pub mod health;
pub mod jwt;
pub mod limits;
pub mod logging;
pub mod present;
pub mod rest;
pub mod router;
pub mod secrets;
pub mod session;
pub mod sms;
pub mod spreadsheet;
pub mod state;
pub mod storage;
pub mod visit;

use crate::error;
use config::{Config, SmsKind};
use state::{AppState, StartError};
use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// How often expired sessions and old codes are deleted.
const CLEAN_EVERY: Duration = Duration::from_secs(10 * 60);

/// Serves until told to stop by SIGTERM or SIGINT, then finishes the requests under way.
///
/// # Errors
/// When the server cannot start, naming the setting that is in the way.
pub async fn run(config: Config) -> Result<(), StartError> {
    logging::init(&config);
    let state = AppState::open(&config).await?;
    let listen_error = |source| StartError::Listen { address: config.listen, source };
    let listener = TcpListener::bind(config.listen).await.map_err(listen_error)?;
    announce(&config, listener.local_addr().map_err(listen_error)?)?;

    tokio::spawn(clean(state.clone()));
    let (stop, draining) = (stop_signal()?, state.clone());
    let stop = async move {
        stop.await;
        tracing::info!("stopping: finishing the requests under way");
        draining.drain();
    };
    connections::allow_many();
    connections::serve(listener, router::build_router(state.clone()), &state.ports.rules.limits, stop).await;
    state.store().close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Tells the person who started the server where it is and what it keeps where.
fn announce(config: &Config, address: SocketAddr) -> std::io::Result<()> {
    let url = config.public_url.as_ref().map_or_else(|| format!("http://{address}"), |url| url.as_str().to_owned());
    let file = std::path::absolute(&config.database_url.file)?;
    let sms = match config.sms {
        SmsKind::Simulated => "simulated: nothing is sent, each code is shown in the page and here",
    };
    let mut out = std::io::stdout().lock();
    writeln!(out, "Vouch is at {url}\n  data  {}\n  SMS   {sms}\n  stop  Ctrl+C", file.display())?;
    out.flush()
}

fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Deletes what has expired, again and again; a failure is logged and the next round tries anew.
async fn clean(state: AppState) {
    let ports = &state.ports;
    let mut rounds = tokio::time::interval(CLEAN_EVERY);
    loop {
        rounds.tick().await;
        let seconds = ports.clock.was_set_by() / 1000;
        if seconds.abs() > 60 {
            tracing::warn!(
                seconds,
                "the machine's clock was set; Vouch goes on with its own time until it is restarted"
            );
        }
        report("sessions", session::forget_expired(ports).await);
        report("login codes", domain::login::forget_old_codes(ports).await);
        report("tokens", domain::token::forget_expired(ports).await);
        report("uses of budgets", domain::budget::forget_expired_uses(ports).await);
        report("devices", domain::visitor::forget_old_devices(ports).await);
        report("networks of tries", domain::referral::forget_networks(ports).await);
        report("imports", domain::admin::import::forget_old(ports).await);
        report("idempotent outcomes", domain::referral::forget_old_outcomes(ports).await);
    }
}

fn report(what: &str, deleted: error::AppResult<u64>) {
    match deleted {
        Ok(deleted) => tracing::debug!(what, deleted, "cleaned"),
        Err(_) => tracing::error!(what, "cleaning failed"),
    }
}
