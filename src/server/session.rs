//! Cookie sessions: the few values that one holds. [`layer`] gives every request its session, [`store`] keeps them.

pub mod layer;
mod store;

use crate::error::{AppError, AppResult};
use crate::model::profile::Flash;
use crate::server::clock::Timestamp;
use crate::server::domain::admin::GrantId;
use crate::server::domain::{FlowId, Member, MemberId, Ports};
use crate::server::limits::Limits;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tower_sessions::Session;

/// A visit slides the idle lifetime at most this often, so that reading costs no write.
const SLIDE_EVERY: Duration = Duration::from_secs(60 * 60);

const MEMBER: &str = "member";
const EPOCH: &str = "epoch";
const LOGIN: &str = "login";
const FLASH: &str = "flash";
const SEEN: &str = "seen";
const LOGGED_IN_AT: &str = "logged_in_at";
const ADMIN: &str = "admin";

/// An admin's visit slides the idle lifetime of their rights at most this often.
const SLIDE_ADMIN_EVERY: Duration = Duration::from_secs(30);

/// An admin who has proven the second factor.
#[derive(Serialize, Deserialize)]
struct AdminProof {
    grant: i64,
    seen: i64,
}

/// A login under way in this browser.
#[derive(Clone, Serialize, Deserialize)]
pub struct PendingLogin {
    /// The flow whose code is awaited.
    pub flow: FlowId,
    /// Where the person wanted to go.
    pub next: String,
}

/// Who is logged in; the visit slides the session's idle lifetime.
///
/// # Errors
/// `LoginRequired` when nobody is.
pub async fn member(session: &Session, now: Timestamp) -> AppResult<MemberId> {
    let member = session.get(MEMBER).await.map_err(failed)?.ok_or(AppError::LoginRequired)?;
    let seen: Option<i64> = session.get(SEEN).await.map_err(failed)?;
    if seen.is_none_or(|seen| Timestamp(seen).plus(SLIDE_EVERY) <= now) {
        session.insert(SEEN, now.0).await.map_err(failed)?;
    }
    Ok(member)
}

/// Logs a member in, under a new session id (session fixation, OWASP Session Management).
pub async fn log_in(session: &Session, member: &Member, now: Timestamp) -> AppResult<()> {
    session.remove_value(LOGIN).await.map_err(failed)?;
    session.cycle_id().await.map_err(failed)?;
    session.insert(MEMBER, member.id).await.map_err(failed)?;
    session.insert(SEEN, now.0).await.map_err(failed)?;
    session.insert(LOGGED_IN_AT, now.0).await.map_err(failed)?;
    session.remove_value(ADMIN).await.map_err(failed)?;
    session.insert(EPOCH, member.epoch).await.map_err(failed)
}

/// Whether the login is so recent that admin rights can build on it (`VOUCH_ADMIN_LIFE`).
pub async fn is_recent(session: &Session, now: Timestamp, limits: &Limits) -> AppResult<bool> {
    let logged_in_at: Option<i64> = session.get(LOGGED_IN_AT).await.map_err(failed)?;
    Ok(logged_in_at.is_some_and(|at| Timestamp(at).plus(limits.admin_life) > now))
}

/// Remembers that the second factor of a grant was proven, under a new session id, since the session's rights change.
pub async fn become_admin(session: &Session, grant: GrantId, now: Timestamp) -> AppResult<()> {
    session.cycle_id().await.map_err(failed)?;
    session.insert(ADMIN, AdminProof { grant: grant.0, seen: now.0 }).await.map_err(failed)
}

/// The grant whose second factor was proven in this login, and used since, without too long a pause (`VOUCH_ADMIN_IDLE`);
/// the visit slides that.
pub async fn proven_grant(session: &Session, now: Timestamp, limits: &Limits) -> AppResult<Option<GrantId>> {
    let proof: Option<AdminProof> = session.get(ADMIN).await.map_err(failed)?;
    let Some(proof) = proof else { return Ok(None) };
    let seen = Timestamp(proof.seen);
    if seen.plus(limits.admin_idle) <= now || !is_recent(session, now, limits).await? {
        return Ok(None);
    }
    if seen.plus(SLIDE_ADMIN_EVERY) <= now {
        session.insert(ADMIN, AdminProof { seen: now.0, ..proof }).await.map_err(failed)?;
    }
    Ok(Some(GrantId(proof.grant)))
}

/// Ends the session.
pub async fn log_out(session: &Session) -> AppResult<()> {
    session.flush().await.map_err(failed)
}

/// Forgets sessions that have expired.
///
/// # Errors
/// `Unavailable`.
pub async fn forget_expired(ports: &Ports) -> AppResult<u64> {
    Ok(ports.store.delete_expired_sessions(ports.clock.now()).await?)
}

/// The login under way in this browser.
pub async fn pending_login(session: &Session) -> AppResult<Option<PendingLogin>> {
    session.get(LOGIN).await.map_err(failed)
}

/// Begins a session, unless there is one.
pub async fn begin(session: &Session) -> AppResult<()> {
    if session.id().is_some() {
        session.load().await.map_err(failed)?;
    }
    if session.id().is_none() {
        session.save().await.map_err(failed)?;
    }
    Ok(())
}

/// Remembers a login under way, in place of one before.
pub async fn set_pending_login(session: &Session, login: &PendingLogin) -> AppResult<()> {
    session.insert(LOGIN, login).await.map_err(failed)
}

/// Keeps a refused form for the next time `page` is shown.
pub async fn set_flash(session: &Session, page: &str, flash: Flash) -> AppResult<()> {
    session.insert(FLASH, (page, flash)).await.map_err(failed)
}

/// Takes out the refused form kept for `page`.
pub async fn take_flash(session: &Session, page: &str) -> AppResult<Flash> {
    let kept: Option<(String, Flash)> = session.get(FLASH).await.map_err(failed)?;
    match kept {
        Some((for_page, flash)) if for_page == page => {
            session.remove_value(FLASH).await.map_err(failed)?;
            Ok(flash)
        }
        _ => Ok(Flash::default()),
    }
}

fn failed(error: tower_sessions::session::Error) -> AppError {
    tracing::error!(%error, "the session could not be read or kept");
    AppError::Unavailable
}
