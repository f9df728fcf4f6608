//! Cookie sessions: the one value that a session holds. [`layer`] gives every request its session, [`store`] keeps them.

pub mod layer;
mod store;

use crate::error::{AppError, AppResult};
use crate::model::admin::Refusal;
use crate::server::clock::Timestamp;
use crate::server::data::{DeviceId, Epoch, FlowId, GrantId, LoginId, MemberId, NumberChange, SessionLogin};
use crate::server::domain::login::LoggedIn;
use crate::server::limits::AdminLimits;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A visit extends the idle lifetime at most this often, so that reading needs no write.
const EXTEND_EVERY: Duration = Duration::from_hours(1);
/// The same for the rights of an admin.
const EXTEND_ADMIN_EVERY: Duration = Duration::from_secs(30);
/// The key of the value in tower-sessions' map.
const KEY: &str = "session";

/// Everything that a session holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<Login>,
    /// A login under way in this browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending: Option<PendingLogin>,
    /// A change of the member's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<NumberChange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flash: Option<KeptForm>,
}

/// Who is logged in, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    pub member: MemberId,
    pub epoch: Epoch,
    /// `None` in sessions of an older server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device: Option<i64>,
    logged_in_at: i64,
    /// The visit that extended the idle lifetime last.
    seen_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    admin: Option<AdminProof>,
}

/// The second factor was proven in this login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct AdminProof {
    grant: i64,
    seen_at: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingLogin {
    /// The flow whose code is awaited.
    pub flow: FlowId,
    /// The page to continue at after the login.
    pub next: String,
    /// The code was right, and the person has to say whether the account is theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
}

/// Times in milliseconds UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub at: i64,
    /// The last use of the account.
    pub unused_since: i64,
}

/// A refused form of a browser without JavaScript, kept for the next view of its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptForm {
    pub page: String,
    /// The values of its fields, in the order of the form.
    pub typed: Vec<String>,
    pub refused: Refusal,
}

/// The session of one request, read at most once.
#[derive(Clone, Debug)]
pub struct Handle {
    tower: tower_sessions::Session,
    /// What it holds, once it was read or written.
    known: Arc<Mutex<Option<Session>>>,
}

impl Handle {
    fn new(tower: tower_sessions::Session) -> Self {
        Self { tower, known: Arc::default() }
    }

    fn known(&self) -> MutexGuard<'_, Option<Session>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn read(handle: &Handle) -> AppResult<Session> {
    let known = handle.known().clone();
    if let Some(session) = known {
        return Ok(session);
    }
    let session: Session = handle.tower.get(KEY).await.map_err(failed)?.unwrap_or_default();
    *handle.known() = Some(session.clone());
    Ok(session)
}

/// An empty value is removed, so that an empty session is recognised as one.
async fn write(handle: &Handle, session: &Session) -> AppResult<()> {
    *handle.known() = Some(session.clone());
    if *session == Session::default() {
        handle.tower.remove_value(KEY).await.map_err(failed)?;
        return Ok(());
    }
    handle.tower.insert(KEY, session).await.map_err(failed)
}

/// The member who is logged in. The visit extends the session's idle lifetime.
///
/// # Errors
/// `LoginRequired` when nobody is.
pub async fn member(handle: &Handle, now: Timestamp) -> AppResult<MemberId> {
    let mut session = read(handle).await?;
    let login = session.login.as_mut().ok_or(AppError::LoginRequired)?;
    let member = login.member;
    if Timestamp(login.seen_at).plus(EXTEND_EVERY) <= now {
        login.seen_at = now.0;
        write(handle, &session).await?;
    }
    Ok(member)
}

/// Logs a member in, under a new session id (session fixation, OWASP Session Management).
pub async fn log_in(handle: &Handle, login: &LoggedIn, now: Timestamp) -> AppResult<()> {
    let mut session = read(handle).await?;
    handle.tower.cycle_id().await.map_err(failed)?;
    let (logged_in_at, seen_at) = (now.0, now.0);
    let LoggedIn { member, device, .. } = login;
    let device = Some(device.0);
    session.login = Some(Login { member: member.id, epoch: member.epoch, device, logged_in_at, seen_at, admin: None });
    session.pending = None;
    session.number = None;
    write(handle, &session).await
}

/// Whether the login is so recent that admin rights can build on it (`VOUCH_ADMIN_LIFE`).
pub async fn is_recent(handle: &Handle, now: Timestamp, limits: &AdminLimits) -> AppResult<bool> {
    Ok(read(handle).await?.login.is_some_and(|login| login.is_recent(now, limits)))
}

impl Login {
    /// The columns of the login, for storage.
    fn columns(&self) -> SessionLogin {
        SessionLogin {
            member: self.member,
            epoch: self.epoch,
            device: self.device.map(DeviceId),
            logged_in_at: Timestamp(self.logged_in_at),
            seen_at: Timestamp(self.seen_at),
        }
    }

    fn is_recent(&self, now: Timestamp, limits: &AdminLimits) -> bool {
        Timestamp(self.logged_in_at).plus(limits.life) > now
    }
}

/// Remembers that the second factor of a grant was proven, under a new session id, since the session's rights change.
///
/// # Errors
/// `LoginRequired` when nobody is logged in.
pub async fn become_admin(handle: &Handle, grant: GrantId, now: Timestamp) -> AppResult<()> {
    let mut session = read(handle).await?;
    let login = session.login.as_mut().ok_or(AppError::LoginRequired)?;
    handle.tower.cycle_id().await.map_err(failed)?;
    login.admin = Some(AdminProof { grant: grant.0, seen_at: now.0 });
    write(handle, &session).await
}

/// The grant whose second factor was proven in this login, without too long a pause since (`VOUCH_ADMIN_IDLE`). The visit
/// extends it.
pub async fn proven_grant(handle: &Handle, now: Timestamp, limits: &AdminLimits) -> AppResult<Option<GrantId>> {
    let mut session = read(handle).await?;
    let Some(login) = session.login.as_mut().filter(|login| login.is_recent(now, limits)) else { return Ok(None) };
    let Some(proof) = login.admin.as_mut() else { return Ok(None) };
    let (grant, seen_at) = (GrantId(proof.grant), Timestamp(proof.seen_at));
    if seen_at.plus(limits.idle) <= now {
        return Ok(None);
    }
    if seen_at.plus(EXTEND_ADMIN_EVERY) <= now {
        proof.seen_at = now.0;
        write(handle, &session).await?;
    }
    Ok(Some(grant))
}

/// The login of the session, as lists of logins name it.
pub fn login_id(handle: &Handle) -> Option<LoginId> {
    handle.tower.id().map(|id| LoginId(id.0.to_le_bytes()))
}

/// Ends the session.
pub async fn log_out(handle: &Handle) -> AppResult<()> {
    *handle.known() = None;
    handle.tower.flush().await.map_err(failed)
}

/// The login under way in this browser.
pub async fn pending_login(handle: &Handle) -> AppResult<Option<PendingLogin>> {
    Ok(read(handle).await?.pending)
}

/// Whether the request has a session that is valid.
pub async fn exists(handle: &Handle) -> AppResult<bool> {
    if handle.tower.id().is_some() {
        handle.tower.load().await.map_err(failed)?;
    }
    Ok(handle.tower.id().is_some())
}

/// Begins a session.
pub async fn begin(handle: &Handle) -> AppResult<()> {
    handle.tower.save().await.map_err(failed)
}

pub async fn is_logged_in(handle: &Handle) -> AppResult<bool> {
    Ok(read(handle).await?.login.is_some())
}

/// Remembers a login under way, in place of an earlier one.
pub async fn set_pending_login(handle: &Handle, login: PendingLogin) -> AppResult<()> {
    let session = read(handle).await?;
    write(handle, &Session { pending: Some(login), ..session }).await
}

/// How far the member is with changing their number.
pub async fn number_change(handle: &Handle) -> AppResult<Option<NumberChange>> {
    Ok(read(handle).await?.number)
}

pub async fn set_number_change(handle: &Handle, change: NumberChange) -> AppResult<()> {
    let session = read(handle).await?;
    write(handle, &Session { number: Some(change), ..session }).await
}

/// Keeps a refused form for the next view of its page.
pub async fn keep_form(handle: &Handle, form: KeptForm) -> AppResult<()> {
    let session = read(handle).await?;
    write(handle, &Session { flash: Some(form), ..session }).await
}

/// Takes out the refused form that is kept for `page`.
pub async fn take_form(handle: &Handle, page: &str) -> AppResult<Option<KeptForm>> {
    let mut session = read(handle).await?;
    let form = session.flash.take_if(|form| form.page == page);
    if form.is_some() {
        write(handle, &session).await?;
    }
    Ok(form)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn failed(error: tower_sessions::session::Error) -> AppError {
    tracing::error!(%error, "the session could not be read or kept");
    AppError::Unavailable
}
