//! Moving all data from one database to another, in whichever dialects they are: the tables as both have them, and what a
//! database must be able to do to give its rows or to take them.
//!
//! Counts of triggers come as they are, and do not run again. What a dialect keeps beside the rows, such as an index of the
//! phones, it makes anew.

use super::error::StoreResult;
use async_trait::async_trait;
use sha2::{Digest, Sha256};

/// Rows that are read, and written in one transaction, at a time.
pub const ROWS_AT_ONCE: u32 = 10_000;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Integer,
    Text,
    Bytes,
    Boolean,
}

/// A stored value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Null,
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
    Boolean(bool),
}

pub type Row = Vec<Value>;

/// A table as both dialects have it. Its first columns are its key, by which rows are ordered.
#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    /// How many of the columns are the key.
    pub keys: usize,
    pub columns: &'static [(&'static str, Kind)],
    /// Whether ids are given out by the database, and never twice.
    pub gives_ids: bool,
}

macro_rules! tables {
    ($($name:ident $keys:literal $ids:literal: $($column:ident $kind:ident),*;)*) => {
        /// Every table with data, each after those that it refers to.
        pub const TABLES: &[Table] = &[$(Table {
            name: stringify!($name),
            keys: $keys,
            columns: &[$((stringify!($column), Kind::$kind)),*],
            gives_ids: $ids,
        }),*];
    };
}

tables! {
    members 1 true: id Integer, phone Text, invite_code Text, created_at Integer, blocked_at Integer, erased_at Integer,
        epoch Integer, invitees Integer, language Text, revision Integer, visited_at Integer, on_board Boolean;
    former_invite_codes 1 false: invite_code Text, member_id Integer, replaced_at Integer;
    set_aside 1 false: member_id Integer, at Integer, successor_id Integer;
    devices 1 true: id Integer, token_hash Bytes, member_id Integer, created_at Integer, seen_at Integer, browser Integer,
        agent Text, network Text;
    login_codes 1 true: id Integer, flow Bytes, phone Text, created_at Integer, expires_at Integer, tries Integer,
        used_at Integer, ended_at Integer, device_id Integer, length Integer, begins_login Boolean, sends Integer,
        resent_at Integer;
    api_logins 1 false: id Bytes, code_id Integer, tries Integer;
    messages 1 true: id Integer, code_id Integer, gateway Text, message_id Text, state Text, sent_at Integer, report Text,
        reported_at Integer;
    sessions 1 false: id_hash Bytes, member_id Integer, data Text, created_at Integer, expires_at Integer, epoch Integer,
        device_id Integer, logged_in_at Integer, seen_at Integer;
    token_families 1 false: id Bytes, member_id Integer, epoch Integer, created_at Integer, expires_at Integer,
        device_id Integer, seen_at Integer;
    refresh_tokens 1 false: hash Bytes, family_id Bytes, expires_at Integer, used_at Integer;
    idempotency_keys 2 false: member_id Integer, key_hash Bytes, request Text, outcome Text, created_at Integer;
    redemptions 1 false: invitee_id Integer, inviter_id Integer, invite_code Text, redeemed_at Integer;
    redeem_tries 1 true: id Integer, member_id Integer, typed Text, inviter_id Integer, outcome Text, tried_at Integer,
        last_at Integer, times Integer, network Text, browser Integer;
    budget_uses 1 true: id Integer, budget Text, subject Text, purpose Text, used_at Integer, expires_at Integer;
    flags 1 true: id Integer, kind Text, member_id Integer, source Text, count Integer, first_at Integer, last_at Integer,
        reviewed_at Integer, verdict Text;
    admins 1 true: id Integer, phone Text, granted_at Integer, secret Bytes, enrolled_at Integer, last_step Integer,
        recovery_used Integer;
    first_admin_links 1 false: token_hash Bytes, expires_at Integer;
    audit_log 1 true: id Integer, at Integer, actor Integer, act Text, subject Integer, reason Text, details Text,
        address Text;
    imports 1 true: id Integer, actor Integer, file_name Text, state Text, begun_at Integer, touched_at Integer,
        lines Integer, checked Integer, unread Text;
    import_lines 2 false: import_id Integer, line Integer, phone Text, invite_code Text, former_codes Text,
        joined_at Integer, blocked_at Integer, erased_at Integer, redeemed_code Text, inviter_line Integer,
        redeemed_at Integer, problems Text;
    daily_counts 2 false: day Integer, what Text, count Integer;
    secret_check 1 false: id Integer, value Bytes;
    link_counts 2 false: member_id Integer, day Integer, opened Integer, logged_in Integer, redeemed Integer;
    jobs 1 false: name Text, due_at Integer;
    webhook_deliveries 1 true: id Integer, message_id Text, type Text, member_id Integer, inviter_id Integer,
        created_at Integer, endpoint Text, state Text, failures Integer, next_at Integer, leased_until Integer;
    webhook_attempts 1 true: id Integer, delivery_id Integer, begun_at Integer, took Integer, status Integer,
        trouble Text;
    webhook_endpoints 1 false: url Text, failing_since Integer, off_at Integer, off_because Text;
}

impl Table {
    /// The names of the columns, as in a statement.
    pub fn names(&self) -> String {
        join(self.columns)
    }

    /// The names of the key, as in a statement.
    pub fn key_names(&self) -> String {
        join(&self.columns[..self.keys])
    }
}

fn join(columns: &[(&str, Kind)]) -> String {
    columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// A database whose rows can be read. Nobody writes to it meanwhile.
#[async_trait]
pub trait Readable: Send {
    async fn count(&mut self, table: &Table) -> StoreResult<u64>;
    /// At most `limit` rows in the order of their key, after the row with this one.
    async fn rows(&mut self, table: &Table, after: Option<&[Value]>, limit: u32) -> StoreResult<Vec<Row>>;
    /// The highest id that was given out, also if its row was deleted; 0 if there was none.
    async fn highest_id(&mut self, table: &Table) -> StoreResult<i64>;
    /// Lets others write again.
    async fn release(self: Box<Self>) -> StoreResult<()>;
}

/// A database that takes rows. No server starts on it until [`Writable::finish`].
#[async_trait]
pub trait Writable: Readable {
    /// From where a move to this database began that has not finished.
    async fn moving_from(&mut self) -> StoreResult<Option<String>>;
    /// Begins a move into an empty database.
    async fn begin(&mut self, from: &str) -> StoreResult<()>;
    /// Adds rows as they are, in one transaction.
    async fn add(&mut self, table: &Table, rows: Vec<Row>) -> StoreResult<()>;
    /// The key of the last row in order.
    async fn last_key(&mut self, table: &Table) -> StoreResult<Option<Row>>;
    /// Lets the next id be higher than this one.
    async fn go_on_after(&mut self, table: &Table, id: i64) -> StoreResult<()>;
    /// Makes it a database that servers start on.
    async fn finish(&mut self) -> StoreResult<()>;
}

/// How many rows a table has, and a hash of them in order, which does not depend on the dialect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    pub rows: u64,
    pub hash: [u8; 32],
}

/// Reads all rows of a table.
///
/// # Errors
/// When the database fails.
pub async fn fingerprint(database: &mut dyn Readable, table: &Table) -> StoreResult<Fingerprint> {
    let (mut hash, mut rows) = (Sha256::new(), 0);
    let mut after: Option<Row> = None;
    loop {
        let page = database.rows(table, after.as_deref(), ROWS_AT_ONCE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last[..table.keys].to_vec());
        rows += page.len() as u64;
        for value in page.iter().flatten() {
            value.add_to(&mut hash);
        }
    }
    Ok(Fingerprint { rows, hash: hash.finalize().into() })
}

impl Value {
    /// The kind and the length come first, so that no two rows look alike.
    fn add_to(&self, hash: &mut Sha256) {
        let (kind, bytes): (u8, &[u8]) = match self {
            Self::Null => (0, &[]),
            Self::Integer(number) => (1, &number.to_be_bytes()),
            Self::Text(text) => (2, text.as_bytes()),
            Self::Bytes(bytes) => (3, bytes),
            Self::Boolean(yes) => (4, &[u8::from(*yes)]),
        };
        hash.update([kind]);
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    }
}
