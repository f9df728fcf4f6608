//! Claiming an account that was set aside: its owner has another number by now, and is on a device on which they used to log
//! in.

use super::admin::Actor;
use super::login::{self, LoggedIn};
use super::visitor::CLAIM_LIFE;
use super::{Ports, admin, set_aside};
use crate::error::{AppError, AppResult};
use crate::server::data::{Act, Claimable, Details, Lock, MemberId, Visitor};
use crate::server::secrets::Token;

/// The account that a member may claim on the device with this token. Only a new account can be given up for it: one that
/// has neither redeemed a code nor invited anybody.
///
/// # Errors
/// `LoginRequired` when the member no longer exists.
pub async fn offered(ports: &Ports, device: Option<&Token>, member: MemberId) -> AppResult<Option<Claimable>> {
    let Some(device) = device else { return Ok(None) };
    let since = ports.clock.now().minus(CLAIM_LIFE);
    let Some(claimable) = ports.store.claimable(&device.hash(), since).await? else { return Ok(None) };
    let own = ports.store.member(member).await?.ok_or(AppError::LoginRequired)?;
    let is_new = own.activated.is_none() && own.invitees == 0;
    Ok(is_new.then_some(claimable))
}

/// Moves the member's number to the account that they are offered, and erases the one that they have now. They go on in a new
/// login.
///
/// # Errors
/// `NothingToClaim`, `AdminAccount`, `LoginRequired`.
pub async fn claim(ports: &Ports, visitor: &Visitor, member: MemberId) -> AppResult<LoggedIn> {
    let offered = offered(ports, visitor.device.as_ref(), member).await?;
    let claimed = offered.ok_or(AppError::NothingToClaim)?.member;
    let (mut tx, now) = (ports.store.begin(Lock::Member(member)).await?, ports.clock.now());
    let subject = tx.subject(member).await?.ok_or(AppError::LoginRequired)?;
    let phone = subject.phone.ok_or(AppError::LoginRequired)?;
    if subject.is_admin {
        return Err(AppError::AdminAccount);
    }
    if subject.is_blocked {
        return Err(AppError::MemberBlocked);
    }
    if !set_aside::give_up(tx.as_mut(), ports, member, &phone, now).await? {
        return Err(AppError::NothingToClaim);
    }
    if !tx.take_back(claimed, &phone, now).await? {
        return Err(AppError::NothingToClaim);
    }
    let owner = tx.member_by_phone(&phone).await?.ok_or(AppError::LoginRequired)?;
    let logged_in = login::on_device(tx.as_mut(), ports, owner, visitor, now).await?;
    let (actor, details) = (Actor::Member(claimed), Details::Member(member.0));
    admin::audit::write(tx.as_mut(), now, actor, Act::Claim, Some(claimed), "", details).await?;
    tx.commit().await?;
    tracing::info!(member = claimed.0, given_up = member.0, "an account was claimed");
    Ok(logged_in)
}
