//! The first admin: while there is none, the server prints a link at its start, and whoever opens it and logs in becomes
//! one. Only the host sees the terminal, so this is a grant of the host.

use super::grants;
use crate::error::AppResult;
use crate::model::admin::{AdminResult, Refusal};
use crate::server::data::{Lock, MemberId};
use crate::server::domain::Ports;
use crate::server::secrets::Token;
use std::time::Duration;

/// How long a link is valid.
pub const LINK_LIFE: Duration = Duration::from_mins(30);

/// The token of a new link; `None` if there is an admin.
///
/// # Errors
/// `Unavailable`.
pub async fn offer(ports: &Ports) -> AppResult<Option<Token>> {
    let token = Token::random(&mut *ports.rng()?);
    let now = ports.clock.now();
    let mut tx = ports.store.begin(Lock::Admins).await?;
    if !tx.add_first_admin_link(&token.hash(), now, now.plus(LINK_LIFE)).await? {
        return Ok(None);
    }
    tx.commit().await?;
    Ok(Some(token))
}

/// Whether a link with this token can be used.
///
/// # Errors
/// `Unavailable`.
pub async fn is_offered(ports: &Ports, presented: &str) -> AppResult<bool> {
    let Some(token) = Token::presented(presented) else { return Ok(false) };
    Ok(ports.store.is_first_admin_link(&token.hash(), ports.clock.now()).await?)
}

/// Makes a member the first admin, and ends all links.
///
/// # Errors
/// `NotAnAdmin` if the link is unknown, expired or used, or there is an admin.
pub async fn accept(ports: &Ports, member: MemberId, presented: &str) -> AdminResult<()> {
    let token = Token::presented(presented).ok_or(Refusal::NotAnAdmin)?;
    let now = ports.clock.now();
    let mut tx = ports.store.begin(Lock::Admins).await?;
    if !tx.use_first_admin_link(&token.hash(), now).await? {
        return Err(Refusal::NotAnAdmin);
    }
    let phone = tx.subject(member).await?.and_then(|subject| subject.phone).ok_or(Refusal::NotAnAdmin)?;
    if ports.test_phone(&phone).is_some() {
        return Err(Refusal::NotAnAdmin);
    }
    grants::add(tx.as_mut(), &phone, now).await?;
    Ok(tx.commit().await?)
}
