//! Sentences that only the server writes, so that no browser loads them: problem details, parts of pages, text messages, and
//! for hosts the terminal. A language is one file here, too; its plurals are those of [`crate::words`].

mod api;
mod api_ru;
mod ar;
mod countries;
mod documents;
mod en;
mod ru;
mod service;
mod swagger_ui_ru;
mod terminal;

pub use api::Api;
pub use countries::country;
pub use documents::Documents;
pub use service::Service;
pub use terminal::Terminal;

use crate::model::language::Language;
use crate::words::language;

/// Sentences of the pages that need no app, and around every page.
pub fn documents() -> &'static Documents {
    match language() {
        Language::English => &en::DOCUMENTS,
        Language::Russian => &ru::DOCUMENTS,
        Language::Arabic => &ar::DOCUMENTS,
    }
}

/// Sentences for whoever sent the request.
pub fn service() -> &'static Service {
    service_in(language())
}

/// The same, in a language that is not that of the request: of a message to somebody.
pub fn service_in(language: Language) -> &'static Service {
    match language {
        Language::English => &en::SERVICE,
        Language::Russian => &ru::SERVICE,
        Language::Arabic => &ar::SERVICE,
    }
}

/// Sentences for programmers, who read the description of the API.
pub fn api() -> &'static Api {
    match language().for_admins() {
        Language::Russian => &ru::API,
        _ => &en::API,
    }
}

/// Texts in English and in another language.
pub type Translations = &'static [(&'static str, &'static str)];

/// The translations of the description of the API.
pub fn description_of_api() -> Translations {
    match language().for_admins() {
        Language::Russian => api_ru::DESCRIPTION,
        _ => &[],
    }
}

/// The translations of what Swagger UI says itself.
pub fn swagger_ui() -> Translations {
    match language().for_admins() {
        Language::Russian => swagger_ui_ru::SWAGGER_UI,
        _ => &[],
    }
}

/// Sentences for the terminal, which are in English only.
pub fn terminal() -> &'static Terminal {
    &en::TERMINAL
}
