//! The member's own profile.

use super::jwt::AccessToken;
use super::{Ports, token};
use crate::error::{AppError, AppResult};
use crate::model::invite_code::InviteCode;
use crate::model::language::Language;
use crate::model::profile::Cursor;
use crate::server::data::{Invitee, Lock, Member, MemberId, MemberProfile, MemberSummary, Revision};

#[derive(Clone, Debug)]
pub struct Profile {
    pub member: Member,
    /// The code of another member that they activated.
    pub activated: Option<InviteCode>,
    /// One page, newest first.
    pub invitees: Vec<Invitee>,
    /// The number of all invitees.
    pub total: u64,
    pub revision: Revision,
    /// The start of the next page, if there is one.
    pub older: Option<Cursor>,
}

/// `after` is the last invitee of the page before, `limit` the size of a page.
///
/// # Errors
/// `LoginRequired` when the member no longer exists.
pub async fn read(ports: &Ports, id: MemberId, after: Option<Cursor>, limit: u32) -> AppResult<Profile> {
    // One more than a page shows whether there is another page.
    let found = ports.store.profile(id, None, after, limit + 1).await?.ok_or(AppError::LoginRequired)?;
    Ok(page(found, limit))
}

/// The same for the bearer of a [`verified`](token::verified) token: its standing is read with the profile, at once.
///
/// # Errors
/// `TokenRefused` when its login has ended; `MemberBlocked`, `MemberGone`.
pub async fn of_bearer(ports: &Ports, token: AccessToken, after: Option<Cursor>, limit: u32) -> AppResult<Profile> {
    let found = ports.store.profile(token.member, Some(token.family), after, limit + 1).await?;
    let found = found.ok_or(AppError::MemberGone)?;
    token::live_since(found.standing)?;
    Ok(page(found, limit))
}

fn page(found: MemberProfile, limit: u32) -> Profile {
    let MemberProfile { summary, revision, mut invitees, .. } = found;
    let MemberSummary { member, activated, invitees: total } = summary;
    let has_older = invitees.len() > limit as usize;
    invitees.truncate(limit as usize);
    let last = invitees.last().filter(|_| has_older);
    let older = last.map(|invitee| Cursor { redeemed_at: invitee.redeemed_at.0, invitee: invitee.id.0 });
    Profile { member, activated, invitees, total, revision, older }
}

/// The member's own code.
///
/// # Errors
/// `LoginRequired` when the member no longer exists.
pub async fn invite_code(ports: &Ports, id: MemberId) -> AppResult<InviteCode> {
    Ok(ports.store.member(id).await?.ok_or(AppError::LoginRequired)?.member.invite_code)
}

/// Keeps the language in which a member reads messages.
///
/// # Errors
/// `Unavailable`.
pub async fn choose_language(ports: &Ports, member: MemberId, language: Language) -> AppResult<()> {
    let mut tx = ports.store.begin(Lock::Nothing).await?;
    tx.set_language(member, language).await?;
    Ok(tx.commit().await?)
}
