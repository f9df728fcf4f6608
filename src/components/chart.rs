//! A bar chart as SVG, rendered on the server too, with all numbers in a table below.

use crate::model::admin::{Bar, Chart as ChartData, HEIGHT, Tick, WIDTH};
use crate::words;
use leptos::prelude::*;

/// The width of a date, in units of the drawing.
const DATE: u64 = 70;

#[component]
pub fn Chart(chart: ChartData) -> impl IntoView {
    let words = words::admin();
    let ChartData { title, summary, series, ticks, bars, left, bottom } = chart;
    let described = format!("{title}. {summary}");
    let lines = ticks.into_iter().map(|Tick { y, label }| {
        view! {
            <line class="tick" x1=left x2=WIDTH y1=y y2=y></line>
            <text class="number" x=left - 10 y=y + 7 text-anchor="end">{label}</text>
        }
    });
    let columns = bars.iter().map(|bar| column(bar, bottom)).collect_view();
    let rows = bars.into_iter().map(|bar| {
        let cells = bar.values.into_iter().map(|value| view! { <td>{value}</td> }).collect_view();
        view! { <tr><th scope="row">{bar.label}</th>{cells}</tr> }
    });
    let legend = (series.len() > 1).then(|| {
        let entries = series.iter().enumerate();
        let entries =
            entries.map(|(number, name)| view! { <span class=format!("key series-{number}")>{name.clone()}</span> });
        view! { <p class="legend" aria-hidden="true">{entries.collect_view()}</p> }
    });
    let heads = series.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect_view();
    view! {
        <figure class="card chart">
            <figcaption><h2>{title}</h2><p class="hint">{summary}</p></figcaption>
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=described>
                {lines.collect_view()}
                {columns}
            </svg>
            {legend}
            <details>
                <summary>{words.as_table}</summary>
                <div class="scrolls" tabindex="0" role="region" aria-label=words.table_of_chart>
                    <table>
                        <thead><tr><th scope="col">{words.when}</th>{heads}</tr></thead>
                        <tbody>{rows.collect_view()}</tbody>
                    </table>
                </div>
            </details>
        </figure>
    }
}

/// The bars of one period, later series over earlier ones.
fn column(bar: &Bar, bottom: u64) -> impl IntoView + use<> {
    let (x, width) = (bar.x, bar.width);
    let rects = bar.heights.iter().enumerate().map(move |(number, height)| {
        view! { <rect class=format!("series-{number}") x=x y=bottom - height width=width height=*height></rect> }
    });
    // Centred below its bar, but inside the drawing.
    let middle = (x + width / 2).min(WIDTH - DATE / 2);
    let date = bar
        .date
        .clone()
        .map(|date| view! { <text class="date" x=middle y=bottom + 28 text-anchor="middle">{date}</text> });
    view! {
        {rects.collect_view()}
        {date}
    }
}
