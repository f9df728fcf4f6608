//! A PostgreSQL database: one pool of connections. No queries of aggregates here.

use super::tables::{self, Tables};
use super::transaction::PostgresTransaction;
use crate::server::data::Lock;
use crate::server::metrics;
use crate::server::storage::{Pool, Store, StoreError, StoreResult, Transaction};
use async_trait::async_trait;
use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use std::time::{Duration, Instant};

/// How long a request waits for a connection: longer than a burst takes, and short enough for a clear answer.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// A connection that was idle for longer is asked whether it is alive. In a busy pool that would double the requests.
const TRUSTED_FOR: Duration = Duration::from_secs(1);
/// Rows that one statement deletes, so that its transaction is short.
const FORGOTTEN_AT_ONCE: i64 = 1000;
/// Settings of a connection. A transaction that waits for a lock gives up, and one that was left open is ended, so that
/// none keeps others waiting for ever.
const SESSION: [(&str, &str); 3] =
    [("lock_timeout", "5s"), ("idle_in_transaction_session_timeout", "30s"), ("application_name", "vouch")];

pub struct PostgresStore {
    pub(super) pool: PgPool,
}

impl PostgresStore {
    /// Connects, and migrates the tables.
    ///
    /// # Errors
    /// When the database cannot be reached or migrated, or is too old.
    pub async fn open(options: &PgConnectOptions, connections: u32) -> StoreResult<Self> {
        tables::migrate(options).await?;
        Self::connect(options, connections).await
    }

    /// Connects for a command, beside a server or without one: creates and migrates nothing.
    ///
    /// # Errors
    /// When the database cannot be reached, or its tables are not those of this version.
    pub async fn open_existing(options: &PgConnectOptions, connections: u32) -> StoreResult<Self> {
        let mut connection = sqlx::PgConnection::connect_with(options).await?;
        let tables = Tables::of(&mut connection).await?;
        connection.close().await?;
        match tables {
            Tables::Current => Self::connect(options, connections).await,
            Tables::Older => Err(StoreError::Older),
            Tables::Newer => Err(StoreError::Newer),
            Tables::None => Err(StoreError::NotVouch),
        }
    }

    async fn connect(options: &PgConnectOptions, connections: u32) -> StoreResult<Self> {
        let pool = PgPoolOptions::new().max_connections(connections).acquire_timeout(ACQUIRE_TIMEOUT);
        let pool = pool.test_before_acquire(false).before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > TRUSTED_FOR {
                    connection.ping().await?;
                }
                Ok(true)
            })
        });
        let pool = pool.connect_with(options.clone().options(SESSION)).await?;
        let moving = sqlx::query_scalar("SELECT source FROM moving").fetch_optional(&pool).await?;
        match moving {
            Some(source) => Err(StoreError::HalfMoved(source)),
            None => Ok(Self { pool }),
        }
    }

    /// Runs a statement that deletes or clears rows until it affects none. Its parameters are a bound and the number of
    /// rows at a time.
    pub(super) async fn forget(&self, statement: &'static str, bound: i64) -> StoreResult<u64> {
        let mut forgotten = 0;
        loop {
            let some = sqlx::query(statement).bind(bound).bind(FORGOTTEN_AT_ONCE).execute(&self.pool).await?;
            if some.rows_affected() == 0 {
                return Ok(forgotten);
            }
            forgotten += some.rows_affected();
        }
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn begin(&self, lock: Lock<'_>) -> StoreResult<Box<dyn Transaction>> {
        let waits = Instant::now();
        let tx = PostgresTransaction::begin(&self.pool, lock).await;
        metrics::writer_waited(waits.elapsed());
        Ok(Box::new(tx?))
    }

    async fn check_ready(&self) -> StoreResult<()> {
        match Tables::of(&mut *self.pool.acquire().await?).await? {
            Tables::Current | Tables::Newer => Ok(()),
            Tables::Older | Tables::None => Err(StoreError::Malformed("list of migrations".to_owned())),
        }
    }

    fn pool(&self) -> Pool {
        let (all, idle) = (self.pool.size(), u32::try_from(self.pool.num_idle()).unwrap_or(u32::MAX));
        Pool { busy: all.saturating_sub(idle), idle }
    }

    async fn close(&self) {
        self.pool.close().await;
    }
}
