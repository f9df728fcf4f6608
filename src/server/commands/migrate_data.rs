//! `vouch migrate-data FROM TO`: moves all data to another database, in whichever dialects they are.
//!
//! Rows go page by page in the order of their keys, so that an interrupted move goes on after the last row that arrived. At the
//! end both databases are read once more, and what they hold is compared. Everybody stays logged in: sessions, tokens and the
//! check of the secret are moved as they are.

use crate::server::sentences;
use crate::server::settings::DatabaseUrl;
use crate::server::storage::transfer::{ROWS_AT_ONCE, Readable, Row, TABLES, Table, Writable, fingerprint};
use crate::server::storage::{StoreError, StoreResult, postgres, sqlite};
use std::io::{self, Write};
use std::time::Duration;

/// Rows that are moved and compared in a second, measured from SQLite to PostgreSQL on two cores.
const ROWS_A_SECOND: u64 = 40_000;
/// After so many rows of a table it says how far it is.
const TOLD_EVERY: u64 = 100_000;

/// Why not all data was moved.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// One of the databases cannot be used.
    #[error("{}", sentences::terminal().cannot_open(database, &source.to_string()))]
    Database { database: String, source: StoreError },
    #[error("{}", sentences::terminal().same_database)]
    Same,
    /// The target holds rows that were not moved there.
    #[error("{}", sentences::terminal().target_not_empty(.0))]
    NotEmpty(String),
    /// The target is being filled from another database.
    #[error("{}", sentences::terminal().target_of_other(target, other))]
    Other { target: String, other: String },
    /// A table is not the same on both sides.
    #[error("{}", sentences::terminal().tables_differ(.0))]
    Differs(&'static str),
    /// The terminal is gone.
    #[error(transparent)]
    Terminal(#[from] io::Error),
}

/// Moves all data, and says how far it is. With `dry_run` it only counts.
///
/// # Errors
/// When a database cannot be used, or does not hold what it should. The source is never changed.
pub async fn run(from: &DatabaseUrl, to: &DatabaseUrl, dry_run: bool) -> Result<(), MigrateError> {
    migrate(from, to, dry_run, &mut io::stdout()).await
}

async fn migrate(
    from: &DatabaseUrl,
    to: &DatabaseUrl,
    dry_run: bool,
    out: &mut (impl Write + Send),
) -> Result<(), MigrateError> {
    if from.to_string() == to.to_string() {
        return Err(MigrateError::Same);
    }
    let words = sentences::terminal();
    let mut source = source(from).await.map_err(on(from))?;
    let rows = count(source.as_mut(), out, from).await?;
    if dry_run {
        writeln!(out, "{}", words.would_move(rows, Duration::from_secs(rows / ROWS_A_SECOND + 1)))?;
        return source.release().await.map_err(on(from));
    }
    let mut target = target(to).await.map_err(on(to))?;
    begin(target.as_mut(), from, to).await?;
    for table in TABLES {
        move_rows(source.as_mut(), target.as_mut(), table, out).await.map_err(|error| match error {
            MoveError::Source(error) => on(from)(error),
            MoveError::Target(error) => on(to)(error),
            MoveError::Terminal(error) => error.into(),
        })?;
    }
    writeln!(out, "{}", words.comparing)?;
    for table in TABLES {
        let given = fingerprint(source.as_mut(), table).await.map_err(on(from))?;
        if fingerprint(target.as_mut(), table).await.map_err(on(to))? != given {
            return Err(MigrateError::Differs(table.name));
        }
        writeln!(out, "{}", words.table_is_same(table.name, given.rows, &hexadecimal(&given.hash)))?;
    }
    target.finish().await.map_err(on(to))?;
    target.release().await.map_err(on(to))?;
    source.release().await.map_err(on(from))?;
    Ok(writeln!(out, "{}", words.moved(&to.to_string()))?)
}

async fn source(url: &DatabaseUrl) -> StoreResult<Box<dyn Readable>> {
    Ok(match url {
        DatabaseUrl::Sqlite(file) => Box::new(sqlite::Transfer::of_source(file).await?),
        DatabaseUrl::Postgres(options) => Box::new(postgres::Transfer::of_source(options).await?),
    })
}

async fn target(url: &DatabaseUrl) -> StoreResult<Box<dyn Writable>> {
    Ok(match url {
        DatabaseUrl::Sqlite(file) => Box::new(sqlite::Transfer::of_target(file).await?),
        DatabaseUrl::Postgres(options) => Box::new(postgres::Transfer::of_target(options).await?),
    })
}

fn on(url: &DatabaseUrl) -> impl Fn(StoreError) -> MigrateError + use<> {
    let database = url.to_string();
    move |source| MigrateError::Database { database: database.clone(), source }
}

/// Says how many rows each table has; returns how many there are in all.
async fn count(source: &mut dyn Readable, out: &mut impl Write, from: &DatabaseUrl) -> Result<u64, MigrateError> {
    let mut all = 0;
    for table in TABLES {
        let rows = source.count(table).await.map_err(on(from))?;
        writeln!(out, "{}", sentences::terminal().rows_of_table(table.name, rows))?;
        all += rows;
    }
    Ok(all)
}

/// Begins the move, or goes on with the same one.
async fn begin(target: &mut dyn Writable, from: &DatabaseUrl, to: &DatabaseUrl) -> Result<(), MigrateError> {
    let name = from.to_string();
    match target.moving_from().await.map_err(on(to))? {
        Some(other) if other != name => return Err(MigrateError::Other { target: to.to_string(), other }),
        Some(_) => return Ok(()),
        None => {}
    }
    for table in TABLES {
        if target.count(table).await.map_err(on(to))? > 0 {
            return Err(MigrateError::NotEmpty(to.to_string()));
        }
    }
    target.begin(&name).await.map_err(on(to))
}

/// On which side a move failed.
enum MoveError {
    Source(StoreError),
    Target(StoreError),
    Terminal(io::Error),
}

/// Moves the rows of a table that are not there yet.
async fn move_rows(
    source: &mut dyn Readable,
    target: &mut dyn Writable,
    table: &Table,
    out: &mut impl Write,
) -> Result<(), MoveError> {
    let mut after: Option<Row> = target.last_key(table).await.map_err(MoveError::Target)?;
    let mut rows = if after.is_some() { target.count(table).await.map_err(MoveError::Target)? } else { 0 };
    loop {
        let page = source.rows(table, after.as_deref(), ROWS_AT_ONCE).await.map_err(MoveError::Source)?;
        let Some(last) = page.last() else { break };
        after = Some(last[..table.keys].to_vec());
        let before = rows;
        rows += page.len() as u64;
        target.add(table, page).await.map_err(MoveError::Target)?;
        if rows / TOLD_EVERY > before / TOLD_EVERY {
            writeln!(out, "{}", sentences::terminal().rows_moved(table.name, rows)).map_err(MoveError::Terminal)?;
        }
    }
    if table.gives_ids {
        let id = source.highest_id(table).await.map_err(MoveError::Source)?;
        target.go_on_after(table, id).await.map_err(MoveError::Target)?;
    }
    Ok(())
}

/// The beginning of a hash, which is enough to compare by eye.
fn hexadecimal(hash: &[u8; 32]) -> String {
    data_encoding::HEXLOWER.encode(&hash[..8])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::data::MemberSearch;
    use crate::server::domain::redeem;
    use crate::server::storage::transfer::Value;
    use crate::tests::*;

    const MEMBER: &str = "+79123456789";
    const INVITER: &str = "+79123456780";

    /// A database of SQLite with a little of nearly everything, which no server uses.
    async fn database() -> std::sync::Arc<TestDatabase> {
        let app = TestApp::in_file().await;
        let inviter = app.log_in(INVITER).await;
        let member = app.log_in(MEMBER).await;
        redeem::redeem(&app, &stranger(), member.id, inviter.invite_code.as_str()).await.unwrap();
        app.add("+79123456781").await;
        app.erase("+79123456781").await;
        app.browser().log_in(MEMBER).await;
        app.leave().await
    }

    /// Where it goes: on PostgreSQL, if that is where tests run.
    async fn empty() -> TestDatabase {
        TestDatabase::new().await
    }

    async fn moved(from: &DatabaseUrl, to: &DatabaseUrl, dry_run: bool) -> Result<(), MigrateError> {
        migrate(from, to, dry_run, &mut io::sink()).await
    }

    fn url(database: &TestDatabase) -> DatabaseUrl {
        database.url().parse().unwrap()
    }

    #[tokio::test]
    async fn everybody_is_still_logged_in_after_a_move_and_a_move_back() {
        let app = TestApp::in_file().await;
        let inviter = app.log_in(INVITER).await;
        let mut browser = app.browser();
        browser.log_in(MEMBER).await;
        let member = app.member_id(MEMBER).await;
        redeem::redeem(&app, &stranger(), member, inviter.invite_code.as_str()).await.unwrap();
        let next = app.add("+79123456781").await.id;
        app.delete_member("+79123456781").await;
        let mut left = app.leave().await;
        for target in [empty().await, TestDatabase::in_file()] {
            moved(&url(&left), &url(&target), false).await.unwrap();
            let app = TestApp::on(target).await;
            browser = browser.at(&app);
            let page = browser.get("/profile").await;
            assert_eq!(page.status, axum::http::StatusCode::OK);
            assert!(page.body.contains(inviter.invite_code.as_str()));
            let digits = MemberSearch { phone_part: Some("345678".to_owned()), limit: 9, ..MemberSearch::default() };
            assert_eq!(app.store.find_members(&digits).await.unwrap().len(), 2, "phones are indexed again");
            let added = app.add("+79123456782").await.id;
            assert!(added.0 > next.0, "no id is given twice");
            app.delete_member("+79123456782").await;
            left = app.leave().await;
        }
    }

    #[tokio::test]
    async fn a_move_that_was_interrupted_goes_on_and_no_server_starts_meanwhile() {
        let (from, to) = (database().await, empty().await);
        let mut source = source(&url(&from)).await.unwrap();
        let mut target = target(&url(&to)).await.unwrap();
        begin(target.as_mut(), &url(&from), &url(&to)).await.unwrap();
        let mut rows = source.rows(&TABLES[0], None, 1).await.unwrap();
        target.add(&TABLES[0], std::mem::take(&mut rows)).await.unwrap();
        source.release().await.unwrap();
        target.release().await.unwrap();
        let opened = match url(&to) {
            DatabaseUrl::Sqlite(file) => sqlite::SqliteStore::open(&file).await.err(),
            DatabaseUrl::Postgres(options) => postgres::PostgresStore::open(&options, 2).await.err(),
        };
        assert!(matches!(opened, Some(StoreError::HalfMoved(source)) if source == url(&from).to_string()));
        let other = database().await;
        assert!(matches!(moved(&url(&other), &url(&to), false).await, Err(MigrateError::Other { .. })));

        moved(&url(&from), &url(&to), false).await.unwrap();
        assert_eq!(TestApp::on(to).await.members().await.len(), 3);
    }

    #[tokio::test]
    async fn what_differs_at_the_end_is_not_served() {
        let (from, to) = (database().await, empty().await);
        let mut target = target(&url(&to)).await.unwrap();
        begin(target.as_mut(), &url(&from), &url(&to)).await.unwrap();
        let jobs = TABLES.iter().find(|table| table.name == "jobs").unwrap();
        let foreign = vec![Value::Text("zzz".to_owned()), Value::Integer(7)];
        target.add(jobs, vec![foreign]).await.unwrap();
        target.release().await.unwrap();
        assert!(matches!(moved(&url(&from), &url(&to), false).await, Err(MigrateError::Differs("jobs"))));
    }

    #[tokio::test]
    async fn neither_a_used_database_nor_one_with_data_is_touched() {
        let (from, to) = (database().await, empty().await);
        let used = TestApp::in_file().await;
        let in_use = |outcome| matches!(outcome, Err(MigrateError::Database { source: StoreError::InUse, .. }));
        let used_url: DatabaseUrl = used.settings().database_url;
        assert!(in_use(moved(&used_url, &url(&to), false).await));
        assert!(in_use(moved(&url(&from), &used_url, false).await));
        assert!(matches!(moved(&url(&from), &url(&from), false).await, Err(MigrateError::Same)));
        let full = database().await;
        assert!(matches!(moved(&url(&from), &url(&full), false).await, Err(MigrateError::NotEmpty(_))));
        moved(&url(&from), &url(&to), true).await.unwrap();
        assert!(TestApp::on(to).await.members().await.is_empty(), "a dry run moves nothing");
        assert_eq!(used.members().await.len(), 0);
    }

    #[tokio::test]
    async fn a_database_of_postgresql_that_a_server_uses_is_not_touched() {
        let used = TestApp::on(TestDatabase::Postgres(OwnDatabase::new().await)).await;
        let to = TestDatabase::in_file();
        let outcome = moved(&used.settings().database_url, &url(&to), false).await;
        assert!(matches!(outcome, Err(MigrateError::Database { source: StoreError::InUse, .. })));
    }

    /// A column that a migration adds must be moved, too. `mac` is for a version before, and `slot` is where a connection
    /// counts.
    #[tokio::test]
    async fn every_column_of_every_table_is_moved() {
        let app = TestApp::new().await;
        let mut tables = app.tables().await;
        tables.retain(|name| !["moving", "member_phones"].contains(&name.as_str()));
        tables.sort();
        let mut moved: Vec<_> = TABLES.iter().map(|table| table.name.to_owned()).collect();
        moved.sort();
        assert_eq!(moved, tables);
        for table in TABLES {
            let mut columns = app.columns(table.name).await;
            columns.retain(|name| !["mac", "slot"].contains(&name.as_str()));
            columns.sort();
            let mut moved: Vec<_> = table.columns.iter().map(|(name, _)| (*name).to_owned()).collect();
            moved.sort();
            assert_eq!(moved, columns, "{}", table.name);
        }
    }
}
