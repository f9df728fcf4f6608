//! Where a member is logged in: the sessions of browsers and the logins over the API, and the end of each.

use super::Ports;
use crate::error::AppResult;
use crate::server::data::{LiveLogin, Lock, LoginId, MemberId};

/// The most logins in one list. Each of a member's logins needed a message, so hardly anybody has more.
const MOST: u32 = 100;

/// The live logins of a member: the current one first, then the last used.
///
/// # Errors
/// `Unavailable`.
pub async fn list(ports: &Ports, member: MemberId, current: Option<LoginId>) -> AppResult<Vec<LiveLogin>> {
    let mut logins = ports.store.live_logins_of(member, ports.clock.now(), MOST).await?;
    logins.sort_by_key(|login| Some(login.id) != current);
    Ok(logins)
}

/// Ends one login of a member. A device without another login becomes unknown, since it may be in other hands. False if
/// the member has no such login, or it had ended.
///
/// # Errors
/// `Unavailable`.
pub async fn log_out(ports: &Ports, member: MemberId, id: LoginId) -> AppResult<bool> {
    let mut tx = ports.store.begin(Lock::Nothing).await?;
    let is_ended = tx.end_login(member, id).await?;
    tx.commit().await?;
    Ok(is_ended)
}
