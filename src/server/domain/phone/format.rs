//! Phone numbers as people read them.
//!
//! The tables are those of the `phonenumber` crate, and the text is what it would give. Its own formatter is not used:
//! it keeps the regular expressions of all countries in one cache of a hundred, and matches while it holds the lock of
//! that cache. The numbers of a dozen countries evict each other's expressions, and compiling those again takes most
//! of a millisecond per number, for which everybody else waits. Here the few expressions of a country are compiled
//! when the first of its numbers is shown, and are kept.

use crate::model::phone::Phone;
use phonenumber::metadata::{DATABASE, Format};
use regex::{Regex, RegexBuilder};
use std::borrow::Cow;
use std::sync::OnceLock;

/// Calling codes have at most this many digits.
const MAX_CODE: usize = 3;

/// What is known of each calling code, the code being the index: `None` for what is no calling code.
static LAYOUTS: [OnceLock<Option<Vec<Layout>>>; 1000] = [const { OnceLock::new() }; 1000];

/// The number as people read it: `+7 912 345-67-89`.
///
/// The digits are those of the phone. The library would drop what it takes for a trunk prefix, or add an area code, and
/// show another number; of what is typed in, such numbers are refused.
pub fn international(phone: &Phone) -> String {
    let e164 = phone.as_str();
    let Some((code, national, layouts)) = split(e164) else { return e164.to_owned() };
    let spaced = layouts.iter().find_map(|layout| layout.apply(national));
    format!("+{code} {}", spaced.as_deref().unwrap_or(national))
}

/// The number for those who may not know it: `+7 9•• •••-••-89`. Of the number within its country the first digit and the
/// last two are shown.
pub fn masked(phone: &Phone) -> String {
    let text = international(phone);
    let (code, national) = text.split_once(' ').unwrap_or(("", &text));
    let digits = national.bytes().filter(u8::is_ascii_digit).count();
    let mut place = 0;
    let mask = |symbol: char| {
        if !symbol.is_ascii_digit() {
            return symbol;
        }
        place += 1;
        if place == 1 || place + 2 > digits { symbol } else { '•' }
    };
    let masked: String = national.chars().map(mask).collect();
    format!("{code} {masked}").trim_start().to_owned()
}

/// The calling code, the number within its country, and the layouts of that country.
fn split(e164: &str) -> Option<(&str, &str, &'static [Layout])> {
    let digits = e164.strip_prefix('+')?;
    // No calling code is the beginning of another.
    (1..=MAX_CODE).find_map(|length| {
        let (code, national) = digits.split_at_checked(length)?;
        Some((code, national, layouts(code.parse().ok()?)?))
    })
}

fn layouts(code: u16) -> Option<&'static [Layout]> {
    LAYOUTS.get(usize::from(code))?.get_or_init(|| compiled(code)).as_deref()
}

fn compiled(code: u16) -> Option<Vec<Layout>> {
    // Of countries that share a code, the first is the one whose layouts are for all of them.
    let country = DATABASE.by_code(&code)?.into_iter().next()?;
    let formats = match country.international_formats() {
        [] => country.formats(),
        formats => formats,
    };
    Some(formats.iter().filter_map(Layout::new).collect())
}

/// One way to space the numbers of a country.
struct Layout {
    /// Matches the beginning of the numbers that are spaced like this; `None` if all are.
    leading: Option<Regex>,
    /// For each block its length and what follows it, if every block has one length. Most layouts are like this, and
    /// then nothing needs to be searched.
    fixed: Option<Vec<(usize, &'static str)>>,
    /// Has a group for each block of digits.
    blocks: Regex,
    /// The blocks, as `$1`, with what stands between them.
    text: &'static str,
}

impl Layout {
    /// `None` if an expression does not compile, which a test rules out.
    fn new(format: &'static Format) -> Option<Self> {
        // The expressions before the last one are for numbers that are still being typed.
        let leading = match format.leading_digits().last() {
            Some(leading) => Some(expression(&format!("^(?:{})", leading.as_str()))?),
            None => None,
        };
        let pattern = format.pattern().as_str();
        let text = format.format();
        Some(Self { leading, fixed: fixed(pattern, text), blocks: expression(pattern)?, text })
    }

    /// The number in this layout, if it is the one for this number.
    fn apply<'n>(&self, national: &'n str) -> Option<Cow<'n, str>> {
        let length = |fixed: &Vec<(usize, &str)>| fixed.iter().map(|(length, _)| length).sum::<usize>();
        if let Some(fixed) = self.fixed.as_ref().filter(|fixed| length(fixed) == national.len()) {
            let applies = self.leading.as_ref().is_none_or(|leading| leading.is_match(national));
            return applies.then(|| spaced(national, fixed).into());
        }
        // As in the library, a layout for all numbers is used without regard to their length.
        let applies = self.leading.as_ref().is_none_or(|leading| leading.is_match(national) && self.covers(national));
        applies.then(|| self.blocks.replace(national, self.text))
    }

    fn covers(&self, national: &str) -> bool {
        self.blocks.find(national).is_some_and(|found| found.range() == (0..national.len()))
    }
}

fn spaced(national: &str, fixed: &[(usize, &str)]) -> String {
    let mut spaced = String::with_capacity(2 * national.len());
    let mut rest = national;
    for (length, follows) in fixed {
        let (block, after) = rest.split_at(*length);
        spaced.extend([block, follows]);
        rest = after;
    }
    spaced
}

/// The blocks of a pattern like `(\d)(\d{3})` with what follows them in a text like `$1 $2`; `None` if there is more to
/// them.
fn fixed(pattern: &str, text: &'static str) -> Option<Vec<(usize, &'static str)>> {
    let blocks: Vec<_> = pattern.strip_prefix('(')?.strip_suffix(')')?.split(")(").collect();
    let parts: Vec<_> = text.strip_prefix('$')?.split('$').collect();
    let block = |(number, (block, part)): (usize, (&str, &'static str))| {
        let length = match block.strip_prefix(r"\d")? {
            "" => 1,
            counted => counted.strip_prefix('{')?.strip_suffix('}')?.parse().ok()?,
        };
        Some((length, part.strip_prefix(&(number + 1).to_string())?))
    };
    (blocks.len() == parts.len()).then(|| blocks.into_iter().zip(parts).enumerate().map(block).collect())?
}

/// Compiles an expression of the tables, in which spaces mean nothing. That `\d` need not match the digits of every
/// script saves most of the time and memory.
fn expression(source: &str) -> Option<Regex> {
    RegexBuilder::new(source).ignore_whitespace(true).unicode(false).build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use phonenumber::metadata::{Descriptor, Metadata};
    use phonenumber::{Mode, Type};
    use std::collections::BTreeSet;

    const TYPES: [Type; 11] = [
        Type::Unknown,
        Type::FixedLine,
        Type::Mobile,
        Type::TollFree,
        Type::PremiumRate,
        Type::SharedCost,
        Type::PersonalNumber,
        Type::Voip,
        Type::Pager,
        Type::Uan,
        Type::Voicemail,
    ];

    fn countries() -> Vec<&'static Metadata> {
        let mut countries: Vec<_> = DATABASE.iter().collect();
        countries.sort_by_key(|country| (country.country_code(), country.id()));
        countries
    }

    /// What the library gives for a number that is valid and that it leaves as it is: for every number that can be
    /// typed in.
    fn by_the_library(phone: &Phone) -> Option<String> {
        let number = phonenumber::parse(None, phone.as_str()).ok().filter(phonenumber::PhoneNumber::is_valid)?;
        let same = number.format().mode(Mode::E164).to_string() == phone.as_str();
        same.then(|| number.format().mode(Mode::International).to_string())
    }

    /// The same numbers on every run (Knuth's generator for 64 bits).
    struct Digits(u64);

    impl Digits {
        fn below(&mut self, bound: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % bound
        }

        /// The example with some of its last digits replaced, of any length that its kind may have.
        fn like(&mut self, example: &str, lengths: &[u16]) -> String {
            let length = if lengths.is_empty() { example.len() } else { lengths[self.below(lengths.len())].into() };
            let kept = example.len().min(length) - self.below(example.len().min(length));
            let mut national = example[..kept].to_owned();
            while national.len() < length {
                national.push(char::from(b'0' + u8::try_from(self.below(10)).unwrap()));
            }
            national
        }
    }

    fn nationals(descriptor: &Descriptor, digits: &mut Digits) -> Vec<String> {
        let Some(example) = descriptor.example() else { return Vec::new() };
        let random = (0..5).map(|_| digits.like(example, descriptor.possible_length()));
        std::iter::once(example.to_owned()).chain(random).collect()
    }

    #[test]
    fn the_text_is_that_of_the_library() {
        let mut digits = Digits(1);
        let mut codes = BTreeSet::new();
        let mut compared = 0;
        for country in countries() {
            let descriptors = TYPES.iter().filter_map(|kind| country.descriptors().get(*kind));
            for national in descriptors.flat_map(|descriptor| nationals(descriptor, &mut digits)) {
                let code = country.country_code();
                let Some(phone) = Phone::from_e164(&format!("+{code}{national}")) else { continue };
                let Some(expected) = by_the_library(&phone) else { continue };
                assert_eq!(international(&phone), expected);
                codes.insert(code);
                compared += 1;
            }
        }
        println!("{compared} numbers of {} calling codes", codes.len());
        assert!(compared > 4000 && codes.len() > 200, "{compared} numbers of {} calling codes", codes.len());
    }

    #[test]
    fn every_layout_compiles_and_every_code_has_a_place() {
        for country in countries() {
            let code = country.country_code();
            let main = DATABASE.by_code(&code).unwrap()[0];
            let count = match main.international_formats().len() {
                0 => main.formats().len(),
                count => count,
            };
            assert_eq!(layouts(code).map(<[Layout]>::len), Some(count), "+{code}");
        }
    }

    #[test]
    fn no_code_is_the_beginning_of_another() {
        let codes: BTreeSet<String> = countries().iter().map(|country| country.country_code().to_string()).collect();
        for code in &codes {
            assert!(!codes.iter().any(|other| other != code && other.starts_with(code)), "+{code}");
        }
    }

    #[test]
    fn numbers_are_spaced_as_their_country_does() {
        for (e164, spaced) in [
            ("+79123456789", "+7 912 345-67-89"),
            ("+14155552671", "+1 415-555-2671"),
            ("+390236618300", "+39 02 3661 8300"),
            ("+442079460000", "+44 20 7946 0000"),
            ("+5491123456789", "+54 9 11 2345-6789"),
        ] {
            assert_eq!(international(&Phone::from_e164(e164).unwrap()), spaced);
        }
    }

    #[test]
    fn a_masked_number_shows_the_country_one_digit_and_the_last_two() {
        for (e164, masked_as) in [
            ("+79123456789", "+7 9•• •••-••-89"),
            ("+14155552671", "+1 4••-•••-••71"),
            ("+99912345678", "+9••••••••78"),
        ] {
            assert_eq!(masked(&Phone::from_e164(e164).unwrap()), masked_as);
        }
    }

    #[test]
    fn what_has_no_layout_keeps_its_digits() {
        // Too short for Russia, and of no country.
        assert_eq!(international(&Phone::from_e164("+79123456").unwrap()), "+7 9123456");
        assert_eq!(international(&Phone::from_e164("+99912345678").unwrap()), "+99912345678");
    }
}
