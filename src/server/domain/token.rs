//! The tokens of the JSON API: a short-lived access token, and a refresh token that is exchanged for the next pair.
//!
//! Refresh tokens are rotated. If an exchanged one is used again, all tokens of its login are ended, because one of its
//! two users must be a thief (RFC 9700 §4.14.2).

use super::Ports;
use crate::error::{AppError, AppResult};
use crate::server::clock::Timestamp;
use crate::server::data::{DeviceId, FamilyId, GrantId, Lock, Member, MemberId, TokenStanding};
use crate::server::domain::jwt::AccessToken;
use crate::server::secrets::random_bytes;
use crate::server::storage::Transaction;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::time::Duration;

#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: String,
    /// 64 random hexadecimal digits.
    pub refresh: String,
}

/// Issues the first tokens of a login, in the transaction that uses its code up.
///
/// # Errors
/// `Unavailable`.
pub async fn issue(ports: &Ports, tx: &mut dyn Transaction, member: &Member, device: DeviceId) -> AppResult<Tokens> {
    let (family, refresh) = {
        let mut rng = ports.rng()?;
        (FamilyId(random_bytes(&mut *rng)), HEXLOWER.encode(&random_bytes::<32>(&mut *rng)))
    };
    let now = ports.clock.now();
    tx.add_token_family(family, member.id, member.epoch, Some(device), now).await?;
    let limits = &ports.rules.limits.api;
    tx.add_refresh_token(family, &hash(&refresh), now, now.plus(limits.refresh_token_life)).await?;
    tx.keep_newest_families(member.id, limits.logins_per_member).await?;
    Ok(Tokens { access: access(ports, AccessToken { member: member.id, family }, now)?, refresh })
}

/// Exchanges a refresh token for the next pair.
///
/// The successor is a MAC of the token and not random: a request repeated within `VOUCH_REFRESH_GRACE`, and parallel
/// requests with the same token, get the same successor, so a family never has more than one live token. A client may
/// have lost the answer; as long as nobody has used the successor, no thief has it.
///
/// # Errors
/// `RefreshTokenRefused`.
pub async fn refresh(ports: &Ports, presented: &str) -> AppResult<Tokens> {
    let presented_hash = hash(presented);
    let successor = HEXLOWER.encode(&ports.keys.refresh.mac(&[presented.as_bytes()]));
    let now = ports.clock.now();

    let mut tx = ports.store.begin(Lock::Nothing).await?;
    let token = tx.refresh_token(&presented_hash).await?.filter(|token| token.expires_at > now);
    let token = token.ok_or(AppError::RefreshTokenRefused)?;
    match token.used_at {
        None => {
            tx.use_refresh_token(&presented_hash, now).await?;
            let limits = &ports.rules.limits.api;
            tx.add_refresh_token(token.family, &hash(&successor), now, now.plus(limits.refresh_token_life)).await?;
            tx.keep_newest_tokens(token.family, limits.tokens_per_login).await?;
            tx.note_visit(token.member, now).await?;
        }
        Some(used_at) => {
            let successor = tx.refresh_token(&hash(&successor)).await?;
            let is_unused = successor.is_some_and(|successor| successor.used_at.is_none());
            if !is_unused || used_at.plus(ports.rules.limits.api.refresh_grace) <= now {
                tx.end_token_family(token.family).await?;
                tx.commit().await?;
                tracing::warn!(
                    member = token.member.0,
                    "a refresh token was used twice; all tokens of its login were ended"
                );
                return Err(AppError::RefreshTokenRefused);
            }
        }
    }
    tx.commit().await?;
    let access = access(ports, AccessToken { member: token.member, family: token.family }, now)?;
    Ok(Tokens { access, refresh: successor })
}

/// Verifies an access token.
///
/// # Errors
/// `TokenRefused`; `MemberBlocked` and `MemberGone` for a token that was valid once.
pub async fn authenticate(ports: &Ports, access: &str) -> AppResult<AccessToken> {
    let token = verified(ports, access)?;
    begun_at(ports, token).await?;
    Ok(token)
}

/// The content of an access token that this server signed and that has not expired. Whether its login has ended is still
/// to be seen.
///
/// # Errors
/// `TokenRefused`.
pub fn verified(ports: &Ports, access: &str) -> AppResult<AccessToken> {
    ports.keys.access.check(access, ports.clock.now()).ok_or(AppError::TokenRefused)
}

/// When the login of a verified token began.
///
/// # Errors
/// `TokenRefused` when the login has ended; `MemberBlocked`, `MemberGone`.
pub async fn begun_at(ports: &Ports, token: AccessToken) -> AppResult<Timestamp> {
    live_since(ports.store.token_standing(token.member, token.family).await?.ok_or(AppError::MemberGone)?)
}

/// When the login of tokens with this standing began.
///
/// # Errors
/// `TokenRefused` when the login has ended; `MemberBlocked`.
pub fn live_since(standing: TokenStanding) -> AppResult<Timestamp> {
    if standing.is_blocked {
        return Err(AppError::MemberBlocked);
    }
    standing.begun_at.ok_or(AppError::TokenRefused)
}

/// Ends the login of a token, with all of its tokens.
///
/// # Errors
/// `Unavailable`.
pub async fn log_out(ports: &Ports, token: AccessToken) -> AppResult<()> {
    let mut tx = ports.store.begin(Lock::Nothing).await?;
    tx.end_token_family(token.family).await?;
    Ok(tx.commit().await?)
}

/// Ends all sessions and tokens of a member, and makes their devices unknown.
///
/// # Errors
/// `Unavailable`.
pub async fn log_out_everywhere(ports: &Ports, member: MemberId) -> AppResult<()> {
    let mut tx = ports.store.begin(Lock::Nothing).await?;
    tx.next_epoch(member).await?;
    tx.forget_devices(member, None).await?;
    Ok(tx.commit().await?)
}

/// Deletes expired tokens; returns how many.
///
/// # Errors
/// `Unavailable`.
pub async fn forget_expired(ports: &Ports) -> AppResult<u64> {
    Ok(ports.store.delete_expired_tokens(ports.clock.now()).await?)
}

fn access(ports: &Ports, token: AccessToken, now: Timestamp) -> AppResult<String> {
    sign(ports, token, None, now, Duration::from_secs(ports.rules.limits.api.access_token_ttl.into()))
}

/// Signs an access token; with a grant it is an admin token.
///
/// # Errors
/// `Unavailable`.
pub fn sign(
    ports: &Ports,
    token: AccessToken,
    grant: Option<GrantId>,
    now: Timestamp,
    life: Duration,
) -> AppResult<String> {
    let id = random_bytes(&mut *ports.rng()?);
    ports.keys.access.sign(token, grant, id, now, life).map_err(|error| {
        tracing::error!(%error, "an access token could not be signed");
        AppError::Unavailable
    })
}

/// The stored form of a refresh token, from which the token cannot be derived.
fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}
