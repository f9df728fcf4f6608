//! Advisory locks: what must not happen side by side. Each is held until its transaction ends.
//!
//! They are taken in this order, so that no two transactions wait for each other:
//!
//! 1. the [`Lock`] with which the transaction begins;
//! 2. accounts of budgets, in the order in which the rules charge them: phone, network from small to large, prefix, all.
//!    Without it, two transactions would count the same uses and share the last one;
//! 3. the redemptions, before the search for a circle. It follows the chain of inviters, any link of which another
//!    transaction may be adding. One lock is enough for all of them: a person redeems once in their life;
//! 4. the phone of a member who is erased, so that no login adds a row to what is being deleted; both phones of a member
//!    who changes it, in the order of their digits.
//!
//! Rows are locked by the statements that change them, and the last statement of each rule decides under that lock: a code
//! is used by `UPDATE … WHERE used_at IS NULL`, a guess is counted by `UPDATE … WHERE tries < …`.

use crate::model::phone::Phone;
use crate::server::data::Lock;
use crate::server::storage::StoreResult;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use std::sync::Arc;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// The redemptions.
pub(super) const REDEMPTIONS: Key = Key(1);
/// Held by a server that migrates the tables.
pub(super) const MIGRATION: Key = Key(2);

/// Held by a command that moves data here.
pub(super) const MOVING: Key = Key(3);

/// The number by which PostgreSQL knows a lock.
#[derive(Clone, Copy)]
pub(super) struct Key(pub i64);

impl Key {
    /// `None` for a transaction that needs no lock.
    pub fn of(lock: Lock<'_>) -> Option<Self> {
        Some(match lock {
            Lock::Nothing => return None,
            Lock::Phone(phone) => Self::of_phone(phone),
            Lock::Member(member) => Self::named("member", &member.0.to_string()),
            Lock::Admins => Self::named("admins", ""),
            Lock::Host => Self::named("host", ""),
        })
    }

    pub fn of_phone(phone: &Phone) -> Self {
        Self::named("phone", phone.as_str())
    }

    pub fn of_account(budget: &str, subject: &str) -> Self {
        Self::named(budget, subject)
    }

    /// Two names have one number once in 2⁶⁴ pairs; then their transactions wait for each other without need.
    fn named(kind: &str, name: &str) -> Self {
        let hash = Sha256::digest(format!("{kind} {name}"));
        let mut number = [0; 8];
        number.copy_from_slice(&hash[..8]);
        Self(i64::from_be_bytes(number))
    }
}

/// Queues before the locks of this server's transactions. Whoever waits for a lock in PostgreSQL keeps a connection meanwhile, so
/// a few requests about one phone would keep all connections from everybody else. So only the first of each queue gets one.
pub(super) struct Queues([Arc<Mutex<()>>; QUEUES]);

/// More than there are connections. Locks that share a queue wait for each other without need.
const QUEUES: usize = 1024;

impl Queues {
    pub fn new() -> Self {
        Self(std::array::from_fn(|_| Arc::default()))
    }

    /// Waits for one's turn, which lasts until the guard is dropped.
    pub async fn turn(&self, key: Key) -> OwnedMutexGuard<()> {
        let number = usize::try_from(key.0.unsigned_abs() % QUEUES as u64).unwrap_or_default();
        self.0[number].clone().lock_owned().await
    }
}

/// Waits for a lock, and holds it until the transaction ends. The next statement sees what was committed meanwhile.
pub(super) async fn take(connection: &mut PgConnection, key: Key) -> StoreResult<()> {
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(key.0).execute(connection).await?;
    Ok(())
}

/// Takes the locks of two phones, in an order that is the same for everybody.
pub(super) async fn take_phones(connection: &mut PgConnection, mut phones: [&Phone; 2]) -> StoreResult<()> {
    phones.sort_by_key(|phone| phone.as_str());
    for phone in phones {
        take(connection, Key::of_phone(phone)).await?;
    }
    Ok(())
}
