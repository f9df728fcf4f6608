//! The app as a whole: the document around every page, the router, and the table of routes.

use crate::components::header::Header;
use crate::model::page::{Entry, PageAssets};
use crate::pages::admin::AdminApp;
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

/// The HTML document around every page.
pub fn shell(options: LeptosOptions, assets: &PageAssets, entry: Entry) -> impl IntoView + use<> {
    let PageAssets { js, wasm, css, admin_css } = assets.clone();
    // The wasm is asked for by a script and not by a preload link: without JavaScript it is not needed.
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
            <body>
                {app}
            </body>
        </html>
    }
}

/// The router and its pages.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let is_running = StoredValue::new(false);
    Effect::new(move |_| is_running.set_value(true));
    let fallback = move || {
        let path = use_location().pathname.get_untracked();
        // The page that the server found nothing at stays; only who gets there later may have got to the other app.
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
                    // Async: a page goes out whole, since without JavaScript nothing could complete it later.
                    <Route path=path!("/login") view=LoginPhone ssr=SsrMode::Async />
                    <Route path=path!("/login/code") view=LoginCode ssr=SsrMode::Async />
                    <Route path=path!("/profile") view=Profile ssr=SsrMode::Async />
                </FlatRoutes>
            </main>
        </Router>
    }
}

/// For links followed in the browser; the server's guard answers before this is rendered.
#[component]
fn Home() -> impl IntoView {
    view! { <Redirect path=route::LOGIN /> }
}

/// An admin page, which the login may lead to: that is another app, so the browser has to load it.
#[component]
fn OtherApp() -> impl IntoView {
    let location = use_location();
    Effect::new(move |_| {
        let address = format!("{}{}", location.pathname.get_untracked(), location.search.get_untracked());
        let _ = window().location().replace(&address);
    });
}
