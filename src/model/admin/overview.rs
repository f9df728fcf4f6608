//! What the first page shows: numbers, and charts over time.

use super::MemberRow;
use serde::{Deserialize, Serialize};

/// How wide a chart is, in units of its own.
pub const WIDTH: u64 = 600;
/// How high it is.
pub const HEIGHT: u64 = 230;

/// How the programme goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverviewView {
    /// `day`, `week` or `month`.
    pub unit: String,
    /// What is named and how many there are.
    pub totals: Vec<(String, String)>,
    /// The steps of the way in, in the time that is shown: what, how many, and how many of a hundred of the step before.
    pub funnel: Vec<(String, String, Option<u64>)>,
    /// What happened over time.
    pub charts: Vec<Chart>,
    /// Who brought in most.
    pub top: Vec<MemberRow>,
}

/// A chart of bars, ready to be drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// What can be seen in it, in words.
    pub summary: String,
    /// The names of what is counted.
    pub series: Vec<String>,
    /// The lines at round numbers.
    pub ticks: Vec<Tick>,
    /// The bars.
    pub bars: Vec<Bar>,
    /// Where the bars begin.
    pub left: u64,
    /// Where they stand.
    pub bottom: u64,
}

/// A line at a round number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// Its height from the top.
    pub y: u64,
    /// The number.
    pub label: String,
}

/// The bars of one stretch of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// The left edge.
    pub x: u64,
    /// The width.
    pub width: u64,
    /// The heights, one for each series.
    pub heights: Vec<u64>,
    /// The numbers.
    pub values: Vec<u64>,
    /// What the stretch is called.
    pub label: String,
    /// What is written below, where there is room.
    pub date: Option<String>,
}
