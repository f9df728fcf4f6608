//! `/admin/flags` and `/admin/flags/17`: what looks odd, and what is to be made of it.

use super::{address, id_in_address, pages, time};
use crate::api::admin::flags::{Review, flag, list};
use crate::app::route;
use crate::components::field::Field;
use crate::components::form::{SubmitButton, refusal};
use crate::model::admin::{FlagRow, FlagView, FlagsView};
use crate::pages::{content, page_data};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// Those that wait, or those that were reviewed.
#[component]
pub fn Flags() -> impl IntoView {
    let query = use_query_map();
    let waiting = Memo::new(move |_| query.read().get("show").is_none_or(|show| show != "reviewed"));
    let after = Memo::new(move |_| query.read().get("after").unwrap_or_default());
    let data = page_data(move || (waiting.get(), after.get()), |(waiting, after)| list(waiting, after));
    let content = move || Suspend::new(content(data, move |view| view! { <List view after=after.get_untracked() /> }));
    view! {
        <Title text="Review" />
        <Transition>{content}</Transition>
    }
}

#[component]
fn List(view: FlagsView, after: String) -> impl IntoView {
    let FlagsView { waiting, flags, next } = view;
    let show = if waiting { "" } else { "reviewed" };
    let kinds = [("", "Waiting"), ("reviewed", "Reviewed")].map(|(name, text)| {
        view! { <a href=address(route::FLAGS, &[("show", name)]) aria-current=(show == name).then_some("true")>{text}</a> }
    });
    let is_empty = flags.is_empty();
    let first = (!after.is_empty()).then(|| address(route::FLAGS, &[("show", show)]));
    let next = next.map(|after| address(route::FLAGS, &[("show", show), ("after", &after)]));
    view! {
        <h1>"Review"</h1>
        <p class="hint">"What looks odd. Nobody is blocked by it: you decide what to make of it."</p>
        <nav class="sections" aria-label="Which ones">{kinds}</nav>
        {is_empty.then(|| view! { <p class="hint" role="status">"There is nothing here."</p> })}
        <ul class="rows" aria-label="Flags">
            {flags.into_iter().map(|flag| view! { <li data-testid="flag">{line(flag, true)}</li> }).collect_view()}
        </ul>
        {pages(first, next)}
    }
}

fn line(flag: FlagRow, is_link: bool) -> impl IntoView {
    let review = (is_link && flag.verdict.is_none())
        .then(|| view! { <p class="acts"><a href=route::flag(flag.id)>"Review"</a></p> });
    let verdict = flag.verdict.map(|verdict| view! { <span class="badge">{verdict}</span> });
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
        <span class="hint">"noticed " {time(flag.first)} ", last " {time(flag.last)}</span>
        {review}
    }
}

/// One flag, to be accepted or dismissed.
#[component]
pub fn Flag() -> impl IntoView {
    let id = id_in_address(use_params_map());
    let data = page_data(move || id.get(), flag);
    let content = move || Suspend::new(content(data, |view| view! { <ReviewForm view /> }));
    view! {
        <Title text="Review a flag" />
        <Transition>{content}</Transition>
    }
}

#[component]
fn ReviewForm(view: FlagView) -> impl IntoView {
    let review = ServerAction::<Review>::new();
    let FlagView { flash, flag } = view;
    let id = flag.id;
    view! {
        <section class="card narrow">
            <h1>"What do you make of it?"</h1>
            <div class="rows">{line(flag, false)}</div>
            <ActionForm action=review>
                <input type="hidden" name="id" value=id.to_string() />
                <fieldset class="field">
                    <legend>"Verdict"</legend>
                    <label><input type="radio" name="verdict" value="accepted" />" Accept: it is what it looks like"</label>
                    <label><input type="radio" name="verdict" value="dismissed" />" Dismiss: there is nothing to it"</label>
                </fieldset>
                <Field
                    name="reason"
                    label="Reason"
                    hint="It stands in the audit log for good. What has to follow, you do on the member's page.".to_owned()
                    typed=flash.typed
                    error=refusal(review, flash.refused)
                />
                <SubmitButton label="Save" busy_label="One moment…" pending=review.pending() />
            </ActionForm>
            <p class="aside">
                <a href=route::FLAGS>"Back to the list"</a>
            </p>
        </section>
    }
}
