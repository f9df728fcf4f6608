//! The choice of a country for a number without its code, as HTML.

use crate::model::language::Language;
use crate::model::profile::CountriesView;
use crate::server::domain::phone::{Country, offered};
use crate::server::sentences;
use crate::server::settings::{Countries, Region};
use std::sync::OnceLock;
use strum::VariantArray;

/// The options in each language, which are made once.
#[derive(Default)]
pub struct CountryChoice([OnceLock<Options>; Language::VARIANTS.len()]);

struct Options {
    /// By their names.
    sorted: Vec<(&'static str, Region, u16)>,
    all: String,
}

impl CountryChoice {
    /// What there is to choose, with the country that is chosen before a person chooses; `None` if messages are sent to one
    /// country only.
    pub fn view(&self, language: Language, offered: &Countries, chosen: Region) -> Option<CountriesView> {
        let options = self.0[language as usize].get_or_init(|| Options::new(language, offered));
        let [first, _, ..] = options.sorted.as_slice() else { return None };
        let chosen = options.sorted.iter().find(|(_, region, _)| *region == chosen).unwrap_or(first);
        Some(CountriesView { chosen: option(language, chosen, " selected"), all: options.all.clone() })
    }
}

impl Options {
    fn new(language: Language, countries: &Countries) -> Self {
        let named = |Country { region, code }| Some((sentences::country(region.letters(), language)?, region, code));
        let mut sorted: Vec<_> = offered(countries).into_iter().filter_map(named).collect();
        sorted.sort_unstable_by_key(|(name, ..)| *name);
        let all = sorted.iter().map(|country| option(language, country, "")).collect();
        Self { sorted, all }
    }
}

/// Where the text runs to the left, the code is isolated, so that its plus stays in front of it (UAX #9).
fn option(language: Language, (name, region, code): &(&str, Region, u16), selected: &str) -> String {
    let code = if language.direction() == "rtl" { format!("\u{2066}+{code}\u{2069}") } else { format!("+{code}") };
    format!("<option value=\"{}\"{selected}>{name} {code}</option>", region.letters())
}
