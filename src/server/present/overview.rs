//! The overview for admins: totals, figures of the periods, funnels and charts.

use super::admin::member_row;
use super::chart::{self, Column};
use super::moment;
use crate::model::admin::{Chart, Figure, Funnel, OverviewView};
use crate::model::thousands;
use crate::server::data::{Counted, LinkCounts, WebhookEndpoint};
use crate::server::domain::admin::overview::{MEDIAN_OF, Overview, Span, Stretch};
use crate::server::domain::periods::Unit;
use crate::server::domain::webhooks::origin;
use crate::server::sentences;
use crate::words;
use std::cmp::Ordering;
use std::time::Duration;

pub fn overview(overview: &Overview, unit: Unit) -> OverviewView {
    let words = words::admin();
    let totals = [
        (words.members, overview.totals.of(Counted::Members).saturating_sub(overview.erased)),
        (words.total_redemptions, overview.totals.of(Counted::Redemptions)),
        (words.total_blocked, overview.blocked),
        (words.total_erased, overview.erased),
    ];
    let (logins, sent) =
        ([Counted::LoginsBegun, Counted::LoginsFinished], [Counted::MessagesSent, Counted::LoginsFinished]);
    let charts = [
        (words.chart_joined, &[words.series_joined][..], &[Counted::Members][..]),
        (words.chart_logins, &[words.series_begun, words.series_finished], &logins),
        (words.codes_activated, &[words.series_activated], &[Counted::Redemptions]),
        (words.chart_messages, &[words.series_sent, words.series_used], &sent),
    ];
    OverviewView {
        unit: unit.into_str().to_owned(),
        notice: overview.longer_codes.map(|longer| words.codes_are_longer(longer.length, &moment(longer.since).text)),
        totals: totals.map(|(name, count)| (name.to_owned(), thousands(count))).to_vec(),
        endpoints_off: overview.endpoints.iter().filter_map(endpoint_off).collect(),
        has_endpoints: !overview.endpoints.is_empty(),
        figures: figures(&overview.span, &overview.before),
        funnels: vec![
            funnel(
                words.funnel,
                [words.logins_begun, words.logins_finished, words.codes_activated],
                [&overview.span, &overview.before].map(login_steps),
            ),
            funnel(
                words.link_funnel,
                [words.links_opened, words.links_logged_in, words.codes_activated],
                [&overview.span, &overview.before].map(link_steps),
            ),
        ],
        charts: charts
            .map(|(title, names, series)| over_time(title, names, series, unit, &overview.stretches))
            .to_vec(),
        top: overview.top.iter().map(member_row).collect(),
    }
}

/// That nothing is sent to an endpoint, if it is off. Its path may have a secret in it.
fn endpoint_off(endpoint: &WebhookEndpoint) -> Option<String> {
    let (since, _) = endpoint.off?;
    Some(words::admin().endpoint_off_since(origin(&endpoint.url), &moment(since).text))
}

fn figures(now: &Span, before: &Span) -> Vec<Figure> {
    let words = words::admin();
    let counted = |name: &str, what| figure(name, now.counts.of(what), before.counts.of(what));
    vec![
        counted(words.chart_joined, Counted::Members),
        counted(words.logins_finished, Counted::LoginsFinished),
        counted(words.codes_activated, Counted::Redemptions),
        counted(words.messages_sent, Counted::MessagesSent),
        figure(words.links_opened, now.links.opened, before.links.opened),
        time_to_redeem(now, before),
    ]
}

fn figure(name: &str, now: u64, before: u64) -> Figure {
    let words = words::admin();
    let text = if before == 0 { words.none_before.to_owned() } else { words.before(&thousands(before)) };
    Figure { name: name.to_owned(), value: thousands(now), change: change(now, before), before: text }
}

fn time_to_redeem(now: &Span, before: &Span) -> Figure {
    let words = words::admin();
    let is_of_newest = now.counts.of(Counted::Redemptions) > MEDIAN_OF.into();
    let name = if is_of_newest {
        words.time_to_redeem_of(&thousands(MEDIAN_OF.into()))
    } else {
        words.time_to_redeem.to_owned()
    };
    let (now, before) = (now.time_to_redeem, before.time_to_redeem);
    let seconds = |wait: Duration| u32::try_from(wait.as_secs()).unwrap_or(u32::MAX);
    let text = |wait| words::member().duration(seconds(wait));
    let both = now.zip(before).map(|(now, before)| change(now.as_secs(), before.as_secs()));
    Figure {
        name,
        value: now.map_or_else(|| words.nobody_redeemed.to_owned(), text),
        change: both.unwrap_or_default(),
        before: before.map_or_else(|| words.none_before.to_owned(), |before| words.before(&text(before))),
    }
}

/// By how much a number has changed, as +12 %; empty without a number before.
fn change(now: u64, before: u64) -> String {
    let Some(share) = (now.abs_diff(before) * 100 + before / 2).checked_div(before) else { return String::new() };
    let sign = match now.cmp(&before) {
        Ordering::Less => "\u{2212}",
        Ordering::Equal => "\u{b1}",
        Ordering::Greater => "+",
    };
    format!("{sign}{}", words::admin().percent(share))
}

fn login_steps(span: &Span) -> [u64; 3] {
    [Counted::LoginsBegun, Counted::LoginsFinished, Counted::Redemptions].map(|what| span.counts.of(what))
}

fn link_steps(span: &Span) -> [u64; 3] {
    let LinkCounts { opened, logged_in, redeemed } = span.links;
    [opened, logged_in, redeemed]
}

/// Three steps, now and before.
fn funnel(title: &str, names: [&str; 3], [now, before]: [[u64; 3]; 2]) -> Funnel {
    let words = words::admin();
    let mut step_before = None;
    let step = |(name, count): (&str, u64)| {
        let share = step_before.and_then(|before: u64| (count * 100).checked_div(before));
        step_before = Some(count);
        (name.to_owned(), thousands(count), share)
    };
    let share = |[first, _, last]: [u64; 3]| (last * 100).checked_div(first);
    let conversion = share(now).map(|share_now| match share(before) {
        Some(before) => words.conversion_and_before(share_now, before),
        None => words.conversion(share_now),
    });
    Funnel {
        title: title.to_owned(),
        conversion: conversion.unwrap_or_default(),
        steps: names.into_iter().zip(now).map(step).collect(),
    }
}

fn over_time(title: &str, names: &[&str], series: &[Counted], unit: Unit, stretches: &[Stretch]) -> Chart {
    let words = words::admin();
    let columns: Vec<_> = stretches.iter().map(|stretch| column(stretch, unit, series)).collect();
    let sum = |number: usize| columns.iter().map(|column| column.values[number]).sum::<u64>();
    let sums = names.iter().enumerate().map(|(number, name)| format!("{name}: {}", thousands(sum(number))));
    let sums = sums.collect::<Vec<_>>().join(", ");
    let most = columns.iter().max_by_key(|column| column.values[0]).filter(|column| column.values[0] > 0);
    let most = most.map(|most| words.chart_most(&thousands(most.values[0]), &most.label)).unwrap_or_default();
    let period = match unit {
        Unit::Day => words.last_days,
        Unit::Week => words.last_weeks,
        Unit::Month => words.last_months,
    };
    chart::chart(title, words.chart_summary(period, &sums) + &most, names, columns)
}

fn column(stretch: &Stretch, unit: Unit, series: &[Counted]) -> Column {
    let (year, month, day) = stretch.first.to_calendar_date();
    let service = sentences::service();
    let (month, alone) = (service.short_month(month), service.month_alone(month));
    let (label, short) = match unit {
        Unit::Day => (format!("{day} {month} {year}"), format!("{day} {month}")),
        Unit::Week => (words::admin().week_from(&format!("{day} {month} {year}")), format!("{day} {month}")),
        Unit::Month => (format!("{alone} {year}"), format!("{alone} {}", year % 100)),
    };
    Column { label, short, values: series.iter().map(|what| stretch.counts.of(*what)).collect() }
}
