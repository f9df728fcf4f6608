//! A page for members as a document: rendered in one pass, because what it shows is there before.

use crate::error::{AppError, AppResult};
use crate::model::language::Language;
use crate::model::page::{DocumentView, Page, PageView};
use crate::model::profile::{CountriesView, LoginPhoneView};
use crate::server::documents::{Content, shell};
use crate::server::http::csp;
use crate::server::http::problem::Problem;
use crate::server::http::state::AppState;
use crate::server::http::visit::Visit;
use crate::server::{pages, rest};
use crate::{route, words};
use axum::Router;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, SET_COOKIE};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use data_encoding::BASE64;
use leptos::nonce::{provide_nonce, use_nonce};
use leptos::prelude::{Owner, RenderHtml, provide_context};
use leptos_router::location::RequestUrl;
use std::sync::{Arc, OnceLock};
use strum::VariantArray;

/// The login page without anything typed, in each language.
type BlankLogins = [OnceLock<Template>; Language::VARIANTS.len()];

/// The pages of members.
pub fn routes() -> Router<AppState> {
    let login = Arc::new(BlankLogins::default());
    route::MEMBER_PAGES.into_iter().fold(Router::new(), |pages, path| {
        let login = login.clone();
        pages.route(path, get(move |State(state), request| read(state, request, login)))
    })
}

/// The page at the address of the request.
async fn read(state: AppState, request: Request, login: Arc<BlankLogins>) -> Response {
    let (mut parts, _) = request.into_parts();
    // The API has a profile, too.
    let of_api = if parts.uri.path() == route::PROFILE { rest::profile::for_client(&parts) } else { None };
    if let Some(redirect) = of_api {
        return redirect;
    }
    let visit = match Visit::from_request_parts(&mut parts, &state).await {
        Ok(visit) => visit,
        Err(problem) => return problem.into_response(),
    };
    let address = parts.uri.path_and_query().map_or(route::HOME, |address| address.as_str());
    let answer = match pages::read(&visit, address).await {
        Page::Elsewhere(path) => Redirect::to(&path).into_response(),
        // The router has sent those of admins elsewhere.
        Page::OfAdmins => Redirect::to(route::ADMIN).into_response(),
        Page::OfApp(PageView::LoginPhone(view)) if view.is_blank() => blank_login(&state, view, &login),
        Page::OfApp(view) => page_of_app(&state, address, view),
        Page::Document(view) => page(&state, view),
    };
    with_cookies(answer, visit.take_cookies())
}

fn with_cookies(mut answer: Response, cookies: Vec<String>) -> Response {
    for cookie in cookies {
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            answer.headers_mut().append(SET_COOKIE, cookie);
        }
    }
    answer
}

/// A document with the app at this page.
fn page_of_app(state: &AppState, address: &str, view: PageView) -> Response {
    let status = match view {
        PageView::Failed(_) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::OK,
    };
    answer(status, app_at(view).map(|content| render(state, address, content)))
}

/// A document with a page that needs no app.
pub fn page(state: &AppState, view: DocumentView) -> Response {
    let status = match view {
        DocumentView::NotFound => StatusCode::NOT_FOUND,
        _ => StatusCode::OK,
    };
    answer(status, Ok(render(state, route::HOME, Content::Page(view))))
}

fn answer(status: StatusCode, rendered: AppResult<(String, String)>) -> Response {
    match rendered {
        Ok((html, nonce)) => (status, document(&nonce, html)).into_response(),
        Err(error) => Problem::from(error).into_response(),
    }
}

fn document(nonce: &str, html: String) -> impl IntoResponse {
    ([(CONTENT_SECURITY_POLICY, csp::policy(nonce))], Html(html))
}

/// The page that most people see first. In a language it is the same for all of them but for the nonce and the chosen country,
/// and is rendered once.
fn blank_login(state: &AppState, view: LoginPhoneView, logins: &BlankLogins) -> Response {
    let login = &logins[words::language() as usize];
    let chosen = view.countries.as_ref().map(|countries| countries.chosen.clone()).unwrap_or_default();
    let made = match login.get() {
        Some(template) => csp::nonce(&state.ports).map(|nonce| (template.with(&nonce, &chosen), nonce)),
        None => app_at(PageView::LoginPhone(view))
            .map(|content| render(state, route::LOGIN, content))
            .inspect(|(html, nonce)| drop(login.set(Template::of(html, nonce, &chosen)))),
    };
    answer(StatusCode::OK, made)
}

/// What is between the nonces of a document, before and behind the chosen country.
struct Template {
    before: Vec<String>,
    behind: Vec<String>,
}

impl Template {
    fn of(html: &str, nonce: &str, chosen: &str) -> Self {
        let (before, behind) = html.split_once(chosen).unwrap_or((html, ""));
        let between = |part: &str| part.split(nonce).map(str::to_owned).collect();
        Self { before: between(before), behind: between(behind) }
    }

    fn with(&self, nonce: &str, chosen: &str) -> String {
        [self.before.join(nonce), self.behind.join(nonce)].join(chosen)
    }
}

/// The app for members, with the page to begin with.
fn app_at(view: PageView) -> AppResult<Content> {
    let encoded = postcard::to_allocvec(&without_countries(&view)).map_err(|error| {
        tracing::error!(%error, "a view could not be encoded");
        AppError::Unavailable
    })?;
    Ok(Content::Member { encoded: BASE64.encode(&encoded), view: Box::new(view) })
}

/// The view for the browser, which finds the countries in the document.
fn without_countries(view: &PageView) -> PageView {
    let mut view = view.clone();
    if let PageView::LoginPhone(LoginPhoneView { countries: Some(countries), .. }) = &mut view {
        *countries = CountriesView::default();
    }
    view
}

/// The document and its nonce.
fn render(state: &AppState, address: &str, content: Content) -> (String, String) {
    let owner = Owner::new();
    let rendered = owner.with(|| {
        provide_context(RequestUrl::new(address));
        provide_nonce();
        let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
        (shell(state.leptos.clone(), &state.page_assets, content).to_html(), nonce)
    });
    owner.cleanup();
    rendered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_has_another_nonce_and_country_each_time() {
        let template = Template::of("<p nonce=one><option>RU<p nonce=one>", "one", "<option>RU");
        assert_eq!(template.with("two", "<option>GB"), "<p nonce=two><option>GB<p nonce=two>");
        let template = Template::of("<p nonce=one><p nonce=one>", "one", "");
        assert_eq!(template.with("two", ""), "<p nonce=two><p nonce=two>");
    }
}
