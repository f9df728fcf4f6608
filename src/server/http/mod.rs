//! What the doors know of HTTP: who sends a request, what it prefers, its session and body, and how it is answered.

pub mod accept;
pub mod assets;
pub mod body;
pub mod client;
pub mod cookies;
pub mod csp;
pub mod files;
pub mod invitation;
pub mod language;
pub mod problem;
pub mod session;
pub mod state;
pub mod visit;
