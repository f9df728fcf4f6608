//! How long cookie sessions live. What they hold is kept by the doors, see `http::session`.

use super::Ports;
use crate::error::AppResult;

/// Deletes sessions that have expired, and returns how many.
pub async fn forget_expired(ports: &Ports) -> AppResult<u64> {
    Ok(ports.store.delete_expired_sessions(ports.clock.now()).await?)
}
