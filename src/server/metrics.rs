//! What Vouch counts and measures for Prometheus: each metric with its name, its labels and what it means, and a function
//! for each event. Nothing is kept unless `VOUCH_METRICS_LISTEN` is set.
//!
//! A label has few values, and none of them tells who somebody is: no phone, code, network or id.

use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusRecorder};
use std::time::Duration;

/// What is known of a metric before anything has happened.
pub struct Metric {
    pub name: &'static str,
    /// The names of its labels, with commas between them.
    pub labels: &'static str,
    pub meaning: &'static str,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Kind {
    Counter,
    Gauge,
    Histogram,
}

const HTTP_REQUESTS: Metric = Metric {
    name: "vouch_http_requests_total",
    labels: "route,method,status",
    meaning: "Requests that were answered. The route is a pattern, \"file\" for a built file, or \"unknown\"",
    kind: Kind::Counter,
};
const HTTP_DURATION: Metric = Metric {
    name: "vouch_http_request_duration_seconds",
    labels: "route",
    meaning: "Time from the head of a request to the head of its answer",
    kind: Kind::Histogram,
};
const LOGINS: Metric = Metric {
    name: "vouch_logins_total",
    labels: "step",
    meaning: "Logins that were begun (the first message was stored) and finished (the code was accepted)",
    kind: Kind::Counter,
};
const MESSAGES: Metric = Metric {
    name: "vouch_messages_total",
    labels: "gateway,outcome",
    meaning: "Text messages handed to a gateway: sent, unknown (it may have been sent) or refused (it was surely not sent)",
    kind: Kind::Counter,
};
const REDEMPTIONS: Metric = Metric {
    name: "vouch_redemptions_total",
    labels: "outcome",
    meaning: "Attempts of members to redeem a code; the outcome is redeemed, or why it was refused",
    kind: Kind::Counter,
};
const LIMITS: Metric = Metric {
    name: "vouch_limits_reached_total",
    labels: "budget",
    meaning: "Refusals because a budget was used up, or (prefix-used) few messages to a prefix led to logins",
    kind: Kind::Counter,
};
const WRITER_WAIT: Metric = Metric {
    name: "vouch_writer_wait_seconds",
    labels: "",
    meaning: "Time until a write transaction begins, after those before it",
    kind: Kind::Histogram,
};
const POOL: Metric = Metric {
    name: "vouch_pool_connections",
    labels: "state",
    meaning: "Connections for lists and searches when Prometheus asked: busy or idle",
    kind: Kind::Gauge,
};
const JOB_RUNS: Metric = Metric {
    name: "vouch_job_runs_total",
    labels: "name,outcome",
    meaning: "Runs of a periodic job: done or failed",
    kind: Kind::Counter,
};
const JOB_DURATION: Metric = Metric {
    name: "vouch_job_duration_seconds",
    labels: "name",
    meaning: "How long a periodic job ran",
    kind: Kind::Histogram,
};
const JOB_ROWS: Metric = Metric {
    name: "vouch_job_rows_deleted_total",
    labels: "name",
    meaning: "Rows that a periodic job deleted or cleared",
    kind: Kind::Counter,
};
const WEBHOOKS: Metric = Metric {
    name: "vouch_webhook_attempts_total",
    labels: "outcome",
    meaning: "Attempts to send a webhook: delivered or failed",
    kind: Kind::Counter,
};
const BUILD_INFO: Metric = Metric {
    name: "vouch_build_info",
    labels: "version",
    meaning: "Always 1; the label is the version that runs",
    kind: Kind::Gauge,
};
const STARTED: Metric = Metric {
    name: "process_start_time_seconds",
    labels: "",
    meaning: "When the server was started, in seconds since 1970",
    kind: Kind::Gauge,
};

/// All of them. docs/monitoring.md lists them in this order.
pub static ALL: [Metric; 14] = [
    HTTP_REQUESTS,
    HTTP_DURATION,
    LOGINS,
    MESSAGES,
    REDEMPTIONS,
    LIMITS,
    WRITER_WAIT,
    POOL,
    JOB_RUNS,
    JOB_DURATION,
    JOB_ROWS,
    WEBHOOKS,
    BUILD_INFO,
    STARTED,
];

/// Upper ends of the buckets of every histogram, in seconds.
const BUCKETS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Keeps what is counted. The steps of a login are there from the beginning: a counter that appears later than its first
/// event seems not to have risen.
///
/// # Errors
/// None, as long as there are buckets.
pub fn recorder() -> Result<PrometheusRecorder, BuildError> {
    let recorder = PrometheusBuilder::new().set_buckets(&BUCKETS)?.build_recorder();
    metrics::with_local_recorder(&recorder, || {
        ALL.iter().for_each(describe);
        counter!(LOGINS.name, "step" => "begun").increment(0);
        counter!(LOGINS.name, "step" => "finished").increment(0);
        gauge!(BUILD_INFO.name, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    });
    Ok(recorder)
}

fn describe(metric: &Metric) {
    match metric.kind {
        Kind::Counter => metrics::describe_counter!(metric.name, metric.meaning),
        Kind::Gauge => metrics::describe_gauge!(metric.name, metric.meaning),
        Kind::Histogram => metrics::describe_histogram!(metric.name, metric.meaning),
    }
}

pub fn started(since_1970: Duration) {
    gauge!(STARTED.name).set(since_1970);
}

/// A request was answered. `route` must be one of few.
pub fn answered(route: &str, method: &'static str, status: &str, took: Duration) {
    let (route, status) = (route.to_owned(), status.to_owned());
    histogram!(HTTP_DURATION.name, "route" => route.clone()).record(took);
    counter!(HTTP_REQUESTS.name, "route" => route, "method" => method, "status" => status).increment(1);
}

/// The first message of a login was committed.
pub fn login_begun() {
    counter!(LOGINS.name, "step" => "begun").increment(1);
}

/// A login was committed whose code was accepted.
pub fn login_finished() {
    counter!(LOGINS.name, "step" => "finished").increment(1);
}

/// What became of a message.
#[derive(Clone, Copy, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum Handed {
    Sent,
    Unknown,
    Refused,
}

/// A gateway, by the name in its definition, was given a message.
pub fn message(gateway: &str, outcome: Handed) {
    counter!(MESSAGES.name, "gateway" => gateway.to_owned(), "outcome" => outcome.into_str()).increment(1);
}

/// An attempt to redeem a code was committed.
pub fn redemption(outcome: &'static str) {
    counter!(REDEMPTIONS.name, "outcome" => outcome).increment(1);
}

/// Something was refused because this budget has nothing left.
pub fn limit_reached(budget: &'static str) {
    counter!(LIMITS.name, "budget" => budget).increment(1);
}

/// A write transaction began, or was given up, after this time.
pub fn writer_waited(time: Duration) {
    histogram!(WRITER_WAIT.name).record(time);
}

pub fn pool(busy: u32, idle: u32) {
    gauge!(POOL.name, "state" => "busy").set(busy);
    gauge!(POOL.name, "state" => "idle").set(idle);
}

/// There is a periodic job: its counters begin at 0, so that its first failure is seen.
pub fn job_known(name: &'static str) {
    for outcome in ["done", "failed"] {
        counter!(JOB_RUNS.name, "name" => name, "outcome" => outcome).increment(0);
    }
}

/// A periodic job ran; `None` if it failed, and otherwise how many rows it deleted.
pub fn job_ran(name: &'static str, deleted: Option<u64>, took: Duration) {
    let outcome = if deleted.is_some() { "done" } else { "failed" };
    counter!(JOB_RUNS.name, "name" => name, "outcome" => outcome).increment(1);
    counter!(JOB_ROWS.name, "name" => name).increment(deleted.unwrap_or_default());
    histogram!(JOB_DURATION.name, "name" => name).record(took);
}

/// An attempt to send a webhook was recorded.
pub fn webhook(is_delivered: bool) {
    counter!(WEBHOOKS.name, "outcome" => if is_delivered { "delivered" } else { "failed" }).increment(1);
}
