//! `/admin/flags` and `/admin/flags/17`: the list of flags, and the form for reviewing one.

use super::data::{content, page_data, refusal, sentence};
use super::parts::{address, id_in_address, pages, time};
use super::table::{Column, cell, row, table};
use crate::api::admin::flags::{Review, flag, list};
use crate::components::field::Field;
use crate::components::form::SubmitButton;
use crate::components::plain::erased;
use crate::model::admin::{FlagRow, FlagView, FlagsView};
use crate::model::moment::Moment;
use crate::{route, words};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// Waiting flags, or reviewed ones.
#[component]
pub fn Flags() -> impl IntoView {
    let query = use_query_map();
    let waiting = Memo::new(move |_| query.read().get("show").is_none_or(|show| show != "reviewed"));
    let after = Memo::new(move |_| query.read().get("after").unwrap_or_default());
    let data = page_data(move || (waiting.get(), after.get()), |(waiting, after)| list(waiting, after));
    let content = move || Suspend::new(content(data, move |view| view! { <List view after=after.get_untracked() /> }));
    view! {
        <Title text=words::admin().review />
        <Transition>{content}</Transition>
    }
}

#[component]
fn List(view: FlagsView, after: String) -> impl IntoView {
    let words = words::admin();
    let FlagsView { waiting, flags, next } = view;
    let show = if waiting { "" } else { "reviewed" };
    let kinds = [("", words.waiting), ("reviewed", words.reviewed)].map(|(name, text)| {
        view! { <a href=address(route::FLAGS, &[("show", name)]) aria-current=(show == name).then_some("true")>{text}</a> }
    });
    let is_empty = flags.is_empty();
    let first = (!after.is_empty()).then(|| address(route::FLAGS, &[("show", show)]));
    let next = next.map(|after| address(route::FLAGS, &[("show", show), ("after", &after)]));
    let columns = [words.flag, words.member_title, words.what_was_noticed, words.when, words.verdict];
    let table = (!is_empty)
        .then(|| table(words.which_flags, columns.map(Column::named).into(), flags.into_iter().map(line).collect()));
    view! {
        <h1>{words.review}</h1>
        <p class="hint">{words.review_intro}</p>
        <nav class="sections" aria-label=words.which_flags>{kinds}</nav>
        {is_empty.then(|| view! { <p class="hint" role="status">{words.no_flags}</p> })}
        {table}
        {pages(first, next)}
    }
}

/// A row of the table.
fn line(flag: FlagRow) -> AnyView {
    let words = words::admin();
    let verdict = match flag.verdict {
        Some(verdict) => erased(view! { <span class="badge">{verdict}</span> }),
        None => erased(view! { <a class="act" href=route::flag(flag.id)>{words.review_this}</a> }),
    };
    row(
        erased(flag.title),
        vec![
            cell(erased(view! { <a class="phone" href=route::member(flag.member)>{flag.name}</a> })),
            cell(erased(flag.text)),
            cell(noticed(flag.first, flag.last)),
            cell(verdict),
        ],
        "flag",
    )
}

fn noticed(first: Moment, last: Moment) -> AnyView {
    let again = (last != first).then(|| view! { {words::admin().noticed_last} {time(last)} });
    erased(view! { <span class="hint">{words::admin().noticed} {time(first)} {again}</span> })
}

#[component]
pub fn Flag() -> impl IntoView {
    let id = id_in_address(use_params_map());
    let data = page_data(move || id.get(), flag);
    let content = move || Suspend::new(content(data, |view| view! { <ReviewForm view /> }));
    view! {
        <Title text=words::admin().review_title />
        <Transition>{content}</Transition>
    }
}

#[component]
fn ReviewForm(view: FlagView) -> impl IntoView {
    let review = ServerAction::<Review>::new();
    let words = words::admin();
    let FlagView { flash, flag } = view;
    let id = flag.id;
    view! {
        <section class="card narrow">
            <h1>{words.review_heading}</h1>
            <p>
                <strong>{flag.title}</strong> ": "
                <a class="phone" href=route::member(flag.member)>{flag.name}</a>
            </p>
            <p>{flag.text}</p>
            <p>{noticed(flag.first, flag.last)}</p>
            <ActionForm action=review>
                <input type="hidden" name="id" value=id.to_string() />
                <fieldset class="field">
                    <legend>{words.verdict}</legend>
                    <label><input type="radio" name="verdict" value="accepted" />{words.accept}</label>
                    <label><input type="radio" name="verdict" value="dismissed" />{words.dismiss}</label>
                </fieldset>
                <Field
                    name="reason"
                    label=words.reason
                    hint=words.review_reason_hint.to_owned()
                    typed=flash.field(0)
                    error=sentence(refusal(review, flash.refused))
                />
                <SubmitButton label=words.save busy_label=words::member().one_moment pending=review.pending() />
            </ActionForm>
            <p class="aside">
                <a href=route::FLAGS>{words.back_to_list}</a>
            </p>
        </section>
    }
}
