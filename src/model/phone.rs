//! A phone number in E.164 form. What people type is parsed on the server, in `server::domain::phone`, because the
//! library with the numbering plans of all countries is too large for the browser.

use std::fmt;

/// A phone number in E.164: `+`, then 8 to 15 digits (ITU-T E.164 allows at most 15).
///
/// It has no `Display`, and its `Debug` is masked, so that no log line shows it by accident.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

impl Phone {
    /// `None` unless the text is in E.164 form already.
    pub fn from_e164(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('+')?;
        let well_formed = (8..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        well_formed.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+…{}", &self.0[self.0.len() - 2..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_e164_is_accepted() {
        assert!(Phone::from_e164("+79123456789").is_some());
        for bad in ["", "+", "79123456789", "+7912", "+0123456789", "+7912345678901234", "+7912 345678", "+7912345678٩"]
        {
            assert!(Phone::from_e164(bad).is_none(), "{bad:?} was accepted");
        }
    }

    #[test]
    fn debug_shows_two_digits_only() {
        let phone = Phone::from_e164("+79123456789").unwrap();
        assert_eq!(format!("{phone:?}"), "+…89");
    }
}
