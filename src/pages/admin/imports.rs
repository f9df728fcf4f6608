//! `/admin/imports` and `/admin/imports/3`: uploading a file of members, and the state of an import.

use super::data::{content, page_data, refusal, sentence};
use super::parts::{address, id_in_address, pages, time};
use crate::api::admin::files::{Apply, import, imports};
use crate::components::error_text::ErrorText;
use crate::components::field::Field;
use crate::components::form::SubmitButton;
use crate::error::AppError;
use crate::model::admin::{ImportRow, ImportStep, ImportView, ImportsView, Refusal};
use crate::model::profile::Flash;
use crate::route;
use crate::words::{self, Sentence};
use leptos::either::EitherOf4;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use std::time::Duration;

/// How often the state of an import is read while it is in progress.
const ASK_EVERY: Duration = Duration::from_millis(700);

/// The form for uploading a file, and recent imports.
#[component]
pub fn Imports() -> impl IntoView {
    let data = page_data(|| (), |()| imports());
    let content = move || Suspend::new(content(data, |view| view! { <UploadForm view /> }));
    view! {
        <Title text=words::admin().import />
        <Transition>{content}</Transition>
    }
}

#[component]
fn UploadForm(view: ImportsView) -> impl IntoView {
    let words = words::admin();
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
            <h2>{words.recent_files}</h2>
            <ul class="rows" aria-label=words.recent_files>{rows}</ul>
        }
    });
    view! {
        <section class="card narrow">
            <h1>{words.import}</h1>
            <p>
                {words.import_intro}
            </p>
            <form method="post" action=route::IMPORTS enctype="multipart/form-data">
                <div class="field">
                    <label for="file">{words.file}</label>
                    <input
                        id="file"
                        name="file"
                        type="file"
                        accept=".csv,text/csv"
                        required
                        aria-describedby="file-hint file-error"
                    />
                    <p class="hint" id="file-hint">{words.file_hint(&most)}</p>
                    <ErrorText id="file-error".to_owned() error=Signal::derive(move || refused.as_ref().map(Sentence::sentence)) />
                </div>
                <button type="submit" class="primary">{words.check_file}</button>
            </form>
            <details>
                <summary>{words.file_columns}</summary>
                <p>{words.file_columns_intro}</p>
                <dl class="meanings">{columns}</dl>
            </details>
            {list}
        </section>
    }
}

/// One import: its progress, its bad lines, and the form that confirms it.
#[component]
pub fn Import() -> impl IntoView {
    let id = id_in_address(use_params_map());
    let query = use_query_map();
    let after = Memo::new(move |_| query.read().get("after").unwrap_or_default());
    let asked = RwSignal::new(0_u32);
    let source = move || (id.get(), after.get(), asked.get());
    let data = page_data(source, |(id, after, _)| import(id, after));
    // Only in the browser: reads the state again while the import is in progress, also after a failed read.
    Effect::new(move |_| {
        let goes_on = match data.get() {
            Some(Ok(Some(view))) => matches!(view.step, ImportStep::Wait { .. }),
            Some(Err(refused)) => matches!(refused.to_app(), AppError::Unavailable | AppError::Offline),
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
        <Title text=words::admin().import />
        <Transition>{content}</Transition>
    }
}

#[component]
fn Report(view: ImportView, after: String) -> impl IntoView {
    let words = words::admin();
    let ImportView { flash, row, step, unread, bad_lines, next } = view;
    let id = row.id;
    let here = route::import(id);
    let unread = (!unread.is_empty()).then(|| view! { <p class="hint">{words.unknown_columns} {unread} "."</p> });
    let has_bad_lines = !bad_lines.is_empty();
    let bad_lines = bad_lines.into_iter().map(bad_line).collect_view();
    let first = (!after.is_empty()).then(|| here.clone());
    let next = next.map(|after| address(&here, &[("after", &after)]));
    let todo = match step {
        ImportStep::Wait { done, of } => EitherOf4::A(view! {
            <progress max=of value=done aria-label=words.progress />
            <p class="aside">
                <a href=here rel="external">{words.look_again}</a>
            </p>
        }),
        ImportStep::UploadAgain => EitherOf4::B(view! {
            <p class="aside">
                <a href=route::IMPORTS>{words.upload_again}</a>
            </p>
        }),
        ImportStep::Confirm => EitherOf4::C(view! { <Confirm id flash /> }),
        ImportStep::Nothing => EitherOf4::D(view! {
            <p class="aside">
                <a href=route::MEMBERS>{words.see_members}</a>
            </p>
        }),
    };
    let ImportRow { name, at, text, .. } = row;
    view! {
        <section class="card narrow">
            <h1>{words.import}</h1>
            <p class="hint">{name} ", " {time(at)}</p>
            <p role="status" data-testid="import-state">{text}</p>
            {unread}
            {todo}
        </section>
        {has_bad_lines.then(|| view! {
            <section class="card narrow">
                <h2>{words.lines_to_correct}</h2>
                <ul class="rows" aria-label=words.bad_lines>{bad_lines}</ul>
                {pages(first, next)}
            </section>
        })}
    }
}

fn bad_line((line, problems): (u64, Vec<String>)) -> impl IntoView {
    let problems = problems.into_iter().map(|problem| view! { <span>{problem}</span> }).collect_view();
    view! {
        <li data-testid="bad-line">
            <strong>{words::admin().line} {line}</strong>
            {problems}
        </li>
    }
}

#[component]
fn Confirm(id: i64, flash: Flash<Refusal>) -> impl IntoView {
    let words = words::admin();
    let apply = ServerAction::<Apply>::new();
    view! {
        <ActionForm action=apply>
            <input type="hidden" name="id" value=id.to_string() />
            <Field
                name="reason"
                label=words.reason
                hint=words.import_reason_hint.to_owned()
                typed=flash.field(0)
                error=sentence(refusal(apply, flash.refused))
            />
            <SubmitButton label=words.import_all busy_label=words::member().one_moment pending=apply.pending() />
        </ActionForm>
        <p class="aside">
            <a href=route::IMPORTS>{words.cancel}</a>
        </p>
    }
}
