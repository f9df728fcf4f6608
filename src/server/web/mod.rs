//! How HTTP requests arrive and responses leave: connections, the router and the layers around it. No rule lives here.

pub mod compression;
pub mod connections;
pub mod csrf;
pub mod document;
pub mod finish;
pub mod guard;
pub mod health;
pub mod logging;
pub mod measure;
pub mod router;
pub mod scrape;
pub mod trace;
