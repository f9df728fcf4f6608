//! Background jobs: a list of periodic ones, and imports. Shutdown waits for all of them.
//!
//! Here is only how often a job runs; how long data is kept is decided in `domain`.

pub mod imports;
pub mod live;
pub mod webhooks;

use crate::error::AppResult;
use crate::server::domain::{self, Ports, admin, budget, login, redeem, referral, session, token, visitor};
use crate::server::metrics;
use futures::future::{BoxFuture, ready};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

/// A periodic job.
#[derive(Clone, Copy)]
struct Job {
    /// In the log, in the metrics, and in the table in which servers claim it.
    name: &'static str,
    every: Duration,
    /// Whether one server does it for all that share a database.
    is_shared: bool,
    /// Returns how many rows it deleted.
    run: fn(&Ports) -> BoxFuture<'_, AppResult<u64>>,
}

const TEN_MINUTES: Duration = Duration::from_mins(10);
/// A job is due so much earlier than its period is over: timers are not exact, and a job that is missed by a moment would
/// wait for another period.
const EARLIER: Duration = Duration::from_secs(10);

const PERIODIC: [Job; 10] = [
    Job { is_shared: false, ..cleaning("clock", |ports| Box::pin(ready(Ok(check_clock(ports))))) },
    cleaning("sessions", |ports| Box::pin(session::forget_expired(ports))),
    cleaning("login codes", |ports| Box::pin(login::forget_old_codes(ports))),
    cleaning("tokens", |ports| Box::pin(token::forget_expired(ports))),
    cleaning("uses of budgets", |ports| Box::pin(budget::forget_expired_uses(ports))),
    cleaning("devices", |ports| Box::pin(visitor::forget_old_devices(ports))),
    cleaning("networks of attempts", |ports| Box::pin(referral::forget_networks(ports))),
    cleaning("imports", |ports| Box::pin(admin::import::forget_old(ports))),
    cleaning("idempotent outcomes", |ports| Box::pin(redeem::forget_old_outcomes(ports))),
    cleaning("webhooks", |ports| Box::pin(domain::webhooks::forget_old(ports))),
];

const fn cleaning(name: &'static str, run: fn(&Ports) -> BoxFuture<'_, AppResult<u64>>) -> Job {
    Job { name, every: TEN_MINUTES, is_shared: true, run }
}

/// The jobs that are running.
#[derive(Clone, Default)]
pub struct Jobs {
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Jobs {
    /// Starts a job that runs once.
    pub fn spawn(&self, job: impl Future<Output = ()> + Send + 'static) {
        drop(self.run(job));
    }

    /// The same for a job whose caller wants its result.
    pub fn run<T: Send + 'static>(&self, job: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        self.tracker.spawn(job.in_current_span())
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
    metrics::job_known(job.name);
    let mut rounds = tokio::time::interval(job.every);
    while stop.run_until_cancelled(rounds.tick()).await.is_some() {
        match run(job, &ports).await {
            Ok(Some(deleted)) => tracing::debug!(job = job.name, deleted, "job done"),
            Ok(None) => tracing::debug!(job = job.name, "another server has done this job"),
            Err(error) => tracing::error!(job = job.name, ?error, "job failed"),
        }
    }
}

/// Runs a job, unless another server on the same database has claimed it for this period. A job that a server leaves
/// half-done, because it was killed, is run again in the next one.
async fn run(job: Job, ports: &Ports) -> AppResult<Option<u64>> {
    let began = Instant::now();
    let done = match is_due(job, ports).await {
        Ok(false) => return Ok(None),
        Ok(true) => (job.run)(ports).await,
        Err(error) => Err(error),
    };
    metrics::job_ran(job.name, done.as_ref().ok().copied(), began.elapsed());
    done.map(Some)
}

async fn is_due(job: Job, ports: &Ports) -> AppResult<bool> {
    if !job.is_shared {
        return Ok(true);
    }
    let now = ports.clock.now();
    Ok(ports.store.claim_job(job.name, now, now.plus(job.every.saturating_sub(EARLIER))).await?)
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
    use crate::tests::metrics::counted;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[tokio::test]
    async fn servers_on_one_database_run_a_job_once_a_period() {
        let one = TestApp::new().await;
        let other = one.another_server().await;
        let job = cleaning("test", |_| Box::pin(ready(Ok(7))));
        assert_eq!(run(job, &one).await.unwrap(), Some(7));
        assert_eq!(run(job, &other).await.unwrap(), None);
        for app in [&one, &other] {
            app.clock.advance(TEN_MINUTES);
        }
        assert_eq!(run(job, &other).await.unwrap(), Some(7));
        assert_eq!(run(job, &one).await.unwrap(), None);
        assert_eq!(run(Job { is_shared: false, ..job }, &one).await.unwrap(), Some(7));
    }

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

    #[tokio::test]
    async fn every_run_of_a_job_is_counted_as_done_or_failed() {
        let recorder = metrics::recorder().unwrap();
        let _counting = ::metrics::set_default_local_recorder(&recorder);
        let app = TestApp::new().await;
        for job in PERIODIC {
            run(job, &app).await.unwrap();
        }
        app.store.close().await;
        for job in PERIODIC {
            let is_done = run(job, &app).await.is_ok();
            assert_eq!(is_done, !job.is_shared, "{}", job.name);
            let runs = |outcome| {
                counted(&recorder, &format!("vouch_job_runs_total{{name=\"{}\",outcome=\"{outcome}\"}}", job.name))
            };
            // The check of the clock needs no database.
            let expected = if job.name == "clock" { (Some(2.0), None) } else { (Some(1.0), Some(1.0)) };
            assert_eq!((runs("done"), runs("failed")), expected, "{}", job.name);
        }
    }

    #[tokio::test]
    async fn a_job_that_has_not_run_yet_is_known_to_have_failed_never() {
        let recorder = metrics::recorder().unwrap();
        let _counting = ::metrics::set_default_local_recorder(&recorder);
        let app = TestApp::new().await;
        let jobs = Jobs::default();
        jobs.start(&app.state.ports);
        jobs.finish(Duration::from_mins(1)).await;
        assert_eq!(counted(&recorder, "vouch_job_runs_total{name=\"sessions\",outcome=\"failed\"}"), Some(0.0));
    }
}
