//! `/admin/members`: finding members.

use super::{Filters, address, choice, fold_filters, pages, problem, search_field, time};
use crate::api::admin::members::list;
use crate::app::route;
use crate::model::admin::{MemberQuery, MemberRow, MembersView, SORTS, STATUSES};
use crate::pages::{content, page_data};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;

/// A search form, and what it found.
#[component]
pub fn Members() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let query = query.read();
        MemberQuery::read(|name| query.get(name).unwrap_or_default())
    });
    let data = page_data(move || asked.get(), list);
    let content = move || Suspend::new(content(data, |view| view! { <List view /> }));
    view! {
        <Title text="Members" />
        <Transition>{content}</Transition>
    }
}

#[component]
fn List(view: MembersView) -> impl IntoView {
    let MembersView { query, problem: wrong, members, next } = view;
    let is_empty = members.is_empty() && wrong.is_none();
    let to = |after: String| address(route::MEMBERS, &MemberQuery { after, ..query.clone() }.parameters());
    let first = (!query.after.is_empty()).then(|| to(String::new()));
    let next = next.map(to);
    let set = [&query.inviter, &query.status, &query.from, &query.until, &query.sort].map(Clone::clone).to_vec();
    let pairs = |pairs: &[(&str, &str)]| -> Vec<_> {
        pairs.iter().map(|(value, text)| ((*value).to_owned(), (*text).to_owned())).collect()
    };
    view! {
        <h1>"Members"</h1>
        <Form method="GET" action=route::MEMBERS attr:class="search" attr:role="search" on:submit=fold_filters>
            {search_field("q", "Part of a phone, or an invite code", "search", query.q.clone())}
            <Filters values=set>
                {search_field("inviter", "Brought in by (code or phone)", "text", query.inviter.clone())}
                {choice("status", "Who", pairs(&STATUSES), &query.status)}
                {search_field("from", "Joined from", "date", query.from.clone())}
                {search_field("until", "Until", "date", query.until.clone())}
                {choice("sort", "Order", pairs(&SORTS), &query.sort)}
            </Filters>
            {problem(wrong)}
            <button type="submit" class="primary">"Search"</button>
        </Form>
        {is_empty.then(|| view! { <p class="hint" role="status">"Nobody was found."</p> })}
        <ul class="rows" aria-label="Members">{members.into_iter().map(member_line).collect_view()}</ul>
        {pages(first, next)}
    }
}

/// A member in a list, as a link to their page.
pub fn member_line(member: MemberRow) -> impl IntoView {
    view! {
        <li>
            <a href=route::member(member.id) data-testid="member">
                <span class="phone">{member.name}</span>
                <span class="code">{member.invite_code}</span>
                {member.is_blocked.then(|| view! { <span class="badge bad">"blocked"</span> })}
            </a>
            <span class="hint">"joined " {time(member.joined)} ", brought in " {member.invitees}</span>
        </li>
    }
}
