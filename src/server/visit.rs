//! A server function's view of its request: who calls, and how a form is answered with and without JavaScript.

use crate::app::route;
use crate::error::{AppError, AppResult};
use crate::model::profile::{Flash, Submission};
use crate::server::domain::admin::{self, Admin, AdminResult, GrantId, Refusal};
use crate::server::domain::login::LoggedIn;
use crate::server::domain::visitor::Visitor;
use crate::server::domain::{FlowId, MemberId, Ports};
use crate::server::rest::problem::Problem;
use crate::server::session::{self, PendingLogin};
use crate::server::state::AppState;
use crate::server::{accept, client};
use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header, request::Parts};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::{use_context, with_context};
use leptos_axum::ResponseOptions;
use std::sync::Arc;
use tower_sessions::Session;

/// How much of a text that somebody typed is kept in a session: no field takes more.
const MAX_KEPT: usize = 200;
/// The same for admins, who give reasons.
const MAX_KEPT_OF_ADMINS: usize = 600;

/// One request to a server function, or the rendering of one page.
pub struct Visit {
    /// The way into the domain.
    pub ports: Arc<Ports>,
    /// Who is asking.
    pub visitor: Visitor,
    state: AppState,
    session: Session,
    /// Whether the browser navigates, as a form does without JavaScript, instead of fetching data.
    navigates: bool,
    /// The page the person is on.
    page: String,
}

impl Visit {
    /// The request that is being answered.
    ///
    /// # Errors
    /// `Unavailable` outside of one, which would be a mistake in the router.
    pub fn current() -> AppResult<Self> {
        let visit = use_context::<AppState>().and_then(|state| with_context(|parts| Self::of(state, parts)).flatten());
        visit.ok_or_else(|| {
            tracing::error!("a server function was called outside of the router");
            AppError::Unavailable
        })
    }

    fn of(state: AppState, parts: &Parts) -> Option<Self> {
        Some(Self {
            ports: state.ports.clone(),
            visitor: client::visitor(&state, &parts.headers, &parts.extensions),
            state: state.clone(),
            session: parts.extensions.get::<Session>()?.clone(),
            navigates: accept::prefers_page(&parts.headers),
            page: referring_page(&parts.headers).unwrap_or_else(|| route::PROFILE.to_owned()),
        })
    }

    /// Who is logged in.
    ///
    /// # Errors
    /// `LoginRequired` when nobody is.
    pub async fn member(&self) -> AppResult<MemberId> {
        session::member(&self.session, self.ports.clock.now()).await
    }

    /// The admin who is at work in this browser.
    ///
    /// # Errors
    /// `LoginRequired`, `NotAnAdmin`, `SecondFactorRequired`.
    pub async fn admin(&self) -> AdminResult<Admin> {
        let member = self.member().await?;
        let limits = &self.ports.rules.limits;
        let proven = session::proven_grant(&self.session, self.ports.clock.now(), limits).await?;
        admin::authenticate(&self.ports, &self.visitor, member, proven).await
    }

    /// Somebody who may become an admin by the second factor, and whether their login is recent enough for that.
    ///
    /// # Errors
    /// `LoginRequired`.
    pub async fn candidate(&self) -> AdminResult<(MemberId, bool)> {
        let member = self.member().await?;
        let now = self.ports.clock.now();
        Ok((member, session::is_recent(&self.session, now, &self.ports.rules.limits).await?))
    }

    /// Gives the session the rights of an admin.
    ///
    /// # Errors
    /// `Unavailable` when the session cannot be kept.
    pub async fn become_admin(&self, grant: GrantId) -> AppResult<()> {
        session::become_admin(&self.session, grant, self.ports.clock.now()).await
    }

    /// The login under way in this browser.
    ///
    /// # Errors
    /// `LoginFlowMissing` when there is none.
    pub async fn pending_login(&self) -> AppResult<PendingLogin> {
        session::pending_login(&self.session).await?.ok_or(AppError::LoginFlowMissing)
    }

    /// Makes sure that a login can be remembered, before anything is sent for it.
    ///
    /// # Errors
    /// `Unavailable` when no session can be kept.
    pub async fn prepare_login(&self) -> AppResult<()> {
        session::begin(&self.session).await
    }

    /// Remembers a login that has begun; without a place to go afterwards, that of the login before it stays.
    ///
    /// # Errors
    /// `Unavailable` when the session cannot be kept.
    pub async fn begin_login(&self, flow: FlowId, next: String) -> AppResult<()> {
        let before = session::pending_login(&self.session).await?;
        let next = Some(next)
            .filter(|next| !next.is_empty() && next.len() <= MAX_KEPT)
            .or(before.map(|login| login.next))
            .unwrap_or_default();
        session::set_pending_login(&self.session, &PendingLogin { flow, next }).await
    }

    /// Logs a member in, and makes their device known.
    ///
    /// # Errors
    /// `Unavailable` when the session cannot be kept.
    pub async fn log_in(&self, login: &LoggedIn) -> AppResult<()> {
        session::log_in(&self.session, &login.member, self.ports.clock.now()).await?;
        let cookie = client::device_cookie(&self.state, &login.device);
        if let (Some(response), Ok(cookie)) = (use_context::<ResponseOptions>(), HeaderValue::try_from(cookie)) {
            response.append_header(header::SET_COOKIE, cookie);
        }
        Ok(())
    }

    /// Ends the session.
    ///
    /// # Errors
    /// `Unavailable` when it cannot be ended.
    pub async fn log_out(&self) -> AppResult<()> {
        session::log_out(&self.session).await
    }

    /// Takes out the refused form that is to be shown on `page`.
    ///
    /// # Errors
    /// `Unavailable` when the session cannot be read.
    pub async fn take_flash(&self, page: &str) -> AppResult<Flash> {
        session::take_flash(&self.session, page).await
    }

    /// Answers with what a page shows; `None` when the visitor belongs elsewhere and is being led there.
    ///
    /// # Errors
    /// Whatever the page itself has to show in place of its content.
    pub async fn show<T>(&self, outcome: AppResult<T>) -> AppResult<Option<T>> {
        match outcome {
            Ok(view) => Ok(Some(view)),
            Err(error) => match self.elsewhere(&error).await? {
                Some(path) => {
                    leptos_axum::redirect(&path);
                    Ok(None)
                }
                None => Err(error),
            },
        }
    }

    /// Like [`Self::show`], for a page that means nothing to somebody who is logged in: they are led to their profile.
    ///
    /// # Errors
    /// Whatever the page itself has to show in place of its content.
    pub async fn show_to_stranger<T>(&self, view: impl Future<Output = AppResult<T>>) -> AppResult<Option<T>> {
        match self.member().await {
            Err(AppError::LoginRequired) => self.show(view.await).await,
            Err(error) => Err(error),
            Ok(_) => {
                leptos_axum::redirect(route::PROFILE);
                Ok(None)
            }
        }
    }

    /// Answers the form of `page`: on to the path in `outcome`, or back to the page with what was typed and why it
    /// was refused.
    ///
    /// # Errors
    /// `Unavailable` when the session cannot be kept.
    pub async fn answer(&self, page: &str, typed: String, outcome: AppResult<String>) -> AppResult<Submission> {
        self.answer_form(page, typed.chars().take(MAX_KEPT).collect(), outcome).await
    }

    async fn answer_form(&self, page: &str, typed: String, outcome: AppResult<String>) -> AppResult<Submission> {
        let refused = match outcome {
            Ok(path) => {
                leptos_axum::redirect(&path);
                return Ok(Submission::Accepted);
            }
            Err(refused) => refused,
        };
        if let Some(path) = self.way_on(page, typed, &refused).await? {
            leptos_axum::redirect(&path);
        }
        Ok(Submission::Refused(refused))
    }

    /// Where to go from a refused form of `page`; `None` to stay, with JavaScript: the form is still on the screen then,
    /// with what was typed.
    async fn way_on(&self, page: &str, typed: String, refused: &AppError) -> AppResult<Option<String>> {
        match self.elsewhere(refused).await? {
            None if self.navigates => Ok(Some(self.flash(page, typed, refused).await?)),
            elsewhere => Ok(elsewhere),
        }
    }

    /// Like [`Self::show`], for the admin pages.
    ///
    /// # Errors
    /// `NotFound` for those who are no admins, and for members that do not exist.
    pub async fn show_admin<T>(&self, outcome: AdminResult<T>) -> AppResult<Option<T>> {
        let outcome = outcome.map_err(told);
        if let (Err(AppError::NotFound), Some(response)) = (&outcome, use_context::<ResponseOptions>()) {
            response.set_status(StatusCode::NOT_FOUND);
        }
        self.show(outcome).await
    }

    /// Like [`Self::answer`], for the forms of the admin pages.
    ///
    /// # Errors
    /// `NotFound` for those who are no admins; `Unavailable` when the session cannot be kept.
    pub async fn answer_admin(&self, page: &str, typed: String, outcome: AdminResult<String>) -> AppResult<Submission> {
        match outcome.map_err(told) {
            Err(AppError::NotFound) => Err(AppError::NotFound),
            outcome => self.answer_form(page, typed.chars().take(MAX_KEPT_OF_ADMINS).collect(), outcome).await,
        }
    }

    /// Like [`Self::answer_admin`], for a form that no server function answers, and only when it was refused.
    pub async fn refuse_admin(&self, page: &str, typed: String, refused: Refusal) -> Response {
        let refused = told(refused);
        if refused == AppError::NotFound {
            return Problem::from(refused).into_response();
        }
        match self.way_on(page, typed.chars().take(MAX_KEPT_OF_ADMINS).collect(), &refused).await {
            Ok(Some(path)) => Redirect::to(&path).into_response(),
            Ok(None) => Problem::from(refused).into_response(),
            Err(error) => Problem::from(error).into_response(),
        }
    }

    /// The page on which a person can do something about this error, where that is not the page they are on.
    async fn elsewhere(&self, error: &AppError) -> AppResult<Option<String>> {
        Ok(match error {
            AppError::LoginRequired => Some(route::login_and_back(&self.page)),
            AppError::SecondFactorRequired => Some(route::second_factor_and_back(&self.page)),
            // Their code is used up, so there is nothing more to be done on the page that asked for it.
            AppError::LoginFlowMissing | AppError::MemberBlocked => {
                Some(self.flash(route::LOGIN, String::new(), error).await?)
            }
            _ => None,
        })
    }

    /// Keeps a refused form for `page`, and says at which address that is.
    async fn flash(&self, page: &str, typed: String, refused: &AppError) -> AppResult<String> {
        session::set_flash(&self.session, page, Flash { typed, refused: Some(refused.clone()) }).await?;
        // Back to the very address, whose query says where to go after the login, or which people are shown.
        let is_here = self.page.split('?').next() == Some(page);
        Ok(if is_here { self.page.clone() } else { page.to_owned() })
    }
}

impl FromRequestParts<AppState> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        Self::of(state.clone(), parts).ok_or_else(|| Problem::from(AppError::Unavailable))
    }
}

/// A refusal as the wasm knows it: the sentence, unless there is something to be done about it elsewhere.
fn told(refused: Refusal) -> AppError {
    match refused {
        Refusal::App(error) => error,
        Refusal::NotAnAdmin
        | Refusal::NoSuchMember
        | Refusal::NoSuchAct
        | Refusal::NoSuchFlag
        | Refusal::NoSuchList
        | Refusal::NoSuchImport => AppError::NotFound,
        Refusal::SecondFactorRequired => AppError::SecondFactorRequired,
        other => AppError::Told(other.to_string()),
    }
}

/// The path of the page that a request comes from, as browsers tell within a site.
fn referring_page(headers: &HeaderMap) -> Option<String> {
    let referrer: Uri = headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
    Some(referrer.path_and_query()?.as_str().to_owned())
}
