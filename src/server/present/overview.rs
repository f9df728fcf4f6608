//! The overview for admins: totals, the funnel and the charts.

use super::admin::member_row;
use super::chart::{self, Column};
use super::moment;
use crate::model::admin::{Chart, Funnel, OverviewView};
use crate::model::thousands;
use crate::server::data::{Counted, LinkCounts};
use crate::server::domain::admin::overview::{Overview, Stretch};
use crate::server::domain::periods::Unit;
use crate::server::sentences;
use crate::words;

pub fn overview(overview: &Overview, unit: Unit) -> OverviewView {
    let words = words::admin();
    let in_all = |what| overview.stretches.iter().map(|stretch| stretch.counts.of(what)).sum::<u64>();
    let totals = [
        (words.members, overview.totals.of(Counted::Members).saturating_sub(overview.erased)),
        (words.total_redemptions, overview.totals.of(Counted::Redemptions)),
        (words.total_blocked, overview.blocked),
        (words.total_erased, overview.erased),
    ];
    let (begun, finished, redeemed) =
        (in_all(Counted::LoginsBegun), in_all(Counted::LoginsFinished), in_all(Counted::Redemptions));
    let LinkCounts { opened, logged_in, redeemed: by_link } = overview.links;
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
        funnels: vec![
            funnel(
                words.funnel,
                [(words.logins_begun, begun), (words.logins_finished, finished), (words.codes_activated, redeemed)],
            ),
            funnel(
                words.link_funnel,
                [(words.links_opened, opened), (words.links_logged_in, logged_in), (words.codes_activated, by_link)],
            ),
        ],
        charts: charts
            .map(|(title, names, series)| over_time(title, names, series, unit, &overview.stretches))
            .to_vec(),
        top: overview.top.iter().map(member_row).collect(),
    }
}

fn funnel(title: &str, counts: [(&str, u64); 3]) -> Funnel {
    let mut before = None;
    let step = |(name, count): (&str, u64)| {
        let share = before.and_then(|before: u64| (count * 100).checked_div(before));
        before = Some(count);
        (name.to_owned(), thousands(count), share)
    };
    Funnel { title: title.to_owned(), steps: counts.map(step).to_vec() }
}

fn over_time(title: &str, names: &[&str], series: &[Counted], unit: Unit, stretches: &[Stretch]) -> Chart {
    let words = words::admin();
    let columns: Vec<_> = stretches.iter().map(|stretch| column(stretch, unit, series)).collect();
    let sum = |number: usize| columns.iter().map(|column| column.values[number]).sum::<u64>();
    let sums = names.iter().enumerate().map(|(number, name)| format!("{} {name}", thousands(sum(number))));
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
