//! Accounts that have lost their number, because nobody has used them for long and somebody else has proven it: operators
//! give numbers to others after a while. Such an account keeps everything else, and waits for its owner.

use super::admin::{Actor, audit};
use super::visitor::Standing;
use super::{Ports, webhooks};
use crate::error::{AppError, AppResult};
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{Act, Details, MemberId, WebhookEvent, WebhookKind};
use crate::server::storage::{StoreResult, Transaction};
use std::time::Duration;

/// Operators give a number to somebody else after six months or more without use.
pub const SILENCE: Duration = Duration::from_hours(180 * 24);

/// When a member's account was last used, if that is so long ago that whoever has proven the number on an unknown device
/// may be somebody else.
///
/// # Errors
/// When the database fails.
pub async fn silent_since(
    tx: &mut dyn Transaction,
    standing: Standing,
    member: MemberId,
    now: Timestamp,
) -> StoreResult<Option<Timestamp>> {
    let visited_at = tx.last_visit(member).await?;
    Ok((standing == Standing::Stranger && visited_at.plus(SILENCE) <= now).then_some(visited_at))
}

/// Takes the number from an account.
///
/// # Errors
/// `NumberOfAdmin`.
pub async fn take_number(tx: &mut dyn Transaction, from: MemberId, now: Timestamp) -> AppResult<()> {
    // The right of an admin is granted to the phone: the newcomer would have it.
    if tx.subject(from).await?.is_some_and(|subject| subject.is_admin) {
        return Err(AppError::NumberOfAdmin);
    }
    Ok(tx.set_aside(from, now).await?)
}

/// Writes down for whom an account was set aside.
///
/// # Errors
/// When the database fails.
pub async fn record(tx: &mut dyn Transaction, account: MemberId, by: MemberId, now: Timestamp) -> StoreResult<()> {
    tracing::info!(member = account.0, by = by.0, "an account was set aside");
    audit::write(tx, now, Actor::Member(by), Act::SetAside, Some(account), "", Details::Member(by.0)).await
}

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
    tx.erase_member(member, Some(phone), now).await?;
    webhooks::tell(tx, ports, &[WebhookEvent::of_member(WebhookKind::MemberErased, member)]).await?;
    Ok(true)
}
