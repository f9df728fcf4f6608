//! The names of countries, in `countries.tsv`: two letters, English, Russian, Arabic. They are those of CLDR 48, as
//! `Intl.DisplayNames` of ECMA-402 gives them, as HTML.

use crate::model::language::Language;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// By two letters (ISO 3166), the names in the order of the languages.
type Names = BTreeMap<&'static str, [&'static str; 3]>;

/// The name of a country; `None` for what is none.
pub fn country(letters: &str, language: Language) -> Option<&'static str> {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(read).get(letters).map(|names| names[language as usize])
}

fn read() -> Names {
    let lines = include_str!("countries.tsv").lines().map(|line| line.split('\t'));
    let names = lines.filter_map(|mut line| Some((line.next()?, [line.next()?, line.next()?, line.next()?])));
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_a_name_in_every_language() {
        assert_eq!(read().len(), include_str!("countries.tsv").lines().count());
        for (language, name) in
            [(Language::English, "Germany"), (Language::Russian, "Германия"), (Language::Arabic, "ألمانيا")]
        {
            assert_eq!(country("DE", language), Some(name));
        }
        assert_eq!(country("ZZ", Language::English), None);
    }
}
