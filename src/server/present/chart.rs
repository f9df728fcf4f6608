//! Numbers over time as bars, in whole units of a drawing of [`WIDTH`] by 230.

use crate::model::admin::{Bar, Chart, Tick, WIDTH};

/// Where the bars begin, right of the numbers.
const LEFT: u64 = 62;
/// Where they stand, above the dates.
const BOTTOM: u64 = 195;
/// Where the highest ends.
const TOP: u64 = 15;
/// How many dates there is room for, on a phone too.
const MAX_DATES: usize = 4;

/// What is drawn of one stretch of time.
pub struct Column {
    /// What it is called in the table.
    pub label: String,
    /// What it is called below the bar.
    pub short: String,
    /// How many of each series; a later one is drawn before the one before it.
    pub values: Vec<u64>,
}

/// Draws columns of one or two series.
pub fn chart(title: &str, summary: String, series: &[&str], columns: Vec<Column>) -> Chart {
    let highest = columns.iter().flat_map(|column| &column.values).copied().max().unwrap_or_default();
    let step = nice_step(highest);
    let top = highest.div_ceil(step).max(1) * step;
    let height = |value: u64| value * (BOTTOM - TOP) / top;
    let count = columns.len().max(1) as u64;
    let room = (WIDTH - LEFT) / count;
    let every = columns.len().div_ceil(MAX_DATES).max(1);
    let last = columns.len().saturating_sub(1);
    let bars = columns
        .into_iter()
        .enumerate()
        .map(|(number, column)| Bar {
            x: LEFT + number as u64 * (WIDTH - LEFT) / count,
            width: (room * 4 / 5).max(1),
            heights: column.values.iter().map(|value| height(*value)).collect(),
            values: column.values,
            label: column.label,
            // Counted from the end, so that the present is always named.
            date: (last - number).is_multiple_of(every).then_some(column.short),
        })
        .collect();
    let ticks = (0..=top / step).map(|number| Tick { y: BOTTOM - height(number * step), label: short(number * step) });
    let (title, series) = (title.to_owned(), series.iter().map(|name| (*name).to_owned()).collect());
    Chart { title, summary, series, ticks: ticks.collect(), bars, left: LEFT, bottom: BOTTOM }
}

/// A round number in at most four characters.
fn short(number: u64) -> String {
    match number {
        0..10_000 => number.to_string(),
        10_000..1_000_000 => format!("{}k", number / 1000),
        _ => format!("{}M", number as f64 / 1_000_000.0),
    }
}

/// The distance of the lines: 1, 2 or 5 times a power of ten, so that there are at most five.
fn nice_step(highest: u64) -> u64 {
    let powers = std::iter::successors(Some(1_u64), |power| power.checked_mul(10));
    let mut steps = powers.flat_map(|power| [1, 2, 5].map(|factor: u64| factor.saturating_mul(power)));
    steps.find(|step| highest.div_ceil(*step) <= 5).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::admin::HEIGHT;

    fn of(values: &[u64]) -> Chart {
        let columns =
            values.iter().map(|value| Column { label: String::new(), short: "x".into(), values: vec![*value] });
        chart("t", String::new(), &["s"], columns.collect())
    }

    #[test]
    fn lines_stand_at_round_numbers_and_there_are_few() {
        for (highest, step) in
            [(0, 1), (1, 1), (5, 1), (6, 2), (11, 5), (26, 10), (120, 50), (999, 200), (1_000_000, 200_000)]
        {
            assert_eq!(nice_step(highest), step, "{highest}");
        }
    }

    #[test]
    fn round_numbers_are_short() {
        let texts = [0, 500, 9000, 10_000, 150_000, 1_000_000, 2_500_000].map(short);
        assert_eq!(texts, ["0", "500", "9000", "10k", "150k", "1M", "2.5M"]);
    }

    #[test]
    fn bars_are_in_proportion_and_stay_inside() {
        let chart = of(&[0, 50, 100]);
        let heights: Vec<_> = chart.bars.iter().map(|bar| bar.heights[0]).collect();
        assert_eq!(heights, [0, (BOTTOM - TOP) / 2, BOTTOM - TOP]);
        for count in [1, 2, 24, 26, 30] {
            let chart = of(&vec![7; count]);
            let last = chart.bars.last().unwrap();
            assert!(last.x + last.width <= WIDTH && chart.bottom < HEIGHT);
            assert!(last.date.is_some());
            assert!(chart.bars.iter().filter(|bar| bar.date.is_some()).count() <= MAX_DATES);
        }
        assert!(of(&[]).bars.is_empty());
    }
}
