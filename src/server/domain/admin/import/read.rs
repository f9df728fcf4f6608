//! Reading the state of imports, and deleting old ones.

use crate::error::AppResult;
use crate::model::admin::{AdminResult, Refusal};
use crate::server::data::{BadLine, Import};
use crate::server::domain::Ports;
use crate::server::domain::admin::actor::Admin;
use std::time::Duration;

/// How long an import and its lines are kept.
const MEMORY: Duration = Duration::from_hours(24);
const LISTED: u32 = 20;

/// The newest imports first, at most `LISTED`.
///
/// # Errors
/// `Unavailable`.
pub async fn list(ports: &Ports, _: &Admin) -> AdminResult<Vec<Import>> {
    Ok(ports.store.imports(LISTED).await?)
}

/// # Errors
/// `NoSuchImport`.
pub async fn find(ports: &Ports, _: &Admin, id: i64) -> AdminResult<Import> {
    ports.store.import(id).await?.ok_or(Refusal::NoSuchImport)
}

/// The lines with problems, in order, after line `after`.
///
/// # Errors
/// `Unavailable`.
pub async fn bad_lines(ports: &Ports, _: &Admin, id: i64, after: u64, limit: u32) -> AdminResult<Vec<BadLine>> {
    Ok(ports.store.bad_lines(id, after, limit).await?)
}

/// Deletes imports that were begun more than `MEMORY` ago; returns how many.
///
/// # Errors
/// `Unavailable`.
pub async fn forget_old(ports: &Ports) -> AppResult<u64> {
    Ok(ports.store.forget_imports_before(ports.clock.now().minus(MEMORY)).await?)
}
