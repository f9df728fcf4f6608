//! Every sentence that people read. A language is one file, such as [`en`], with a value for every sentence; a missing
//! one does not compile.
//!
//! Fixed texts are fields; sentences with a number or a name are methods. Which refusal, act or state has which
//! sentence is decided once for all languages, in `member`, `admin` and `service`. Nothing else is decided here.

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
mod member;
#[cfg(feature = "ssr")]
mod service;

pub use admin::Admin;
pub use member::Member;
#[cfg(feature = "ssr")]
pub use service::Service;

/// Declares the languages and their files. The first one is the default.
macro_rules! languages {
    ($($language:ident($tag:literal) in $file:ident;)*) => {
        $(mod $file;)*

        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Language {
            $($language,)*
        }

        impl Language {
            /// For the attribute `lang` (BCP 47).
            pub fn tag(self) -> &'static str {
                match self {
                    $(Self::$language => $tag,)*
                }
            }
        }

        /// Sentences for members.
        pub fn member() -> &'static Member {
            match language() {
                $(Language::$language => &$file::MEMBER,)*
            }
        }

        /// Sentences for admins.
        pub fn admin() -> &'static Admin {
            match language() {
                $(Language::$language => &$file::ADMIN,)*
            }
        }

        /// Sentences for API clients, text messages and terminals.
        #[cfg(feature = "ssr")]
        pub fn service() -> &'static Service {
            match language() {
                $(Language::$language => &$file::SERVICE,)*
            }
        }
    };
}

languages! {
    English("en") in en;
}

/// What has a sentence, such as a refusal.
pub trait Sentence {
    fn sentence(&self) -> String;
}

/// The language of the page or answer being written.
pub fn language() -> Language {
    Language::English
}
