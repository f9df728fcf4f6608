//! Consequences of recorded attempts, in the same transaction. Redemptions by members and imports call this; further
//! consequences, such as a message to another system, are added here.

use super::{Ports, flags, webhooks};
use crate::error::AppResult;
use crate::server::data::{AttemptOutcome, NewAttempt, WebhookEvent, WebhookKind};
use crate::server::storage::Transaction;

/// Called after an attempt to redeem a code, successful or not, was recorded.
///
/// # Errors
/// `Unavailable`.
pub async fn attempted(tx: &mut dyn Transaction, ports: &Ports, attempt: &NewAttempt) -> AppResult<()> {
    flags::detect(tx, &ports.rules.limits.flags, attempt).await?;
    match attempt.inviter {
        Some(inviter) if attempt.outcome == AttemptOutcome::Redeemed => {
            let event = WebhookEvent::of_redemption(WebhookKind::RedemptionCreated, attempt.member, inviter);
            webhooks::tell(tx, ports, &[event]).await
        }
        _ => Ok(()),
    }
}
