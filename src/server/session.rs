//! Cookie sessions: how they are kept in the database, and the few values that one holds.

use crate::error::{AppError, AppResult};
use crate::model::profile::Flash;
use crate::server::clock::{Clock, Timestamp};
use crate::server::domain::{Epoch, FlowId, Member, MemberId, Ports};
use crate::server::state::AppState;
use crate::server::storage::{SessionRow, Store, StoreError};
use async_trait::async_trait;
use axum::http::{HeaderMap, header};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result as StoreResult};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore};

/// How long a member's session lives without a visit.
pub const MEMBER_IDLE: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How long a member's session lives at most.
pub const MEMBER_ABSOLUTE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How long the session of somebody who is not logged in lives: enough for a login and its detours.
pub const ANONYMOUS_IDLE: Duration = Duration::from_secs(60 * 60);
/// A visit slides the idle lifetime at most this often, so that reading costs no write.
const SLIDE_EVERY: Duration = Duration::from_secs(60 * 60);

const MEMBER: &str = "member";
const EPOCH: &str = "epoch";
const LOGIN: &str = "login";
const FLASH: &str = "flash";
const SEEN: &str = "seen";

/// A login under way in this browser.
#[derive(Clone, Serialize, Deserialize)]
pub struct PendingLogin {
    /// The flow whose code is awaited.
    pub flow: FlowId,
    /// Where the person wanted to go.
    pub next: String,
}

/// The layer that gives every request its [`Session`].
pub fn layer(state: &AppState) -> SessionManagerLayer<DbSessions> {
    let cookie_life = tower_sessions::cookie::time::Duration::try_from(MEMBER_IDLE).unwrap_or_default();
    let sessions = DbSessions { store: state.ports.store.clone(), clock: state.ports.clock.clone() };
    SessionManagerLayer::new(sessions)
        .with_name(cookie_name(state))
        .with_secure(state.is_https())
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(cookie_life))
}

/// "__Host-" makes browsers insist on Secure, Path=/ and no Domain (RFC 6265bis §4.1.3.2).
fn cookie_name(state: &AppState) -> &'static str {
    if state.is_https() { "__Host-vouch" } else { "vouch" }
}

/// Whether a request brings a session's cookie, good or not.
pub fn has_cookie(state: &AppState, headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut names = values.flat_map(|value| value.split(';')).filter_map(|cookie| cookie.split('=').next());
    names.any(|name| name.trim() == cookie_name(state))
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
pub async fn log_in(session: &Session, member: &Member) -> AppResult<()> {
    session.remove_value(LOGIN).await.map_err(failed)?;
    session.cycle_id().await.map_err(failed)?;
    session.insert(MEMBER, member.id).await.map_err(failed)?;
    session.insert(EPOCH, member.epoch).await.map_err(failed)
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

/// Sessions in the application's own database.
#[derive(Clone)]
pub struct DbSessions {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for DbSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DbSessions")
    }
}

#[async_trait]
impl SessionStore for DbSessions {
    async fn create(&self, record: &mut Record) -> StoreResult<()> {
        loop {
            let row = row(record)?;
            let now = self.clock.now();
            if self.store.create_session(&row, now, now.plus(idle(&row))).await.map_err(backend)? {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    async fn save(&self, record: &Record) -> StoreResult<()> {
        let row = row(record)?;
        let expires_at = self.clock.now().plus(idle(&row));
        self.store.save_session(&row, expires_at, Timestamp(0).plus(MEMBER_ABSOLUTE).0).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> StoreResult<Option<Record>> {
        let Some(data) = self.store.load_session(&hash(id), self.clock.now()).await.map_err(backend)? else {
            return Ok(None);
        };
        let data = serde_json::from_str(&data).map_err(|error| Error::Decode(error.to_string()))?;
        // The row's own expiry has been checked; this one is overwritten before every save.
        let expiry_date = tower_sessions::cookie::time::OffsetDateTime::UNIX_EPOCH;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> StoreResult<()> {
        self.store.delete_session(&hash(id)).await.map_err(backend)
    }
}

fn row(record: &Record) -> StoreResult<SessionRow> {
    let number = |key| record.data.get(key).and_then(serde_json::Value::as_i64);
    let data = serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
    Ok(SessionRow {
        id_hash: hash(&record.id),
        member: number(MEMBER).map(MemberId),
        epoch: number(EPOCH).map(Epoch).unwrap_or_default(),
        data,
    })
}

fn idle(row: &SessionRow) -> Duration {
    if row.member.is_some() { MEMBER_IDLE } else { ANONYMOUS_IDLE }
}

/// What stands in the database in place of the id: who reads the database cannot use it as a cookie.
fn hash(id: &Id) -> [u8; 32] {
    Sha256::digest(id.0.to_le_bytes()).into()
}

fn backend(error: StoreError) -> Error {
    Error::Backend(error.to_string())
}
