//! Layout of bar charts, in units of a drawing of [`WIDTH`] by [`HEIGHT`](crate::model::admin::HEIGHT).

use crate::model::admin::{Bar, Chart, Tick, WIDTH};

/// Left edge of the bars, right of the numbers.
const LEFT: u64 = 62;
/// Bottom edge of the bars, above the dates.
const BOTTOM: u64 = 195;
/// Top edge of the highest bar.
const TOP: u64 = 15;
/// How many dates fit below the bars, also on a phone.
const MAX_DATES: usize = 4;

/// The values of one period.
pub struct Column {
    /// The name of the period in the table.
    pub label: String,
    /// The name of the period below the bar.
    pub short: String,
    /// One number for each series; later series are drawn over earlier ones.
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
            // Counted from the end, so that the current period always has a date.
            date: (last - number).is_multiple_of(every).then_some(column.short),
        })
        .collect();
    let ticks = (0..=top / step).map(|number| Tick { y: BOTTOM - height(number * step), label: short(number * step) });
    let (title, series) = (title.to_owned(), series.iter().map(|name| (*name).to_owned()).collect());
    Chart { title, summary, series, ticks: ticks.collect(), bars, left: LEFT, bottom: BOTTOM }
}

/// A round number in at most four characters.
#[expect(clippy::cast_precision_loss, reason = "the number is round")]
fn short(number: u64) -> String {
    match number {
        0..10_000 => number.to_string(),
        10_000..1_000_000 => format!("{}k", number / 1000),
        _ => format!("{}M", number as f64 / 1_000_000.0),
    }
}

/// The distance of the lines: 1, 2 or 5 times a power of ten, so that at most five lines are above zero.
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
    fn at_most_five_lines_are_drawn_at_round_numbers() {
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
