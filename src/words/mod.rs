//! Every sentence that people read. A language is one file, such as [`en`], which gives a value to every sentence: one that
//! is missing does not compile.
//!
//! Fixed texts are fields; what takes a number or a name is a method. Which refusal, act or state has which sentence is
//! decided once for all languages, in `member`, `admin` and `service`. Nothing here decides anything else.

/// Defines a group of sentences: fixed texts, and those that take values.
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

/// Makes a file of each language known. The first one is the default.
macro_rules! languages {
    ($($language:ident($tag:literal) in $file:ident;)*) => {
        $(mod $file;)*

        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Language {
            $($language,)*
        }

        impl Language {
            /// As in the attribute `lang` (BCP 47).
            pub fn tag(self) -> &'static str {
                match self {
                    $(Self::$language => $tag,)*
                }
            }
        }

        /// What members read.
        pub fn member() -> &'static Member {
            match language() {
                $(Language::$language => &$file::MEMBER,)*
            }
        }

        /// What admins read.
        pub fn admin() -> &'static Admin {
            match language() {
                $(Language::$language => &$file::ADMIN,)*
            }
        }

        /// What programs, phones and terminals are told.
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

/// What can be said in a sentence, such as why something was refused.
pub trait Sentence {
    fn sentence(&self) -> String;
}

/// The language of the page or answer that is being written.
pub fn language() -> Language {
    Language::English
}
