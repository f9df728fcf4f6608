//! Admin tokens for the API: an access token and a code of the second factor give one. It is valid for
//! `VOUCH_ADMIN_IDLE`, and ends with the login of the access token.

use super::{Admin, AdminResult, authenticate as authenticate_member, second_factor};
use crate::server::data::Visitor;
use crate::server::domain::jwt::AccessToken;
use crate::server::domain::{Ports, token};

/// Issues an admin token.
///
/// # Errors
/// Those of [`second_factor::prove`].
pub async fn issue(ports: &Ports, visitor: &Visitor, access: AccessToken, code: &str) -> AdminResult<String> {
    let limits = &ports.rules.limits;
    let now = ports.clock.now();
    let is_recent = token::begun_at(ports, access).await?.plus(limits.admin.life) > now;
    let grant = second_factor::prove(ports, visitor, (access.member, is_recent), code).await?;
    Ok(token::sign(ports, access, Some(grant), now, limits.admin.idle)?)
}

/// Verifies an admin token.
///
/// # Errors
/// `TokenRefused`, `MemberBlocked`, `MemberGone`; `NotAnAdmin` and `SecondFactorRequired` for a valid access token.
pub async fn authenticate(ports: &Ports, visitor: &Visitor, presented: &str) -> AdminResult<Admin> {
    if let Some((access, grant)) = ports.keys.access.check_admin(presented, ports.clock.now()) {
        token::begun_at(ports, access).await?;
        authenticate_member(ports, visitor, access.member, Some(grant)).await
    } else {
        let access = token::authenticate(ports, presented).await?;
        authenticate_member(ports, visitor, access.member, None).await
    }
}
