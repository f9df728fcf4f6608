//! What an account gives up for one that was set aside.

use super::{Ports, webhooks};
use crate::error::AppResult;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{MemberId, WebhookEvent, WebhookKind};
use crate::server::storage::Transaction;

/// Erases a new account, so that its phone is free; false if it is not new: it has redeemed a code, or invited somebody.
///
/// # Errors
/// `Unavailable`.
pub async fn give_up(
    tx: &mut dyn Transaction,
    ports: &Ports,
    member: MemberId,
    phone: &Phone,
    now: Timestamp,
) -> AppResult<bool> {
    if tx.has_ties(member).await? {
        return Ok(false);
    }
    tx.erase_member(member, phone, now).await?;
    webhooks::tell(tx, ports, &[WebhookEvent::of_member(WebhookKind::MemberErased, member)]).await?;
    Ok(true)
}
