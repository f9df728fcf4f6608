//! What the overview shows: totals, the funnel and charts.

use super::MemberRow;
use serde::{Deserialize, Serialize};

/// The width of a chart, in units of its view box.
pub const WIDTH: u64 = 600;
/// The height of a chart, in units of its view box.
pub const HEIGHT: u64 = 230;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverviewView {
    /// `day`, `week` or `month`.
    pub unit: String,
    /// Names and numbers.
    pub totals: Vec<(String, String)>,
    /// That codes are longer than usual, since when and why.
    pub notice: Option<String>,
    pub funnels: Vec<Funnel>,
    pub charts: Vec<Chart>,
    /// Members with the most invitees.
    pub top: Vec<MemberRow>,
}

/// What people did one after another, in the period shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Funnel {
    pub title: String,
    /// Name, number, and percentage of the step before.
    pub steps: Vec<(String, String, Option<u64>)>,
}

/// A bar chart, with its layout in units of its view box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chart {
    pub title: String,
    /// The content of the chart in words, for people who cannot see it.
    pub summary: String,
    /// The names of the one or two series.
    pub series: Vec<String>,
    /// Lines at round numbers.
    pub ticks: Vec<Tick>,
    pub bars: Vec<Bar>,
    /// The left edge of the bars.
    pub left: u64,
    /// The bottom edge of the bars.
    pub bottom: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// The distance from the top.
    pub y: u64,
    pub label: String,
}

/// The bars of one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// The left edge.
    pub x: u64,
    pub width: u64,
    /// One height for each series.
    pub heights: Vec<u64>,
    /// One number for each series.
    pub values: Vec<u64>,
    /// The name of the period.
    pub label: String,
    /// The date below the bar, if there is room for it.
    pub date: Option<String>,
}
