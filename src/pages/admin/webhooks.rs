//! `/admin/webhooks` and the pages below it: the endpoints, the log of deliveries, and the forms that send something again or
//! switch an endpoint on.

use super::data::{content, page_data, refusal, sentence};
use super::parts::{address, choice, id_in_address, pages, problem, time};
use super::table::{Column, cell, labelled, row, table};
use crate::api::admin::webhooks::{Replay, ReplayFailed, SwitchOn, delivery, endpoint, failed, list};
use crate::components::field::Field;
use crate::components::form::SubmitButton;
use crate::components::plain::erased;
use crate::model::admin::{DeliveryRow, DeliveryView, EndpointRow, EndpointView, Refusal, WebhookQuery, WebhooksView};
use crate::model::moment::Moment;
use crate::model::profile::Flash;
use crate::{route, words};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn Webhooks() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let query = query.read();
        WebhookQuery::read(|name| query.get(name).unwrap_or_default())
    });
    let data = page_data(move || asked.get(), list);
    let content = move || Suspend::new(content(data, |view| view! { <Lists view /> }));
    view! {
        <Title text=words::admin().webhooks />
        <Transition>{content}</Transition>
    }
}

#[component]
fn Lists(view: WebhooksView) -> impl IntoView {
    let words = words::admin();
    let WebhooksView { endpoints, query, problem: wrong, states, events, rows, next, has_failed } = view;
    let has_none = endpoints.is_empty();
    let endpoints = endpoints.into_iter().map(endpoint_card).collect_view();
    let is_empty = rows.is_empty() && wrong.is_none();
    let to = |before: String| address(route::WEBHOOKS, &WebhookQuery { before, ..query.clone() }.parameters());
    let first = (!query.before.is_empty()).then(|| to(String::new()));
    let next = next.map(to);
    let with_all = |all: &str, rest: Vec<(String, String)>| {
        std::iter::once((String::new(), all.to_owned())).chain(rest).collect::<Vec<_>>()
    };
    let columns = [words.event, words.about_whom, words.happened, words.endpoint, words.status, words.attempts];
    let table = (!rows.is_empty()).then(|| {
        table(words.deliveries, columns.map(Column::named).into(), rows.into_iter().map(delivery_line).collect())
    });
    view! {
        <h1>{words.webhooks}</h1>
        <p class="hint">{if has_none { words.no_endpoints } else { words.webhooks_intro }}</p>
        <ul class="cards" aria-label=words.endpoints>{endpoints}</ul>
        <h2>{words.deliveries}</h2>
        <Form method="GET" action=route::WEBHOOKS attr:class="search" attr:role="search">
            <div class="filters">
                {choice("state", words.status, with_all(words.every_state, states), &query.state)}
                {choice("event", words.event, with_all(words.every_event, events), &query.event)}
            </div>
            {problem(wrong)}
            <button type="submit" class="primary">{words.search}</button>
        </Form>
        {has_failed.then(|| view! { <p class="acts"><a href=route::FAILED_WEBHOOKS>{words.send_failed_again}</a></p> })}
        {is_empty.then(|| view! { <p class="hint" role="status">{words.no_deliveries}</p> })}
        {table}
        {pages(first, next)}
    }
}

fn endpoint_card(endpoint: EndpointRow) -> impl IntoView {
    let to = endpoint.is_off.then(|| route::endpoint(endpoint.number));
    let switch_on = to.map(|to| view! { <p class="acts"><a href=to>{words::admin().switch_on}</a></p> });
    view! { <li class="card" data-testid="endpoint">{endpoint_state(endpoint)} {switch_on}</li> }
}

/// How an endpoint fares.
fn endpoint_state(endpoint: EndpointRow) -> AnyView {
    let words = words::admin();
    let EndpointRow { url, state, trouble, last_delivery, .. } = endpoint;
    let class = if trouble.is_empty() { "badge" } else { "badge bad" };
    let last = match last_delivery {
        Some(at) => erased(view! { {words.last_delivery} {time(at)} }),
        None => erased(words.never_delivered),
    };
    erased(view! {
        <p><strong class="url">{url}</strong> " " <span class=class>{state}</span></p>
        {(!trouble.is_empty()).then(|| view! { <p>{trouble}</p> })}
        <p class="hint">{last}</p>
    })
}

fn delivery_line(delivery: DeliveryRow) -> AnyView {
    let words = words::admin();
    let class = if delivery.has_failed { "badge bad" } else { "badge" };
    let next = delivery.next.map(|at| view! { <span class="hint">{words.next_attempt} {time(at)}</span> });
    let attempts = match delivery.attempts {
        0 => erased(words.not_attempted),
        count => erased(count),
    };
    row(
        erased(view! { <a href=route::webhook(delivery.id)>{delivery.event}</a> }),
        vec![
            cell(member_link(delivery.member)),
            labelled(words.happened, erased(time(delivery.at))),
            cell(erased(view! { <span class="url">{delivery.endpoint}</span> })),
            cell(erased(view! { <span class=class>{delivery.state}</span> " " {next} })),
            labelled(words.attempts, attempts),
        ],
        "delivery",
    )
}

fn member_link(id: i64) -> AnyView {
    erased(view! { <a href=route::member(id)>{words::admin().member_number} {id}</a> })
}

/// One delivery with its attempts.
#[component]
pub fn Delivery() -> impl IntoView {
    let id = id_in_address(use_params_map());
    let data = page_data(move || id.get(), delivery);
    let content = move || Suspend::new(content(data, |view| view! { <DeliveryReport view /> }));
    view! {
        <Title text=words::admin().delivery />
        <Transition>{content}</Transition>
    }
}

#[component]
fn DeliveryReport(view: DeliveryView) -> impl IntoView {
    let words = words::admin();
    let replay = ServerAction::<Replay>::new();
    let DeliveryView { flash, row, event_id, url, attempts } = view;
    let (id, class) = (row.id, if row.has_failed { "badge bad" } else { "badge" });
    let next = row.next.map(|at| view! { <p class="hint">{words.next_attempt} {time(at)}</p> });
    let has_none = attempts.is_empty();
    let attempts = attempts.into_iter().map(attempt).collect_view();
    view! {
        <section class="card narrow">
            <h1>{row.event} " " <span class=class>{row.state}</span></h1>
            <p>{member_link(row.member)} ", " {time(row.at)}</p>
            <p class="hint url">{url}</p>
            <p class="hint url">{event_id}</p>
            {next}
            <h2>{words.attempts}</h2>
            {has_none.then(|| view! { <p class="hint">{words.not_attempted}</p> })}
            <ul class="rows" aria-label=words.attempts>{attempts}</ul>
            <h2>{words.send_again}</h2>
            <p>{words.send_again_text}</p>
            <ActionForm action=replay>
                <input type="hidden" name="id" value=id.to_string() />
                {reason_and_button(&flash, refusal(replay, flash.refused.clone()), words.send_again, replay.pending())}
            </ActionForm>
            {way_back()}
        </section>
    }
}

fn attempt((at, text): (Moment, String)) -> impl IntoView {
    view! { <li data-testid="attempt"><span>{text}</span><span class="hint">{time(at)}</span></li> }
}

/// Sends all failed deliveries again.
#[component]
pub fn Failed() -> impl IntoView {
    let data = page_data(|| (), |()| failed());
    let content = move || Suspend::new(content(data, |flash| view! { <FailedForm flash /> }));
    view! {
        <Title text=words::admin().webhooks />
        <Transition>{content}</Transition>
    }
}

#[component]
fn FailedForm(flash: Flash<Refusal>) -> impl IntoView {
    let words = words::admin();
    let replay = ServerAction::<ReplayFailed>::new();
    view! {
        <section class="card narrow">
            <h1>{words.send_failed_heading}</h1>
            <p>{words.send_failed_text}</p>
            <ActionForm action=replay>
                {reason_and_button(&flash, refusal(replay, flash.refused.clone()), words.send_failed_again, replay.pending())}
            </ActionForm>
            {way_back()}
        </section>
    }
}

/// Switches an endpoint on.
#[component]
pub fn Endpoint() -> impl IntoView {
    let params = use_params_map();
    let number = Memo::new(move |_| params.read().get("number").and_then(|number| number.parse().ok()).unwrap_or(0));
    let data = page_data(move || number.get(), endpoint);
    let content = move || Suspend::new(content(data, |view| view! { <SwitchOnForm view /> }));
    view! {
        <Title text=words::admin().webhooks />
        <Transition>{content}</Transition>
    }
}

#[component]
fn SwitchOnForm(view: EndpointView) -> impl IntoView {
    let words = words::admin();
    let switch_on = ServerAction::<SwitchOn>::new();
    let EndpointView { flash, row } = view;
    let (number, url) = (row.number, row.url.clone());
    view! {
        <section class="card narrow">
            <h1>{words.switch_on_heading}</h1>
            {endpoint_state(row)}
            <p>{words.switch_on_text}</p>
            <ActionForm action=switch_on>
                <input type="hidden" name="number" value=number.to_string() />
                <input type="hidden" name="url" value=url />
                {reason_and_button(&flash, refusal(switch_on, flash.refused.clone()), words.switch_on, switch_on.pending())}
            </ActionForm>
            {way_back()}
        </section>
    }
}

fn reason_and_button(
    flash: &Flash<Refusal>,
    refused: Signal<Option<Refusal>>,
    label: &'static str,
    pending: Memo<bool>,
) -> AnyView {
    let words = words::admin();
    erased(view! {
        <Field
            name="reason"
            label=words.reason
            hint=words.reason_hint.to_owned()
            typed=flash.field(0)
            error=sentence(refused)
        />
        <SubmitButton label busy_label=words::member().one_moment pending />
    })
}

fn way_back() -> AnyView {
    erased(view! { <p class="aside"><a href=route::WEBHOOKS>{words::admin().back_to_list}</a></p> })
}
