//! The login code that is sent by SMS.

use crate::error::{AppError, AppResult};
use std::fmt;

/// Fewest digits a login code may have (`VOUCH_CODE_LENGTH`).
pub const MIN_LENGTH: u8 = 4;
/// Most digits a login code may have (`VOUCH_CODE_LENGTH`).
pub const MAX_LENGTH: u8 = 8;

/// A well-formed login code. Its `Debug` is masked, so that no log line contains it by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct LoginCode(String);

impl LoginCode {
    /// Parses what a person typed: exactly `length` digits; blanks and hyphens are dropped.
    ///
    /// # Errors
    /// `LoginCodeMissing` for an empty text, `LoginCodeMalformed` for anything else.
    pub fn parse(typed: &str, length: u8) -> AppResult<Self> {
        let code: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if code.is_empty() {
            return Err(AppError::LoginCodeMissing);
        }
        let well_formed = code.len() == usize::from(length) && code.bytes().all(|byte| byte.is_ascii_digit());
        if !well_formed {
            return Err(AppError::LoginCodeMalformed { length });
        }
        Ok(Self(code))
    }

    /// Parses a code of any length from [`MIN_LENGTH`] to [`MAX_LENGTH`].
    ///
    /// # Errors
    /// Those of [`Self::parse`].
    pub fn parse_any(typed: &str) -> AppResult<Self> {
        let lengths = MIN_LENGTH..=MAX_LENGTH;
        let first_fit = lengths.map(|length| Self::parse(typed, length)).find(Result::is_ok);
        first_fit.unwrap_or_else(|| Self::parse(typed, MIN_LENGTH))
    }

    /// The code for a number below `10^length`, with leading zeros.
    pub fn from_number(number: u32, length: u8) -> Self {
        Self(format!("{number:0width$}", width = usize::from(length)))
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
            assert_eq!(LoginCode::parse(typed, 4).unwrap().as_str(), "0764");
        }
    }

    #[test]
    fn anything_but_the_right_number_of_digits_is_refused() {
        assert_eq!(LoginCode::parse("  ", 4), Err(AppError::LoginCodeMissing));
        for typed in ["076", "07640", "abcd", "07a4", "٠٧٦٤", "-764x"] {
            assert_eq!(LoginCode::parse(typed, 4), Err(AppError::LoginCodeMalformed { length: 4 }));
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
        assert_eq!(LoginCode::from_number(7, 4).as_str(), "0007");
    }
}
