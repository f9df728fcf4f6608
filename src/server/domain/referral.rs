//! Redeeming a foreign invite code: once per member, never one's own, never in a circle.

use super::{MemberId, Ports};
use crate::error::{AppError, AppResult};
use crate::model::invite_code::InviteCode;

/// Redeems the code that was typed for `invitee`.
///
/// All checks and the insertion stand in one write transaction, so that parallel tries see one another.
///
/// # Errors
/// `InviteCodeMissing`, `InviteCodeTooLong`, `InviteCodeUnknown`, `InviteCodeOwn`, `InviteCodeOfInvitee`,
/// `AlreadyRedeemed`.
pub async fn redeem(ports: &Ports, invitee: MemberId, typed: &str) -> AppResult<InviteCode> {
    let code = InviteCode::parse(typed)?;
    let mut tx = ports.store.begin().await?;
    if let Some(activated) = tx.activated_code(invitee).await? {
        return Err(AppError::AlreadyRedeemed { code: activated.to_string() });
    }
    let inviter = tx.member_by_invite_code(&code).await?.ok_or(AppError::InviteCodeUnknown)?;
    if inviter.id == invitee {
        return Err(AppError::InviteCodeOwn);
    }
    if tx.was_brought_in_by(inviter.id, invitee).await? {
        return Err(AppError::InviteCodeOfInvitee);
    }
    tx.add_redemption(invitee, inviter.id, &code, ports.clock.now()).await?;
    tx.commit().await?;
    tracing::info!(invitee = invitee.0, inviter = inviter.id.0, "code redeemed");
    Ok(code)
}
