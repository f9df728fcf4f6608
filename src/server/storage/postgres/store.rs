//! A PostgreSQL database: one pool of connections. No queries of aggregates here.

use super::connection::connect;
use super::locks::Queues;
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
    queues: Queues,
    /// For the check of readiness alone: a server whose connections are all busy must not be taken for one that is lost.
    check: PgPool,
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
        let mut connection = connect(options).await?;
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
        let options = options.clone().options(SESSION);
        let check = PgPoolOptions::new().max_connections(1).acquire_timeout(ACQUIRE_TIMEOUT);
        let check = check.connect_lazy_with(options.clone());
        let pool = pool.connect_with(options).await?;
        let moving = sqlx::query_scalar("SELECT source FROM moving").fetch_optional(&pool).await?;
        match moving {
            Some(source) => Err(StoreError::HalfMoved(source)),
            None => Ok(Self { pool, queues: Queues::new(), check }),
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
        let tx = PostgresTransaction::begin(&self.pool, &self.queues, lock).await;
        metrics::writer_waited(waits.elapsed());
        Ok(Box::new(tx?))
    }

    async fn check_ready(&self) -> StoreResult<()> {
        match Tables::of(&mut *self.check.acquire().await?).await? {
            Tables::Current | Tables::Newer => Ok(()),
            Tables::Older | Tables::None => Err(StoreError::Malformed("list of migrations".to_owned())),
        }
    }

    fn pool(&self) -> Pool {
        let (all, idle) = (self.pool.size(), u32::try_from(self.pool.num_idle()).unwrap_or(u32::MAX));
        Pool { busy: all.saturating_sub(idle), idle }
    }

    async fn close(&self) {
        self.check.close().await;
        self.pool.close().await;
    }
}

#[cfg(test)]
mod tests {
    use super::super::tables::MIGRATIONS;
    use super::*;
    use crate::model::phone::Phone;
    use crate::server::data::MemberSearch;
    use crate::server::storage::{CountStore, MemberStore};
    use crate::tests::OwnDatabase;
    use sqlx::{AssertSqlSafe, Executor, PgConnection};

    /// Opens a database that cannot be used; returns what is said of it.
    async fn refusal(options: &PgConnectOptions) -> String {
        PostgresStore::open(options, 2).await.err().expect("it cannot be used").to_string()
    }

    async fn run(connection: &mut PgConnection, statement: String) {
        connection.execute(AssertSqlSafe(statement)).await.unwrap();
    }

    /// A role of a test, which may connect and nothing else.
    async fn role(own: &OwnDatabase, name: &str) -> PgConnectOptions {
        let name = format!("{name}_{}", std::process::id());
        run(&mut own.connect().await, format!("CREATE ROLE {name} LOGIN")).await;
        own.options().username(&name)
    }

    #[tokio::test]
    async fn a_database_that_cannot_be_used_says_why() {
        let own = OwnDatabase::empty().await;
        let missing = own.options().database("no_such_database");
        assert!(refusal(&missing).await.contains("\"no_such_database\" does not exist"));
        let stranger = own.options().username("no_such_role");
        assert!(refusal(&stranger).await.contains("role \"no_such_role\" does not exist"));
        let limited = role(&own, "limited").await;
        assert!(refusal(&limited).await.contains("permission denied for schema public"));
        let nowhere = PgConnectOptions::new().host("127.0.0.1").port(1);
        assert!(refusal(&nowhere).await.contains("refused"));
    }

    #[tokio::test]
    async fn a_command_neither_creates_nor_migrates_and_no_server_uses_a_newer_database() {
        let own = OwnDatabase::empty().await;
        let existing = async || PostgresStore::open_existing(&own.options(), 2).await.map(|_| ());
        assert!(matches!(existing().await, Err(StoreError::NotVouch)));
        let steps: Vec<_> = MIGRATIONS.iter().filter(|step| step.version <= 9).cloned().collect();
        sqlx::migrate::Migrator::with_migrations(steps).run(&mut own.connect().await).await.unwrap();
        assert!(matches!(existing().await, Err(StoreError::Older)));
        PostgresStore::open(&own.options(), 2).await.unwrap();
        existing().await.unwrap();
        let newer = "UPDATE _sqlx_migrations SET version = 9999 WHERE version = 9";
        run(&mut own.connect().await, newer.to_owned()).await;
        assert!(matches!(existing().await, Err(StoreError::Newer)));
        assert!(matches!(PostgresStore::open(&own.options(), 2).await, Err(StoreError::Newer)));
    }

    #[tokio::test]
    async fn servers_can_start_on_one_new_database_at_once() {
        let own = OwnDatabase::empty().await;
        let options = own.options();
        for opened in futures::future::join_all((0..8).map(|_| PostgresStore::open(&options, 2))).await {
            opened.unwrap();
        }
    }

    #[tokio::test]
    async fn without_the_module_for_parts_of_phones_they_are_found_all_the_same() {
        let own = OwnDatabase::empty().await;
        let limited = role(&own, "without_modules").await;
        run(&mut own.connect().await, format!("GRANT ALL ON SCHEMA public TO {}", limited.get_username())).await;
        let store = PostgresStore::open(&limited, 2).await.unwrap();
        let member = "INSERT INTO members (phone, invite_code, created_at) VALUES ('+79123456789', 'AAAAAA', 0)";
        run(&mut own.connect().await, member.to_owned()).await;
        let part = MemberSearch { phone_part: Some("3456".to_owned()), limit: 9, ..MemberSearch::default() };
        assert_eq!(store.find_members(&part).await.unwrap().len(), 1);
        // Once it may be loaded, the next start makes the index.
        run(&mut own.connect().await, "CREATE EXTENSION pg_trgm".to_owned()).await;
        PostgresStore::open(&limited, 2).await.unwrap();
        let index = sqlx::query_scalar("SELECT to_regclass('members_phone_parts') IS NOT NULL");
        let is_there: bool = index.fetch_one(&mut own.connect().await).await.unwrap();
        assert!(is_there);
    }

    #[tokio::test]
    async fn many_requests_about_one_phone_leave_connections_for_others() {
        let own = OwnDatabase::new().await;
        let store = PostgresStore::open(&own.options(), 2).await.unwrap();
        let phone = Phone::from_e164("+79123456789").unwrap();
        let first = store.begin(Lock::Phone(&phone)).await.unwrap();
        let mut waiting = Box::pin(futures::future::join_all((0..8).map(|_| store.begin(Lock::Phone(&phone)))));
        assert!(futures::poll!(&mut waiting).is_pending());
        store.blocked_and_erased().await.unwrap();
        store.begin(Lock::Nothing).await.unwrap().commit().await.unwrap();
        drop(first);
        // Each of the others holds its turn until it is dropped.
        drop(waiting);
        store.begin(Lock::Phone(&phone)).await.unwrap().commit().await.unwrap();
    }

    #[tokio::test]
    async fn a_connection_that_was_cut_is_replaced() {
        let own = OwnDatabase::new().await;
        let store = PostgresStore::open(&own.options(), 2).await.unwrap();
        store.blocked_and_erased().await.unwrap();
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE datname = current_database() AND application_name = 'vouch'";
        run(&mut own.connect().await, cut.to_owned()).await;
        // Each of the two connections may fail once.
        for _ in 0..2 {
            drop(store.blocked_and_erased().await);
        }
        store.blocked_and_erased().await.unwrap();
        store.check_ready().await.unwrap();
    }
}
