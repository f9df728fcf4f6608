//! What `domain` may ask of a database: a pair of traits for each aggregate, and one implementation per dialect. No
//! rule lives here. Every dialect must pass `contract`.
//!
//! [`Store`] has single statements; what must be atomic is in [`Transaction`].

mod audit;
mod budgets;
mod columns;
mod conditions;
#[cfg(test)]
mod contract;
mod counts;
mod demo;
mod devices;
mod error;
mod flags;
mod grants;
mod imports;
mod jobs;
mod links;
mod login_codes;
mod members;
mod messages;
pub mod postgres;
mod progress;
mod redemptions;
mod rows;
mod sessions;
mod set_aside;
pub mod sqlite;
mod tokens;
pub mod transfer;
mod upkeep;
mod webhooks;

pub use audit::{AuditStore, AuditTransaction};
pub use budgets::{BudgetStore, BudgetTransaction};
pub use counts::CountStore;
pub use demo::DemoTransaction;
pub use devices::{DeviceStore, DeviceTransaction};
pub use error::{Constraint, StoreError, StoreResult};
pub use flags::{FlagStore, FlagTransaction};
pub use grants::{GrantStore, GrantTransaction};
pub use imports::{ImportStore, ImportTransaction};
pub use jobs::JobStore;
pub use links::LinkStore;
pub use login_codes::{LoginCodeStore, LoginCodeTransaction};
pub use members::{MemberStore, MemberTransaction};
pub use messages::MessageStore;
pub use progress::ProgressStore;
pub use redemptions::{RedemptionStore, RedemptionTransaction};
pub use sessions::{SessionStore, SessionTransaction};
pub use set_aside::{SetAsideStore, SetAsideTransaction};
pub use tokens::{TokenStore, TokenTransaction};
pub use upkeep::UpkeepTransaction;
pub use webhooks::{WebhookStore, WebhookTransaction};

use crate::server::data::Lock;
use async_trait::async_trait;

#[async_trait]
pub trait Store:
    MemberStore
    + DeviceStore
    + SetAsideStore
    + LoginCodeStore
    + MessageStore
    + SessionStore
    + TokenStore
    + RedemptionStore
    + BudgetStore
    + FlagStore
    + AuditStore
    + GrantStore
    + CountStore
    + ImportStore
    + JobStore
    + LinkStore
    + ProgressStore
    + WebhookStore
{
    /// Begins a write transaction, after the one with the same lock has ended. Dropping it rolls it back.
    async fn begin(&self, lock: Lock<'_>) -> StoreResult<Box<dyn Transaction>>;
    /// Fails if the database does not answer, or its tables are older than this version needs.
    async fn check_ready(&self) -> StoreResult<()>;
    /// The connections of sqlx: with SQLite those for lists and searches, with PostgreSQL all.
    fn pool(&self) -> Pool;
    /// Closes all connections after the statements under way.
    async fn close(&self);
}

/// How many connections of a pool are in use, and how many are free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    pub busy: u32,
    pub idle: u32,
}

/// A write transaction. It sees everything that was committed before it began; see [`Lock`] for what happens beside it.
#[async_trait]
pub trait Transaction:
    MemberTransaction
    + DeviceTransaction
    + SetAsideTransaction
    + LoginCodeTransaction
    + SessionTransaction
    + TokenTransaction
    + RedemptionTransaction
    + BudgetTransaction
    + FlagTransaction
    + AuditTransaction
    + GrantTransaction
    + ImportTransaction
    + UpkeepTransaction
    + DemoTransaction
    + WebhookTransaction
{
    async fn commit(self: Box<Self>) -> StoreResult<()>;
}
