//! The countries that one can choose for a number typed without its code.

use crate::error::{AppError, AppResult};
use crate::model::phone::Phone;
use crate::server::settings::{Countries, Region};
use phonenumber::metadata::DATABASE;

/// A country with the code of its numbers.
pub struct Country {
    pub region: Region,
    pub code: u16,
}

/// Those to which messages are sent, in no order.
pub fn offered(countries: &Countries) -> Vec<Country> {
    let country = |id: &str, code: u16| {
        let region: Region = id.parse().ok()?;
        countries.include(Some(region.0)).then_some(Country { region, code })
    };
    DATABASE.iter().filter_map(|known| country(known.id(), known.country_code())).collect()
}

/// The country that is chosen before a person chooses: the host's, unless the languages of the browser are only those of
/// others. That it accepts American English says nothing, because browsers do by default.
pub fn likely<'r>(accepted: impl Iterator<Item = &'r str>, countries: &Countries, host: Region) -> Region {
    let known = accepted.filter(|region| *region != "US").filter_map(|region| region.parse::<Region>().ok());
    let offered: Vec<_> = known.filter(|region| countries.include(Some(region.0))).collect();
    if offered.contains(&host) { host } else { offered.first().copied().unwrap_or(host) }
}

/// Reads a number as one of the chosen country, or if that has no such number, of the host's. One that begins with + is of
/// whatever country it says.
///
/// # Errors
/// Those of [`super::parse`].
pub fn parse_in(typed: &str, chosen: &str, host: Region) -> AppResult<Phone> {
    let chosen: Option<Region> = chosen.parse().ok();
    match chosen.map(|chosen| super::parse(typed, chosen)) {
        Some(Err(AppError::PhoneInvalid)) | None => super::parse(typed, host),
        Some(read) => read,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use phonenumber::country::Id;

    const RUSSIA: Region = Region(Id::RU);

    #[test]
    fn a_number_without_plus_is_of_the_chosen_country_and_one_with_plus_of_its_own() {
        for (typed, chosen, phone) in [
            ("07400 123456", "GB", "+447400123456"),
            ("8 912 345-67-89", "RU", "+79123456789"),
            ("+7 912 345-67-89", "GB", "+79123456789"),
            ("0033 6 12 34 56 78", "GB", "+33612345678"),
            // Whoever did not look at the choice is understood as before.
            ("8 912 345-67-89", "GB", "+79123456789"),
            ("8 912 345-67-89", "", "+79123456789"),
            ("8 912 345-67-89", "ZZ", "+79123456789"),
        ] {
            assert_eq!(parse_in(typed, chosen, RUSSIA).unwrap().as_str(), phone, "{typed} in {chosen}");
        }
        assert_eq!(parse_in("12", "GB", RUSSIA), Err(AppError::PhoneInvalid));
        assert_eq!(parse_in("", "GB", RUSSIA), Err(AppError::PhoneMissing));
    }

    #[test]
    fn a_country_is_likely_if_the_browser_names_it_and_not_the_one_of_the_host() {
        let only = Countries::Only(vec![RUSSIA, Region(Id::KZ)]);
        for (accepted, countries, likely_one) in [
            (&["GB"][..], &Countries::Any, Id::GB),
            (&["GB", "RU"], &Countries::Any, Id::RU),
            (&["US", "DE"], &Countries::Any, Id::DE),
            (&["US"], &Countries::Any, Id::RU),
            (&[], &Countries::Any, Id::RU),
            (&["XX"], &Countries::Any, Id::RU),
            (&["GB", "KZ"], &only, Id::KZ),
        ] {
            assert_eq!(likely(accepted.iter().copied(), countries, RUSSIA).0, likely_one, "{accepted:?}");
        }
    }

    #[test]
    fn only_countries_to_which_messages_are_sent_are_offered() {
        let all = offered(&Countries::Any);
        assert!(all.len() > 200 && all.iter().any(|country| (country.region, country.code) == (Region(Id::KZ), 7)));
        assert_eq!(offered(&Countries::Only(vec![RUSSIA])).len(), 1);
    }
}
