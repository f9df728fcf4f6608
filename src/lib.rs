//! Vouch: a phone-verified referral system that one person can host.
//!
//! One crate, built three times: natively with the feature `ssr` (the server, which also renders the pages), and to
//! WebAssembly with the feature `hydrate` (the pages for members, interactive in the browser) and with the feature `admin`
//! (the admin pages). This file contains only the
//! modules and the entry points of the browser.

// The type of a page is its tree of elements, which for a whole document is deeper than the default limit.
#![recursion_limit = "256"]

// First, because the server defines groups of sentences with its macro.
#[macro_use]
pub mod words;

pub mod api;
pub mod app;
pub mod components;
pub mod error;
pub mod model;
pub mod pages;
pub mod route;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(all(test, feature = "ssr"))]
mod tests;

/// The entry point of the browser on the pages for members.
#[cfg(all(feature = "hydrate", not(feature = "admin")))]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    app::read_document();
    // Without its view the document stays as it was sent: its forms and links work by themselves.
    if let Some(first) = app::first_view() {
        leptos::mount::hydrate_body(move || app::App(app::AppProps { first }));
    }
}

/// The entry point of the browser on the admin pages, in a build of its own, which only they load.
#[cfg(feature = "admin")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    app::read_document();
    // A form may redirect to a page of the other app, which the router cannot open.
    leptos::server_fn::redirect::set_redirect_hook(|path| {
        let _ = leptos::prelude::window().location().set_href(path);
    })
    .ok();
    leptos::mount::hydrate_body(pages::admin::AdminApp);
}
