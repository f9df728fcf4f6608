//! What tests read in the database and change in it, past the rules.
//!
//! The traits of `storage` say it where they can. SQL is for the rest: lists that no rule asks for, and changes that no rule
//! makes. These tests have no other.

use super::TestApp;
use super::database::TestDatabase;
use crate::model::phone::Phone;
use crate::server::clock::{Clock, Timestamp};
use crate::server::data::{
    Act, AddMember, AuditSearch, BudgetUse, Counted, DeviceId, Epoch, FlowId, GuessTarget, ListedRedemption, Lock,
    Member, MemberId, MemberRecord, SessionLogin, SessionRow,
};
use crate::server::domain::invite_code;
use crate::server::storage::{StoreResult, Transaction};
use data_encoding::HEXLOWER;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use std::path::Path;

/// Rows of which tests ask only the number.
#[derive(Clone, Copy)]
pub enum Rows {
    TokenFamilies,
    RefreshTokens,
    UnusedRefreshTokens,
    ImportLines,
}

/// Through the traits of `storage`.
impl TestApp {
    async fn write<T>(&self, step: impl AsyncFnOnce(&mut dyn Transaction) -> StoreResult<T>) -> T {
        let mut tx = self.store.begin(Lock::Nothing).await.unwrap();
        let done = step(tx.as_mut()).await.unwrap();
        tx.commit().await.unwrap();
        done
    }

    /// Adds a member without a login.
    pub async fn add(&self, phone: &str) -> Member {
        let code = invite_code::generate(&mut *self.rng().unwrap());
        match self.write(async |tx| tx.add_member(&e164(phone), &code, self.clock.now()).await).await {
            AddMember::Added(member) => member,
            AddMember::InviteCodeTaken => panic!("{code} is taken"),
        }
    }

    pub async fn member_id(&self, phone: &str) -> MemberId {
        self.store.member_with_phone(&e164(phone)).await.unwrap().expect("such a member")
    }

    /// Every member, erased or not.
    pub async fn members(&self) -> Vec<MemberRecord> {
        self.store.member_records(MemberId(0), u32::MAX).await.unwrap()
    }

    pub async fn redemptions(&self) -> Vec<ListedRedemption> {
        self.store.redemptions(MemberId(0), u32::MAX).await.unwrap()
    }

    /// The acts in the audit log, newest first.
    pub async fn acts(&self) -> Vec<Act> {
        let lines = self.store.audit_lines(&AuditSearch { limit: u32::MAX, ..AuditSearch::default() }).await.unwrap();
        lines.into_iter().map(|line| line.act).collect()
    }

    /// Who did what is in the audit log, newest first; `None` is the host.
    pub async fn audit_actors(&self) -> Vec<Option<MemberId>> {
        let lines = self.store.audit_lines(&AuditSearch { limit: u32::MAX, ..AuditSearch::default() }).await.unwrap();
        lines.into_iter().map(|line| line.actor).collect()
    }

    pub async fn messages_sent(&self) -> u64 {
        self.store.total_counts().await.unwrap().of(Counted::MessagesSent)
    }

    /// Messages to a phone with codes that were not used.
    pub async fn unused_messages(&self, phone: &str) -> u32 {
        self.store.unused_messages(&e164(phone), None, Timestamp(0)).await.unwrap().count
    }

    /// How many guesses at the newest code of a login were evaluated; the code must be live.
    pub async fn guesses_at(&self, flow: FlowId) -> u32 {
        let mut tx = self.store.begin(Lock::Nothing).await.unwrap();
        for guesses in 0..10 {
            // With the limit one higher, another guess is evaluated. It is undone with the transaction.
            if tx.take_guess(GuessTarget::Flow(flow), guesses + 1, self.clock.now()).await.unwrap().is_some() {
                return guesses;
            }
        }
        panic!("no live code");
    }

    pub async fn end_codes(&self, phone: &str) {
        self.write(async |tx| tx.end_codes(&e164(phone), self.clock.now()).await).await;
    }

    pub async fn block(&self, phone: &str) {
        let member = self.member_id(phone).await;
        self.write(async |tx| tx.set_blocked(member, Some(self.clock.now())).await).await;
    }

    pub async fn erase(&self, phone: &str) {
        let member = self.member_id(phone).await;
        self.write(async |tx| tx.erase_member(member, Some(&e164(phone)), self.clock.now()).await).await;
    }

    /// Uses a budget once, whatever its limits.
    pub async fn use_budget(&self, budget: &str, subject: &str) {
        let now = self.clock.now();
        let new = BudgetUse { budget, subject, purpose: "", used_at: now, expires_at: now };
        self.write(async |tx| tx.take_budget(&new, &[]).await).await.expect("no limit");
    }
}

/// Runs what is the same in both dialects on a connection of the test's own.
macro_rules! on_connection {
    ($app:expr, |$connection:ident| $run:expr) => {
        match &*$app.database {
            TestDatabase::Sqlite(_) => {
                let $connection = &mut $app.database.sqlite().await;
                $run.await
            }
            TestDatabase::Postgres(own) => {
                let $connection = &mut own.connect().await;
                $run.await
            }
        }
    };
}

/// By SQL.
impl TestApp {
    async fn run(&self, statement: impl Into<String>) {
        let statement = AssertSqlSafe(statement.into());
        on_connection!(self, |connection| async { sqlx::query(statement).execute(connection).await.map(|_| ()) })
            .unwrap();
    }

    async fn texts(&self, query: &'static str) -> Vec<String> {
        on_connection!(self, |connection| sqlx::query_scalar(query).fetch_all(connection)).unwrap()
    }

    pub async fn rows(&self, which: Rows) -> u64 {
        let count = match which {
            Rows::TokenFamilies => "SELECT count(*) FROM token_families",
            Rows::RefreshTokens => "SELECT count(*) FROM refresh_tokens",
            Rows::UnusedRefreshTokens => "SELECT count(*) FROM refresh_tokens WHERE used_at IS NULL",
            Rows::ImportLines => "SELECT count(*) FROM import_lines",
        };
        let count: i64 = on_connection!(self, |connection| sqlx::query_scalar(count).fetch_one(connection)).unwrap();
        count.try_into().unwrap()
    }

    /// Every session. The trait finds one, by its token.
    pub async fn sessions(&self) -> Vec<SessionRow> {
        type Columns =
            (Vec<u8>, Option<MemberId>, Epoch, Option<DeviceId>, Option<Timestamp>, Option<Timestamp>, String);
        let rows = "SELECT id_hash, member_id, epoch, device_id, logged_in_at, seen_at, data FROM sessions \
                    ORDER BY created_at";
        let rows: Vec<Columns> = on_connection!(self, |connection| sqlx::query_as(rows).fetch_all(connection)).unwrap();
        let session = |(id_hash, member, epoch, device, logged_in_at, seen_at, data): Columns| {
            let login = member.map(|member| {
                let times = logged_in_at.zip(seen_at);
                let (logged_in_at, seen_at) = times.expect("the times of a login");
                SessionLogin { member, epoch, device, logged_in_at, seen_at }
            });
            SessionRow { id_hash: id_hash.try_into().expect("32 bytes"), login, data }
        };
        rows.into_iter().map(session).collect()
    }

    /// Every use of a budget, oldest first, as "budget subject". The traits count those of one subject.
    pub async fn budget_uses(&self) -> Vec<String> {
        self.texts("SELECT budget || ' ' || subject FROM budget_uses ORDER BY id").await
    }

    /// How often a budget was used, by all subjects together.
    pub async fn uses_of(&self, budget: &str) -> usize {
        self.budget_uses().await.iter().filter(|used| used.split(' ').next() == Some(budget)).count()
    }

    /// The tables of the application.
    pub async fn tables(&self) -> Vec<String> {
        self.texts(match &*self.database {
            TestDatabase::Sqlite(_) => {
                "SELECT name FROM sqlite_schema WHERE type = 'table' \
                 AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_sqlx_*' AND name NOT GLOB 'member_phones_*'"
            }
            TestDatabase::Postgres(_) => {
                "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_sqlx%'"
            }
        })
        .await
    }

    /// The names of the columns of a table.
    pub async fn columns(&self, table: &str) -> Vec<String> {
        let query = match &*self.database {
            TestDatabase::Sqlite(_) => "SELECT name FROM pragma_table_info($1)",
            TestDatabase::Postgres(_) => {
                "SELECT column_name::text FROM information_schema.columns WHERE table_name = $1"
            }
        };
        on_connection!(self, |connection| sqlx::query_scalar(query).bind(table).fetch_all(connection)).unwrap()
    }

    /// What is kept of each request with an idempotency key. The trait finds one, by its key.
    pub async fn idempotent_requests(&self) -> Vec<String> {
        self.texts("SELECT request FROM idempotency_keys").await
    }

    /// As if an older server had added all members.
    pub async fn forget_visits(&self) {
        self.run("UPDATE members SET visited_at = NULL").await;
    }

    /// Deletes a member, which no rule does: they erase.
    pub async fn delete_member(&self, phone: &str) {
        let delete = "DELETE FROM members WHERE phone = $1 RETURNING id";
        let deleted: Vec<MemberId> =
            on_connection!(self, |connection| sqlx::query_scalar(delete).bind(e164(phone)).fetch_all(connection))
                .unwrap();
        assert_eq!(deleted.len(), 1);
    }

    /// Does `step` while every statement about a table fails.
    pub async fn without_table<T>(&self, table: &'static str, step: impl AsyncFnOnce() -> T) -> T {
        self.run(format!("ALTER TABLE {table} RENAME TO away")).await;
        let done = step().await;
        self.run(format!("ALTER TABLE away RENAME TO {table}")).await;
        done
    }

    /// Copies a backup, and lets the copy look as if a newer version had migrated it.
    pub async fn make_newer(&self, backup: &Path, copy: &Path) {
        std::fs::copy(backup, copy).unwrap();
        let mut database = SqliteConnection::connect(&format!("sqlite:{}", copy.display())).await.unwrap();
        let newer = "INSERT INTO _sqlx_migrations SELECT 9999, description, installed_on, success, checksum, execution_time \
                     FROM _sqlx_migrations LIMIT 1";
        sqlx::query(newer).execute(&mut database).await.unwrap();
        database.close().await.unwrap();
    }

    /// Whether these bytes are anywhere in the database: in the files of SQLite, or in a row of PostgreSQL.
    pub async fn holds(&self, bytes: impl AsRef<[u8]>) -> bool {
        let bytes = bytes.as_ref();
        if let TestDatabase::Postgres(own) = &*self.database {
            let (text, hexadecimal) = (String::from_utf8_lossy(bytes), HEXLOWER.encode(bytes));
            let rows = rows_as_texts(&mut own.connect().await, &self.tables().await).await;
            return rows.iter().any(|row| row.contains(&*text) || row.contains(&hexadecimal));
        }
        // Moves everything from the write-ahead log into the database file, as closing it would.
        self.run("PRAGMA wal_checkpoint(TRUNCATE)").await;
        let mut files = std::fs::read_dir(self.database.file().parent().unwrap()).unwrap();
        files.any(|file| {
            let file = std::fs::read(file.unwrap().path()).unwrap();
            file.windows(bytes.len()).any(|window| window == bytes)
        })
    }
}

async fn rows_as_texts(connection: &mut PgConnection, tables: &[String]) -> Vec<String> {
    let mut rows = Vec::new();
    for table in tables {
        let all = sqlx::query_scalar(AssertSqlSafe(format!("SELECT one::text FROM {table} AS one")));
        rows.extend(all.fetch_all(&mut *connection).await.unwrap());
    }
    rows
}

fn e164(phone: &str) -> Phone {
    Phone::from_e164(phone).expect("a phone number in E.164 form")
}
