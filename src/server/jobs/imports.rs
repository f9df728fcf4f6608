//! Imports as jobs: a request starts one and does not wait for it.

use super::Jobs;
use crate::server::domain::Ports;
use crate::server::domain::admin::{Admin, AdminResult, import};
use std::sync::Arc;

/// Stores a file and checks it in the background. Returns the id of the import.
///
/// # Errors
/// Those of [`import::begin`].
pub async fn check(jobs: &Jobs, ports: &Arc<Ports>, by: &Admin, name: &str, file: Vec<u8>) -> AdminResult<i64> {
    let check = import::begin(ports, by, name, file).await?;
    let id = check.id;
    jobs.spawn(check.run());
    Ok(id)
}

/// Imports a checked file in the background.
///
/// # Errors
/// Those of [`import::apply`].
pub async fn apply(jobs: &Jobs, ports: &Arc<Ports>, by: &Admin, id: i64, reason: &str) -> AdminResult<()> {
    let apply = import::apply(ports, by, id, reason).await?;
    jobs.spawn(apply.run());
    Ok(())
}
