//! A database that is moved, as a source or as a target. Nobody else can use the file meanwhile.

use super::connection::{self, Statements, at_length};
use super::files;
use super::tables::{self, Tables};
use crate::server::storage::transfer::{Kind, Readable, Row, Table, Value, Writable};
use crate::server::storage::{StoreError, StoreResult};
use async_trait::async_trait;
use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ToSql, params, params_from_iter};
use sqlx::{Connection as _, SqliteConnection};
use std::path::Path;

pub struct Transfer(Connection);

impl Transfer {
    /// # Errors
    /// `InUse` while a server or another program has the file open; `Older`, `Newer` and `NotVouch` if the tables are not
    /// those of this version.
    pub async fn of_source(path: &Path) -> StoreResult<Self> {
        let mut connection = SqliteConnection::connect_with(&files::for_reading(path)).await?;
        let tables = Tables::of(&mut connection).await?;
        connection.close().await?;
        match tables {
            Tables::Current => Self::alone(path),
            Tables::Older => Err(StoreError::Older),
            Tables::Newer => Err(StoreError::Newer),
            Tables::None => Err(StoreError::NotVouch),
        }
    }

    /// Makes the file and its tables if there are none.
    ///
    /// # Errors
    /// `InUse` while a server or another program has the file open.
    pub async fn of_target(path: &Path) -> StoreResult<Self> {
        files::make_private(path)?;
        tables::migrate(&files::for_writing(path)).await?;
        let this = Self::alone(path)?;
        this.0.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        Ok(this)
    }

    /// Locks the file for this connection. SQLite ends the write-ahead log only while nobody else has the file open, and in
    /// this mode a lock is kept after its transaction.
    fn alone(path: &Path) -> StoreResult<Self> {
        let connection = connection::for_writing(path)?;
        let lock = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE; COMMIT;";
        connection.execute_batch(lock).map_err(|error| {
            let error = StoreError::from(error);
            if connection::is_busy(&error) { StoreError::InUse } else { error }
        })?;
        Ok(Self(connection))
    }
}

#[async_trait]
impl Readable for Transfer {
    async fn count(&mut self, table: &Table) -> StoreResult<u64> {
        at_length(|| self.0.one(&format!("SELECT count(*) FROM {}", table.name), [], connection::value))
    }

    async fn rows(&mut self, table: &Table, after: Option<&[Value]>, limit: u32) -> StoreResult<Vec<Row>> {
        let (names, key) = (table.names(), table.key_names());
        let place = match (after, table.keys) {
            (None, _) => String::new(),
            (Some(_), 1) => format!("WHERE ({key}) > (?)"),
            (Some(_), _) => format!("WHERE ({key}) > (?, ?)"),
        };
        let statement = format!("SELECT {names} FROM {} {place} ORDER BY {key} LIMIT {limit}", table.name);
        at_length(|| self.0.all(&statement, params_from_iter(after.unwrap_or_default()), |row| read(row, table)))
    }

    async fn highest_id(&mut self, table: &Table) -> StoreResult<i64> {
        // A table that does not keep the highest id has the rows that there are.
        let highest = format!(
            "SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{0}'), 0), \
             coalesce((SELECT max(id) FROM {0}), 0))",
            table.name
        );
        self.0.one(&highest, [], connection::value)
    }

    async fn release(self: Box<Self>) -> StoreResult<()> {
        self.0.close().map_err(|(_, error)| error.into())
    }
}

#[async_trait]
impl Writable for Transfer {
    async fn moving_from(&mut self) -> StoreResult<Option<String>> {
        self.0.first("SELECT source FROM moving", [], connection::value)
    }

    async fn begin(&mut self, from: &str) -> StoreResult<()> {
        self.0.change("INSERT INTO moving (id, source) VALUES (1, ?)", [from])?;
        Ok(())
    }

    async fn add(&mut self, table: &Table, rows: Vec<Row>) -> StoreResult<()> {
        // A column that a version before needs; nothing reads it.
        let (more, mac) = if table.name == "login_codes" { (", mac", ", zeroblob(32)") } else { ("", "") };
        let places = vec!["?"; table.columns.len()].join(", ");
        let statement = format!("INSERT INTO {} ({}{more}) VALUES ({places}{mac})", table.name, table.names());
        at_length(|| {
            let tx = self.0.unchecked_transaction()?;
            for row in &rows {
                tx.change(&statement, params_from_iter(row))?;
            }
            Ok(tx.commit()?)
        })
    }

    async fn last_key(&mut self, table: &Table) -> StoreResult<Option<Row>> {
        let key = &table.columns[..table.keys];
        let order: Vec<_> = key.iter().map(|(name, _)| format!("{name} DESC")).collect();
        let last = format!("SELECT {} FROM {} ORDER BY {} LIMIT 1", table.names(), table.name, order.join(", "));
        let last = self.0.first(&last, [], |row| read(row, table))?;
        Ok(last.map(|mut row| {
            row.truncate(table.keys);
            row
        }))
    }

    async fn go_on_after(&mut self, table: &Table, id: i64) -> StoreResult<()> {
        for keep in [
            "UPDATE sqlite_sequence SET seq = max(seq, ?1) WHERE name = ?2",
            "INSERT INTO sqlite_sequence (seq, name) SELECT ?1, ?2 \
             WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?2)",
        ] {
            self.0.change(keep, params![id, table.name])?;
        }
        Ok(())
    }

    async fn finish(&mut self) -> StoreResult<()> {
        at_length(|| {
            self.0.execute_batch(
                "INSERT INTO member_phones (member_phones) VALUES ('rebuild'); ANALYZE; DELETE FROM moving;",
            )
        })?;
        Ok(())
    }
}

fn read(row: &rusqlite::Row<'_>, table: &Table) -> rusqlite::Result<Row> {
    let mut values = Vec::with_capacity(table.columns.len());
    for (place, (_, kind)) in table.columns.iter().enumerate() {
        values.push(match (row.get_ref(place)?, kind) {
            (ValueRef::Null, _) => Value::Null,
            (ValueRef::Integer(number), Kind::Boolean) => Value::Boolean(number != 0),
            (value, Kind::Integer | Kind::Boolean) => Value::Integer(value.as_i64()?),
            (value, Kind::Text) => Value::Text(value.as_str()?.to_owned()),
            (value, Kind::Bytes) => Value::Bytes(value.as_blob()?.to_vec()),
        });
    }
    Ok(values)
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        match self {
            Self::Null => Ok(rusqlite::types::Null.into()),
            Self::Integer(number) => number.to_sql(),
            Self::Text(text) => text.to_sql(),
            Self::Bytes(bytes) => bytes.to_sql(),
            Self::Boolean(yes) => yes.to_sql(),
        }
    }
}
