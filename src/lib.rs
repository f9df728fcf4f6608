//! Vouch: a phone-verified referral system that one person can host.
//!
//! One crate, built twice: natively with the feature `ssr` (the server, which also renders the pages)
//! and to WebAssembly with the feature `hydrate` (the same pages, alive in the browser).
//! This file holds the module list and the browser's entry point, nothing else.

// The type of a page is the tree of its elements; rendering the whole document is deeper than the default allows.
#![recursion_limit = "256"]

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
pub mod words;

/// The browser's entry point: takes over the page that the server rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_body(app::App);
}

/// The browser's entry point on the admin pages. Their code is a file of its own, which only they load.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub async fn hydrate_admin() {
    start_admin().await;
}

#[cfg(feature = "hydrate")]
#[leptos::prelude::lazy]
fn start_admin() {
    // Where a form leads may be the other app's.
    leptos::server_fn::redirect::set_redirect_hook(|path| {
        let _ = leptos::prelude::window().location().set_href(path);
    })
    .ok();
    leptos::mount::hydrate_body(pages::admin::AdminApp);
}
