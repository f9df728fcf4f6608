//! Sends webhooks. Each endpoint has a task of its own, so that one that does not answer holds up no other.

use super::Jobs;
use crate::error::AppResult;
use crate::server::data::DueWebhook;
use crate::server::domain::{Ports, webhooks};
use crate::server::webhooks::Endpoint;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// The first attempt is to be made within a second.
const EVERY: Duration = Duration::from_millis(500);
/// Attempts of one server at one endpoint at the same time.
const AT_ONCE: usize = 4;

/// Sends to these endpoints until the server stops.
pub fn start(jobs: &Jobs, ports: &Arc<Ports>, endpoints: Vec<Endpoint>) {
    for endpoint in endpoints {
        jobs.spawn(Courier::new(ports.clone(), endpoint).run(jobs.stop.clone()));
    }
}

/// What sends to one endpoint.
pub struct Courier {
    ports: Arc<Ports>,
    endpoint: Arc<Endpoint>,
    under_way: JoinSet<()>,
}

impl Courier {
    pub fn new(ports: Arc<Ports>, endpoint: Endpoint) -> Self {
        Self { ports, endpoint: Arc::new(endpoint), under_way: JoinSet::new() }
    }

    async fn run(mut self, stop: CancellationToken) {
        let mut rounds = tokio::time::interval(EVERY);
        rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                _ = rounds.tick() => {}
                Some(_) = self.under_way.join_next() => {}
            }
            if let Err(error) = self.begin().await {
                tracing::error!(?error, "due webhooks could not be claimed");
            }
        }
        self.finish().await;
    }

    /// Begins as many attempts as are due and may be made at once; returns how many.
    pub async fn begin(&mut self) -> AppResult<usize> {
        while self.under_way.try_join_next().is_some() {}
        let free = AT_ONCE.saturating_sub(self.under_way.len());
        if free == 0 {
            return Ok(0);
        }
        let due = webhooks::claim(&self.ports, self.endpoint.url(), free).await?;
        let begun = due.len();
        for due in due {
            self.under_way.spawn(attempt(self.ports.clone(), self.endpoint.clone(), due));
        }
        Ok(begun)
    }

    /// Waits for the attempts under way.
    pub async fn finish(&mut self) {
        while self.under_way.join_next().await.is_some() {}
    }
}

/// Attempts one delivery. If it cannot be recorded, the attempt is made again after its lease.
async fn attempt(ports: Arc<Ports>, endpoint: Arc<Endpoint>, due: DueWebhook) {
    let begun_at = ports.clock.now();
    let sent = endpoint.send(webhooks::message(&due), ports.clock.wall()).await;
    if let Err(error) = webhooks::settle(&ports, endpoint.url(), &due, begun_at, sent).await {
        tracing::error!(?error, delivery = due.id, "an attempt to send a webhook could not be recorded");
    }
}
