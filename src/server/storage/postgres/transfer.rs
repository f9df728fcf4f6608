//! A database that is moved, as a source or as a target.

use super::connection::connect;
use super::locks::MOVING;
use super::tables::{self, Tables};
use crate::server::storage::rows::unsigned;
use crate::server::storage::transfer::{Kind, Readable, Row, TABLES, Table, Value, Writable};
use crate::server::storage::{StoreError, StoreResult};
use async_trait::async_trait;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgRow};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Postgres, Row as _};

pub struct Transfer(PgConnection);

impl Transfer {
    /// Nobody can write until it is released, and all reads see the same state.
    ///
    /// # Errors
    /// `InUse` while a server is connected; `Older`, `Newer` and `NotVouch` if the tables are not those of this version.
    pub async fn of_source(options: &PgConnectOptions) -> StoreResult<Self> {
        let mut connection = connect(options).await?;
        match Tables::of(&mut connection).await? {
            Tables::Current => {}
            Tables::Older => return Err(StoreError::Older),
            Tables::Newer => return Err(StoreError::Newer),
            Tables::None => return Err(StoreError::NotVouch),
        }
        refuse_if_used(&mut connection).await?;
        sqlx::query("BEGIN ISOLATION LEVEL REPEATABLE READ").execute(&mut connection).await?;
        for table in TABLES {
            let lock = format!("LOCK TABLE {} IN SHARE MODE", table.name);
            sqlx::query(AssertSqlSafe(lock)).execute(&mut connection).await?;
        }
        Ok(Self(connection))
    }

    /// Makes the tables if there are none.
    ///
    /// # Errors
    /// `InUse` while a server is connected.
    pub async fn of_target(options: &PgConnectOptions) -> StoreResult<Self> {
        tables::migrate(options).await?;
        let mut connection = connect(options).await?;
        refuse_if_used(&mut connection).await?;
        // PostgreSQL goes on with a statement whose client was killed, and its rows must not come in between.
        tables::lock(&mut connection, MOVING).await?;
        Ok(Self(connection))
    }

    async fn run(&mut self, statement: String) -> StoreResult<()> {
        sqlx::query(AssertSqlSafe(statement)).execute(&mut self.0).await?;
        Ok(())
    }
}

async fn refuse_if_used(connection: &mut PgConnection) -> StoreResult<()> {
    let servers = sqlx::query_scalar(
        "SELECT count(*) FROM pg_stat_activity \
         WHERE datname = current_database() AND application_name = 'vouch' AND pid <> pg_backend_pid()",
    );
    let servers: i64 = servers.fetch_one(connection).await?;
    if servers > 0 { Err(StoreError::InUse) } else { Ok(()) }
}

/// The counts of a day are the sums of their slots.
fn relation(table: &Table) -> &'static str {
    match table.name {
        "daily_counts" => {
            "(SELECT day, what, sum(count)::bigint AS count FROM daily_counts GROUP BY day, what) AS sums"
        }
        name => name,
    }
}

#[async_trait]
impl Readable for Transfer {
    async fn count(&mut self, table: &Table) -> StoreResult<u64> {
        let count = format!("SELECT count(*) FROM {}", relation(table));
        unsigned(sqlx::query_scalar(AssertSqlSafe(count)).fetch_one(&mut self.0).await?, "count")
    }

    async fn rows(&mut self, table: &Table, after: Option<&[Value]>, limit: u32) -> StoreResult<Vec<Row>> {
        let (names, key, relation) = (table.names(), table.key_names(), relation(table));
        let place = match (after, table.keys) {
            (None, _) => String::new(),
            (Some(_), 1) => format!("WHERE ({key}) > ($1)"),
            (Some(_), _) => format!("WHERE ({key}) > ($1, $2)"),
        };
        let statement = format!("SELECT {names} FROM {relation} {place} ORDER BY {key} LIMIT {limit}");
        let mut query = sqlx::query(AssertSqlSafe(statement));
        for value in after.unwrap_or_default() {
            query = bind(query, value.clone());
        }
        query.fetch_all(&mut self.0).await?.iter().map(|row| read(row, table)).collect()
    }

    async fn highest_id(&mut self, table: &Table) -> StoreResult<i64> {
        let sequence = format!("SELECT pg_get_serial_sequence('{}', 'id')", table.name);
        let sequence: String = sqlx::query_scalar(AssertSqlSafe(sequence)).fetch_one(&mut self.0).await?;
        // A sequence that was never used is at 1, too.
        let highest = format!("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}");
        Ok(sqlx::query_scalar(AssertSqlSafe(highest)).fetch_one(&mut self.0).await?)
    }

    async fn release(mut self: Box<Self>) -> StoreResult<()> {
        Ok(self.0.close().await?)
    }
}

#[async_trait]
impl Writable for Transfer {
    async fn moving_from(&mut self) -> StoreResult<Option<String>> {
        Ok(sqlx::query_scalar("SELECT source FROM moving").fetch_optional(&mut self.0).await?)
    }

    async fn begin(&mut self, from: &str) -> StoreResult<()> {
        sqlx::query("INSERT INTO moving (id, source) VALUES (1, $1)").bind(from).execute(&mut self.0).await?;
        for table in TABLES {
            self.run(format!("ALTER TABLE {} DISABLE TRIGGER USER", table.name)).await?;
        }
        Ok(())
    }

    async fn add(&mut self, table: &Table, rows: Vec<Row>) -> StoreResult<()> {
        let arrays: Vec<_> =
            table.columns.iter().enumerate().map(|(place, (_, kind))| parameter(place, *kind)).collect();
        let (name, names) = (table.name, table.names());
        // The slot of a count that was moved.
        let (more, slot) = if name == "daily_counts" { (", slot", ", 0") } else { ("", "") };
        let statement =
            format!("INSERT INTO {name} ({names}{more}) SELECT *{slot} FROM unnest({}) AS rows", arrays.join(", "));
        let mut columns: Vec<Vec<Value>> = table.columns.iter().map(|_| Vec::with_capacity(rows.len())).collect();
        for row in rows {
            for (column, value) in columns.iter_mut().zip(row) {
                column.push(value);
            }
        }
        let mut query = sqlx::query(AssertSqlSafe(statement));
        for ((_, kind), values) in table.columns.iter().zip(columns) {
            query = bind_all(query, *kind, values);
        }
        query.execute(&mut self.0).await?;
        Ok(())
    }

    async fn last_key(&mut self, table: &Table) -> StoreResult<Option<Row>> {
        let key = &table.columns[..table.keys];
        let order: Vec<_> = key.iter().map(|(name, _)| format!("{name} DESC")).collect();
        let last = format!("SELECT {} FROM {} ORDER BY {} LIMIT 1", table.names(), relation(table), order.join(", "));
        let last = sqlx::query(AssertSqlSafe(last)).fetch_optional(&mut self.0).await?;
        let last = last.as_ref().map(|row| read(row, table)).transpose()?;
        Ok(last.map(|mut row| {
            row.truncate(table.keys);
            row
        }))
    }

    async fn go_on_after(&mut self, table: &Table, id: i64) -> StoreResult<()> {
        // Below 1 there is nothing to go on after.
        if id < 1 {
            return Ok(());
        }
        self.run(format!("SELECT setval(pg_get_serial_sequence('{}', 'id'), {id})", table.name)).await
    }

    async fn finish(&mut self) -> StoreResult<()> {
        for table in TABLES {
            self.run(format!("ALTER TABLE {} ENABLE TRIGGER USER", table.name)).await?;
        }
        // Without statistics the planner would read whole tables until PostgreSQL has gathered them by itself.
        self.run("ANALYZE".to_owned()).await?;
        self.run("DELETE FROM moving".to_owned()).await
    }
}

fn read(row: &PgRow, table: &Table) -> StoreResult<Row> {
    let mut values = Vec::with_capacity(table.columns.len());
    for (place, (_, kind)) in table.columns.iter().enumerate() {
        values.push(match kind {
            Kind::Integer => row.try_get::<Option<_>, _>(place)?.map_or(Value::Null, Value::Integer),
            Kind::Text => row.try_get::<Option<_>, _>(place)?.map_or(Value::Null, Value::Text),
            Kind::Bytes => row.try_get::<Option<_>, _>(place)?.map_or(Value::Null, Value::Bytes),
            Kind::Boolean => row.try_get::<Option<_>, _>(place)?.map_or(Value::Null, Value::Boolean),
        });
    }
    Ok(values)
}

fn bind(query: Query<'_, Postgres, PgArguments>, value: Value) -> Query<'_, Postgres, PgArguments> {
    match value {
        // No key is null.
        Value::Null => query,
        Value::Integer(number) => query.bind(number),
        Value::Text(text) => query.bind(text),
        Value::Bytes(bytes) => query.bind(bytes),
        Value::Boolean(yes) => query.bind(yes),
    }
}

fn parameter(place: usize, kind: Kind) -> String {
    let array = match kind {
        Kind::Integer => "bigint",
        Kind::Text => "text",
        Kind::Bytes => "bytea",
        Kind::Boolean => "boolean",
    };
    format!("${}::{array}[]", place + 1)
}

/// Binds the values of a column as an array.
fn bind_all(
    query: Query<'_, Postgres, PgArguments>,
    kind: Kind,
    values: Vec<Value>,
) -> Query<'_, Postgres, PgArguments> {
    macro_rules! array {
        ($kind:ident) => {
            query.bind(
                values
                    .into_iter()
                    .map(|value| match value {
                        Value::$kind(value) => Some(value),
                        _ => None,
                    })
                    .collect::<Vec<_>>(),
            )
        };
    }
    match kind {
        Kind::Integer => array!(Integer),
        Kind::Text => array!(Text),
        Kind::Bytes => array!(Bytes),
        Kind::Boolean => array!(Boolean),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::OwnDatabase;
    use std::time::Duration;

    /// PostgreSQL goes on with the statement of a command that was killed, and its connection keeps the lock meanwhile.
    #[tokio::test]
    async fn a_move_waits_for_the_end_of_the_one_before() {
        let own = OwnDatabase::new().await;
        let options = own.options();
        let first = Transfer::of_target(&options).await.unwrap();
        let mut second = Box::pin(Transfer::of_target(&options));
        assert!(tokio::time::timeout(Duration::from_secs(1), &mut second).await.is_err());
        Box::new(first).release().await.unwrap();
        second.await.unwrap();
    }
}
