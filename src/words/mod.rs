//! Every sentence that people read. A language is one file, such as [`en`], with a value for every sentence; a missing
//! one does not compile.
//!
//! Fixed texts are fields; sentences with a number or a name are methods. Which refusal, act or state has which
//! sentence is decided once for all languages, in `refusals` and `admin`. Nothing else is decided here. What only the server
//! writes is in `server::sentences`, so that no browser loads it.

use crate::model::language::Language;
use std::sync::OnceLock;

/// Defines a group of sentences: fixed texts, and sentences with values.
macro_rules! sentences {
    ($(#[$doc:meta])* $group:ident { $($text:ident,)* } with { $($phrase:ident($($name:ident: $kind:ty),*),)* }) => {
        $(#[$doc])*
        pub struct $group {
            $(pub $text: &'static str,)*
            $(pub(super) $phrase: fn($($kind),*) -> String,)*
        }

        impl $group {
            $(pub fn $phrase(&self, $($name: $kind),*) -> String {
                (self.$phrase)($($name),*)
            })*
        }
    };
}

mod admin;
pub(crate) mod ar;
pub(crate) mod en;
mod member;
mod refusals;
pub(crate) mod ru;

pub use admin::Admin;
pub use member::Member;
pub use refusals::Refusals;

/// What has a sentence, such as a refusal.
pub trait Sentence {
    fn sentence(&self) -> String;
}

/// Tells the language of the page or answer that is being written.
static SOURCE: OnceLock<fn() -> Language> = OnceLock::new();

/// Says once, at the start, how the language of a page or answer is found out. Without it everything is in the default one.
pub fn set_language_source(source: fn() -> Language) {
    SOURCE.get_or_init(|| source);
}

pub const OWN_NAME: &str = "Vouch";

/// The name of the referral program, if the host has chosen one.
static NAME: OnceLock<String> = OnceLock::new();

/// Says once, at the start, what the host calls the referral program.
pub fn set_name(name: String) {
    NAME.get_or_init(|| name);
}

/// What members call the referral program.
pub fn name() -> &'static str {
    NAME.get().map_or(OWN_NAME, String::as_str)
}

/// The language of the page or answer that is being written.
pub fn language() -> Language {
    SOURCE.get().map_or_else(Language::default, |source| source())
}

/// Sentences that the browser of a member renders.
pub fn member() -> &'static Member {
    match language() {
        Language::English => &en::MEMBER,
        Language::Russian => &ru::MEMBER,
        Language::Arabic => &ar::MEMBER,
    }
}

/// Why something was refused.
pub fn refusals() -> &'static Refusals {
    match language() {
        Language::English => &en::REFUSALS,
        Language::Russian => &ru::REFUSALS,
        Language::Arabic => &ar::REFUSALS,
    }
}

/// Sentences for admins.
pub fn admin() -> &'static Admin {
    match language().for_admins() {
        Language::Russian => &ru::ADMIN,
        _ => &en::ADMIN,
    }
}
