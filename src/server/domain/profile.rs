//! What a member sees of themselves.

use super::Ports;
use crate::error::{AppError, AppResult};
use crate::model::invite_code::InviteCode;
use crate::model::profile::Cursor;
use crate::server::data::{Invitee, Member, MemberId, MemberSummary};

/// A member with one page of the people who redeemed their code.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The member.
    pub member: Member,
    /// The foreign code they activated.
    pub activated: Option<InviteCode>,
    /// One page of invitees, newest first.
    pub invitees: Vec<Invitee>,
    /// How many there are in all.
    pub total: u64,
    /// Where the next page begins, if there is one.
    pub older: Option<Cursor>,
}

/// Reads a profile; `after` is the last invitee of the page before, `limit` how many to show.
///
/// # Errors
/// `LoginRequired` when the member no longer exists.
pub async fn read(ports: &Ports, id: MemberId, after: Option<Cursor>, limit: u32) -> AppResult<Profile> {
    let store = &ports.store;
    let MemberSummary { member, activated, invitees: total } =
        store.member(id).await?.ok_or(AppError::LoginRequired)?;
    // One more than is shown tells whether there is a next page.
    let mut invitees = if total == 0 { Vec::new() } else { store.invitees(id, after, limit + 1).await? };
    let has_older = invitees.len() > limit as usize;
    invitees.truncate(limit as usize);
    let last = invitees.last().filter(|_| has_older);
    let older = last.map(|invitee| Cursor { redeemed_at: invitee.redeemed_at.0, invitee: invitee.id.0 });
    Ok(Profile { member, activated, invitees, total, older })
}
