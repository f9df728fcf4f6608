//! The app for members: the login and the profile. What surrounds it, and the pages that need no app, are in
//! `server::documents`.

use crate::api::page::Page;
use crate::components::fetch;
use crate::components::form::Navigation;
use crate::components::header::Header;
use crate::model::language::Language;
use crate::model::page::{PageAnswer, PageView};
use crate::{pages, words};
use leptos::prelude::*;
use leptos::reactive::spawn_local;
use leptos::server_fn::ServerFn;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::hooks::{use_location, use_navigate};
use leptos_router::{NavigateOptions, WildcardSegment};
use std::sync::OnceLock;

/// Reads what the document says about all of its texts, in the browser.
pub fn read_document() {
    words::set_language_source(language_of_document);
    if let Some(name) = document().body().and_then(|body| body.get_attribute("data-name")) {
        words::set_name(name);
    }
}

/// The language of the document, in the browser.
fn language_of_document() -> Language {
    static FOUND: OnceLock<Language> = OnceLock::new();
    *FOUND.get_or_init(|| {
        let tag = document().document_element().and_then(|root| root.get_attribute("lang"));
        tag.and_then(|tag| tag.parse().ok()).unwrap_or_default()
    })
}

/// The page that the document shows, in the browser.
pub fn first_view() -> Option<PageView> {
    let encoded = document().body()?.get_attribute("data-view")?;
    // One character for each byte.
    let bytes = window().atob(&encoded).ok()?.chars().map(|byte| u8::try_from(byte).ok()).collect::<Option<Vec<_>>>();
    postcard::from_bytes(&bytes?).ok()
}

/// The app for members. What is at an address is what the server says: the router keeps addresses, history and links.
#[component]
pub fn App(
    /// The page that the document was loaded for.
    first: PageView,
) -> impl IntoView {
    view! {
        <Router>
            <Pages first />
        </Router>
    }
}

#[component]
fn Pages(first: PageView) -> impl IntoView {
    let shown = RwSignal::new(first);
    let (location, navigate) = (use_location(), use_navigate());
    let address = Memo::new(move |_| {
        let (path, search) = (location.pathname.get(), location.search.get());
        // In the browser the router leaves out the question mark.
        let search = search.trim_start_matches('?');
        if search.is_empty() { path } else { format!("{path}?{search}") }
    });
    let navigate = Callback::new(move |(to, replace): (String, bool)| {
        navigate(&to, NavigateOptions { replace, ..NavigateOptions::default() });
    });
    let visit = Visit { shown, address, navigate };
    provide_context(Navigation(Callback::new(move |to| visit.go(to, false))));
    Effect::new(move |before: Option<String>| {
        let now = address.get();
        // The first page came with the document.
        if before.is_some_and(|before| before != now) {
            visit.read(now.clone());
        }
        now
    });
    Effect::new(move |_| document().set_title(&shown.with(pages::title)));
    let is_member = Signal::derive(move || shown.with(|view| matches!(view, PageView::Profile(_))));
    let page = move || move || pages::page(shown.get());
    view! {
        <Header is_member />
        <main>
            <FlatRoutes fallback=|| ()>
                <Route path=WildcardSegment("address") view=page />
            </FlatRoutes>
        </main>
    }
}

/// What the person looks at.
#[derive(Clone, Copy)]
struct Visit {
    shown: RwSignal<PageView>,
    address: Memo<String>,
    /// Changes the address: to this one, and whether in the place of the present one.
    navigate: Callback<(String, bool)>,
}

impl Visit {
    /// Goes to an address of this site.
    fn go(self, to: String, replace: bool) {
        if to == self.address.get_untracked() {
            self.read(to);
        } else {
            self.navigate.run((to, replace));
        }
    }

    /// Shows what is at this address.
    fn read(self, address: String) {
        spawn_local(async move {
            let answer = fetch::page(Page::PATH, &address).await;
            let has_gone_on = self.address.get_untracked() != address;
            match answer {
                _ if has_gone_on => {}
                PageAnswer::Shown(view) => self.shown.set(view),
                PageAnswer::Elsewhere(to) => self.go(to, true),
                PageAnswer::OfBrowser => drop(window().location().replace(&address)),
            }
        });
    }
}
