//! Grants: who may run the referral program. Only the host grants and revokes, at the command line (and once by the link
//! of [`super::first`]): with a stolen session nobody can add admins.

use crate::error::AppError;
use crate::model::admin::{AdminResult, Refusal};
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{Act, Details, Grant, Lock, MemberId};
use crate::server::domain::admin::actor::Actor;
use crate::server::domain::admin::audit;
use crate::server::domain::{Ports, phone};
use crate::server::storage::{StoreResult, Transaction};

/// Grants to a phone, whose owner need not be a member yet; false if there is a grant.
///
/// # Errors
/// `PhoneMissing`, `PhoneInvalid`, `TestPhone`.
pub async fn grant(ports: &Ports, typed_phone: &str) -> Result<bool, AppError> {
    let phone = phone::parse(typed_phone, ports.rules.region)?;
    if ports.test_phone(&phone).is_some() {
        return Err(AppError::TestPhone);
    }
    let mut tx = ports.store.begin(Lock::Admins).await?;
    let is_new = add(tx.as_mut(), &phone, ports.clock.now()).await?;
    tx.commit().await?;
    Ok(is_new)
}

/// Adds a grant of the host, and a line to the audit log; false if there is a grant.
///
/// # Errors
/// When the database fails.
pub(super) async fn add(tx: &mut dyn Transaction, phone: &Phone, now: Timestamp) -> StoreResult<bool> {
    if !tx.add_grant(phone, now).await? {
        return Ok(false);
    }
    let member = tx.member_by_phone(phone).await?.map(|member| member.id);
    audit::write(tx, now, Actor::Host, Act::Grant, member, "", Details::Phone(format!("{phone:?}"))).await?;
    Ok(true)
}

/// Deletes the grant of a phone, with its second factor; false if there is none. Takes effect at the next request of
/// the admin.
///
/// # Errors
/// `PhoneMissing`, `PhoneInvalid`.
pub async fn revoke(ports: &Ports, typed_phone: &str) -> Result<bool, AppError> {
    let phone = phone::parse(typed_phone, ports.rules.region)?;
    let mut tx = ports.store.begin(Lock::Admins).await?;
    let was_admin = remove(tx.as_mut(), &phone, ports.clock.now()).await?;
    tx.commit().await?;
    Ok(was_admin)
}

/// Deletes a grant for the host, and adds a line to the audit log; false if there is none.
///
/// # Errors
/// When the database fails.
pub(super) async fn remove(tx: &mut dyn Transaction, phone: &Phone, now: Timestamp) -> StoreResult<bool> {
    if !tx.remove_grant(phone).await? {
        return Ok(false);
    }
    let member = tx.member_by_phone(phone).await?.map(|member| member.id);
    audit::write(tx, now, Actor::Host, Act::Revoke, member, "", Details::Phone(format!("{phone:?}"))).await?;
    Ok(true)
}

/// All grants.
///
/// # Errors
/// `Unavailable`.
pub async fn list(ports: &Ports) -> Result<Vec<Grant>, AppError> {
    Ok(ports.store.grants().await?)
}

/// # Errors
/// `NotAnAdmin`.
pub async fn of_member(ports: &Ports, member: MemberId) -> AdminResult<Grant> {
    ports.store.grant_of(member).await?.ok_or(Refusal::NotAnAdmin)
}
