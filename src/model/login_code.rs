//! The login code that is sent by SMS.

use super::ascii_digit;
use crate::error::{AppError, AppResult};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How many digits a login code has: 4 to 8 (`VOUCH_CODE_LENGTH`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct CodeLength(u8);

impl CodeLength {
    pub const MIN: Self = Self(4);
    pub const MAX: Self = Self(8);

    /// How many codes of this length there are.
    pub fn codes(self) -> u32 {
        10_u32.pow(self.0.into())
    }
}

impl TryFrom<u8> for CodeLength {
    type Error = &'static str;

    fn try_from(digits: u8) -> Result<Self, Self::Error> {
        let is_allowed = (Self::MIN.0..=Self::MAX.0).contains(&digits);
        is_allowed.then_some(Self(digits)).ok_or("expected a number from 4 to 8")
    }
}

impl FromStr for CodeLength {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        super::digits(text).unwrap_or(0).try_into()
    }
}

impl From<CodeLength> for u8 {
    fn from(length: CodeLength) -> Self {
        length.0
    }
}

impl fmt::Display for CodeLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A well-formed login code. Its `Debug` is masked, so that no log line contains it by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct LoginCode(String);

impl LoginCode {
    /// Parses what a person typed: exactly `length` digits, of any script; blanks and hyphens are dropped.
    ///
    /// # Errors
    /// `LoginCodeMissing` for an empty text, `LoginCodeMalformed` for anything else.
    pub fn parse(typed: &str, length: CodeLength) -> AppResult<Self> {
        let code = Self::symbols(typed)?;
        let well_formed = code.len() == usize::from(length.0) && code.bytes().all(|byte| byte.is_ascii_digit());
        if !well_formed {
            return Err(AppError::LoginCodeMalformed { length: length.into() });
        }
        Ok(Self(code))
    }

    /// Parses a code of any length that one may have.
    ///
    /// # Errors
    /// Those of [`Self::parse`].
    pub fn parse_any(typed: &str) -> AppResult<Self> {
        let digits = Self::symbols(typed)?.len().try_into().unwrap_or(u8::MAX);
        Self::parse(typed, CodeLength::try_from(digits).unwrap_or(CodeLength::MIN))
    }

    /// The code for a number below [`CodeLength::codes`], with leading zeros.
    pub fn from_number(number: u64, length: CodeLength) -> Self {
        Self(format!("{number:0width$}", width = usize::from(length.0)))
    }

    fn symbols(typed: &str) -> AppResult<String> {
        let is_symbol = |symbol: &char| !symbol.is_whitespace() && *symbol != '-';
        let symbols: String = typed.chars().filter(is_symbol).map(ascii_digit).collect();
        if symbols.is_empty() { Err(AppError::LoginCodeMissing) } else { Ok(symbols) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LoginCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_hyphens_are_dropped() {
        for typed in ["0764", " 0764 ", "07 64", "07-64", "0764\n"] {
            assert_eq!(LoginCode::parse(typed, CodeLength::MIN).unwrap().as_str(), "0764");
        }
    }

    /// As in phones: who types a phone in Arabic digits types the code in them, too.
    #[test]
    fn digits_of_other_scripts_are_read() {
        for typed in ["٠٧٦٤", "۰۷۶۴", "０７６４"] {
            assert_eq!(LoginCode::parse(typed, CodeLength::MIN).unwrap().as_str(), "0764");
        }
        assert_eq!(LoginCode::parse_any("٠٧٦٤١٢").unwrap().as_str(), "076412");
    }

    #[test]
    fn a_length_is_one_of_four_to_eight() {
        for good in ["4", "8"] {
            assert_eq!(good.parse::<CodeLength>().unwrap().to_string(), good);
        }
        for bad in ["", "3", "9", "10", "260", "+4", "four"] {
            assert!(bad.parse::<CodeLength>().is_err(), "{bad}");
        }
        assert_eq!(CodeLength::MAX.codes(), 100_000_000);
    }

    #[test]
    fn anything_but_the_right_number_of_digits_is_refused() {
        assert_eq!(LoginCode::parse("  ", CodeLength::MIN), Err(AppError::LoginCodeMissing));
        for typed in ["076", "07640", "abcd", "07a4", "-764x"] {
            let refused = AppError::LoginCodeMalformed { length: 4 };
            assert_eq!(LoginCode::parse(typed, CodeLength::MIN), Err(refused));
        }
    }

    #[test]
    fn any_length_that_codes_may_have_is_accepted() {
        for good in ["0764", "076 412", "12345678"] {
            assert!(LoginCode::parse_any(good).is_ok(), "{good}");
        }
        for bad in ["", "076", "123456789", "07b4"] {
            assert!(LoginCode::parse_any(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn small_numbers_keep_their_leading_zeros() {
        assert_eq!(LoginCode::from_number(7, CodeLength::MIN).as_str(), "0007");
    }
}
