//! The HTML document around every page, and the pages that need no app: they are rendered on the server only, and their
//! forms and links work by themselves. No rules here.

mod account;
mod claim;
mod devices;
mod invitation;
mod number;
mod offline;
mod owner;
mod progress;
mod start;
mod styleguide;

use crate::app::App;
use crate::components::header::Header;
use crate::model::language::Language;
use crate::model::page::{AppAssets, DocumentView, PageAssets, PageView};
use crate::model::profile::InvitationView;
use crate::pages::admin::AdminApp;
use crate::pages::not_found::NotFound;
use crate::server::sentences;
use crate::{pages, route, words};
use account::Account;
use claim::Claim;
use devices::Devices;
use invitation::Invitation;
use leptos::either::EitherOf3;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;
use number::Number;
use offline::Offline;
use owner::Owner;
use progress::Progress;
use start::Start;
use std::sync::Arc;
use strum::VariantArray;
use styleguide::Styleguide;

/// What a document contains. Each app loads only its own code.
pub enum Content {
    /// The app for members, with the page to begin with, and the same for the browser, encoded.
    Member { view: Box<PageView>, encoded: String },
    /// A page that needs no app.
    Page(DocumentView),
    /// The app for admins.
    Admin,
}

pub fn shell(options: LeptosOptions, assets: &PageAssets, content: Content) -> impl IntoView + use<> {
    let PageAssets { member, admin, css, admin_css, brand, origin, is_for_trying_out } = assets.clone();
    // Not an element: the body belongs to the app, which would not find its own elements in the browser.
    let notice = is_for_trying_out.then_some(sentences::documents().nobody_is_verified);
    let (script, is_admin) = match &content {
        Content::Member { .. } => (script_of_app(&member), false),
        Content::Page(_) => (SCRIPT_OF_FORMS.to_owned(), false),
        Content::Admin => (script_of_app(&admin), true),
    };
    let title = title(&content).map(|title| view! { <title>{title}</title> });
    let alternates = origin.zip(public_address(&content)).map(|(origin, path)| alternates(&origin, path));
    let (mut encoded, mut preview) = (None, None);
    let body = match content {
        Content::Member { view, encoded: view_of_app } => {
            encoded = Some(view_of_app);
            EitherOf3::A(view! { <App first=*view /> })
        }
        Content::Page(view) => {
            if let DocumentView::Invitation(invitation) = &view {
                preview = Some(link_preview(invitation));
            }
            EitherOf3::B(page(view))
        }
        Content::Admin => EitherOf3::C(view! { <AdminApp /> }),
    };
    let name = (words::name() != words::OWN_NAME).then(words::name);
    view! {
        <!DOCTYPE html>
        <html lang=words::language().tag() dir=words::language().direction()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="description" content=sentences::documents().description />
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
                {body}
                <Footer is_admin terms=brand.terms privacy=brand.privacy />
            </body>
        </html>
    }
}

/// What every page does with its forms.
const SCRIPT_OF_FORMS: &str = include_str!("forms.js");

fn script_of_app(AppAssets { js, wasm }: &AppAssets) -> String {
    format!("{SCRIPT_OF_FORMS}\nconst js = \"{js}\", wasm = \"{wasm}\";\n{}", include_str!("app.js"))
}

fn page(view: DocumentView) -> impl IntoView {
    let is_for_anybody = matches!(
        view,
        DocumentView::Start
            | DocumentView::Invitation(_)
            | DocumentView::Owner(_)
            | DocumentView::Offline(_)
            | DocumentView::NotFound
    );
    let page = match view {
        DocumentView::Start => view! { <Start /> }.into_any(),
        DocumentView::Invitation(view) => view! { <Invitation view /> }.into_any(),
        DocumentView::Progress(view) => view! { <Progress view /> }.into_any(),
        DocumentView::Devices(view) => view! { <Devices view /> }.into_any(),
        DocumentView::Account(view) => view! { <Account view /> }.into_any(),
        DocumentView::Offline(view) => view! { <Offline view /> }.into_any(),
        DocumentView::Number(view) => view! { <Number view /> }.into_any(),
        DocumentView::Owner(view) => view! { <Owner view /> }.into_any(),
        DocumentView::Claim(view) => view! { <Claim view /> }.into_any(),
        DocumentView::Styleguide => view! { <Styleguide /> }.into_any(),
        DocumentView::NotFound => view! { <NotFound /> }.into_any(),
    };
    view! {
        <Header is_member=!is_for_anybody />
        <main>{page}</main>
    }
}

/// The title of the document. An app for admins sets its own.
fn title(content: &Content) -> Option<String> {
    let (words, documents) = (words::member(), sentences::documents());
    let page = match content {
        Content::Member { view, .. } => return Some(pages::title(view)),
        Content::Admin => return None,
        Content::Page(DocumentView::Start) => documents.start_title,
        Content::Page(DocumentView::Invitation(_)) => documents.invitation_title,
        Content::Page(DocumentView::Progress(_)) => words.progress_title,
        Content::Page(DocumentView::Devices(_)) => words.devices_title,
        Content::Page(DocumentView::Account(_)) => words.account_title,
        Content::Page(DocumentView::Offline(_)) => documents.offline_heading,
        Content::Page(DocumentView::Number(_)) => documents.number_heading,
        Content::Page(DocumentView::Owner(_)) => documents.owner_title,
        Content::Page(DocumentView::Claim(_)) => documents.claim_heading,
        Content::Page(DocumentView::Styleguide) => "Style guide",
        Content::Page(DocumentView::NotFound) => words.not_found_title,
    };
    Some(format!("{page} · {}", words::name()))
}

/// The address of a page that search engines are to find, in each language.
fn public_address(content: &Content) -> Option<&'static str> {
    match content {
        Content::Page(DocumentView::Start) => Some(route::HOME),
        Content::Member { view, .. } if matches!(**view, PageView::LoginPhone(_)) => Some(route::LOGIN),
        _ => None,
    }
}

/// The links of the host, and the choice of another language by a form that needs no JavaScript. It is behind the app, because
/// nothing in it changes.
#[component]
fn Footer(is_admin: bool, terms: Option<Arc<str>>, privacy: Option<Arc<str>>) -> impl IntoView {
    let words = sentences::documents();
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

/// Addresses of the same page in each language, for search engines, which take only whole ones
/// (developers.google.com/search/docs/specialty/international/localized-versions).
fn alternates(origin: &str, path: &'static str) -> impl IntoView + use<> {
    Language::VARIANTS
        .iter()
        .map(|language| {
            let address = format!("{origin}{path}?language={}", language.tag());
            view! { <link rel="alternate" hreflang=language.tag() href=address /> }
        })
        .collect_view()
}
