//! How HTTP arrives at the doors and leaves again: connections, the router and the layers around it.

pub mod connections;
pub mod csrf;
pub mod finish;
pub mod guard;
pub mod health;
pub mod logging;
pub mod router;
