//! `/admin/flags` and `/admin/flags/17`: the list of flags, and the form for reviewing one.

use super::data::{content, page_data, refusal, sentence};
use super::parts::{address, id_in_address, pages, time};
use crate::api::admin::flags::{Review, flag, list};
use crate::components::field::Field;
use crate::components::form::SubmitButton;
use crate::model::admin::{FlagRow, FlagView, FlagsView};
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
    view! {
        <h1>{words.review}</h1>
        <p class="hint">{words.review_intro}</p>
        <nav class="sections" aria-label=words.which_flags>{kinds}</nav>
        {is_empty.then(|| view! { <p class="hint" role="status">{words.no_flags}</p> })}
        <ul class="rows" aria-label=words.which_flags>
            {flags.into_iter().map(|flag| view! { <li data-testid="flag">{line(flag, true)}</li> }).collect_view()}
        </ul>
        {pages(first, next)}
    }
}

fn line(flag: FlagRow, is_link: bool) -> impl IntoView {
    let review = (is_link && flag.verdict.is_none())
        .then(|| view! { <p class="acts"><a href=route::flag(flag.id)>{words::admin().review_this}</a></p> });
    let verdict = flag.verdict.map(|verdict| view! { <span class="badge">{verdict}</span> });
    let last = (flag.last != flag.first).then(|| view! { {words::admin().noticed_last} {time(flag.last)} });
    view! {
        <span>
            <strong>{flag.title}</strong>
            ": "
            <a href=route::member(flag.member)>
                <span class="phone">{flag.name}</span>
            </a>
            " "
            {verdict}
        </span>
        <span>{flag.text}</span>
        <span class="hint">{words::admin().noticed} {time(flag.first)} {last}</span>
        {review}
    }
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
            <ul class="rows">
                <li>{line(flag, false)}</li>
            </ul>
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
