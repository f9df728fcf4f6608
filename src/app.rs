//! The app for members: the HTML document around every page, the router, and the table of routes.

use crate::components::header::Header;
use crate::model::page::{Entry, PageAssets};
use crate::pages::admin::AdminApp;
use crate::pages::devices::Devices;
use crate::pages::login_code::LoginCode;
use crate::pages::login_phone::LoginPhone;
use crate::pages::not_found::NotFound;
use crate::pages::profile::Profile;
use crate::{route, words};
use leptos::either::Either;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::{FlatRoutes, Redirect, Route, Router};
use leptos_router::hooks::use_location;
use leptos_router::{SsrMode, path};

pub fn shell(options: LeptosOptions, assets: &PageAssets, entry: Entry) -> impl IntoView + use<> {
    let PageAssets { js, wasm, css, admin_css, is_for_trying_out } = assets.clone();
    // Not an element: the body belongs to the app, which would not find its own elements in the browser.
    let notice = is_for_trying_out.then_some(words::member().nobody_is_verified);
    // The wasm is loaded by a script and not by a preload link, because without JavaScript it is not needed.
    let fetch_app = format!("const app = fetch(\"{wasm}\");\n{}", include_str!("before_hydration.js"));
    let hydrate = match entry {
        Entry::Member => "hydrate",
        Entry::Admin => "hydrate_admin",
    };
    let start_app = format!(
        "import init, {{ {hydrate} }} from \"{js}\";
await init({{ module_or_path: app }});
await {hydrate}();
document.documentElement.dataset.hydrated = \"\";"
    );
    let app = match entry {
        Entry::Member => Either::Left(view! { <App /> }),
        Entry::Admin => Either::Right(view! { <AdminApp /> }),
    };
    view! {
        <!DOCTYPE html>
        <html lang=words::language().tag()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="stylesheet" href=css.to_string() />
                {(entry == Entry::Admin).then(|| view! { <link rel="stylesheet" href=admin_css.to_string() /> })}
                <link rel="modulepreload" href=js.to_string() nonce=use_nonce() />
                <link rel="icon" href="/icon.svg" r#type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/icon-180.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <AutoReload options />
                <script nonce=use_nonce()>{fetch_app}</script>
                <script type="module" nonce=use_nonce()>{start_app}</script>
                <MetaTags />
            </head>
            <body data-notice=notice>
                {app}
            </body>
        </html>
    }
}

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let is_running = StoredValue::new(false);
    Effect::new(move |_| is_running.set_value(true));
    let fallback = move || {
        let path = use_location().pathname.get_untracked();
        // On a page that the server answered with 404 this stays. Only navigation in the browser may lead to a page of
        // the other app.
        if is_running.get_value() && route::is_admin(&path) {
            Either::Left(view! { <OtherApp /> })
        } else {
            Either::Right(view! { <NotFound /> })
        }
    };
    view! {
        <Title formatter=|title| format!("{title} · Vouch") />
        <Router>
            <Header />
            <main>
                <FlatRoutes fallback>
                    <Route path=path!("/") view=Home />
                    // Async: the page is sent as a whole, because without JavaScript nothing could complete it later.
                    <Route path=path!("/login") view=LoginPhone ssr=SsrMode::Async />
                    <Route path=path!("/login/code") view=LoginCode ssr=SsrMode::Async />
                    <Route path=path!("/profile") view=Profile ssr=SsrMode::Async />
                    <Route path=path!("/profile/devices") view=Devices ssr=SsrMode::Async />
                </FlatRoutes>
            </main>
        </Router>
    }
}

/// Only for links that the router follows; on the server the guard redirects before this is rendered.
#[component]
fn Home() -> impl IntoView {
    view! { <Redirect path=route::LOGIN /> }
}

/// An admin page, which a login may lead to. It belongs to the other app, so the browser loads it.
#[component]
fn OtherApp() -> impl IntoView {
    let location = use_location();
    Effect::new(move |_| {
        let (path, search) = (location.pathname.get_untracked(), location.search.get_untracked());
        // In the browser the router leaves out the question mark.
        let search = search.trim_start_matches('?');
        let address = if search.is_empty() { path } else { format!("{path}?{search}") };
        let _ = window().location().replace(&address);
    });
}
