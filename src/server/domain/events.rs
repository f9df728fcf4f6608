//! What follows from what the rules have recorded, in the same transaction. Every door and every import passes its
//! attempts through here; a further consequence, such as a message to another system, is added here.

use super::flags;
use crate::server::data::NewAttempt;
use crate::server::limits::Limits;
use crate::server::storage::{StoreResult, Transaction};

/// Somebody attempted to redeem a code, successfully or not.
///
/// # Errors
/// When the database fails.
pub async fn attempted(tx: &mut dyn Transaction, limits: &Limits, attempt: &NewAttempt) -> StoreResult<()> {
    flags::notice(tx, &limits.flags, attempt).await
}
