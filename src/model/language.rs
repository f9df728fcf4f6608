//! The languages that people can choose.

use serde::{Deserialize, Serialize};

/// The first is the default.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
pub enum Language {
    #[default]
    #[strum(serialize = "en")]
    English,
    #[strum(serialize = "ru")]
    Russian,
    #[strum(serialize = "ar")]
    Arabic,
}

impl Language {
    /// For the attribute `lang` (BCP 47), cookies and tables.
    pub fn tag(self) -> &'static str {
        self.into()
    }

    /// For the attribute `dir`.
    pub fn direction(self) -> &'static str {
        match self {
            Self::English | Self::Russian => "ltr",
            Self::Arabic => "rtl",
        }
    }

    /// What its speakers call it.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Russian => "Русский",
            Self::Arabic => "العربية",
        }
    }

    /// The one in which the admin pages are. Arabic is only for members.
    pub fn for_admins(self) -> Self {
        match self {
            Self::Arabic => Self::default(),
            other => other,
        }
    }
}
