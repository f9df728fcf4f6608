//! `/admin/imports` and `/admin/imports/3`: bringing a file of members, what is wrong with it, and how far it is.

use super::{address, id_in_address, pages, time};
use crate::api::admin::files::{Apply, import, imports};
use crate::app::route;
use crate::components::error_text::ErrorText;
use crate::components::field::Field;
use crate::components::form::{SubmitButton, refusal};
use crate::error::AppError;
use crate::model::admin::{ImportRow, ImportStep, ImportView, ImportsView};
use crate::model::profile::Flash;
use crate::pages::{content, page_data};
use leptos::either::EitherOf4;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use std::time::Duration;

/// How often it is asked how far a file is.
const ASK_EVERY: Duration = Duration::from_millis(700);

/// The form by which a file is brought, and those of the last day.
#[component]
pub fn Imports() -> impl IntoView {
    let data = page_data(|| (), |()| imports());
    let content = move || Suspend::new(content(data, |view| view! { <Bring view /> }));
    view! {
        <Title text="Import" />
        <Transition>{content}</Transition>
    }
}

#[component]
fn Bring(view: ImportsView) -> impl IntoView {
    let ImportsView { flash, columns, most, imports } = view;
    let refused = flash.refused;
    let columns =
        columns.into_iter().map(|(name, text)| view! { <dt><code>{name}</code></dt> <dd>{text}</dd> }).collect_view();
    let list = (!imports.is_empty()).then(|| {
        let rows = imports
            .into_iter()
            .map(|row| view! { <li><a href=route::import(row.id)>{row.name}</a> <span>{row.text}</span> <span class="hint">{time(row.at)}</span></li> })
            .collect_view();
        view! {
            <h2>"Files of the last day"</h2>
            <ul class="rows" aria-label="Files of the last day">{rows}</ul>
        }
    });
    view! {
        <section class="card narrow">
            <h1>"Import"</h1>
            <p>
                "A CSV file of members, with their codes and what they redeemed. At first it is only looked through, and each
                line that cannot be imported is shown. Then all lines become members, or none."
            </p>
            <form method="post" action=route::IMPORTS enctype="multipart/form-data">
                <div class="field">
                    <label for="file">"File"</label>
                    <input
                        id="file"
                        name="file"
                        type="file"
                        accept=".csv,text/csv"
                        required
                        aria-describedby="file-hint file-error"
                    />
                    <p class="hint" id="file-hint">"CSV UTF-8, at most " {most} " lines."</p>
                    <ErrorText id="file-error".to_owned() error=Signal::derive(move || refused.clone()) />
                </div>
                <button type="submit" class="primary">"Check the file"</button>
            </form>
            <details>
                <summary>"What a file may hold"</summary>
                <p>"The first line names the columns, in any order. What the export of members gives can be brought as it is."</p>
                <dl class="meanings">{columns}</dl>
            </details>
            {list}
        </section>
    }
}

/// One file.
#[component]
pub fn Import() -> impl IntoView {
    let id = id_in_address(use_params_map());
    let query = use_query_map();
    let after = Memo::new(move |_| query.read().get("after").unwrap_or_default());
    let asked = RwSignal::new(0_u32);
    let source = move || (id.get(), after.get(), asked.get());
    let data = page_data(source, |(id, after, _)| import(id, after));
    // In the browser, as long as it moves, also when one answer has failed.
    Effect::new(move |_| {
        let goes_on = match data.get() {
            Some(Ok(Some(view))) => matches!(view.step, ImportStep::Wait { .. }),
            Some(Err(error)) => matches!(error, AppError::Unavailable | AppError::Offline),
            _ => false,
        };
        if !goes_on {
            return;
        }
        if let Ok(waiting) = set_timeout_with_handle(move || asked.update(|times| *times += 1), ASK_EVERY) {
            on_cleanup(move || waiting.clear());
        }
    });
    let content =
        move || Suspend::new(content(data, move |view| view! { <Report view after=after.get_untracked() /> }));
    view! {
        <Title text="Import" />
        <Transition>{content}</Transition>
    }
}

#[component]
fn Report(view: ImportView, after: String) -> impl IntoView {
    let ImportView { flash, row, step, unread, bad_lines, next } = view;
    let id = row.id;
    let here = route::import(id);
    let unread = (!unread.is_empty())
        .then(|| view! { <p class="hint">"Columns that mean nothing to an import: " {unread} "."</p> });
    let has_bad_lines = !bad_lines.is_empty();
    let bad_lines = bad_lines.into_iter().map(bad_line).collect_view();
    let first = (!after.is_empty()).then(|| here.clone());
    let next = next.map(|after| address(&here, &[("after", &after)]));
    let todo = match step {
        ImportStep::Wait { done, of } => EitherOf4::A(view! {
            <progress max=of value=done aria-label="Progress" />
            <p class="aside">
                <a href=here rel="external">"Look again"</a>
            </p>
        }),
        ImportStep::BringAgain => EitherOf4::B(view! {
            <p class="aside">
                <a href=route::IMPORTS>"Bring the file again"</a>
            </p>
        }),
        ImportStep::Confirm => EitherOf4::C(view! { <Confirm id flash /> }),
        ImportStep::Nothing => EitherOf4::D(view! {
            <p class="aside">
                <a href=route::MEMBERS>"See the members"</a>
            </p>
        }),
    };
    let ImportRow { name, at, text, .. } = row;
    view! {
        <section class="card narrow">
            <h1>"Import"</h1>
            <p class="hint">{name} ", " {time(at)}</p>
            <p role="status" data-testid="import-state">{text}</p>
            {unread}
            {todo}
        </section>
        {has_bad_lines.then(|| view! {
            <section class="card narrow">
                <h2>"What to put right"</h2>
                <ul class="rows" aria-label="Lines to put right">{bad_lines}</ul>
                {pages(first, next)}
            </section>
        })}
    }
}

fn bad_line((line, problems): (u64, Vec<String>)) -> impl IntoView {
    let problems = problems.into_iter().map(|problem| view! { <span>{problem}</span> }).collect_view();
    view! {
        <li data-testid="bad-line">
            <strong>"Line " {line}</strong>
            {problems}
        </li>
    }
}

#[component]
fn Confirm(id: i64, flash: Flash) -> impl IntoView {
    let apply = ServerAction::<Apply>::new();
    view! {
        <ActionForm action=apply>
            <input type="hidden" name="id" value=id.to_string() />
            <Field
                name="reason"
                label="Reason"
                hint="It stands in the audit log for good. An import cannot be undone as a whole.".to_owned()
                typed=flash.typed
                error=refusal(apply, flash.refused)
            />
            <SubmitButton label="Import all" busy_label="One moment…" pending=apply.pending() />
        </ActionForm>
    }
}
