//! The HTML document around every page, and the app for members.

use crate::api::page::Page;
use crate::components::fetch;
use crate::components::form::Navigation;
use crate::components::header::Header;
use crate::model::language::Language;
use crate::model::page::{AppAssets, PageAnswer, PageAssets, PageView};
use crate::model::profile::InvitationView;
use crate::pages::admin::AdminApp;
use crate::{pages, route, words};
use leptos::either::Either;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos::reactive::spawn_local;
use leptos::server_fn::ServerFn;
use leptos_meta::MetaTags;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::hooks::{use_location, use_navigate};
use leptos_router::{NavigateOptions, WildcardSegment};
use std::sync::{Arc, OnceLock};
use strum::VariantArray;

/// The app in a document. Each loads only its own code.
pub enum Entry {
    /// The pages for members, with the one to begin with, and the same for the browser, encoded.
    Member { view: Box<PageView>, encoded: String },
    /// The admin pages.
    Admin,
}

pub fn shell(options: LeptosOptions, assets: &PageAssets, entry: Entry) -> impl IntoView + use<> {
    let PageAssets { member, admin, css, admin_css, brand, is_for_trying_out } = assets.clone();
    let AppAssets { js, wasm } = if matches!(entry, Entry::Admin) { admin } else { member };
    // Not an element: the body belongs to the app, which would not find its own elements in the browser.
    let notice = is_for_trying_out.then_some(words::member().nobody_is_verified);
    let script = format!("const js = \"{js}\", wasm = \"{wasm}\";\n{}", include_str!("before_hydration.js"));
    let (mut public, mut preview) = (None, None);
    let (title, encoded, app) = match entry {
        Entry::Member { view, encoded } => {
            public = match *view {
                PageView::Start => Some(route::HOME),
                PageView::LoginPhone(_) => Some(route::LOGIN),
                _ => None,
            };
            if let PageView::Invitation(invitation) = &*view {
                preview = Some(link_preview(invitation));
            }
            let title = view! { <title>{pages::title(&view)}</title> };
            (Some(title), Some(encoded), Either::Left(view! { <App first=*view /> }))
        }
        Entry::Admin => (None, None, Either::Right(view! { <AdminApp /> })),
    };
    let is_admin = encoded.is_none();
    let name = (words::name() != words::OWN_NAME).then(words::name);
    let alternates = public.map(alternates);
    view! {
        <!DOCTYPE html>
        <html lang=words::language().tag() dir=words::language().direction()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="description" content=words::member().description />
                {title}
                {alternates}
                {preview}
                <link rel="stylesheet" href=css.to_string() />
                {is_admin.then(|| view! { <link rel="stylesheet" href=admin_css.to_string() /> })}
                {brand.style.map(|css| view! { <style nonce=use_nonce()>{css.to_string()}</style> })}
                <link rel="icon" href=brand.icon.unwrap_or("/icon.svg") />
                <link rel="apple-touch-icon" href="/icon-180.png" />
                <link rel="manifest" href=route::MANIFEST />
                <AutoReload options />
                <script type="module" nonce=use_nonce()>{script}</script>
                {is_admin.then(MetaTags)}
            </head>
            <body data-notice=notice data-view=encoded data-name=name>
                {app}
                <Footer is_admin terms=brand.terms privacy=brand.privacy />
            </body>
        </html>
    }
}

/// The links of the host, and the choice of another language by a form that needs no JavaScript. It is behind the app, because
/// nothing in it changes.
#[component]
fn Footer(is_admin: bool, terms: Option<Arc<str>>, privacy: Option<Arc<str>>) -> impl IntoView {
    let words = words::member();
    let links = [(terms, words.terms), (privacy, words.privacy)];
    let links = links.map(|(to, text)| to.map(|to| view! { <a href=to.to_string()>{text}</a> }));
    let is_offered =
        |language: &Language| *language != words::language() && (!is_admin || language.for_admins() == *language);
    let buttons = Language::VARIANTS.iter().copied().filter(is_offered).map(|language| {
        view! { <button class="quiet" name="language" value=language.tag() lang=language.tag()>{language.own_name()}</button> }
    });
    view! {
        <footer>
            {links}
            <form method="post" action=route::LANGUAGE aria-label=words.languages>{buttons.collect_view()}</form>
        </footer>
    }
}

/// What messengers show of a share link (ogp.me). Search engines are to leave it alone.
fn link_preview(view: &InvitationView) -> impl IntoView + use<> {
    let InvitationView { heading, text, link, .. } = view.clone();
    let properties = [
        ("og:type", "website".to_owned()),
        ("og:title", heading),
        ("og:description", text),
        ("og:image", route::card(&link)),
        ("og:image:width", "1200".to_owned()),
        ("og:image:height", "630".to_owned()),
        ("og:url", link),
    ];
    view! {
        <meta name="robots" content="noindex" />
        <meta name="twitter:card" content="summary_large_image" />
        {properties.map(|(property, content)| leptos::html::meta().content(content).attr("property", property))}
    }
}

/// Addresses of the same page in each language, for search engines.
fn alternates(address: &'static str) -> impl IntoView {
    Language::VARIANTS
        .iter()
        .map(|language| {
            let address = format!("{address}?language={}", language.tag());
            view! { <link rel="alternate" hreflang=language.tag() href=address /> }
        })
        .collect_view()
}

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
    let is_member = Signal::derive(move || {
        shown.with(|view| matches!(view, PageView::Profile(_) | PageView::Devices(_) | PageView::Account(_)))
    });
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
        if route::is_admin(to.split('?').next().unwrap_or_default()) {
            // It belongs to the other app, so the browser loads it.
            let _ = window().location().set_href(&to);
        } else if to == self.address.get_untracked() {
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
            }
        });
    }
}
