//! `/admin/members`: searching members.

use super::data::{content, page_data};
use super::parts::{Filters, address, choice, focus_by_slash, fold_filters, pages, problem, search_field, time};
use super::table::{Column, cell, labelled, row, table};
use crate::api::admin::members::list;
use crate::components::plain::erased;
use crate::model::admin::{MemberQuery, MemberRow, MembersView};
use crate::{route, words};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;

#[component]
pub fn Members() -> impl IntoView {
    focus_by_slash("q");
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
    let columns = columns(&query);
    let table = (!members.is_empty()).then(|| table(words.members, columns, members.into_iter().map(line).collect()));
    let is_partial = query.sort.ends_with("-activated");
    let set = [&query.inviter, &query.status, &query.from, &query.until, &query.sort].map(Clone::clone).to_vec();
    view! {
        <h1>{words.members}</h1>
        <Form method="GET" action=route::MEMBERS attr:class="search" attr:role="search" on:submit=fold_filters>
            {search_field("q", words.search_members, "search", query.q.clone(), words.search_shortcut)}
            <Filters values=set>
                {search_field("inviter", words.inviter_filter, "text", query.inviter.clone(), "")}
                {choice("status", words.status, statuses(), &query.status)}
                {search_field("from", words.joined_from, "date", query.from.clone(), "")}
                {search_field("until", words.until, "date", query.until.clone(), "")}
                {choice("sort", words.order, sorts(), &query.sort)}
            </Filters>
            {problem(wrong)}
            <button type="submit" class="primary">{words.search}</button>
        </Form>
        {is_empty.then(|| view! { <p class="hint" role="status">{words.nobody_found}</p> })}
        {is_partial.then(|| view! { <p class="hint">{words.only_activated}</p> })}
        {table}
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
    options([
        ("", words.newest_first),
        ("oldest", words.oldest_first),
        ("last-activated", words.last_activated_first),
        ("first-activated", words.first_activated_first),
        ("most-invitees", words.most_invitees_first),
        ("fewest-invitees", words.fewest_invitees_first),
    ])
}

/// The columns, with the orders that an index serves.
fn columns(query: &MemberQuery) -> Vec<Column> {
    let words = words::admin();
    let ordered = |name, descending: &'static str, ascending: &'static str| {
        let (sorted, sort) = match query.sort.as_str() {
            sort if sort == descending => (Some("descending"), ascending),
            sort if sort == ascending => (Some("ascending"), descending),
            _ => (None, descending),
        };
        let query = MemberQuery { sort: sort.to_owned(), after: String::new(), ..query.clone() };
        Column { name, sorted, order: Some(address(route::MEMBERS, &query.parameters())) }
    };
    vec![
        Column::named(words.phone),
        Column::named(words.invite_code),
        ordered(words.joined_column, "", "oldest"),
        ordered(words.activated_column, "last-activated", "first-activated"),
        ordered(words.invitees_column, "most-invitees", "fewest-invitees"),
        Column::named(words.status),
    ]
}

/// A row of the table.
fn line(member: MemberRow) -> AnyView {
    let words = words::admin();
    let state = match (member.is_erased, member.is_blocked) {
        (true, _) => erased(view! { <span class="badge">{words.erased}</span> }),
        (_, true) => erased(view! { <span class="badge bad">{words.blocked}</span> }),
        _ => erased(view! { <span class="hint usual">{words.is_active}</span> }),
    };
    row(
        erased(view! { <a class="phone" href=route::member(member.id) data-testid="member">{member.name}</a> }),
        vec![
            cell(erased(view! { <span class="code">{member.invite_code}</span> })),
            labelled(words.joined_column, erased(time(member.joined))),
            labelled(words.activated_column, erased(member.activated.map(time))),
            labelled(words.invitees_column, erased(member.invitees)),
            cell(state),
        ],
        "member-row",
    )
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
