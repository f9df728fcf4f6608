//! The server functions behind the pages: session → domain → what the page shows. No rule lives here.
//!
//! All of them are POSTs under `/api/`; every import of the server stands inside a body, so that none reaches the
//! browser.

pub mod admin;
pub mod login;
pub mod profile;
