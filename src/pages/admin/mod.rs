//! The admin pages: an app of its own, with its own router, so that members do not load it. Links between the two apps
//! load a page.

pub mod act;
pub mod audit;
pub mod export;
pub mod flags;
pub mod imports;
pub mod member;
pub mod members;
pub mod overview;
pub mod second_factor;

use crate::app::route;
use crate::components::header::LogOutButton;
use crate::model::admin::Moment;
use crate::pages::not_found::NotFound;
use act::Act;
use audit::Audit;
use export::Export;
use flags::{Flag, Flags};
use imports::{Import, Imports};
use leptos::prelude::*;
use leptos::web_sys::{Element, SubmitEvent};
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::hooks::use_location;
use leptos_router::params::ParamsMap;
use leptos_router::{SsrMode, path};
use member::Member;
use members::Members;
use overview::Overview;
use second_factor::SecondFactor;

/// The router and its pages.
#[component]
pub fn AdminApp() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|title| format!("{title} · Vouch admin") />
        <Router>
            <Header />
            <main class="wide">
                <FlatRoutes fallback=NotFound>
                    <Route path=path!("/admin") view=Overview ssr=SsrMode::Async />
                    <Route path=path!("/admin/second-factor") view=SecondFactor ssr=SsrMode::Async />
                    <Route path=path!("/admin/members") view=Members ssr=SsrMode::Async />
                    <Route path=path!("/admin/members/:id") view=Member ssr=SsrMode::Async />
                    <Route path=path!("/admin/members/:id/:act") view=Act ssr=SsrMode::Async />
                    <Route path=path!("/admin/flags") view=Flags ssr=SsrMode::Async />
                    <Route path=path!("/admin/flags/:id") view=Flag ssr=SsrMode::Async />
                    <Route path=path!("/admin/audit") view=Audit ssr=SsrMode::Async />
                    <Route path=path!("/admin/export") view=Export ssr=SsrMode::Async />
                    <Route path=path!("/admin/imports") view=Imports ssr=SsrMode::Async />
                    <Route path=path!("/admin/imports/:id") view=Import ssr=SsrMode::Async />
                </FlatRoutes>
            </main>
        </Router>
    }
}

#[component]
fn Header() -> impl IntoView {
    let path = use_location().pathname;
    let is_inside = move || path.get() != route::SECOND_FACTOR;
    let links = [
        (route::ADMIN, "Overview"),
        (route::MEMBERS, "Members"),
        (route::FLAGS, "Review"),
        (route::AUDIT, "Audit log"),
        (route::EXPORT, "Export"),
        (route::IMPORTS, "Import"),
    ]
    .map(|(to, text)| {
        let is_here = move || match path.get() {
            here if here == to => Some("page"),
            here if to != route::ADMIN && here.starts_with(&format!("{to}/")) => Some("true"),
            _ => None,
        };
        view! { <a href=to aria-current=is_here>{text}</a> }
    });
    view! {
        <header class="wide">
            <a class="brand" href=route::ADMIN>"Vouch admin"</a>
            <LogOutButton />
        </header>
        <nav class="sections wide" aria-label="Admin pages" hidden=move || !is_inside()>{links}</nav>
    }
}

/// The number in the address, 0 for what is none.
fn id_in_address(params: Memo<ParamsMap>) -> Memo<i64> {
    Memo::new(move |_| params.read().get("id").and_then(|id| id.parse().ok()).unwrap_or_default())
}

/// An address with these values in its query; blank ones are left out.
fn address(page: &str, values: &[(&'static str, &str)]) -> String {
    let given = values.iter().filter(|(_, value)| !value.is_empty());
    let query: ParamsMap = given.map(|(name, value)| (*name, (*value).to_owned())).collect();
    format!("{page}{}", query.to_query_string())
}

/// A moment that machines can read, too.
fn time(moment: Moment) -> impl IntoView {
    view! { <time datetime=moment.iso>{moment.text}</time> }
}

/// A text field of a search form.
fn search_field(name: &'static str, label: &'static str, kind: &'static str, typed: String) -> impl IntoView {
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
            />
        </div>
    }
}

/// The fields of a search form beside the first one.
#[component]
fn Filters(
    /// What is set in them.
    values: Vec<String>,
    /// The fields.
    children: Children,
) -> impl IntoView {
    let set = values.iter().filter(|value| !value.is_empty()).count();
    view! {
        <details>
            <summary>"More filters" {(set > 0).then(|| format!(" ({set} set)"))}</summary>
            <div class="filters">{children()}</div>
        </details>
    }
}

/// Folds the filters of a form that is sent, so that what is found is seen.
fn fold_filters(sent: SubmitEvent) {
    let filters = event_target::<Element>(&sent).query_selector("details");
    if let Ok(Some(filters)) = filters {
        let _ = filters.remove_attribute("open");
    }
}

/// A choice in a search form.
fn choice(
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

/// What is wrong with a search.
fn problem(text: Option<String>) -> impl IntoView {
    text.map(|text| view! { <p class="error" role="alert">{text}</p> })
}

/// The way through a list that is longer than a page.
fn pages(first: Option<String>, next: Option<String>) -> impl IntoView {
    let has_pages = first.is_some() || next.is_some();
    let first = first.map(|to| view! { <a href=to>"Back to the first"</a> });
    let next = next.map(|to| view! { <a class="next" href=to rel="next">"More"</a> });
    has_pages.then(|| view! { <nav class="pages" aria-label="Pages of the list">{first} {next}</nav> })
}
