//! Whose account a proven phone gives. Operators give numbers to others after a while: so whoever comes with the number of an
//! account that nobody has used for long, on a device that the account does not know, is asked whether it is theirs.

use super::accounts::Claimant;
use crate::error::{AppError, AppResult};
use crate::server::clock::Timestamp;
use crate::server::data::{AddMember, Member, MemberId, WebhookEvent, WebhookKind};
use crate::server::domain::{Ports, invite_code, set_aside, webhooks};
use crate::server::storage::Transaction;

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
    match (set_aside::silent_since(tx, who.standing, member.id, now).await?, is_mine) {
        (None, _) | (Some(_), Some(true)) => {}
        (Some(_), Some(false)) => return newcomer(tx, ports, who, member.id, now).await,
        (Some(since), None) => return Err(AppError::OwnerUnclear { unused_since: since.0 }),
    }
    tx.note_visit(member.id, now).await?;
    Ok(member)
}

/// Gives the phone a new account. The one that had it keeps everything else, and waits for its owner.
async fn newcomer(
    tx: &mut dyn Transaction,
    ports: &Ports,
    who: &Claimant<'_>,
    old: MemberId,
    now: Timestamp,
) -> AppResult<Member> {
    set_aside::take_number(tx, old, now).await?;
    let newcomer = add_member(tx, ports, who, now).await?;
    tx.name_successor(old, newcomer.id).await?;
    set_aside::record(tx, old, newcomer.id, now).await?;
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
