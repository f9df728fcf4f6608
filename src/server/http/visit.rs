//! A server function's view of its request: who calls, and how a form is answered with and without JavaScript.

use super::problem::Problem;
use super::session::{self, Asked, KeptForm, PendingLogin};
use super::state::AppState;
use super::{accept, client, invitation};
use crate::error::{AppError, AppResult};
use crate::model::admin::{AdminResult, Refusal};
use crate::model::invite_code::InviteCode;
use crate::model::page::{FormAnswer, Page, PageView};
use crate::model::profile::{CountriesView, Flash, Submission};
use crate::server::data::{FlowId, GrantId, LinkStep, LoginId, Member, MemberId, NumberChange, OpenedLink, Visitor};
use crate::server::domain::admin::{self, Admin};
use crate::server::domain::login::LoggedIn;
use crate::server::domain::{self, Ports, claim, phone, visitor};
use crate::server::jobs::Jobs;
use crate::server::settings::Region;
use crate::words::Sentence;
use crate::{route, words};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::{use_context, with_context};
use leptos_axum::ResponseOptions;
use std::mem::take;
use std::sync::{Arc, Mutex, PoisonError};

/// Characters of a field that a session keeps. No field takes more, but for the reasons of admins.
const MAX_KEPT: usize = 200;
/// The same for admins.
const MAX_KEPT_OF_ADMINS: usize = 600;

/// One request to a server function, or the rendering of one page.
pub struct Visit {
    pub ports: Arc<Ports>,
    pub visitor: Visitor,
    state: AppState,
    session: session::Handle,
    /// Whether the browser navigates, as a form does without JavaScript, instead of fetching data.
    navigates: bool,
    /// The address of the page that the person is on.
    page: String,
    /// Where browsers find this server, without a slash at the end.
    origin: String,
    /// The share link that this browser has opened last.
    opened_link: Option<OpenedLink>,
    /// Cookies of the answer that are not among those of Leptos.
    cookies: Mutex<Vec<String>>,
    /// The country of a number that does not say it, as far as the browser tells.
    likely_country: Region,
    /// Whether a person opens a page, see [`invitation::is_opened_by_person`].
    is_opened_by_person: bool,
}

impl Visit {
    /// The request that is being answered.
    ///
    /// # Errors
    /// `Unavailable` outside of a request, which would be a mistake in the router.
    pub fn current() -> AppResult<Self> {
        let visit = use_context::<AppState>().and_then(|state| with_context(|parts| Self::of(state, parts)).flatten());
        visit.ok_or_else(|| {
            tracing::error!("a server function was called outside of the router");
            AppError::Unavailable
        })
    }

    fn of(state: AppState, parts: &Parts) -> Option<Self> {
        let rules = &state.ports.rules;
        Some(Self {
            ports: state.ports.clone(),
            visitor: client::visitor(&state, &parts.headers, &parts.extensions),
            session: parts.extensions.get::<session::Handle>()?.clone(),
            navigates: accept::prefers_page(&parts.headers),
            origin: state.origin(&parts.headers),
            cookies: Mutex::default(),
            opened_link: invitation::opened(&state, &parts.headers),
            likely_country: phone::likely(accept::countries(&parts.headers), &rules.countries, rules.region),
            is_opened_by_person: invitation::is_opened_by_person(&state, &parts.headers),
            page: referring_page(&parts.headers).unwrap_or_else(|| route::PROFILE.to_owned()),
            state,
        })
    }

    /// The path of the page that the person is on, with its query.
    pub fn referring_page(&self) -> &str {
        &self.page
    }

    pub fn jobs(&self) -> &Jobs {
        &self.state.jobs
    }

    /// The member who is logged in.
    ///
    /// # Errors
    /// `LoginRequired` when nobody is.
    pub async fn member(&self) -> AppResult<MemberId> {
        session::member(&self.session, self.ports.clock.now()).await
    }

    /// The admin who is logged in.
    ///
    /// # Errors
    /// `LoginRequired`, `NotAnAdmin`, `SecondFactorRequired`.
    pub async fn admin(&self) -> AdminResult<Admin> {
        let member = self.member().await?;
        let limits = &self.ports.rules.limits.admin;
        let proven = session::proven_grant(&self.session, self.ports.clock.now(), limits).await?;
        admin::authenticate(&self.ports, &self.visitor, member, proven).await
    }

    /// A member who may become an admin by the second factor, and whether their login is recent enough for that.
    ///
    /// # Errors
    /// `LoginRequired`.
    pub async fn candidate(&self) -> AdminResult<(MemberId, bool)> {
        let member = self.member().await?;
        let now = self.ports.clock.now();
        Ok((member, session::is_recent(&self.session, now, &self.ports.rules.limits.admin).await?))
    }

    /// Gives the session the rights of an admin.
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
    pub async fn prepare_login(&self) -> AppResult<()> {
        if session::exists(&self.session).await? {
            return Ok(());
        }
        visitor::begin_session(&self.ports, &self.visitor).await?;
        session::begin(&self.session).await
    }

    /// Remembers a login that has begun. Without a page to continue at, that of an earlier login under way stays.
    pub async fn begin_login(&self, flow: FlowId, next: String) -> AppResult<()> {
        let before = session::pending_login(&self.session).await?;
        let next = Some(next)
            .filter(|next| !next.is_empty() && next.len() <= MAX_KEPT)
            .or(before.map(|login| login.next))
            .unwrap_or_default();
        session::set_pending_login(&self.session, PendingLogin { flow, next, asked: None }).await
    }

    /// Remembers that the code was right, and that the person has to say whether the account is theirs. They do so on
    /// another page.
    pub async fn ask_owner(&self, pending: PendingLogin, unused_since: i64) -> AppResult<String> {
        let asked = Some(Asked { at: self.ports.clock.now().0, unused_since });
        session::set_pending_login(&self.session, PendingLogin { asked, ..pending }).await?;
        Ok(route::OWNER.to_owned())
    }

    /// The page to continue at after a login: the one that needed it, unless the person may have an account to claim.
    pub async fn after_login(&self, login: &LoggedIn, next: &str) -> AppResult<String> {
        let claimable = claim::offered(&self.ports, Some(&login.device_token), login.member.id).await?;
        Ok(if claimable.is_some() { route::CLAIM } else { route::after_login(next) }.to_owned())
    }

    /// The member, and how far they are with changing their number.
    ///
    /// # Errors
    /// `LoginRequired`; `NumberChangeExpired` when they have not begun.
    pub async fn number_change(&self) -> AppResult<(MemberId, NumberChange)> {
        let member = self.member().await?;
        let change = session::number_change(&self.session).await?;
        Ok((member, change.ok_or(AppError::NumberChangeExpired)?))
    }

    pub async fn keep_number_change(&self, change: NumberChange) -> AppResult<()> {
        session::set_number_change(&self.session, change).await
    }

    /// Lets a member go on in a new login, on a device that is known by a new token.
    pub async fn renew_login(&self, login: &LoggedIn) -> AppResult<()> {
        session::log_in(&self.session, login, self.ports.clock.now()).await?;
        self.set_cookie(client::device_cookie(&self.state, &login.device_token));
        Ok(())
    }

    /// Logs a member in, and makes their device known.
    pub async fn log_in(&self, login: &LoggedIn) -> AppResult<()> {
        self.renew_login(login).await?;
        if let Some(before) = &self.opened_link {
            let opened = domain::invitation::count(&self.ports, before, LinkStep::LoggedIn).await;
            // Otherwise each login would begin the thirty days anew.
            if opened != *before {
                self.set_cookie(invitation::keep(&self.state, &opened));
            }
        }
        Ok(())
    }

    /// The share link that this browser has opened last.
    pub fn opened_link(&self) -> Option<&OpenedLink> {
        self.opened_link.as_ref()
    }

    /// What there is to choose for a number that does not say its country, with this one chosen if it is one.
    pub fn countries(&self, chosen: &str) -> Option<CountriesView> {
        let chosen = chosen.parse().unwrap_or(self.likely_country);
        self.state.countries.view(words::language(), &self.ports.rules.countries, chosen)
    }

    /// Keeps the link of a member, which was opened in this browser, in which somebody is logged in or not.
    pub async fn open_link(&self, of: &Member, is_logged_in: bool) {
        if self.is_opened_by_person {
            let before = self.opened_link.as_ref();
            let opened = domain::invitation::open(&self.ports, of, before, is_logged_in).await;
            self.set_cookie(invitation::keep(&self.state, &opened));
        }
    }

    /// Ends the offer of a share link, because the member has activated this code.
    pub async fn accept_link(&self, activated: &InviteCode) {
        let Some(opened) = &self.opened_link else { return };
        if opened.code == *activated {
            domain::invitation::count(&self.ports, opened, LinkStep::Redeemed).await;
        }
        self.set_cookie(invitation::forget(&self.state));
    }

    fn set_cookie(&self, cookie: String) {
        match (use_context::<ResponseOptions>(), HeaderValue::try_from(&cookie)) {
            (Some(response), Ok(cookie)) => response.append_header(header::SET_COOKIE, cookie),
            _ => self.cookies.lock().unwrap_or_else(PoisonError::into_inner).push(cookie),
        }
    }

    /// Takes the cookies that the answer has to set. A server function has set them already.
    pub fn take_cookies(&self) -> Vec<String> {
        take(&mut self.cookies.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The whole address of a path.
    pub fn address_of(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// The login of this session.
    pub fn login_id(&self) -> Option<LoginId> {
        session::login_id(&self.session)
    }

    /// Ends the session.
    pub async fn log_out(&self) -> AppResult<()> {
        session::log_out(&self.session).await
    }

    /// Takes out the refused form that is to be shown on `page`.
    pub async fn take_flash(&self, page: &str) -> AppResult<Flash<AppError>> {
        let form = session::take_form(&self.session, page).await?;
        Ok(form.map_or_else(Flash::default, |form| Flash { typed: form.typed, refused: form.refused.for_member() }))
    }

    /// Like [`Self::take_flash`], for the admin pages.
    pub async fn take_admin_flash(&self, page: &str) -> AppResult<Flash<Refusal>> {
        let form = session::take_form(&self.session, page).await?;
        Ok(form.map_or_else(Flash::default, |form| Flash { typed: form.typed, refused: Some(form.refused) }))
    }

    /// What there is at `address`: what was read for it, or the page where this visitor belongs.
    pub async fn page(&self, address: &str, outcome: AppResult<Page>) -> Page {
        let refused = match outcome {
            Ok(page) => return page,
            Err(AppError::LoginRequired) => return Page::Elsewhere(route::login_and_back(address)),
            Err(refused) => refused,
        };
        match self.elsewhere(&refused).await {
            Ok(Some(path)) => Page::Elsewhere(path),
            Ok(None) => Page::OfApp(PageView::Failed(refused.sentence())),
            Err(error) => Page::OfApp(PageView::Failed(error.sentence())),
        }
    }

    /// What an admin page shows; `None` when the visitor belongs on another page and is redirected.
    ///
    /// # Errors
    /// `NotFound` for visitors who are not admins, and for what does not exist.
    pub async fn show_admin<T>(&self, outcome: AdminResult<T>) -> AdminResult<Option<T>> {
        let refused = match outcome {
            Ok(view) => return Ok(Some(view)),
            Err(refused) => hidden(refused),
        };
        if let (Refusal::App(AppError::NotFound), Some(response)) = (&refused, use_context::<ResponseOptions>()) {
            response.set_status(StatusCode::NOT_FOUND);
        }
        match self.elsewhere(&refused.to_app()).await? {
            Some(path) => {
                leptos_axum::redirect(&path);
                Ok(None)
            }
            None => Err(refused),
        }
    }

    /// Answers the form of `page`: on to the path in `outcome`, or back to the page with what was typed and why it
    /// was refused.
    pub async fn answer(&self, page: &str, typed: &[&str], outcome: AppResult<String>) -> AppResult<FormAnswer> {
        let refused = match outcome {
            Ok(path) => {
                leptos_axum::redirect(&path);
                return Ok(FormAnswer::Done(path));
            }
            Err(refused) => refused,
        };
        if let Some(path) = self.way_on(page, kept(typed, MAX_KEPT), &refused.clone().into()).await? {
            leptos_axum::redirect(&path);
            return Ok(FormAnswer::Done(path));
        }
        Ok(FormAnswer::Refused(refused.sentence()))
    }

    /// Like [`Self::answer`], for the forms of the admin pages.
    ///
    /// # Errors
    /// `NotFound` for visitors who are not admins.
    pub async fn answer_admin(
        &self,
        page: &str,
        typed: &[&str],
        outcome: AdminResult<String>,
    ) -> AdminResult<Submission<Refusal>> {
        let refused = match outcome {
            Ok(path) => {
                leptos_axum::redirect(&path);
                return Ok(Submission::Accepted);
            }
            Err(refused) => hidden(refused),
        };
        if refused == Refusal::App(AppError::NotFound) {
            return Err(refused);
        }
        if let Some(path) = self.way_on(page, kept(typed, MAX_KEPT_OF_ADMINS), &refused).await? {
            leptos_axum::redirect(&path);
        }
        Ok(Submission::Refused(refused))
    }

    /// Like [`Self::answer_admin`], for a refused form that no server function answers.
    pub async fn refuse_admin(&self, page: &str, typed: &[&str], refused: Refusal) -> Response {
        let refused = hidden(refused);
        if refused == Refusal::App(AppError::NotFound) {
            return Problem::from(refused).into_response();
        }
        match self.way_on(page, kept(typed, MAX_KEPT_OF_ADMINS), &refused).await {
            Ok(Some(path)) => Redirect::to(&path).into_response(),
            Ok(None) => Problem::from(refused).into_response(),
            Err(error) => Problem::from(error).into_response(),
        }
    }

    /// Where a refused form of `page` leads; `None` with JavaScript, where the form and what was typed are still on the
    /// screen, unless the page shows something else by now.
    async fn way_on(&self, page: &str, typed: Vec<String>, refused: &Refusal) -> AppResult<Option<String>> {
        match self.elsewhere(&refused.to_app()).await? {
            None if self.navigates || changes_page(&refused.to_app()) => {
                Ok(Some(self.keep_form(page, typed, refused).await?))
            }
            elsewhere => Ok(elsewhere),
        }
    }

    /// The page on which a person can do something about this error, where that is not the page they are on.
    async fn elsewhere(&self, error: &AppError) -> AppResult<Option<String>> {
        Ok(match error {
            AppError::LoginRequired => Some(route::login_and_back(&self.page)),
            AppError::SecondFactorRequired => Some(route::second_factor_and_back(&self.page)),
            // The code is used up, so there is nothing more to do on the page that asked for it.
            AppError::LoginFlowMissing | AppError::MemberBlocked => {
                Some(self.keep_form(route::LOGIN, Vec::new(), &error.clone().into()).await?)
            }
            _ => None,
        })
    }

    /// Keeps a refused form for `page`, and returns the address of that page.
    async fn keep_form(&self, page: &str, typed: Vec<String>, refused: &Refusal) -> AppResult<String> {
        session::keep_form(&self.session, KeptForm { page: page.to_owned(), typed, refused: refused.clone() }).await?;
        // The exact address: its query holds the page to continue at after the login, or the rows that are shown.
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

/// Whether the page of a form shows something else after this refusal: another length of the code.
fn changes_page(refused: &AppError) -> bool {
    matches!(refused, AppError::LoginCodeLengthened { .. })
}

fn kept(typed: &[&str], most: usize) -> Vec<String> {
    typed.iter().map(|text| text.chars().take(most).collect()).collect()
}

/// A refusal as the browser may see it: visitors who are not admins do not learn what exists.
fn hidden(refused: Refusal) -> Refusal {
    match refused {
        Refusal::NotAnAdmin
        | Refusal::NoSuchMember
        | Refusal::NoSuchAct
        | Refusal::NoSuchFlag
        | Refusal::NoSuchList
        | Refusal::NoSuchImport
        | Refusal::NoSuchWebhook
        | Refusal::NoSuchEndpoint => AppError::NotFound.into(),
        Refusal::SecondFactorRequired => AppError::SecondFactorRequired.into(),
        other => other,
    }
}

/// The path of the page that a request comes from, as browsers tell within a site.
fn referring_page(headers: &HeaderMap) -> Option<String> {
    let referrer: Uri = headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
    Some(referrer.path_and_query()?.as_str().to_owned())
}
