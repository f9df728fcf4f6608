//! The server. Each floor uses only those below it; `borders` tests that.
//!
//! - [`commands`]: the subcommands beside `serve`
//! - [`web`]: how HTTP arrives at the doors and leaves again
//! - [`rest`], [`forms`], and the server functions in [`crate::api`]: the doors. Who asks, which rule, how it is answered
//! - [`http`]: what the doors know of HTTP
//! - [`start`], [`jobs`]: what is opened at the start, and what runs by itself
//! - [`documents`]: the document around every page, and the pages that need no app
//! - [`present`]: domain values as the pages show them
//! - [`domain`]: the rules
//! - [`sms`], [`storage`], [`webhooks`]: the ways out
//! - [`data`]: ids and records that rules and storage share
//! - [`settings`], [`limits`], [`secrets`], [`clock`], [`metrics`], [`spreadsheet`], [`mod@sentences`]: the ground

pub mod account;
pub mod brand;
pub mod clock;
pub mod commands;
pub mod data;
pub mod documents;
pub mod domain;
pub mod forms;
pub mod http;
pub mod images;
pub mod jobs;
pub mod limits;
pub mod live;
pub mod metrics;
pub mod pages;
pub mod present;
pub mod reports;
pub mod rest;
pub mod secrets;
pub mod sentences;
pub mod settings;
pub mod share;
pub mod sms;
pub mod spreadsheet;
pub mod start;
pub mod storage;
pub mod web;
pub mod webhooks;

use crate::route;
use domain::admin::first;
use http::state::AppState;
use secrets::Token;
use settings::{Settings, SmsChoice, Switch};
use start::StartError;
use std::io::Write;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use web::scrape::Scrape;
use web::trace::Traces;
use web::{connections, logging, measure, router};

/// Serves until told to stop by SIGTERM or SIGINT, then finishes the requests under way.
///
/// # Errors
/// When the server cannot start, naming the setting that is the cause.
pub async fn run(settings: Settings) -> Result<(), StartError> {
    logging::init(&settings);
    if settings.overlooks_a_proxy() {
        start::warn(sentences::terminal().proxy_overlooked);
    }
    let endpoints = start::webhooks(&settings)?;
    let ports = start::open(&settings).await?;
    let hsts_subdomains = settings.hsts_subdomains == Switch::On;
    let state = AppState::new(ports.clone(), settings.public_url.clone(), settings.trusted_hops, hsts_subdomains);
    let listen_error = |source| StartError::Listen { setting: "VOUCH_LISTEN", address: settings.listen, source };
    let listener = TcpListener::bind(settings.listen).await.map_err(listen_error)?;
    let scrape = match settings.metrics_listen {
        Some(address) => Some(Scrape::open(address).await?),
        None => None,
    };
    let traces = settings.otlp_endpoint.as_ref().map(Traces::to).transpose()?;
    let first_admin = first::offer(&ports).await.map_err(StartError::FirstAdmin)?;
    announce(&settings, listener.local_addr().map_err(listen_error)?, first_admin.as_ref())?;

    state.jobs.start(&ports);
    state.jobs.spawn(state.live.clone().run(ports.clone()));
    jobs::webhooks::start(&state.jobs, &ports, endpoints);
    let (mut router, drained) = (router::build_router(state.clone()), CancellationToken::new());
    if let Some(scrape) = scrape {
        router = measure::requests(router);
        state.jobs.spawn(scrape.serve(ports.clone(), drained.clone().cancelled_owned()));
    }
    if let Some(traces) = &traces {
        router = traces.requests(router);
    }
    let (stop, draining) = (stop_signal()?, state.clone());
    let http = &ports.rules.limits.http;
    let stop = async move {
        stop.await;
        tracing::info!(going_on_for = ?http.drain_delay, "stopping: finishing the requests under way");
        draining.drain();
        draining.live.end();
        tokio::time::sleep(http.drain_delay).await;
    };
    connections::allow_many();
    connections::serve(listener, router, http, stop).await;
    drained.cancel();
    state.jobs.finish(http.drain).await;
    ports.store.close().await;
    if let Some(traces) = traces {
        traces.finish().await;
    }
    tracing::info!("stopped");
    Ok(())
}

/// Tells the person who started the server where it is and what it keeps where, and how to become the first admin.
fn announce(settings: &Settings, address: SocketAddr, first_admin: Option<&Token>) -> std::io::Result<()> {
    let url = settings.public_url.as_ref().map_or_else(|| format!("http://{address}"), |url| url.as_str().to_owned());
    let words = sentences::terminal();
    let sms = match &settings.sms {
        Some(SmsChoice::Gateways(names)) => names.join(", "),
        None | Some(SmsChoice::Simulated) => words.sms_simulated.to_owned(),
    };
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", words.started(&url, &settings.database_url.to_string(), &sms))?;
    if settings.is_simulated_in_public() {
        tracing::warn!("messages are simulated on a public address: anybody can log in with any number");
        writeln!(out, "{}", words.simulated_for_everybody)?;
    }
    if let Some(token) = first_admin {
        let link = format!("{url}{}", route::first_admin(token.as_str()));
        writeln!(out, "{}", words.first_admin_link(&link, &sentences::service().exact_duration(first::LINK_LIFE)))?;
    }
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
