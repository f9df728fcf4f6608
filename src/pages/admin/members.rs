//! `/admin/members`: searching members.

use super::data::{content, page_data};
use super::parts::{Filters, address, choice, fold_filters, pages, problem, search_field, time};
use crate::api::admin::members::list;
use crate::model::admin::{MemberQuery, MemberRow, MembersView};
use crate::{route, words};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;

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
        <Title text=words::admin().members />
        <Transition>{content}</Transition>
    }
}

#[component]
fn List(view: MembersView) -> impl IntoView {
    let words = words::admin();
    let MembersView { query, problem: wrong, members, next } = view;
    let is_empty = members.is_empty() && wrong.is_none();
    let to = |after: String| address(route::MEMBERS, &MemberQuery { after, ..query.clone() }.parameters());
    let first = (!query.after.is_empty()).then(|| to(String::new()));
    let next = next.map(to);
    let set = [&query.inviter, &query.status, &query.from, &query.until, &query.sort].map(Clone::clone).to_vec();
    view! {
        <h1>{words.members}</h1>
        <Form method="GET" action=route::MEMBERS attr:class="search" attr:role="search" on:submit=fold_filters>
            {search_field("q", words.search_members, "search", query.q.clone())}
            <Filters values=set>
                {search_field("inviter", words.inviter_filter, "text", query.inviter.clone())}
                {choice("status", words.status, statuses(), &query.status)}
                {search_field("from", words.joined_from, "date", query.from.clone())}
                {search_field("until", words.until, "date", query.until.clone())}
                {choice("sort", words.order, sorts(), &query.sort)}
            </Filters>
            {problem(wrong)}
            <button type="submit" class="primary">{words.search}</button>
        </Form>
        {is_empty.then(|| view! { <p class="hint" role="status">{words.nobody_found}</p> })}
        <ul class="rows" aria-label=words.members>{members.into_iter().map(member_line).collect_view()}</ul>
        {pages(first, next)}
    }
}

/// The values of the filter in the address, and their names.
fn statuses() -> Vec<(String, String)> {
    let words = words::admin();
    options([
        ("", words.everybody),
        ("active", words.active),
        ("blocked", words.total_blocked),
        ("erased", words.total_erased),
        ("redeemed", words.redeemed),
        ("not-redeemed", words.not_redeemed),
    ])
}

/// The orders in the address, and their names.
fn sorts() -> Vec<(String, String)> {
    let words = words::admin();
    options([("", words.newest_first), ("oldest", words.oldest_first), ("most-invitees", words.most_invitees_first)])
}

fn options<const COUNT: usize>(options: [(&str, &str); COUNT]) -> Vec<(String, String)> {
    options.map(|(value, name)| (value.to_owned(), name.to_owned())).to_vec()
}

/// A row of a list, with a link to the page of the member.
pub fn member_line(member: MemberRow) -> impl IntoView {
    let words = words::admin();
    view! {
        <li>
            <a href=route::member(member.id) data-testid="member">
                <span class="phone">{member.name}</span>
                <span class="code">{member.invite_code}</span>
                {member.is_blocked.then(|| view! { <span class="badge bad">{words.blocked}</span> })}
            </a>
            <span class="hint">{words.joined} {time(member.joined)} {words.invitees_of_row} {member.invitees}</span>
        </li>
    }
}
