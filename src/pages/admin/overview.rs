//! `/admin`: the overview of the referral program.

use super::data::{content, page_data};
use super::members::member_line;
use super::parts::address;
use crate::api::admin::overview::view;
use crate::components::chart::Chart;
use crate::components::plain::erased;
use crate::model::admin::{Figure, Funnel, OverviewView};
use crate::{route, words};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub fn Overview() -> impl IntoView {
    let query = use_query_map();
    let unit = Memo::new(move |_| query.read().get("by").unwrap_or_default());
    let data = page_data(move || unit.get(), view);
    let content = move || Suspend::new(content(data, |view| view! { <Sections view /> }));
    view! {
        <Title text=words::admin().overview />
        <Transition>{content}</Transition>
    }
}

#[component]
fn Sections(view: OverviewView) -> impl IntoView {
    let words = words::admin();
    let OverviewView { unit, totals, notice, endpoints_off, has_endpoints, figures, funnels, charts, top } = view;
    let units = [("day", words.days), ("week", words.weeks), ("month", words.months)].map(|(name, text)| {
        let to = address(route::ADMIN, &[("by", if name == "day" { "" } else { name })]);
        view! { <a href=to aria-current=(unit == name).then_some("true")>{text}</a> }
    });
    let totals = totals.into_iter().map(|(name, count)| view! { <div><dt>{name}</dt><dd>{count}</dd></div> });
    let off = endpoints_off.into_iter().map(|text| {
        view! { <p class="notice" role="status">{text} " " <a href=route::WEBHOOKS>{words.see_webhooks}</a></p> }
    });
    let webhooks =
        has_endpoints.then(|| view! { <p class="acts"><a href=route::WEBHOOKS>{words.see_webhooks}</a></p> });
    let nobody = top.is_empty().then(|| view! { <p class="hint">{words.no_inviters}</p> });
    view! {
        <h1>{words.overview}</h1>
        {notice.map(|notice| view! { <p class="notice" role="status">{notice}</p> })}
        {off.collect_view()}
        <dl class="totals">{totals.collect_view()}</dl>
        <nav class="sections" aria-label=words.over_time>{units}</nav>
        <dl class="totals figures">{figures.into_iter().map(figure_view).collect_view()}</dl>
        <p class="hint">{words.compared}</p>
        <div class="columns">
            {charts.into_iter().map(|chart| view! { <Chart chart /> }).collect_view()}
            {funnels.into_iter().map(funnel_view).collect_view()}
            <section class="card full" aria-labelledby="top">
                <h2 id="top">{words.top_inviters}</h2>
                {nobody}
                <ul class="rows">{top.into_iter().map(member_line).collect_view()}</ul>
            </section>
        </div>
        {webhooks}
    }
}

fn figure_view(figure: Figure) -> impl IntoView {
    let Figure { name, value, change, before } = figure;
    let change = (!change.is_empty()).then(|| view! { <span class="change">{change}</span> });
    view! { <div data-testid="figure"><dt>{name}</dt><dd>{value} " " {change}</dd><dd class="before">{before}</dd></div> }
}

fn funnel_view(Funnel { title, conversion, steps }: Funnel) -> impl IntoView {
    let words = words::admin();
    let steps = steps.into_iter().map(|(name, count, share)| {
        let share =
            share.map(|share| view! { <span class="hint">{words.percent(share)} " " {words.of_step_before}</span> });
        view! { <li>{name} " " <span class="step">{count}</span> " " {share}</li> }
    });
    let content = if conversion.is_empty() {
        erased(view! { <p class="hint">{words.nothing_in_period}</p> })
    } else {
        erased(view! { <ol class="funnel">{steps.collect_view()}</ol> <p class="hint">{conversion}</p> })
    };
    view! {
        <section class="card" data-testid="funnel">
            <h2>{title}</h2>
            {content}
        </section>
    }
}
