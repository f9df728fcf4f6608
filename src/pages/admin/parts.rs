//! Shared parts of the admin pages: addresses, search forms, and pages of lists.

use crate::model::admin::Refusal;
use crate::model::moment::Moment;
use crate::words::{self, Sentence};
use leptos::ev::keydown;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlInputElement, Storage, SubmitEvent};
use leptos_router::params::ParamsMap;

/// The id in the address; 0, which no row has, if it is malformed.
pub fn id_in_address(params: Memo<ParamsMap>) -> Memo<i64> {
    Memo::new(move |_| params.read().get("id").and_then(|id| id.parse().ok()).unwrap_or_default())
}

/// An address with these parameters; empty ones are left out.
pub fn address(page: &str, values: &[(&'static str, &str)]) -> String {
    let given = values.iter().filter(|(_, value)| !value.is_empty());
    let query: ParamsMap = given.map(|(name, value)| (*name, (*value).to_owned())).collect();
    format!("{page}{}", query.to_query_string())
}

pub fn time(moment: Moment) -> impl IntoView {
    view! { <time datetime=moment.iso>{moment.text}</time> }
}

/// `shortcut` says which key leads to the field, see [`focus_by_slash`]; it may be empty.
pub fn search_field(
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    typed: String,
    shortcut: &'static str,
) -> impl IntoView {
    let has_shortcut = !shortcut.is_empty();
    let hint = has_shortcut
        .then(|| view! { <p class="hint shortcut"><span id="shortcut">{shortcut}</span> " " <KeySwitch /></p> });
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                id=name
                name=name
                r#type=kind
                value=typed.clone()
                prop:value=typed
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-keyshortcuts=has_shortcut.then_some("/")
                aria-describedby=has_shortcut.then_some("shortcut")
            />
            {hint}
        </div>
    }
}

/// Lets the key `/` move the focus into the field with this id, but not while somebody types in a field.
pub fn focus_by_slash(id: &'static str) {
    Effect::new(move |_| {
        let listener = window_event_listener(keydown, move |event| {
            let with_another_key = event.ctrl_key() || event.meta_key() || event.alt_key();
            let is_typing = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let is_typing = is_typing.is_some_and(|element| element.matches("input, select, textarea").unwrap_or(true));
            let field = document().get_element_by_id(id).and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
            let Some(field) = field.filter(|_| event.key() == "/" && !with_another_key && !is_typing && !is_key_off())
            else {
                return;
            };
            event.prevent_default();
            let _ = field.focus();
            field.select();
        });
        on_cleanup(move || listener.remove());
    });
}

/// Where a browser remembers that the key is off.
const KEY_OFF: &str = "search-key-off";

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn is_key_off() -> bool {
    storage().is_some_and(|storage| storage.get_item(KEY_OFF).is_ok_and(|kept| kept.is_some()))
}

/// Turns the key off in this browser, and on again: whoever dictates may say it without meaning it (WCAG 2.2, success
/// criterion 2.1.4).
#[component]
fn KeySwitch() -> impl IntoView {
    let words = words::admin();
    let is_off = RwSignal::new(false);
    Effect::new(move |_| is_off.set(is_key_off()));
    let change = move |_| {
        let Some(storage) = storage() else { return };
        let kept = if is_off.get_untracked() { storage.remove_item(KEY_OFF) } else { storage.set_item(KEY_OFF, "") };
        if kept.is_ok() {
            is_off.update(|is_off| *is_off = !*is_off);
        }
    };
    view! {
        <button type="button" class="quiet needs-scripting" on:click=change>
            {move || if is_off.get() { words.key_on } else { words.key_off }}
        </button>
    }
}

/// The fields of a search form except the first one, folded.
#[expect(clippy::needless_pass_by_value, reason = "a property of a component")]
#[component]
pub fn Filters(
    /// The values of the fields.
    values: Vec<String>,
    children: Children,
) -> impl IntoView {
    let words = words::admin();
    let set = values.iter().filter(|value| !value.is_empty()).count();
    view! {
        <details>
            <summary>{words.more_filters} {words.filters_set(set)}</summary>
            <div class="filters">{children()}</div>
        </details>
    }
}

/// Folds the filters when the form is sent, so that the results are visible.
#[expect(clippy::needless_pass_by_value, reason = "a handler takes its event")]
pub fn fold_filters(sent: SubmitEvent) {
    let filters = event_target::<Element>(&sent).query_selector("details");
    if let Ok(Some(filters)) = filters {
        let _ = filters.remove_attribute("open");
    }
}

pub fn choice(
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
    chosen: &str,
) -> impl IntoView + use<> {
    let options: Vec<_> = options
        .into_iter()
        .map(|(value, text)| {
            let is_chosen = value == chosen;
            view! { <option value=value selected=is_chosen>{text}</option> }
        })
        .collect();
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select id=name name=name>{options}</select>
        </div>
    }
}

/// Why a search was refused.
pub fn problem(refused: Option<Refusal>) -> impl IntoView {
    refused.map(|refused| refused.sentence()).map(|text| view! { <p class="error" role="alert">{text}</p> })
}

/// The links to the first and the next page of a list.
pub fn pages(first: Option<String>, next: Option<String>) -> impl IntoView {
    let words = words::admin();
    let has_pages = first.is_some() || next.is_some();
    let first = first.map(|to| view! { <a href=to>{words.first_page}</a> });
    let next = next.map(|to| view! { <a class="next" href=to rel="next">{words.more}</a> });
    has_pages.then(|| view! { <nav class="pages" aria-label=words.list_pages>{first} {next}</nav> })
}
