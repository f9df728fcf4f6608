//! Consequences of recorded attempts, in the same transaction. Redemptions by members and imports call this; further
//! consequences, such as a message to another system, are added here.

use super::flags;
use crate::server::data::NewAttempt;
use crate::server::limits::Limits;
use crate::server::storage::{StoreResult, Transaction};

/// Called after an attempt to redeem a code, successful or not, was recorded.
///
/// # Errors
/// When the database fails.
pub async fn attempted(tx: &mut dyn Transaction, limits: &Limits, attempt: &NewAttempt) -> StoreResult<()> {
    flags::detect(tx, &limits.flags, attempt).await
}
