//! `/admin/audit`: the audit log.

use super::data::{content, page_data};
use super::parts::{Filters, address, choice, fold_filters, pages, problem, search_field, time};
use super::table::{Column, cell, labelled, row, table};
use crate::api::admin::audit::view;
use crate::components::plain::erased;
use crate::model::admin::{AuditQuery, AuditRow, AuditView};
use crate::{route, words};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;

#[component]
pub fn Audit() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let query = query.read();
        AuditQuery::read(|name| query.get(name).unwrap_or_default())
    });
    let data = page_data(move || asked.get(), view);
    let content = move || Suspend::new(content(data, |view| view! { <Log view /> }));
    view! {
        <Title text=words::admin().audit_log />
        <Transition>{content}</Transition>
    }
}

#[component]
fn Log(view: AuditView) -> impl IntoView {
    let words = words::admin();
    let AuditView { query, problem: wrong, acts, rows, next } = view;
    let is_empty = rows.is_empty() && wrong.is_none();
    let to = |before: String| address(route::AUDIT, &AuditQuery { before, ..query.clone() }.parameters());
    let first = (!query.before.is_empty()).then(|| to(String::new()));
    let next = next.map(to);
    let acts = std::iter::once((String::new(), words.every_act.to_owned())).chain(acts).collect();
    let columns = [words.act, words.member_title, words.reason, words.by_whom, words.network, words.when];
    let table = (!rows.is_empty())
        .then(|| table(words.audit_log, columns.map(Column::named).into(), rows.into_iter().map(table_row).collect()));
    let set = [&query.act, &query.actor, &query.subject, &query.from, &query.until].map(Clone::clone).to_vec();
    view! {
        <h1>{words.audit_log}</h1>
        <Form method="GET" action=route::AUDIT attr:class="search" attr:role="search" on:submit=fold_filters>
            {search_field("q", words.search_audit, "search", query.q.clone(), "")}
            <Filters values=set>
                {choice("act", words.act, acts, &query.act)}
                {search_field("actor", words.by_admin, "text", query.actor.clone(), "")}
                {search_field("subject", words.about_member, "text", query.subject.clone(), "")}
                {search_field("from", words.from, "date", query.from.clone(), "")}
                {search_field("until", words.until, "date", query.until.clone(), "")}
            </Filters>
            {problem(wrong)}
            <button type="submit" class="primary">{words.search}</button>
        </Form>
        {is_empty.then(|| view! { <p class="hint" role="status">{words.no_lines}</p> })}
        {table}
        {pages(first, next)}
    }
}

/// A row of the table.
fn table_row(line: AuditRow) -> AnyView {
    let words = words::admin();
    let actor = match line.actor_id {
        Some(id) => erased(view! { <a class="phone" href=route::member(id)>{line.actor}</a> }),
        None => erased(line.actor),
    };
    let subject = line.subject.map(|id| view! { <a class="phone" href=route::member(id)>{line.subject_name}</a> });
    let reason = (!line.reason.is_empty()).then(|| view! { <span class="reason">{line.reason}</span> });
    row(
        erased(view! { {line.act} " " <span class="hint">{line.details}</span> }),
        vec![
            cell(erased(subject)),
            cell(erased(reason)),
            labelled(words.by_whom, actor),
            labelled(words.network, erased(line.address)),
            cell(erased(time(line.at))),
        ],
        "audit-line",
    )
}

/// An item of a list beside other things.
pub fn audit_line(line: AuditRow) -> impl IntoView {
    let actor = match line.actor_id {
        Some(id) => view! { <a class="phone" href=route::member(id)>{line.actor}</a> }.into_any(),
        None => line.actor.into_any(),
    };
    let subject = line.subject.map(|id| view! { ": " <a class="phone" href=route::member(id)>{line.subject_name}</a> });
    view! {
        <li data-testid="audit-line">
            <span><strong>{line.act}</strong> {subject} " " <span class="hint">{line.details}</span></span>
            {(!line.reason.is_empty()).then(|| view! { <span class="reason">{line.reason}</span> })}
            <span class="hint">{time(line.at)} {words::admin().by} {actor} {words::admin().from_address} {line.address}</span>
        </li>
    }
}
