//! The writing connection, and group commit: transactions that wait for it become one transaction of `SQLite`.
//!
//! What makes a transaction slow is the COMMIT, which waits for the disk. So the connection is handed from one
//! transaction to the next without a COMMIT in between, as long as one is waiting and the group is neither large nor
//! old. Each but the first has a savepoint, so that one that is dropped undoes its own changes only. Its caller learns
//! that it is committed when the whole group is on disk, or that it failed if the group could not be committed. Nobody
//! waits for a group to grow.

use super::connection::{self, LOCK_PAUSE, Statements, at_length, closed, is_busy};
use super::files::LOCK_TIMEOUT;
use super::transaction::{SqliteTransaction, Waiting};
use crate::server::metrics;
use crate::server::storage::{StoreError, StoreResult, Transaction};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, OwnedMutexGuard, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// No further transaction joins a group of this size.
const LARGEST: usize = 64;
/// No transaction joins a group that began longer ago, because those before it are waiting.
const LONGEST: Duration = Duration::from_millis(5);

/// Whoever waits for a transaction to begin.
type Request = oneshot::Sender<StoreResult<SqliteTransaction>>;

pub(super) struct Writer {
    requests: mpsc::UnboundedSender<Request>,
    stop: CancellationToken,
    task: TaskTracker,
}

impl Writer {
    /// Opens the connection of an existing database.
    pub fn open(path: &Path) -> StoreResult<Self> {
        let connection = Arc::new(Mutex::new(connection::for_writing(path)?));
        let (requests, received) = mpsc::unbounded_channel();
        let groups = Groups { path: path.to_owned(), connection, is_sound: true, requests: received };
        let (stop, task) = (CancellationToken::new(), TaskTracker::new());
        task.spawn(groups.run(stop.clone()));
        task.close();
        Ok(Self { requests, stop, task })
    }

    /// Waits for its turn, and begins a transaction.
    pub async fn begin(&self) -> StoreResult<SqliteTransaction> {
        let (request, begun) = oneshot::channel();
        self.requests.send(request).map_err(|_| closed())?;
        let waits = Instant::now();
        let begun = tokio::time::timeout(LOCK_TIMEOUT, begun).await;
        metrics::writer_waited(waits.elapsed());
        begun.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| closed())?
    }

    /// Runs one step as a transaction of its own.
    pub async fn write<T>(&self, step: impl FnOnce(&Connection) -> StoreResult<T>) -> StoreResult<T> {
        let tx = self.begin().await?;
        let done = step(&tx.connection)?;
        Box::new(tx).commit().await?;
        Ok(done)
    }

    /// Closes the connection after the group under way.
    pub async fn close(&self) {
        self.stop.cancel();
        self.task.wait().await;
    }
}

/// Runs one group after another.
struct Groups {
    path: PathBuf,
    connection: Arc<Mutex<Connection>>,
    /// Whether it is certain that no transaction is open between two groups.
    is_sound: bool,
    requests: mpsc::UnboundedReceiver<Request>,
}

impl Groups {
    async fn run(mut self, stop: CancellationToken) {
        let mut early = None;
        loop {
            let request = match early.take() {
                Some(request) => request,
                None => match stop.run_until_cancelled(self.requests.recv()).await.flatten() {
                    Some(request) => request,
                    None => break,
                },
            };
            early = self.group(request).await;
        }
        // So that SQLite knows which index serves a query best (sqlite.org/pragma.html#pragma_optimize).
        if let Err(error) = self.held().await.execute_batch("PRAGMA optimize") {
            tracing::warn!(%error, "the statistics of the database could not be brought up to date");
        }
    }

    /// Runs a group from its first transaction to its COMMIT. If the group fails, the request that comes next may be at
    /// hand already; it is returned.
    async fn group(&mut self, first: Request) -> Option<Request> {
        let began = match self.begin(&first).await {
            Ok(()) => Instant::now(),
            Err(error) => {
                tell(first, Err(error));
                return None;
            }
        };
        // Alone it needs no savepoint, which would keep a copy of every page that is changed.
        let Some(completed) = self.lend(first).await else {
            self.roll_back().await;
            return None;
        };
        let mut waiting = vec![completed];
        for _ in 1..LARGEST {
            if began.elapsed() >= LONGEST {
                break;
            }
            let Some(next) = self.next() else { break };
            if let Err(error) = self.set_savepoint().await {
                self.fail(waiting, &error).await;
                return Some(next);
            }
            let completed = self.lend(next).await;
            let end = if completed.is_some() { COMPLETED } else { DROPPED };
            waiting.extend(completed);
            if let Err(error) = self.run_all(end).await {
                self.fail(waiting, &error).await;
                return None;
            }
        }
        self.end(waiting).await;
        None
    }

    /// Begins a group. Waits for the lock of another process as long as somebody waits for the transaction.
    async fn begin(&mut self, request: &Request) -> StoreResult<()> {
        if !self.is_sound {
            *self.held().await = connection::for_writing(&self.path)?;
            self.is_sound = true;
        }
        loop {
            // IMMEDIATE: a deferred transaction that reads first cannot write if another transaction wrote first.
            match self.run_all(&["BEGIN IMMEDIATE"]).await {
                Err(error) if is_busy(&error) && !request.is_closed() => tokio::time::sleep(LOCK_PAUSE).await,
                Err(error) => {
                    self.is_sound = is_busy(&error);
                    return Err(error);
                }
                Ok(()) => return Ok(()),
            }
        }
    }

    /// # Errors
    /// When `SQLite` has undone the whole transaction by itself, as when the disk is full.
    async fn set_savepoint(&self) -> StoreResult<()> {
        if self.held().await.is_autocommit() {
            return Err(StoreError::Database("SQLite has undone the transaction".into()));
        }
        self.run_all(&["SAVEPOINT member"]).await
    }

    /// Lends the connection until the transaction is completed or dropped. Returns who waits until it is on disk;
    /// `None` if it was dropped.
    async fn lend(&self, request: Request) -> Option<Waiting> {
        let (completed, end) = oneshot::channel();
        tell(request, Ok(SqliteTransaction { connection: self.held().await, completed }));
        end.await.ok()
    }

    /// The next request that somebody still waits for.
    fn next(&mut self) -> Option<Request> {
        while let Ok(request) = self.requests.try_recv() {
            if !request.is_closed() {
                return Some(request);
            }
        }
        None
    }

    /// Ends a group and tells everybody.
    async fn end(&mut self, waiting: Vec<Waiting>) {
        let committed = {
            let connection = self.held().await;
            at_length(|| connection.change("COMMIT", []))
        };
        match committed {
            Ok(_) => waiting.into_iter().for_each(|one| tell(one, Ok(()))),
            Err(error) => self.fail(waiting, &error).await,
        }
    }

    /// Undoes a group and tells everybody.
    async fn fail(&mut self, waiting: Vec<Waiting>, error: &StoreError) {
        self.roll_back().await;
        if !waiting.is_empty() {
            tracing::warn!(transactions = waiting.len(), %error, "transactions could not be committed");
        }
        for one in waiting {
            tell(one, Err(StoreError::Database(error.to_string().into())));
        }
    }

    /// If it fails, `SQLite` may have done it by itself, as when the disk is full. Another connection is certain to
    /// have no transaction.
    async fn roll_back(&mut self) {
        self.is_sound = self.run_all(&["ROLLBACK"]).await.is_ok();
    }

    async fn run_all(&self, statements: &[&str]) -> StoreResult<()> {
        let connection = self.held().await;
        statements.iter().try_for_each(|statement| connection.change(statement, []).map(|_| ()))
    }

    /// The connection, as soon as it is not lent.
    async fn held(&self) -> OwnedMutexGuard<Connection> {
        self.connection.clone().lock_owned().await
    }
}

/// What follows a completed transaction. It fails if `SQLite` has undone the whole transaction.
const COMPLETED: &[&str] = &["RELEASE member"];
/// What follows a dropped one.
const DROPPED: &[&str] = &["ROLLBACK TO member", "RELEASE member"];

/// Whoever has left meanwhile need not be told; what they would have received is dropped.
fn tell<T>(whom: oneshot::Sender<T>, what: T) {
    drop(whom.send(what));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::storage::Store;
    use crate::server::storage::sqlite::SqliteStore;
    use futures::future::{BoxFuture, FutureExt, join_all};
    use futures::poll;
    use tempfile::TempDir;

    const ADD: &str =
        "INSERT INTO budget_uses (budget, subject, purpose, used_at, expires_at) VALUES (?, '', '', 0, 0)";

    /// The writer of a new database.
    struct Bench {
        writer: Writer,
        folder: TempDir,
    }

    impl Bench {
        async fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("test.db");
            SqliteStore::open(&path).await.unwrap().close().await;
            Self { writer: Writer::open(&path).unwrap(), folder }
        }

        fn another_connection(&self) -> Connection {
            connection::for_writing(&self.folder.path().join("test.db")).unwrap()
        }

        /// What is committed: another connection is opened, and sees it.
        fn on_disk(&self) -> Vec<String> {
            let added = "SELECT budget FROM budget_uses ORDER BY id";
            self.another_connection().all(added, [], connection::value).unwrap()
        }

        /// A transaction that waits until the one under way has ended.
        async fn waiting(&self) -> BoxFuture<'_, SqliteTransaction> {
            let mut waiting = async { self.writer.begin().await.unwrap() }.boxed();
            assert!(poll!(&mut waiting).is_pending());
            waiting
        }

        async fn add(&self, what: &str) -> StoreResult<()> {
            self.writer.write(|connection| connection.change(ADD, [what])).await?;
            Ok(())
        }
    }

    fn add(tx: &SqliteTransaction, what: &str) {
        tx.connection.change(ADD, [what]).unwrap();
    }

    /// Completes a transaction whose group goes on.
    async fn complete(tx: SqliteTransaction) -> BoxFuture<'static, StoreResult<()>> {
        let mut told = Box::new(tx).commit();
        assert!(poll!(&mut told).is_pending());
        told
    }

    #[tokio::test]
    async fn a_transaction_is_acknowledged_only_when_its_group_is_on_disk() {
        let bench = Bench::new().await;
        let first = bench.writer.begin().await.unwrap();
        let second = bench.waiting().await;
        add(&first, "first");
        let mut told = complete(first).await;
        let second = second.await;
        add(&second, "second");
        assert!(poll!(&mut told).is_pending());
        assert!(bench.on_disk().is_empty());
        Box::new(second).commit().await.unwrap();
        assert_eq!(bench.on_disk(), ["first", "second"]);
        told.await.unwrap();
    }

    #[tokio::test]
    async fn a_dropped_transaction_undoes_only_its_own_changes() {
        let bench = Bench::new().await;
        let first = bench.writer.begin().await.unwrap();
        let (second, third, fourth) = (bench.waiting().await, bench.waiting().await, bench.waiting().await);
        add(&first, "first");
        let told = complete(first).await;
        let second = second.await;
        add(&second, "dropped in the middle");
        drop(second);
        let third = third.await;
        add(&third, "third");
        let third_told = complete(third).await;
        let fourth = fourth.await;
        add(&fourth, "dropped at the end");
        drop(fourth);
        told.await.unwrap();
        third_told.await.unwrap();
        assert_eq!(bench.on_disk(), ["first", "third"]);
    }

    #[tokio::test]
    async fn a_group_whose_first_transaction_is_dropped_goes_on() {
        let bench = Bench::new().await;
        let first = bench.writer.begin().await.unwrap();
        let second = bench.waiting().await;
        add(&first, "dropped");
        drop(first);
        let second = second.await;
        add(&second, "second");
        Box::new(second).commit().await.unwrap();
        assert_eq!(bench.on_disk(), ["second"]);
    }

    /// As when the disk is full.
    #[tokio::test]
    async fn a_group_that_sqlite_undid_by_itself_fails_and_the_next_begins_anew() {
        let bench = Bench::new().await;
        let trigger = "CREATE TRIGGER full BEFORE INSERT ON budget_uses WHEN NEW.budget = 'full' \
                       BEGIN SELECT RAISE(ROLLBACK, 'disk is full'); END";
        bench.writer.write(|connection| connection.change(trigger, [])).await.unwrap();
        let first = bench.writer.begin().await.unwrap();
        let (second, third) = (bench.waiting().await, bench.waiting().await);
        add(&first, "first");
        let told = complete(first).await;
        let second = second.await;
        assert!(second.connection.change(ADD, ["full"]).unwrap_err().to_string().contains("disk is full"));
        drop(second);
        let third = third.await;
        add(&third, "third");
        Box::new(third).commit().await.unwrap();
        assert!(told.await.is_err());
        assert_eq!(bench.on_disk(), ["third"]);
    }

    #[tokio::test]
    async fn a_commit_that_fails_fails_for_everybody_in_the_group() {
        let bench = Bench::new().await;
        let first = bench.writer.begin().await.unwrap();
        let second = bench.waiting().await;
        add(&first, "first");
        let told = complete(first).await;
        let second = second.await;
        // SQLite refuses this only at the COMMIT.
        for statement in [
            "PRAGMA defer_foreign_keys = ON",
            "INSERT INTO redemptions (invitee_id, inviter_id, invite_code, redeemed_at) VALUES (1, 2, 'AAAAAA', 0)",
        ] {
            second.connection.execute_batch(statement).unwrap();
        }
        assert!(Box::new(second).commit().await.is_err());
        assert!(told.await.is_err());
        assert!(bench.on_disk().is_empty());
        bench.add("next").await.unwrap();
        assert_eq!(bench.on_disk(), ["next"]);
    }

    #[tokio::test]
    async fn whoever_leaves_or_panics_leaves_a_connection_that_can_be_used() {
        let bench = Bench::new().await;
        let first = bench.writer.begin().await.unwrap();
        let (leaves_before, panics, leaves_after) =
            (bench.waiting().await, bench.waiting().await, bench.waiting().await);
        drop(leaves_before);
        add(&first, "first");
        let told = complete(first).await;
        let panics = panics.await;
        let panicked = tokio::spawn(async move {
            add(&panics, "panic");
            panic!("as a defect would");
        });
        assert!(panicked.await.unwrap_err().is_panic());
        let leaves_after = leaves_after.await;
        add(&leaves_after, "acknowledged to nobody");
        drop(Box::new(leaves_after).commit());
        told.await.unwrap();
        bench.add("last").await.unwrap();
        assert_eq!(bench.on_disk(), ["first", "last"]);
    }

    #[tokio::test]
    async fn nobody_waits_for_more_than_a_group() {
        let bench = Bench::new().await;
        let member = async |number: usize| {
            let tx = bench.writer.begin().await.unwrap();
            let before = bench.on_disk().len();
            add(&tx, &number.to_string());
            Box::new(tx).commit().await.unwrap();
            before
        };
        let before = join_all((0..=LARGEST).map(member)).await;
        assert!(before[LARGEST] > 0, "all of them were one group");
    }

    #[tokio::test]
    async fn nobody_joins_an_old_group() {
        let bench = Bench::new().await;
        let first = bench.writer.begin().await.unwrap();
        let second = bench.waiting().await;
        add(&first, "first");
        tokio::time::sleep(LONGEST).await;
        let (told, _second) = tokio::join!(Box::new(first).commit(), second);
        told.unwrap();
        assert_eq!(bench.on_disk(), ["first"]);
    }

    #[tokio::test]
    async fn the_lock_of_another_process_is_waited_for() {
        let bench = Bench::new().await;
        let other = bench.another_connection();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let mut waiting = async { bench.add("later").await }.boxed();
        tokio::select! {
            _ = &mut waiting => panic!("it did not wait"),
            () = tokio::time::sleep(2 * LOCK_PAUSE) => {}
        }
        other.execute_batch("COMMIT").unwrap();
        waiting.await.unwrap();
        assert_eq!(bench.on_disk(), ["later"]);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn everything_that_many_threads_were_told_is_on_disk() {
        let bench = Arc::new(Bench::new().await);
        let tasks = (0..200).map(|number| {
            let bench = bench.clone();
            tokio::spawn(async move {
                let tx = bench.writer.begin().await.unwrap();
                add(&tx, &number.to_string());
                if number % 3 == 0 {
                    return;
                }
                Box::new(tx).commit().await.unwrap();
                assert!(bench.on_disk().contains(&number.to_string()));
            })
        });
        join_all(tasks).await.into_iter().for_each(|done| done.unwrap());
        assert_eq!(bench.on_disk().len(), 133);
        bench.writer.close().await;
        assert!(bench.add("after the end").await.is_err());
    }
}
