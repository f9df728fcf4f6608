//! A bar chart as SVG, rendered on the server too, with all numbers in a table below. The numbers of one bar are shown while
//! the pointer is over it, or while the chart has the focus: then it is a slider, whose value are the bars.

use crate::model::admin::{Bar, Chart as ChartData, HEIGHT, Tick, WIDTH};
use crate::model::thousands;
use crate::words;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// The width of a date, in units of the drawing.
const DATE: u64 = 70;

#[component]
pub fn Chart(chart: ChartData) -> impl IntoView {
    let words = words::admin();
    let ChartData { title, summary, series, ticks, bars, left, bottom } = chart;
    if bars.iter().all(|bar| bar.values.iter().all(|value| *value == 0)) {
        return view! {
            <figure class="card chart">
                <figcaption><h2>{title}</h2><p class="hint">{words.nothing_in_period}</p></figcaption>
            </figure>
        }
        .into_any();
    }
    let legend = (series.len() > 1).then(|| {
        let entries = series.iter().enumerate();
        let entries =
            entries.map(|(number, name)| view! { <span class=format!("key series-{number}")>{name.clone()}</span> });
        view! { <p class="legend" aria-hidden="true">{entries.collect_view()}</p> }
    });
    let plot = plot(format!("{title}. {summary}"), ticks, &bars, &series, left, bottom);
    let rows = bars.into_iter().map(|bar| {
        let cells = bar.values.into_iter().map(|value| view! { <td>{value}</td> }).collect_view();
        view! { <tr><th scope="row">{bar.label}</th>{cells}</tr> }
    });
    let heads = series.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect_view();
    view! {
        <figure class="card chart">
            <figcaption><h2>{title}</h2><p class="hint">{summary}</p></figcaption>
            {plot}
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
    .into_any()
}

/// The drawing, and what the bar says that is pointed at or chosen by the arrow keys.
fn plot(described: String, ticks: Vec<Tick>, bars: &[Bar], series: &[String], left: u64, bottom: u64) -> AnyView {
    let texts: Vec<_> = bars.iter().map(|bar| text(bar, series)).collect();
    let last = texts.len().saturating_sub(1);
    let at = RwSignal::new(None::<usize>);
    // Without JavaScript it is a picture, which a keyboard has nothing to do with.
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    let columns = bars.iter().zip(&texts).enumerate();
    let columns = columns.map(|(number, (bar, text))| column(bar, text.clone(), bottom, number, at)).collect_view();
    let lines = ticks.into_iter().map(|Tick { y, label }| {
        view! {
            <line class="tick" x1=left x2=WIDTH y1=y y2=y></line>
            <text class="number" x=left - 10 y=y + 7 text-anchor="end">{label}</text>
        }
    });
    let texts = StoredValue::new(texts);
    let shown = move || at.get().and_then(|number| texts.with_value(|texts| texts.get(number).cloned()));
    let slider = move |value: usize| is_alive.get().then(|| value.to_string());
    view! {
        <div
            class="drawing"
            role=move || if is_alive.get() { "slider" } else { "img" }
            tabindex=move || slider(0)
            aria-label=described
            aria-valuemin=move || slider(0)
            aria-valuemax=move || slider(last)
            aria-valuenow=move || slider(at.get().unwrap_or(last))
            aria-valuetext=shown
            on:focus=move |_| at.update(|at| *at = at.or(Some(last)))
            on:blur=move |_| at.set(None)
            on:pointerleave=move |_| at.set(None)
            on:keydown=move |event| {
                if let Some(next) = neighbour(&event, at.get_untracked().unwrap_or(last), last) {
                    event.prevent_default();
                    at.set(Some(next));
                }
            }
        >
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") aria-hidden="true">
                {lines.collect_view()}
                {columns}
            </svg>
            <p class="readout" aria-hidden="true">{shown}</p>
        </div>
    }
    .into_any()
}

/// Where a key leads from a bar; `None` for a key that leads nowhere.
fn neighbour(event: &KeyboardEvent, at: usize, last: usize) -> Option<usize> {
    match event.key().as_str() {
        "ArrowLeft" | "ArrowDown" => Some(at.saturating_sub(1)),
        "ArrowRight" | "ArrowUp" => Some((at + 1).min(last)),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

/// What a bar says: the name of its period, and the number of each series. The number stands last, where no word has to agree with it.
fn text(bar: &Bar, series: &[String]) -> String {
    let values = bar.values.iter().zip(series).map(|(value, name)| format!(", {name}: {}", thousands(*value)));
    bar.label.clone() + &values.collect::<String>()
}

/// The bars of one period, later series over earlier ones, before an area of the whole height that notices the pointer. `at` is
/// told when the pointer is over it.
fn column(bar: &Bar, text: String, bottom: u64, number: usize, at: RwSignal<Option<usize>>) -> impl IntoView + use<> {
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
        <g
            class:at=move || at.get() == Some(number)
            on:pointerenter=move |_| at.set(Some(number))
            on:click=move |_| at.set(Some(number))
        >
            <title>{text}</title>
            <rect class="area" x=x y="0" width=width height=bottom></rect>
            {rects.collect_view()}
            {date}
        </g>
    }
}
