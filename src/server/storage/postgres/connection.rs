//! What the files beside this one need for their connections and statements.

use crate::server::storage::{StoreError, StoreResult};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use std::time::Duration;

/// How long a server may take to accept a connection at a start. The system would wait for minutes.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Connects outside the pool.
pub(super) async fn connect(options: &PgConnectOptions) -> StoreResult<PgConnection> {
    let connected = tokio::time::timeout(CONNECT_TIMEOUT, PgConnection::connect_with(options)).await;
    Ok(connected.map_err(|_| sqlx::Error::PoolTimedOut)??)
}

/// 32 bytes, such as a hash.
pub(super) fn bytes32(value: Vec<u8>, name: &str) -> StoreResult<[u8; 32]> {
    value.try_into().map_err(|_| StoreError::Malformed(name.to_owned()))
}
