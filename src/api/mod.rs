//! The server functions of the pages: read the session, call `domain`, and return what the page shows. No rule lives
//! here.
//!
//! All of them are POSTs under `/api/`. Server modules are imported inside the bodies, because the browser compiles the
//! signatures as well.

pub mod account;
pub mod admin;
pub mod devices;
pub mod login;
pub mod number;
pub mod page;
pub mod profile;
