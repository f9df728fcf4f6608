//! The invite code of a member.

use crate::error::{AppError, AppResult};
use std::fmt;

pub const LENGTH: usize = 6;

/// The 31 symbols of a code: digits and capitals without the ones that look alike (0/O, 1/I/L).
pub const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// A well-formed invite code, in upper case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InviteCode(String);

impl InviteCode {
    /// Parses what a person typed, in either case; blanks and hyphens are dropped.
    ///
    /// # Errors
    /// `InviteCodeMissing` for an empty text, `InviteCodeTooLong` for more than six characters, and `InviteCodeUnknown`
    /// for any other text that cannot be a code.
    pub fn parse(typed: &str) -> AppResult<Self> {
        let code: String =
            typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
        match code.chars().count() {
            0 => Err(AppError::InviteCodeMissing),
            count if count > LENGTH => Err(AppError::InviteCodeTooLong),
            _ => Self::from_symbols(code).ok_or(AppError::InviteCodeUnknown),
        }
    }

    /// `None` unless the text is a code in its stored form: six symbols, upper case.
    pub fn from_symbols(code: String) -> Option<Self> {
        let well_formed = code.len() == LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte));
        well_formed.then_some(Self(code))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InviteCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_blanks_and_hyphens_do_not_matter() {
        for typed in ["AB2C3D", "ab2c3d", " aB2-c3D ", "ab2 c3d", "AB2\u{a0}C3D"] {
            assert_eq!(InviteCode::parse(typed).unwrap().as_str(), "AB2C3D");
        }
    }

    #[test]
    fn malformed_codes_are_refused_with_a_reason() {
        assert_eq!(InviteCode::parse(" - "), Err(AppError::InviteCodeMissing));
        assert_eq!(InviteCode::parse("AB2C3DE"), Err(AppError::InviteCodeTooLong));
        for typed in ["AB2C3", "AB0C3D", "ABOC3D", "AB1C3D", "ABIC3D", "ABLC3D", "ÄB2C3D", "AB2C3😀"] {
            assert_eq!(InviteCode::parse(typed), Err(AppError::InviteCodeUnknown), "{typed}");
        }
    }
}
