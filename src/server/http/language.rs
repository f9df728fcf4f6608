//! In which language a request is answered: the one that the visitor has chosen here, or the best that the client accepts.

use crate::model::language::Language;
use crate::route;
use crate::server::http::accept;
use crate::server::http::cookies::{self, CookieName};
use crate::server::http::state::AppState;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use leptos::prelude::with_context;
use std::time::Duration;
use tokio::task_local;

/// What a visitor has chosen, by its tag.
const CHOSEN: CookieName = CookieName("vouch-language");
/// How long it is remembered.
const CHOICE_LIFE: Duration = Duration::from_hours(365 * 24);

task_local! {
    static ANSWERED_IN: Language;
}

/// The language that the sender of a request has chosen or prefers; `None` if it is none of ours.
#[derive(Clone, Copy)]
pub struct Preferred(pub Option<Language>);

/// Answers a request in the language of its sender. An address with `?language=` chooses one.
pub async fn of_sender(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let linked = linked(request.uri());
    let chosen = || cookies::value(&state, request.headers(), CHOSEN)?.parse().ok();
    let preferred = linked.or_else(chosen).or_else(|| accept::language(request.headers()));
    let language = preferred.unwrap_or_default();
    let language = if route::is_for_hosts(request.uri().path()) { language.for_admins() } else { language };
    request.extensions_mut().insert(Preferred(preferred));
    request.extensions_mut().insert(language);
    let mut answer = with(language, next.run(request)).await;
    if let Some(linked) = linked {
        remember(&state, answer.headers_mut(), linked);
    }
    if is_written(&answer) {
        answer.headers_mut().insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        answer.headers_mut().append(header::VARY, HeaderValue::from_static("accept-language, cookie"));
    }
    answer
}

/// The language that an address names.
fn linked(uri: &Uri) -> Option<Language> {
    let mut parameters = form_urlencoded::parse(uri.query()?.as_bytes());
    parameters.find(|(name, _)| name == "language").and_then(|(_, tag)| tag.parse().ok())
}

/// An address without the language that it names, which would come before any later choice.
pub fn without(address: &str) -> String {
    let Some((path, query)) = address.split_once('?') else { return address.to_owned() };
    let others: Vec<_> = query.split('&').filter(|parameter| !parameter.starts_with("language=")).collect();
    if others.is_empty() { path.to_owned() } else { format!("{path}?{}", others.join("&")) }
}

/// Remembers a choice in the browser.
pub fn remember(state: &AppState, headers: &mut HeaderMap, language: Language) {
    cookies::set(state, headers, CHOSEN, language.tag(), CHOICE_LIFE);
}

/// Whether an answer has sentences: a page, a problem, or what says so itself.
fn is_written(answer: &Response) -> bool {
    if answer.headers().contains_key(header::CONTENT_LANGUAGE) {
        return true;
    }
    let content_type = answer.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.starts_with("text/html") || value.starts_with("application/problem+json"))
}

/// Runs what writes an answer in this language. A task of its own needs it anew.
pub async fn with<T>(language: Language, answering: impl Future<Output = T>) -> T {
    ANSWERED_IN.scope(language, answering).await
}

/// The language of the answer that is being written, for [`crate::words`]. Leptos renders admin pages in tasks of its own.
pub fn current() -> Language {
    let of_page = || with_context(|parts: &Parts| parts.extensions.get::<Language>().copied()).flatten();
    ANSWERED_IN.try_with(|language| *language).ok().or_else(of_page).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_loses_only_its_language() {
        for (address, expected) in [
            ("/doc/", "/doc/"),
            ("/doc/?language=ru", "/doc/"),
            ("/login?next=/profile&language=ru", "/login?next=/profile"),
            ("/login?language=ru&next=/profile", "/login?next=/profile"),
        ] {
            assert_eq!(without(address), expected);
        }
    }
}
