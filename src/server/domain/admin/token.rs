//! Admin rights over the API: an access token and the second factor give an admin's token, which works as long as an
//! admin may do nothing in the browser (`VOUCH_ADMIN_IDLE`). It ends with the login that the access token came from.

use super::{Admin, AdminResult, authenticate as authenticate_member, second_factor};
use crate::server::data::Visitor;
use crate::server::domain::jwt::AccessToken;
use crate::server::domain::{Ports, token};

/// Gives an admin's token for an access token and a code of the app.
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

/// The admin who presents a token.
///
/// # Errors
/// `TokenRefused`, `MemberBlocked`, `MemberGone`; `NotAnAdmin` and `SecondFactorRequired` for a good access token.
pub async fn authenticate(ports: &Ports, visitor: &Visitor, presented: &str) -> AdminResult<Admin> {
    match ports.keys.access.check_admin(presented, ports.clock.now()) {
        Some((access, grant)) => {
            token::begun_at(ports, access).await?;
            authenticate_member(ports, visitor, access.member, Some(grant)).await
        }
        None => {
            let access = token::authenticate(ports, presented).await?;
            authenticate_member(ports, visitor, access.member, None).await
        }
    }
}
