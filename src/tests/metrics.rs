//! What is counted for Prometheus. A test has one thread, and a recorder that only this thread sees.

use super::*;
use crate::server::data::Lock;
use crate::server::domain::redeem;
use crate::server::metrics::{self, ALL, Metric};
use crate::server::web::measure;
use metrics_exporter_prometheus::PrometheusRecorder;
use regex::Regex;
use std::collections::BTreeSet;

/// The value of a series, as Prometheus would read it now; `None` if there is no such series.
pub fn counted(recorder: &PrometheusRecorder, series: &str) -> Option<f64> {
    let exposition = recorder.handle().render();
    let mut lines = exposition.lines().filter_map(|line| line.rsplit_once(' '));
    lines.find(|(name, _)| *name == series).map(|(_, value)| value.parse().unwrap())
}

/// A browser whose requests are measured.
fn measured(app: &TestApp) -> Browser {
    app.browser_through(measure::requests)
}

/// A series of an exposition, without the parts of a histogram: its metric, and its labels with their values.
struct Series<'a> {
    metric: &'static Metric,
    labels: Vec<(&'a str, &'a str)>,
}

fn series(exposition: &str) -> Vec<Series<'_>> {
    let lines = exposition.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| read(line.rsplit_once(' ').unwrap().0)).collect()
}

fn read(text: &str) -> Series<'_> {
    let (name, labels) = text.split_once('{').unwrap_or((text, "}"));
    let labels = labels.trim_end_matches('}').split(',').filter(|label| !label.is_empty());
    let labels =
        labels.map(|label| label.split_once('=').unwrap()).map(|(name, value)| (name, value.trim_matches('"')));
    Series { metric: metric(name), labels: labels.filter(|(name, _)| *name != "le").collect() }
}

/// The metric of a series, which for a histogram has another name.
fn metric(series: &str) -> &'static Metric {
    let parts = ["", "_bucket", "_sum", "_count"];
    let is_of = |metric: &&Metric| {
        let parts = if metric.kind == metrics::Kind::Histogram { &parts[1..] } else { &parts[..1] };
        parts.iter().any(|part| series.strip_suffix(part) == Some(metric.name))
    };
    ALL.iter().find(is_of).unwrap_or_else(|| panic!("{series} is no metric of Vouch"))
}

#[tokio::test]
async fn a_journey_is_counted_and_leaves_nothing_about_the_person_in_a_label() {
    let recorder = metrics::recorder().unwrap();
    let _counting = ::metrics::set_default_local_recorder(&recorder);
    let app = TestApp::new().await;
    let (inviter, invitee) = (measured(&app), measured(&app));
    inviter.log_in("+79123456789").await;
    invitee.log_in("+79123450000").await;
    let codes: Vec<_> = app.members().await.into_iter().map(|member| member.listed.invite_code.to_string()).collect();
    invitee.redeem("ZZZZZZ").await;
    invitee.redeem(&codes[0]).await;
    invitee.redeem(&codes[0]).await;
    inviter.get(&format!("/admin/members/{}", app.member_id("+79123450000").await.0)).await;
    inviter.get(&format!("/{}?x=1", codes[0])).await;

    for (series, value) in [
        ("vouch_logins_total{step=\"begun\"}", 2.0),
        ("vouch_logins_total{step=\"finished\"}", 2.0),
        ("vouch_messages_total{gateway=\"simulated\",outcome=\"sent\"}", 2.0),
        ("vouch_redemptions_total{outcome=\"redeemed\"}", 1.0),
        ("vouch_redemptions_total{outcome=\"unknown\"}", 1.0),
        ("vouch_redemptions_total{outcome=\"second\"}", 1.0),
        ("vouch_http_requests_total{route=\"/api/login/verify\",method=\"POST\",status=\"302\"}", 2.0),
        ("vouch_http_requests_total{route=\"/admin/members/{id}\",method=\"GET\",status=\"404\"}", 1.0),
        ("vouch_http_requests_total{route=\"unknown\",method=\"GET\",status=\"404\"}", 1.0),
        ("vouch_http_request_duration_seconds_count{route=\"/api/profile/redeem\"}", 3.0),
    ] {
        assert_eq!(counted(&recorder, series), Some(value), "{series} in {}", recorder.handle().render());
    }

    let exposition = recorder.handle().render();
    let values: BTreeSet<_> = series(&exposition).into_iter().flat_map(|series| series.labels).collect();
    for secret in codes.iter().map(String::as_str).chain(["9123456789", "9123450000", "192.0.2", "vouch.test"]) {
        assert!(values.iter().all(|(_, value)| !value.contains(secret)), "{secret} is in {values:?}");
    }
    let has_digits =
        values.iter().filter(|(name, value)| !["status", "version"].contains(name) && value.contains(char::is_numeric));
    assert_eq!(has_digits.count(), 0, "{values:?}");
}

#[tokio::test]
async fn every_series_has_the_labels_of_its_metric() {
    let recorder = metrics::recorder().unwrap();
    let _counting = ::metrics::set_default_local_recorder(&recorder);
    let app = TestApp::new().await;
    let browser = measured(&app);
    browser.log_in("+79123456789").await;
    browser.redeem("ZZZZZZ").await;
    metrics::job_ran("sessions", Some(1), seconds(1));
    metrics::limit_reached("sends-per-phone");
    metrics::webhook(true);
    metrics::pool(0, 2);
    metrics::started(seconds(1));
    let exposition = recorder.handle().render();
    let all = series(&exposition);
    for series in &all {
        let labels: Vec<_> = series.labels.iter().map(|(name, _)| *name).collect();
        assert_eq!(labels.join(","), series.metric.labels, "{}", series.metric.name);
    }
    for metric in &ALL {
        assert!(all.iter().any(|series| series.metric.name == metric.name), "{} is never counted", metric.name);
        assert!(exposition.contains(&format!("# HELP {} {}", metric.name, metric.meaning)), "{}", metric.name);
    }
}

#[tokio::test]
async fn a_login_is_counted_once_although_its_code_is_sent_again() {
    let recorder = metrics::recorder().unwrap();
    let _counting = ::metrics::set_default_local_recorder(&recorder);
    let app = TestApp::new().await;
    let who = stranger();
    let (flow, _) = app.request_code(&who, "+79123456789").await;
    app.clock.advance(Duration::from_mins(2));
    login::send_again(&app, &who, flow).await.unwrap();
    refusal(login::verify(&app, &who, flow, wrong(&app.sent_code(flow).await)).await);
    login::verify(&app, &who, flow, &app.sent_code(flow).await).await.unwrap();
    assert_eq!(counted(&recorder, "vouch_logins_total{step=\"begun\"}"), Some(1.0));
    assert_eq!(counted(&recorder, "vouch_logins_total{step=\"finished\"}"), Some(1.0));
    assert_eq!(counted(&recorder, "vouch_messages_total{gateway=\"simulated\",outcome=\"sent\"}"), Some(2.0));
}

#[tokio::test]
async fn a_budget_is_counted_under_its_name_when_it_refuses() {
    let recorder = metrics::recorder().unwrap();
    let _counting = ::metrics::set_default_local_recorder(&recorder);
    let app = TestApp::with_limits(|limits| {
        limits.login.sends_per_address = "1/1h".parse().unwrap();
        limits.redemption.unknown_codes = "1/1h".parse().unwrap();
    })
    .await;
    let who = stranger();
    let member = app.log_in_from(&who, "+79123456789").await.member;
    app.request_code(&who, "+79123450001").await;
    refusal(login::request_code(&app, &who, "+79123450002").await);
    assert_eq!(counted(&recorder, "vouch_limits_reached_total{budget=\"sends-per-address\"}"), Some(1.0));

    for _ in 0..3 {
        refusal(redeem::redeem(&app, &who, member.id, "ZZZZZZ").await);
    }
    assert_eq!(counted(&recorder, "vouch_limits_reached_total{budget=\"unknown-codes\"}"), Some(2.0));
    assert_eq!(counted(&recorder, "vouch_redemptions_total{outcome=\"too-many\"}"), Some(2.0));
}

#[tokio::test]
async fn a_write_transaction_that_waits_is_timed() {
    let recorder = metrics::recorder().unwrap();
    let _counting = ::metrics::set_default_local_recorder(&recorder);
    let app = TestApp::new().await;
    let before = counted(&recorder, "vouch_writer_wait_seconds_count").unwrap_or_default();
    drop(app.store.begin(Lock::Nothing).await.unwrap());
    assert_eq!(counted(&recorder, "vouch_writer_wait_seconds_count"), Some(before + 1.0));
}

fn page(name: &str) -> String {
    std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).unwrap()
}

#[test]
fn the_board_and_the_alerts_ask_only_for_metrics_that_there_are() {
    let names = Regex::new(r"\b(vouch|process)_[a-z_]+").unwrap();
    for file in ["monitoring/grafana.json", "monitoring/alerts.yml", "monitoring/alerts.test.yml"] {
        let text = page(file);
        let found: BTreeSet<_> = names.find_iter(&text).map(|name| metric(name.as_str()).name).collect();
        assert!(found.len() > 3, "{file} asks for {found:?}");
    }
}

#[test]
fn the_board_shows_every_metric() {
    let board = page("monitoring/grafana.json");
    for metric in &ALL {
        assert!(board.contains(metric.name), "{}", metric.name);
    }
    serde_json::from_str::<serde_json::Value>(&board).unwrap();
}

/// A label that does not exist would make an empty graph, and an alert that never fires.
#[test]
fn the_board_and_the_alerts_name_only_labels_of_their_metrics() {
    let selectors = Regex::new(r"\b((?:vouch|process)_[a-z_]+)\{([^}]*)\}").unwrap();
    let label = Regex::new(r"(\w+)\s*(?:=~|!~|!=|=)").unwrap();
    for file in ["monitoring/grafana.json", "monitoring/alerts.yml"] {
        let text = page(file).replace("\\\"", "\"");
        for selector in selectors.captures_iter(&text) {
            let metric = metric(&selector[1]);
            for name in label.captures_iter(&selector[2]).map(|name| name[1].to_owned()) {
                let is_known = metric.labels.split(',').chain(["instance", "job", "le"]).any(|known| known == name);
                assert!(is_known, "{file}: {} has no label {name}", metric.name);
            }
        }
    }
}

/// The routes that the alerts leave out must be written as the router does.
#[tokio::test]
async fn the_alerts_leave_out_only_routes_that_there_are() {
    let recorder = metrics::recorder().unwrap();
    let _counting = ::metrics::set_default_local_recorder(&recorder);
    let app = TestApp::new().await;
    let browser = measured(&app);
    let rules = page("monitoring/alerts.yml");
    let left_out = Regex::new(r#"route!~"([^"]+)""#).unwrap();
    let routes: BTreeSet<_> =
        left_out.captures_iter(&rules).flat_map(|found| found.extract::<1>().1[0].split('|')).collect();
    assert!(routes.len() > 3, "{routes:?}");
    for route in routes {
        // A pattern stands for one of its routes.
        let route = route.replace("/api/admin/.*", "/api/admin/overview").replace(".*", "");
        browser.get(&route).await;
        let is_counted = recorder.handle().render().contains(&format!("route=\"{route}\""));
        assert!(is_counted, "there is no route {route}");
    }
}

#[test]
fn the_page_about_monitoring_lists_every_metric() {
    let page = page("monitoring.md");
    for metric in &ALL {
        let kind: &str = metric.kind.into();
        let labels: Vec<_> = metric.labels.split(',').filter(|label| !label.is_empty()).collect();
        let row = format!("| `{}` | {kind} | {} | {} |", metric.name, labels.join(", "), metric.meaning);
        assert!(page.contains(&row), "docs/monitoring.md lacks the line\n{row}");
    }
}
