//! Cleanup of cookie sessions. Their content is defined in `http::session`.

use super::Ports;
use crate::error::AppResult;

/// Returns how many were deleted.
pub async fn forget_expired(ports: &Ports) -> AppResult<u64> {
    Ok(ports.store.delete_expired_sessions(ports.clock.now()).await?)
}
