//! The admin pages: an app with its own router, so that members do not load it. A link from one app to the other loads
//! a page.

pub mod act;
pub mod audit;
mod data;
pub mod export;
pub mod first;
pub mod flags;
pub mod imports;
pub mod member;
pub mod members;
pub mod overview;
mod parts;
pub mod second_factor;
mod table;
pub mod webhooks;

use crate::components::header::LogOutButton;
use crate::pages::not_found::NotFound;
use crate::{route, words};
use act::Act;
use audit::Audit;
use export::Export;
use first::First;
use flags::{Flag, Flags};
use imports::{Import, Imports};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::hooks::use_location;
use leptos_router::{SsrMode, path};
use member::Member;
use members::Members;
use overview::Overview;
use second_factor::SecondFactor;
use webhooks::{Delivery, Endpoint, Failed, Webhooks};

#[component]
pub fn AdminApp() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|title| format!("{title} · {}", words::admin().brand) />
        <Router>
            <Header />
            <main class="wide">
                <FlatRoutes fallback=NothingHere>
                    <Route path=path!("/admin") view=Overview ssr=SsrMode::Async />
                    <Route path=path!("/admin/second-factor") view=SecondFactor ssr=SsrMode::Async />
                    <Route path=path!("/admin/first") view=First ssr=SsrMode::Async />
                    <Route path=path!("/admin/members") view=Members ssr=SsrMode::Async />
                    <Route path=path!("/admin/members/:id") view=Member ssr=SsrMode::Async />
                    <Route path=path!("/admin/members/:id/:act") view=Act ssr=SsrMode::Async />
                    <Route path=path!("/admin/flags") view=Flags ssr=SsrMode::Async />
                    <Route path=path!("/admin/flags/:id") view=Flag ssr=SsrMode::Async />
                    <Route path=path!("/admin/audit") view=Audit ssr=SsrMode::Async />
                    <Route path=path!("/admin/export") view=Export ssr=SsrMode::Async />
                    <Route path=path!("/admin/imports") view=Imports ssr=SsrMode::Async />
                    <Route path=path!("/admin/imports/:id") view=Import ssr=SsrMode::Async />
                    <Route path=path!("/admin/webhooks") view=Webhooks ssr=SsrMode::Async />
                    <Route path=path!("/admin/webhooks/failed") view=Failed ssr=SsrMode::Async />
                    <Route path=path!("/admin/webhooks/:id") view=Delivery ssr=SsrMode::Async />
                    <Route path=path!("/admin/webhooks/endpoints/:number") view=Endpoint ssr=SsrMode::Async />
                </FlatRoutes>
            </main>
        </Router>
    }
}

#[component]
fn NothingHere() -> impl IntoView {
    view! {
        <Title text=words::member().not_found_title />
        <NotFound />
    }
}

#[component]
fn Header() -> impl IntoView {
    let words = words::admin();
    let path = use_location().pathname;
    let is_inside = move || ![route::SECOND_FACTOR, route::FIRST_ADMIN].contains(&path.get().as_str());
    let links = [
        (route::ADMIN, words.overview),
        (route::MEMBERS, words.members),
        (route::FLAGS, words.review),
        (route::AUDIT, words.audit_log),
        (route::EXPORT, words.export),
        (route::IMPORTS, words.import),
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
            <a class="brand" href=route::ADMIN>{words.brand}</a>
            <LogOutButton />
        </header>
        <nav class="sections wide" aria-label=words.sections hidden=move || !is_inside()>{links}</nav>
    }
}
