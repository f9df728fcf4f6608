//! Background jobs: a list of periodic ones, and imports. Shutdown waits for all of them.
//!
//! Here is only how often a job runs; how long data is kept is decided in `domain`.

pub mod imports;

use crate::error::AppResult;
use crate::server::domain::{Ports, admin, budget, login, redeem, referral, session, token, visitor};
use futures::future::{BoxFuture, ready};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

/// A periodic job.
#[derive(Clone, Copy)]
struct Job {
    /// For the log.
    name: &'static str,
    every: Duration,
    /// Returns how many rows it deleted.
    run: fn(&Ports) -> BoxFuture<'_, AppResult<u64>>,
}

const TEN_MINUTES: Duration = Duration::from_mins(10);

const PERIODIC: [Job; 9] = [
    Job { name: "clock", every: TEN_MINUTES, run: |ports| Box::pin(ready(Ok(check_clock(ports)))) },
    Job { name: "sessions", every: TEN_MINUTES, run: |ports| Box::pin(session::forget_expired(ports)) },
    Job { name: "login codes", every: TEN_MINUTES, run: |ports| Box::pin(login::forget_old_codes(ports)) },
    Job { name: "tokens", every: TEN_MINUTES, run: |ports| Box::pin(token::forget_expired(ports)) },
    Job { name: "uses of budgets", every: TEN_MINUTES, run: |ports| Box::pin(budget::forget_expired_uses(ports)) },
    Job { name: "devices", every: TEN_MINUTES, run: |ports| Box::pin(visitor::forget_old_devices(ports)) },
    Job { name: "networks of attempts", every: TEN_MINUTES, run: |ports| Box::pin(referral::forget_networks(ports)) },
    Job { name: "imports", every: TEN_MINUTES, run: |ports| Box::pin(admin::import::forget_old(ports)) },
    Job { name: "idempotent outcomes", every: TEN_MINUTES, run: |ports| Box::pin(redeem::forget_old_outcomes(ports)) },
];

/// The jobs that are running.
#[derive(Clone, Default)]
pub struct Jobs {
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Jobs {
    /// Starts a job that runs once.
    pub fn spawn(&self, job: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(job.in_current_span());
    }

    /// Starts every periodic job.
    pub fn start(&self, ports: &Arc<Ports>) {
        for job in PERIODIC {
            self.tracker.spawn(repeat(job, ports.clone(), self.stop.clone()));
        }
    }

    /// Stops the periodic jobs and waits for those under way, for at most `patience`.
    pub async fn finish(&self, patience: Duration) {
        self.stop.cancel();
        self.tracker.close();
        if tokio::time::timeout(patience, self.tracker.wait()).await.is_err() {
            tracing::warn!(after = ?patience, "background jobs did not finish in time and were aborted");
        }
    }
}

/// Runs a job until `stop`. A failure is logged, and the job runs again at the next tick.
async fn repeat(job: Job, ports: Arc<Ports>, stop: CancellationToken) {
    let mut rounds = tokio::time::interval(job.every);
    while stop.run_until_cancelled(rounds.tick()).await.is_some() {
        match (job.run)(&ports).await {
            Ok(deleted) => tracing::debug!(job = job.name, deleted, "job done"),
            Err(error) => tracing::error!(job = job.name, ?error, "job failed"),
        }
    }
}

fn check_clock(ports: &Ports) -> u64 {
    let seconds = ports.clock.was_set_by() / 1000;
    if seconds.abs() > 60 {
        tracing::warn!(seconds, "the system clock was changed; restart Vouch to use the new time");
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::TestApp;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[tokio::test]
    async fn shutdown_waits_for_running_jobs() {
        let app = TestApp::new().await;
        let jobs = Jobs::default();
        jobs.start(&app.state.ports);
        let (go_on, is_done) = (Arc::new(tokio::sync::Notify::new()), Arc::new(AtomicBool::default()));
        let (told_to_go_on, done) = (go_on.clone(), is_done.clone());
        jobs.spawn(async move {
            told_to_go_on.notified().await;
            done.store(true, Ordering::SeqCst);
        });
        go_on.notify_one();
        jobs.finish(Duration::from_mins(1)).await;
        assert!(is_done.load(Ordering::SeqCst));
    }
}
