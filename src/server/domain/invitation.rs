//! Invitations by share link: what the page behind a link says, what is offered afterwards, and what is counted. A code is
//! only offered; redeeming it is left to the person.

use super::Ports;
use super::budget::{self, Account};
use crate::error::{AppError, AppResult};
use crate::model::invite_code::InviteCode;
use crate::server::data::{LinkCounts, LinkStep, Lock, Member, MemberId, OpenedLink, Visitor};
use std::convert::identity;

/// What there is behind a share link for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invitation {
    /// This member invites them.
    By(Member),
    /// Nobody has this code, at least not any more.
    Unknown,
    /// Too many unknown links were opened from their network, so nobody there learns whether this code exists.
    Busy,
    /// Its owner is blocked.
    Blocked,
    /// It is their own.
    Own,
    /// Its owner joined through them, at any depth.
    OfInvitee,
    /// They have activated a code before.
    Used { activated: InviteCode },
}

/// Reads the link with this code for a member, or for somebody who is not logged in.
///
/// # Errors
/// `Unavailable`; `LoginRequired` when the member no longer exists.
pub async fn read(ports: &Ports, visitor: &Visitor, code: &str, reader: Option<MemberId>) -> AppResult<Invitation> {
    let owner = match InviteCode::parse(code) {
        Ok(code) => owner(ports, visitor, &code).await?,
        Err(_) => Err(Invitation::Unknown),
    };
    let Some(reader) = reader else { return Ok(owner.map_or_else(identity, of_inviter)) };
    let member = ports.store.member(reader).await?.ok_or(AppError::LoginRequired)?;
    match (owner, member.activated) {
        (Ok(inviter), None) => to_member(ports, inviter, reader).await,
        (Ok(inviter), Some(_)) if inviter.id == reader => Ok(Invitation::Own),
        (_, Some(activated)) => Ok(Invitation::Used { activated }),
        (Err(refused), None) => Ok(refused),
    }
}

fn of_inviter(inviter: Member) -> Invitation {
    if inviter.is_blocked { Invitation::Blocked } else { Invitation::By(inviter) }
}

/// What the link of this inviter is to a member who has not activated a code.
async fn to_member(ports: &Ports, inviter: Member, reader: MemberId) -> AppResult<Invitation> {
    if inviter.id == reader {
        return Ok(Invitation::Own);
    }
    if ports.store.descends_from(inviter.id, reader).await? {
        return Ok(Invitation::OfInvitee);
    }
    Ok(of_inviter(inviter))
}

/// The owner of a code; `Unknown` or `Busy` if there is none, or if nobody on this network may know.
///
/// A link shows a part of a phone. There are 31⁶ codes, so whoever could open any number of links would soon know all of
/// them.
async fn owner(ports: &Ports, visitor: &Visitor, code: &InviteCode) -> AppResult<Result<Member, Invitation>> {
    let budget = &ports.rules.limits.redemption.unknown_links;
    let accounts = Account::of_network("unknown-links", &visitor.network, budget);
    for account in &accounts {
        if account.left_now(ports).await?.uses == 0 {
            return Ok(Err(Invitation::Busy));
        }
    }
    if let Some(owner) = ports.store.member_by_invite_code(code).await? {
        return Ok(Ok(owner));
    }
    let mut tx = ports.store.begin(Lock::Nothing).await?;
    let taken = budget::take_all(&accounts, tx.as_mut(), "", ports.clock.now()).await?;
    tx.commit().await?;
    Ok(Err(if taken.is_ok() { Invitation::Unknown } else { Invitation::Busy }))
}

/// Whether a member has this code, as far as anybody on this network may know.
///
/// # Errors
/// `Unavailable`.
pub async fn exists(ports: &Ports, visitor: &Visitor, code: &str) -> AppResult<bool> {
    let Some(code) = InviteCode::from_symbols(code.to_owned()) else { return Ok(false) };
    Ok(owner(ports, visitor, &code).await?.is_ok())
}

/// Who is to be offered as the inviter of a member without one, in a browser that has opened this link.
///
/// # Errors
/// `Unavailable`.
pub async fn offered(ports: &Ports, opened: &OpenedLink, to: MemberId) -> AppResult<Option<Member>> {
    let Some(inviter) = ports.store.member_by_invite_code(&opened.code).await? else { return Ok(None) };
    match to_member(ports, inviter, to).await? {
        Invitation::By(inviter) => Ok(Some(inviter)),
        _ => Ok(None),
    }
}

/// Counts the opening of a member's link, unless the browser has opened the same one last. The newest link wins. Whoever is
/// logged in has taken the next step, too.
pub async fn open(ports: &Ports, of: &Member, before: Option<&OpenedLink>, is_logged_in: bool) -> OpenedLink {
    let opened = if let Some(before) = before.filter(|before| before.code == of.invite_code) {
        before.clone()
    } else {
        let new = OpenedLink { code: of.invite_code.clone(), day: ports.clock.now().day(), step: LinkStep::Opened };
        note(ports, &new).await;
        new
    };
    if is_logged_in { count(ports, &opened, LinkStep::LoggedIn).await } else { opened }
}

/// Counts the next step of somebody who has opened a link, if they have taken the one before it and not this one.
pub async fn count(ports: &Ports, opened: &OpenedLink, step: LinkStep) -> OpenedLink {
    let is_next = matches!(
        (opened.step, step),
        (LinkStep::Opened, LinkStep::LoggedIn) | (LinkStep::LoggedIn, LinkStep::Redeemed)
    );
    if !is_next {
        return opened.clone();
    }
    let opened = OpenedLink { step, ..opened.clone() };
    note(ports, &opened).await;
    opened
}

/// A step that cannot be counted costs nobody the page, the login or the redemption that it belongs to.
async fn note(ports: &Ports, opened: &OpenedLink) {
    let counted = async {
        match ports.store.member_by_invite_code(&opened.code).await? {
            Some(owner) => ports.store.count_link_step(owner.id, opened.day, opened.step).await,
            None => Ok(()),
        }
    };
    if let Err(error) = counted.await {
        tracing::error!(%error, step = ?opened.step, "a step behind a share link was not counted");
    }
}

/// What became of those who opened the link of a member.
///
/// # Errors
/// `Unavailable`.
pub async fn counts(ports: &Ports, of: MemberId) -> AppResult<LinkCounts> {
    Ok(ports.store.link_counts(of).await?)
}
