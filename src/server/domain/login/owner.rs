//! Whose account a proven phone gives. Operators give numbers to others after a while: so whoever comes with the number of an
//! account that nobody has used for long, on a device that the account does not know, is asked whether it is theirs.

use super::accounts::Claimant;
use crate::error::{AppError, AppResult};
use crate::server::clock::Timestamp;
use crate::server::data::{Act, AddMember, Details, Member, WebhookEvent, WebhookKind};
use crate::server::domain::admin::{Actor, audit};
use crate::server::domain::{Ports, invite_code, webhooks};
use crate::server::storage::Transaction;
use std::time::Duration;

/// Operators give a number to somebody else after six months or more without use.
pub const SILENCE: Duration = Duration::from_hours(180 * 24);

/// The account for a phone that was proven in this transaction: the member's, or a new one. `is_mine` is what the person
/// has answered; it counts only where they are asked.
///
/// # Errors
/// `MemberBlocked`; `OwnerUnclear` for an account that must be asked about; `NumberOfAdmin`.
pub async fn account(
    tx: &mut dyn Transaction,
    ports: &Ports,
    who: &Claimant<'_>,
    is_mine: Option<bool>,
    now: Timestamp,
) -> AppResult<Member> {
    let Some(member) = tx.member_by_phone(who.phone).await? else { return add_member(tx, ports, who, now).await };
    // Also after a long silence: otherwise a blocked member would only have to wait.
    if member.is_blocked {
        return Err(AppError::MemberBlocked);
    }
    let visited_at = tx.last_visit(member.id).await?;
    let is_clear = !who.is_stranger() || visited_at.plus(SILENCE) > now;
    match is_mine {
        _ if is_clear => {}
        Some(true) => {}
        Some(false) => return set_aside(tx, ports, who, &member, now).await,
        None => return Err(AppError::OwnerUnclear { unused_since: visited_at.0 }),
    }
    tx.note_visit(member.id, now).await?;
    Ok(member)
}

/// Gives the phone a new account. The one that had it keeps everything else, and waits for its owner.
async fn set_aside(
    tx: &mut dyn Transaction,
    ports: &Ports,
    who: &Claimant<'_>,
    old: &Member,
    now: Timestamp,
) -> AppResult<Member> {
    // The right of an admin is granted to the phone: the newcomer would have it.
    if tx.subject(old.id).await?.is_some_and(|subject| subject.is_admin) {
        return Err(AppError::NumberOfAdmin);
    }
    tx.set_aside(old.id, now).await?;
    let newcomer = add_member(tx, ports, who, now).await?;
    tx.name_successor(old.id, newcomer.id).await?;
    let details = Details::Member(newcomer.id.0);
    audit::write(tx, now, Actor::Member(newcomer.id), Act::SetAside, Some(old.id), "", details).await?;
    tracing::info!(member = old.id.0, successor = newcomer.id.0, "an account was set aside");
    Ok(newcomer)
}

async fn add_member(tx: &mut dyn Transaction, ports: &Ports, who: &Claimant<'_>, now: Timestamp) -> AppResult<Member> {
    let mut rng = ports.rng()?;
    for _ in 0..invite_code::DRAWS {
        match tx.add_member(who.phone, &invite_code::generate(&mut *rng), now).await? {
            AddMember::Added(member) => {
                if let Some(language) = who.visitor.language {
                    tx.set_language(member.id, language).await?;
                }
                let event = WebhookEvent::of_member(WebhookKind::MemberCreated, member.id);
                webhooks::tell(tx, ports, &[event]).await?;
                return Ok(member);
            }
            AddMember::InviteCodeTaken => tracing::debug!("a drawn invite code was taken"),
        }
    }
    tracing::error!("{} drawn invite codes in a row were taken", invite_code::DRAWS);
    Err(AppError::Unavailable)
}
