//! Ids and records that storage and rules share, a file for each aggregate as in `storage`.
//!
//! Plain data with its stored names. Nothing here does I/O, or takes a clock or a random generator, and nothing knows
//! HTTP or SQL.

mod audit;
mod budgets;
mod counts;
mod demo;
mod devices;
mod flags;
mod grants;
mod imports;
mod links;
mod lock;
mod login_codes;
mod members;
mod messages;
mod number;
mod progress;
mod redemptions;
mod sessions;
mod tokens;
mod upkeep;
mod webhooks;

pub use audit::*;
pub use budgets::*;
pub use counts::*;
pub use demo::*;
pub use devices::*;
pub use flags::*;
pub use grants::*;
pub use imports::*;
pub use links::*;
pub use lock::*;
pub use login_codes::*;
pub use members::*;
pub use messages::*;
pub use number::*;
pub use progress::*;
pub use redemptions::*;
pub use sessions::*;
pub use tokens::*;
pub use upkeep::*;
pub use webhooks::*;
