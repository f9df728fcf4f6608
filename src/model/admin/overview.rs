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
    /// Names and numbers, since the beginning.
    pub totals: Vec<(String, String)>,
    /// That codes are longer than usual, since when and why.
    pub notice: Option<String>,
    /// To which endpoints of webhooks nothing is sent, in sentences.
    pub endpoints_off: Vec<String>,
    /// Whether there are endpoints of webhooks.
    pub has_endpoints: bool,
    /// Of the periods shown.
    pub figures: Vec<Figure>,
    pub funnels: Vec<Funnel>,
    pub charts: Vec<Chart>,
    /// Members with the most invitees.
    pub top: Vec<MemberRow>,
}

/// A number of the periods shown, beside that of as many days before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    pub name: String,
    pub value: String,
    /// By how much it has changed; empty if there is nothing to compare.
    pub change: String,
    /// What it was before, in a few words.
    pub before: String,
}

/// What people did one after another, in the periods shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Funnel {
    pub title: String,
    /// How many of the first step came to the last one, now and before; empty if nobody took the first.
    pub conversion: String,
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
