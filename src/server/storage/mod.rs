//! What the rules may ask of a database, in their own words: a trait for each aggregate. One implementation per dialect; all
//! pass `contract`.
//!
//! Reads of a single statement stand on [`Store`]; everything that must hold together stands on [`Transaction`].

mod audit;
mod budgets;
mod columns;
#[cfg(test)]
mod contract;
mod counts;
mod devices;
mod error;
mod flags;
mod grants;
mod imports;
mod login_codes;
mod members;
mod redemptions;
mod sessions;
pub mod sqlite;
mod tokens;

pub use audit::{AuditStore, AuditTransaction};
pub use budgets::{BudgetStore, BudgetTransaction};
pub use counts::CountStore;
pub use devices::{DeviceStore, DeviceTransaction};
pub use error::{Constraint, StoreError, StoreResult};
pub use flags::{FlagStore, FlagTransaction};
pub use grants::{GrantStore, GrantTransaction};
pub use imports::{ImportStore, ImportTransaction};
pub use login_codes::{LoginCodeStore, LoginCodeTransaction};
pub use members::{MemberStore, MemberTransaction};
pub use redemptions::{RedemptionStore, RedemptionTransaction};
pub use sessions::SessionStore;
pub use tokens::{TokenStore, TokenTransaction};

use async_trait::async_trait;

/// A database.
#[async_trait]
pub trait Store:
    MemberStore
    + DeviceStore
    + LoginCodeStore
    + SessionStore
    + TokenStore
    + RedemptionStore
    + BudgetStore
    + FlagStore
    + AuditStore
    + GrantStore
    + CountStore
    + ImportStore
{
    /// Begins a write transaction; it waits for the one before. Dropping it undoes it.
    async fn begin(&self) -> StoreResult<Box<dyn Transaction>>;
    /// Whether the database answers and its tables are those this version needs.
    async fn check_ready(&self) -> StoreResult<()>;
    /// Closes every connection, after the statements under way.
    async fn close(&self);
}

/// A write transaction. It alone writes, and sees everything that was committed before it began.
#[async_trait]
pub trait Transaction:
    MemberTransaction
    + DeviceTransaction
    + LoginCodeTransaction
    + TokenTransaction
    + RedemptionTransaction
    + BudgetTransaction
    + FlagTransaction
    + AuditTransaction
    + GrantTransaction
    + ImportTransaction
{
    /// Makes all of it durable.
    async fn commit(self: Box<Self>) -> StoreResult<()>;
}
