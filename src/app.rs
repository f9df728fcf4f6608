//! The app as a whole: the document around every page, the router, and the table of routes.

use crate::components::header::Header;
use crate::pages::admin::AdminApp;
use crate::pages::login_code::LoginCode;
use crate::pages::login_phone::LoginPhone;
use crate::pages::not_found::NotFound;
use crate::pages::profile::Profile;
use leptos::either::Either;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::{FlatRoutes, Redirect, Route, Router};
use leptos_router::hooks::use_location;
use leptos_router::{SsrMode, path};
use std::sync::Arc;

/// The addresses of the pages, for links and redirects.
pub mod route {
    /// Leads to [`LOGIN`] or [`PROFILE`].
    pub const HOME: &str = "/";
    /// Where a phone number is asked for.
    pub const LOGIN: &str = "/login";
    /// Where its code is asked for.
    pub const LOGIN_CODE: &str = "/login/code";
    /// The member's own page.
    pub const PROFILE: &str = "/profile";
    /// Where the programme is run from.
    pub const ADMIN: &str = "/admin";
    /// Where admins show that they are.
    pub const SECOND_FACTOR: &str = "/admin/second-factor";
    /// Where members are found.
    pub const MEMBERS: &str = "/admin/members";
    /// Where it is listed what looks odd.
    pub const FLAGS: &str = "/admin/flags";
    /// Where it is told who did what.
    pub const AUDIT: &str = "/admin/audit";

    /// Where lists are taken away.
    pub const EXPORT: &str = "/admin/export";
    /// Where files of members are brought.
    pub const IMPORTS: &str = "/admin/imports";

    /// The page of one member.
    pub fn member(id: i64) -> String {
        format!("{MEMBERS}/{id}")
    }

    /// The page of one flag.
    pub fn flag(id: i64) -> String {
        format!("{FLAGS}/{id}")
    }

    /// The page of one file of members.
    pub fn import(id: i64) -> String {
        format!("{IMPORTS}/{id}")
    }

    /// The page of one act on one member.
    pub fn act(id: i64, act: &str) -> String {
        format!("{MEMBERS}/{id}/{act}")
    }

    /// Whether a path is that of an admin page.
    pub fn is_admin(path: &str) -> bool {
        path.strip_prefix(ADMIN).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The login page, remembering where to go afterwards.
    pub fn login_and_back(next: &str) -> String {
        and_back(LOGIN, after_login(next))
    }

    /// The page of the second factor, remembering where to go afterwards.
    pub fn second_factor_and_back(next: &str) -> String {
        and_back(SECOND_FACTOR, after_second_factor(next))
    }

    fn and_back(page: &str, next: &str) -> String {
        let next = next.replace('%', "%25").replace('&', "%26").replace('#', "%23").replace('+', "%2B");
        format!("{page}?next={next}")
    }

    /// Where to go after the second factor: an admin page, or the first of them for anything else.
    pub fn after_second_factor(next: &str) -> &str {
        let next = after_login(next);
        let is_page = is_admin(next.split('?').next().unwrap_or_default()) && !next.starts_with(SECOND_FACTOR);
        if is_page { next } else { ADMIN }
    }

    /// Where to go after the login: a path of this site, or the profile for anything else that stands in an address.
    pub fn after_login(next: &str) -> &str {
        let is_local = next.starts_with('/') && !next.starts_with("//");
        let is_plain = next.len() <= 200 && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        if is_local && is_plain { next } else { PROFILE }
    }
}

/// The paths of the built files that every page asks for.
#[derive(Clone, Debug)]
pub struct PageAssets {
    /// The JavaScript glue that wasm-bindgen makes.
    pub js: Arc<str>,
    /// The app.
    pub wasm: Arc<str>,
    /// The stylesheet.
    pub css: Arc<str>,
}

/// One of the two apps in the wasm. Whoever comes to the one does not load the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Login and profile.
    Member,
    /// The admin pages.
    Admin,
}

/// The HTML document around every page.
pub fn shell(options: LeptosOptions, assets: &PageAssets, entry: Entry) -> impl IntoView + use<> {
    let PageAssets { js, wasm, css } = assets.clone();
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
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="stylesheet" href=css.to_string() />
                {(entry == Entry::Admin).then(|| view! { <link rel="stylesheet" href="/admin.css" /> })}
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

#[cfg(test)]
mod tests {
    use super::route;

    #[test]
    fn only_paths_of_this_site_are_gone_to_after_the_login() {
        assert_eq!(route::after_login("/profile?after=17-3"), "/profile?after=17-3");
        for elsewhere in
            ["", "profile", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nSet-Cookie: x", "/ü"]
        {
            assert_eq!(route::after_login(elsewhere), route::PROFILE, "{elsewhere:?}");
        }
    }

    #[test]
    fn the_way_back_survives_as_one_parameter() {
        assert_eq!(route::login_and_back("/profile?after=1-2&x=%20"), "/login?next=/profile?after=1-2%26x=%2520");
    }
}
