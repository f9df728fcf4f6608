//! Acts of admins on members. Each takes a reason, and adds a line to the audit log in the same transaction.

use super::{Actor, Admin, AdminResult, Refusal, audit, members};
use crate::error::AppError;
use crate::model::admin::{RepairKind, TypedAct};
use crate::model::invite_code::InviteCode;
use crate::server::clock::Timestamp;
use crate::server::data::{Act, Details, Lock, MemberId, MemberRecord, Subject, WebhookEvent, WebhookKind};
use crate::server::domain::admin::filters;
use crate::server::domain::admin::reason::Reason;
use crate::server::domain::login::limits;
use crate::server::domain::{Ports, invite_code, referral, set_aside, webhooks};
use crate::server::storage::Transaction;

/// The member for the form of an act.
///
/// # Errors
/// `NoSuchAct`, `NoSuchMember`.
pub async fn subject_of(ports: &Ports, by: &Admin, id: MemberId, act: &str) -> AdminResult<MemberRecord> {
    let _: RepairKind = act.parse().map_err(|_| Refusal::NoSuchAct)?;
    members::record(ports, by, id).await
}

/// # Errors
/// `NoSuchAct`, `ReasonMissing`, `ReasonTooLong`, and those of the act.
pub async fn repair(ports: &Ports, by: &Admin, id: MemberId, act: &str, typed: &TypedAct) -> AdminResult<()> {
    let kind = act.parse().map_err(|_| Refusal::NoSuchAct)?;
    let reason = &Reason::parse(&typed.reason)?;
    match kind {
        RepairKind::Block => block(ports, by, id, reason).await,
        RepairKind::Unblock => unblock(ports, by, id, reason).await,
        RepairKind::Attach => attach(ports, by, id, reason, &typed.invite_code).await,
        RepairKind::Detach => detach(ports, by, id, reason).await,
        RepairKind::ReplaceInviteCode => replace_invite_code(ports, by, id, reason).await,
        RepairKind::LogOutEverywhere => log_out_everywhere(ports, by, id, reason).await,
        RepairKind::AllowLogins => allow_logins(ports, by, id, reason).await,
        RepairKind::GiveNumberBack => give_number_back(ports, by, id, reason).await,
        RepairKind::Erase => erase(ports, by, id, reason).await,
    }
}

/// An act in progress.
struct Repair<'a> {
    ports: &'a Ports,
    tx: Box<dyn Transaction>,
    by: &'a Admin,
    subject: Subject,
    reason: &'a Reason,
    now: Timestamp,
}

impl<'a> Repair<'a> {
    async fn begin(ports: &'a Ports, by: &'a Admin, id: MemberId, reason: &'a Reason) -> AdminResult<Self> {
        let repair = Self::begin_also_without_number(ports, by, id, reason).await?;
        if repair.subject.phone.is_none() { Err(Refusal::Erased) } else { Ok(repair) }
    }

    async fn begin_also_without_number(
        ports: &'a Ports,
        by: &'a Admin,
        id: MemberId,
        reason: &'a Reason,
    ) -> AdminResult<Self> {
        let mut tx = ports.store.begin(Lock::Member(id)).await?;
        let subject = tx.subject(id).await?.ok_or(Refusal::NoSuchMember)?;
        Ok(Self { ports, tx, by, subject, reason, now: ports.clock.now() })
    }

    /// Adds the audit line and commits.
    async fn finish(mut self, act: Act, details: Details) -> AdminResult<()> {
        let (actor, subject) = (Actor::Admin(self.by), Some(self.subject.id));
        audit::write(self.tx.as_mut(), self.now, actor, act, subject, self.reason.as_str(), details).await?;
        Ok(self.tx.commit().await?)
    }

    async fn tell(&mut self, event: WebhookEvent) -> AdminResult<()> {
        Ok(webhooks::tell(self.tx.as_mut(), self.ports, &[event]).await?)
    }

    fn refuse_own_account(&self) -> AdminResult<()> {
        if self.subject.id == self.by.member { Err(Refusal::OwnAccount) } else { Ok(()) }
    }
}

/// Blocks a member: sessions and tokens end at once, and they cannot log in.
async fn block(ports: &Ports, by: &Admin, id: MemberId, reason: &Reason) -> AdminResult<()> {
    let mut repair = Repair::begin(ports, by, id, reason).await?;
    repair.refuse_own_account()?;
    if repair.subject.is_blocked {
        return Err(Refusal::AlreadyBlocked);
    }
    repair.tx.set_blocked(id, Some(repair.now)).await?;
    // Otherwise sessions and tokens from before would be valid again after unblocking.
    repair.tx.next_epoch(id).await?;
    repair.tell(WebhookEvent::of_member(WebhookKind::MemberBlocked, id)).await?;
    repair.finish(Act::Block, Details::None).await
}

async fn unblock(ports: &Ports, by: &Admin, id: MemberId, reason: &Reason) -> AdminResult<()> {
    let mut repair = Repair::begin(ports, by, id, reason).await?;
    if !repair.subject.is_blocked {
        return Err(Refusal::NotBlocked);
    }
    repair.tx.set_blocked(id, None).await?;
    repair.finish(Act::Unblock, Details::None).await
}

/// Adds a redemption. The rules are those of [`referral::redeem`], except that former codes and codes of blocked
/// members are accepted.
async fn attach(ports: &Ports, by: &Admin, id: MemberId, reason: &Reason, typed: &str) -> AdminResult<()> {
    let code = inviters_code(ports, typed).await?;
    let mut repair = Repair::begin(ports, by, id, reason).await?;
    let inviter = repair.tx.owner_of_code(&code).await?.ok_or(AppError::InviteCodeUnknown)?;
    referral::attach(repair.tx.as_mut(), id, inviter, &code, repair.now).await?;
    repair.tell(WebhookEvent::of_redemption(WebhookKind::RedemptionCreated, id, inviter)).await?;
    let details = Details::Redemption { code: code.to_string(), inviter: inviter.0 };
    repair.finish(Act::Attach, details).await
}

/// The typed code, or the present code of the member with the typed phone.
async fn inviters_code(ports: &Ports, typed: &str) -> AdminResult<InviteCode> {
    let refused = match InviteCode::parse(typed) {
        Ok(code) => return Ok(code),
        Err(refused) => refused,
    };
    let inviter = filters::with_phone(ports, typed).await?.ok_or(refused)?;
    let inviter = ports.store.member(inviter).await?.ok_or(Refusal::NoSuchMember)?;
    Ok(inviter.member.invite_code)
}

/// Deletes a redemption; the member may activate a code again.
async fn detach(ports: &Ports, by: &Admin, id: MemberId, reason: &Reason) -> AdminResult<()> {
    let mut repair = Repair::begin(ports, by, id, reason).await?;
    let (inviter, code) = repair.tx.remove_redemption(id).await?.ok_or(Refusal::NoRedemption)?;
    repair.tell(WebhookEvent::of_redemption(WebhookKind::RedemptionRemoved, id, inviter)).await?;
    let details = Details::Redemption { code: code.to_string(), inviter: inviter.0 };
    repair.finish(Act::Detach, details).await
}

/// Gives a member another invite code; redemptions of the former one stay.
async fn replace_invite_code(ports: &Ports, by: &Admin, id: MemberId, reason: &Reason) -> AdminResult<()> {
    let mut repair = Repair::begin(ports, by, id, reason).await?;
    for _ in 0..invite_code::DRAWS {
        let code = invite_code::generate(&mut *repair.ports.rng()?);
        if repair.tx.replace_invite_code(id, &code, repair.now).await? {
            let before = repair.subject.invite_code.to_string();
            let details = Details::InviteCode { before, after: code.to_string() };
            return repair.finish(Act::ReplaceInviteCode, details).await;
        }
    }
    tracing::error!("{} drawn invite codes in a row were taken", invite_code::DRAWS);
    Err(AppError::Unavailable.into())
}

/// Ends a member's sessions and tokens, and makes their devices unknown.
async fn log_out_everywhere(ports: &Ports, by: &Admin, id: MemberId, reason: &Reason) -> AdminResult<()> {
    let mut repair = Repair::begin(ports, by, id, reason).await?;
    repair.tx.next_epoch(id).await?;
    repair.tx.forget_devices(id, None).await?;
    repair.finish(Act::LogOutEverywhere, Details::None).await
}

/// Forgets what keeps the member's new devices waiting, after strangers have used it up.
async fn allow_logins(ports: &Ports, by: &Admin, id: MemberId, reason: &Reason) -> AdminResult<()> {
    let mut repair = Repair::begin(ports, by, id, reason).await?;
    if let Some(phone) = repair.subject.phone.clone() {
        limits::allow_again(repair.tx.as_mut(), &phone).await?;
    }
    repair.finish(Act::AllowLogins, Details::None).await
}

/// Deletes a member's personal data. A row without a phone stays, so that counts and chains of invitees stay correct.
async fn erase(ports: &Ports, by: &Admin, id: MemberId, reason: &Reason) -> AdminResult<()> {
    let mut repair = Repair::begin_also_without_number(ports, by, id, reason).await?;
    repair.refuse_own_account()?;
    if repair.subject.is_admin {
        return Err(Refusal::IsAdmin);
    }
    let phone = repair.subject.phone.clone();
    if phone.is_none() && repair.tx.aside(id).await?.is_none() {
        return Err(Refusal::Erased);
    }
    repair.tx.erase_member(id, phone.as_ref(), repair.now).await?;
    repair.tell(WebhookEvent::of_member(WebhookKind::MemberErased, id)).await?;
    repair.finish(Act::Erase, Details::None).await
}

/// Gives an account that was set aside its number back. Whoever has the number loses the new account, which must not have
/// been used for anything yet.
async fn give_number_back(ports: &Ports, by: &Admin, id: MemberId, reason: &Reason) -> AdminResult<()> {
    let (mut tx, now) = (ports.store.begin(Lock::Member(id)).await?, ports.clock.now());
    tx.subject(id).await?.ok_or(Refusal::NoSuchMember)?;
    let aside = tx.aside(id).await?.ok_or(Refusal::NotSetAside)?;
    let successor = aside.successor.ok_or(Refusal::NumberMovedOn)?;
    let subject = tx.subject(successor).await?.ok_or(Refusal::NumberMovedOn)?;
    let phone = subject.phone.ok_or(Refusal::NumberMovedOn)?;
    if subject.is_admin {
        return Err(Refusal::IsAdmin);
    }
    if !set_aside::give_up(tx.as_mut(), ports, successor, &phone, now).await? {
        return Err(Refusal::SuccessorInUse);
    }
    if !tx.take_back(id, &phone, now).await? {
        return Err(Refusal::NotSetAside);
    }
    let reason = reason.as_str();
    let details = Details::Member(successor.0);
    audit::write(tx.as_mut(), now, Actor::Admin(by), Act::Erase, Some(successor), reason, Details::None).await?;
    audit::write(tx.as_mut(), now, Actor::Admin(by), Act::GiveNumberBack, Some(id), reason, details).await?;
    Ok(tx.commit().await?)
}
