//! What the HTML document around every page needs.

use std::sync::Arc;

/// The paths of the built files that every page loads.
#[derive(Clone, Debug)]
pub struct PageAssets {
    /// The JavaScript that wasm-bindgen generates.
    pub js: Arc<str>,
    pub wasm: Arc<str>,
    pub css: Arc<str>,
    /// What admin pages need beside it.
    pub admin_css: Arc<str>,
    /// Whether messages are simulated on a public address, which every page says.
    pub is_for_trying_out: bool,
}

/// One of the two apps in the wasm. Each loads only its own code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Login and profile.
    Member,
    /// The admin pages.
    Admin,
}
