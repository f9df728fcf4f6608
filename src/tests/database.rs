//! The database of a test: a file of SQLite, or a database of PostgreSQL if `VOUCH_TEST_PLACE` is `postgres`.
//!
//! Tests of PostgreSQL itself use it in any case: the server of `end2end/with-postgres.sh`, or one of their own.

use crate::server::storage::Store;
use crate::server::storage::postgres::PostgresStore;
use crate::server::storage::sqlite::SqliteStore;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, SqliteConnection};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// More than a test needs at once, and few enough for all tests that run side by side.
const CONNECTIONS: u32 = 8;

pub enum TestDatabase {
    Sqlite(TempDir),
    Postgres(OwnDatabase),
}

/// A database that is dropped with this value.
pub struct OwnDatabase {
    name: String,
}

impl TestDatabase {
    pub async fn new() -> Self {
        if is_on_postgres() { Self::Postgres(OwnDatabase::new().await) } else { Self::in_file() }
    }

    pub fn in_file() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    /// Opens it, once more if it is open already.
    pub async fn open(&self) -> Arc<dyn Store> {
        match self {
            Self::Sqlite(_) => Arc::new(SqliteStore::open(&self.file()).await.unwrap()),
            Self::Postgres(own) => Arc::new(PostgresStore::open(&own.options(), CONNECTIONS).await.unwrap()),
        }
    }

    /// What `VOUCH_DATABASE_URL` would be.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(_) => format!("sqlite:{}", self.file().display()),
            Self::Postgres(own) => own.url(),
        }
    }

    /// The file of SQLite.
    pub fn file(&self) -> PathBuf {
        let Self::Sqlite(folder) = self else { panic!("this test is about a file: it needs TestApp::in_file") };
        folder.path().join("test.db")
    }

    /// A connection of a test's own to the file of SQLite.
    pub async fn sqlite(&self) -> SqliteConnection {
        SqliteConnection::connect(&self.url()).await.unwrap()
    }
}

impl OwnDatabase {
    /// Copies a database that was migrated once for all tests of this process.
    pub async fn new() -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let template = TEMPLATE.get_or_init(async || {
            let name = format!("vouch_template_{}", std::process::id());
            on_server(&format!("CREATE DATABASE {name}")).await;
            let template = Self { name: name.clone() };
            PostgresStore::open(&template.options(), CONNECTIONS).await.unwrap().close().await;
            // The others are copied from it until the process ends.
            std::mem::forget(template);
            name
        });
        let template = template.await;
        let name = format!("vouch_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
        on_server(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        Self { name }
    }

    /// Without tables.
    pub async fn empty() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("vouch_empty_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
        on_server(&format!("CREATE DATABASE {name}")).await;
        Self { name }
    }

    pub fn options(&self) -> PgConnectOptions {
        server().database(&self.name)
    }

    pub async fn connect(&self) -> PgConnection {
        PgConnection::connect_with(&self.options()).await.unwrap()
    }

    fn url(&self) -> String {
        self.options().to_url_lossy().to_string()
    }
}

impl Drop for OwnDatabase {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        // A runtime cannot be entered from within another one, where a test drops its values.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(on_server(&drop));
        });
        let is_dropped = dropped.join().is_ok();
        assert!(is_dropped || std::thread::panicking(), "the database of the test could not be dropped");
    }
}

fn is_on_postgres() -> bool {
    std::env::var("VOUCH_TEST_PLACE").is_ok_and(|place| place == "postgres")
}

/// The server of the tests. Where none is given, the first test starts one, which ends with this process.
fn server() -> PgConnectOptions {
    static URL: LazyLock<String> =
        LazyLock::new(|| std::env::var("VOUCH_TEST_POSTGRES").unwrap_or_else(|_| own_server()));
    URL.parse().unwrap()
}

/// The script waits for the end of its input, which is the end of this process.
fn own_server() -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/end2end/with-postgres.sh");
    let tell = ["sh", "-c", "echo \"$VOUCH_TEST_POSTGRES\"; cat > /dev/null"];
    let mut command = Command::new(script);
    let started = command.args(tell).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut server = started.expect("the script can be run");
    let mut url = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut url).unwrap();
    std::mem::forget(server);
    assert!(!url.is_empty(), "tests of PostgreSQL need it installed; without it: cargo test -- --skip postgres");
    url.trim().to_owned()
}

async fn on_server(statement: &str) {
    let mut connection = PgConnection::connect_with(&server()).await.unwrap();
    sqlx::query(AssertSqlSafe(statement.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
