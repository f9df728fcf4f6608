//! What the document around every page needs to know.

use std::sync::Arc;

/// The paths of the built files that every page asks for.
#[derive(Clone, Debug)]
pub struct PageAssets {
    /// The JavaScript glue that wasm-bindgen makes.
    pub js: Arc<str>,
    /// The app.
    pub wasm: Arc<str>,
    /// The stylesheet.
    pub css: Arc<str>,
    /// What admin pages need beside it.
    pub admin_css: Arc<str>,
}

/// One of the two apps in the wasm. Whoever comes to the one does not load the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Login and profile.
    Member,
    /// The admin pages.
    Admin,
}
