//! Phone numbers as people write them, and as they read them.

mod countries;
mod format;

pub use countries::{Country, likely, offered, parse_in};
pub use format::{international, masked};

use crate::error::{AppError, AppResult};
use crate::model::ascii_digit;
use crate::model::phone::Phone;
use crate::server::settings::{Countries, Numbers, Region};
use phonenumber::metadata::DATABASE;
use phonenumber::{PhoneNumber, Type};

/// Whether messages are sent to this phone (`VOUCH_SMS_COUNTRIES`, `VOUCH_SMS_NUMBERS`).
///
/// # Errors
/// `PhoneCountry`, `PhoneNotMobile`.
pub fn check_receiver(countries: &Countries, numbers: Numbers, phone: &Phone) -> AppResult<()> {
    let number = phonenumber::parse(None, phone.as_str()).ok();
    if !countries.include(number.as_ref().and_then(|number| number.country().id())) {
        return Err(AppError::PhoneCountry);
    }
    if number.is_some_and(|number| gets_messages(numbers, &number)) { Ok(()) } else { Err(AppError::PhoneNotMobile) }
}

fn gets_messages(numbers: Numbers, number: &PhoneNumber) -> bool {
    let kind = number.number_type(&DATABASE);
    match numbers {
        Numbers::Mobile => matches!(kind, Type::Mobile | Type::FixedLineOrMobile),
        Numbers::Any => !matches!(kind, Type::PremiumRate | Type::SharedCost | Type::TollFree | Type::Uan),
    }
}

/// Longest input worth parsing: 15 digits with generous punctuation.
const MAX_TYPED: usize = 40;

/// Reads any usual way to write a phone number.
///
/// # Errors
/// `PhoneMissing` for nothing, `PhoneInvalid` for what the number plan of its country does not allow.
pub fn parse(typed: &str, region: Region) -> AppResult<Phone> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(AppError::PhoneMissing);
    }
    // The library reads letters as keypad digits and as extensions; in a login they are mistakes. Control characters are
    // no way to write a number.
    let is_mistake = |symbol: char| symbol.is_alphabetic() || symbol.is_control();
    let plausible = typed.len() <= MAX_TYPED && !typed.chars().any(is_mistake);
    if !plausible {
        return Err(AppError::PhoneInvalid);
    }
    let spelt = respelt(typed);
    // Told a country, the library looks for that one's trunk prefix behind the code of another, too.
    let region = (!spelt.starts_with('+')).then_some(region.0);
    let international = e164(region, &spelt).ok_or(AppError::PhoneInvalid)?;
    // The library calls a few numbers valid as they were typed, and not in the form that it gives them.
    if e164(None, &international).as_ref() != Some(&international) {
        return Err(AppError::PhoneInvalid);
    }
    Phone::from_e164(&international).ok_or(AppError::PhoneInvalid)
}

/// The number in E.164 form, if its country's plan allows it.
fn e164(region: Option<phonenumber::country::Id>, text: &str) -> Option<String> {
    let number = phonenumber::parse(region, text).ok().filter(phonenumber::PhoneNumber::is_valid)?;
    // Not by the library's formatter: see `format`.
    Some(format!("+{}{}", number.code().value(), number.national()))
}

/// Usual spellings that the library does not know: digits of other scripts, `00` dialled for `+`, and the trunk zero
/// of `+44 (0)20 …`, which is not dialled after a country code.
fn respelt(typed: &str) -> String {
    let digits: String = typed.chars().map(ascii_digit).collect();
    match digits.strip_prefix("00").or(digits.strip_prefix('+')) {
        Some(international) => format!("+{}", international.replace("(0)", "")),
        None => digits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn russia() -> Region {
        "RU".parse().unwrap()
    }

    /// Found by fuzzing: read as a number of the country 888, which is none in its own form.
    #[test]
    fn what_is_no_number_in_its_own_form_is_none() {
        assert_eq!(parse("8880090\u{666}19.9-9", russia()), Err(AppError::PhoneInvalid));
    }

    /// Found by fuzzing: behind the code of Poland an 8 was read as the one dialled before numbers within Russia.
    #[test]
    fn the_trunk_prefix_of_one_country_is_none_in_another() {
        let polish = Phone::from_e164("+48800916000").unwrap();
        assert_eq!(parse("+48 800 916 000", russia()), Ok(polish.clone()));
        assert_eq!(parse(polish.as_str(), russia()), Ok(polish));
    }

    #[test]
    fn messages_go_only_to_the_countries_that_are_listed() {
        let countries: Countries = "RU,DE".parse().unwrap();
        let check = |typed: &str| check_receiver(&countries, Numbers::Any, &parse(typed, russia()).unwrap());
        assert_eq!(check("+79123456789"), Ok(()));
        assert_eq!(check("+4915112345678"), Ok(()));
        // Kazakhstan shares the code +7.
        assert_eq!(check("+77012345678"), Err(AppError::PhoneCountry));
        assert_eq!(check("+442079460000"), Err(AppError::PhoneCountry));
        assert!(check_receiver(&Countries::Any, Numbers::Any, &parse("+442079460000", russia()).unwrap()).is_ok());
        assert!("".parse::<Countries>().is_err() && "Russia".parse::<Countries>().is_err());
    }

    #[test]
    fn messages_go_to_mobile_numbers_unless_the_host_says_otherwise() {
        let check =
            |numbers, typed: &str| check_receiver(&Countries::Any, numbers, &parse(typed, russia()).expect(typed));
        // A Russian, a British and an American one; in America nobody can tell.
        for mobile in ["+79123456789", "+447911123456", "+14155552671"] {
            assert_eq!(check(Numbers::Mobile, mobile), Ok(()), "{mobile}");
            assert_eq!(check(Numbers::Any, mobile), Ok(()), "{mobile}");
        }
        for fixed in ["+442079460000", "+390236618300", "+74951234567"] {
            assert_eq!(check(Numbers::Mobile, fixed), Err(AppError::PhoneNotMobile), "{fixed}");
            assert_eq!(check(Numbers::Any, fixed), Ok(()), "{fixed}");
        }
        // Toll-free.
        for other in ["+48800916000", "+18004633339"] {
            assert_eq!(check(Numbers::Any, other), Err(AppError::PhoneNotMobile), "{other}");
        }
    }

    #[test]
    fn every_usual_way_to_write_a_number_is_the_same_number() {
        for typed in [
            "+79123456789",
            "79123456789",
            "89123456789",
            "9123456789",
            "8 (912) 345-67-89",
            "+7 912 345 67 89",
            "+7-912-345-67-89",
            " +7 (912) 345.67.89 ",
            "+7\u{a0}912\u{a0}345\u{2011}67\u{2011}89",
            "0079123456789",
            "+٧٩١٢٣٤٥٦٧٨٩",
            "\u{202a}+7 912 345-67-89\u{202c}",
        ] {
            assert_eq!(parse(typed, russia()).map(|p| p.as_str().to_owned()), Ok("+79123456789".into()), "{typed}");
        }
    }

    #[test]
    fn other_countries_are_taken_with_their_code() {
        for (typed, e164) in [
            ("+1 (415) 555-2671", "+14155552671"),
            ("+44 7911 123456", "+447911123456"),
            ("+49 (0)1512 3456789", "+4915123456789"),
            ("0049 1512 3456789", "+4915123456789"),
            ("+380 67 123 45 67", "+380671234567"),
        ] {
            assert_eq!(parse(typed, russia()).map(|p| p.as_str().to_owned()), Ok(e164.into()), "{typed}");
        }
        let american = parse("(415) 555-2671", "US".parse().unwrap()).unwrap();
        assert_eq!(american.as_str(), "+14155552671");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        assert_eq!(parse(" \u{a0} ", russia()), Err(AppError::PhoneMissing));
        let long = "9".repeat(500);
        for typed in [
            "abc",
            "call me",
            "12",
            "+7912",
            "+7 000 000-00-00",
            "+999 123456789",
            "+",
            "8 800 FLOWERS",
            "+7 912 345-67-89 ext. 5",
            "\0",
            "+7912345\x006789",
            "+7912\t3456789",
            "+7912345\n6789",
            &long,
        ] {
            assert_eq!(parse(typed, russia()), Err(AppError::PhoneInvalid), "{typed:?}");
        }
    }

    #[test]
    fn a_number_is_shown_in_international_form() {
        assert_eq!(international(&parse("89123456789", russia()).unwrap()), "+7 912 345-67-89");
    }
}
