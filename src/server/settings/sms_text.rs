//! The text of a message: the host's (`VOUCH_SMS_TEXT`) or the default. It is checked once, at the start.
//!
//! Its last line can be one for WebOTP: `@host #code`, by which a browser on the phone fills in the code, on pages of this
//! host only (Origin-bound one-time codes, WICG).

use super::PublicUrl;
use crate::model::language::Language;
use crate::model::login_code::{CodeLength, LoginCode};
use crate::server::sentences;
use crate::words;
use strum::VariantArray;

/// Characters of one message in the 7-bit alphabet of phones, and in any other (3GPP TS 23.038).
const GSM_PART: usize = 160;
const UCS2_PART: usize = 70;

/// The 7-bit alphabet, and the characters that take two places in it (3GPP TS 23.038 §6.2.1).
const GSM: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿\
abcdefghijklmnopqrstuvwxyzäöñüà";
const GSM_DOUBLE: &str = "^{}\\[~]|€\u{c}";

/// The text of messages in every language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SmsText {
    /// The host's, in whatever language it is.
    Written(Template),
    /// Ours, with the last line for WebOTP on https.
    Default { last_line: Option<String> },
}

/// The text of a message, with `{code}` and optionally `{minutes}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(String);

/// Why a text cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmsTextError {
    #[error("{}", sentences::terminal().sms_text_without_code)]
    WithoutCode,
    #[error("{}", sentences::terminal().sms_text_web_otp(.0))]
    WebOtp(String),
}

impl SmsText {
    /// The host's text, or the default one. On https the default ends with the line for WebOTP.
    ///
    /// # Errors
    /// When the text has no code, or a line for WebOTP that no browser would accept.
    pub fn new(written: Option<&str>, url: Option<&PublicUrl>) -> Result<Self, SmsTextError> {
        let host = url.filter(|url| url.is_https()).map(PublicUrl::host);
        let line = host.map(|host| format!("@{host} #{{code}}"));
        let Some(written) = written else { return Ok(Self::Default { last_line: line }) };
        let text = written.replace("\\n", "\n");
        if !text.contains("{code}") {
            return Err(SmsTextError::WithoutCode);
        }
        let claims: Vec<_> = text.lines().filter(|line| line.starts_with('@')).collect();
        let is_last = claims.last() == text.lines().last().as_ref();
        let expected = line.unwrap_or_default();
        if !claims.is_empty() && (claims != [expected.as_str()] || !is_last) {
            return Err(SmsTextError::WebOtp(expected));
        }
        Ok(Self::Written(Template(text)))
    }

    pub fn in_language(&self, language: Language) -> Template {
        let last_line = match self {
            Self::Written(template) => return template.clone(),
            Self::Default { last_line } => last_line,
        };
        let text = sentences::service_in(language).login_message.replace("{name}", words::name());
        Template(last_line.as_ref().map_or_else(|| text.clone(), |line| format!("{text}\n\n{line}")))
    }

    /// How many messages a provider charges for the longest text.
    pub fn parts(&self) -> usize {
        Language::VARIANTS.iter().map(|language| self.in_language(*language).parts()).max().unwrap_or_default()
    }
}

impl Template {
    pub fn fill(&self, code: &LoginCode, minutes: u32) -> String {
        self.0.replace("{code}", code.as_str()).replace("{minutes}", &minutes.to_string())
    }

    fn parts(&self) -> usize {
        let text = self.fill(&LoginCode::from_number(0, CodeLength::MAX), 10);
        let gsm: Option<usize> = text.chars().map(places).sum();
        match gsm {
            // A part of a longer message holds 7 places fewer, which join the parts.
            Some(places) if places > GSM_PART => places.div_ceil(GSM_PART - 7),
            Some(_) => 1,
            None => match text.encode_utf16().count() {
                units if units > UCS2_PART => units.div_ceil(UCS2_PART - 3),
                _ => 1,
            },
        }
    }
}

fn places(character: char) -> Option<usize> {
    match character {
        _ if GSM.contains(character) => Some(1),
        _ if GSM_DOUBLE.contains(character) => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn https() -> PublicUrl {
        "https://vouch.example".parse().unwrap()
    }

    fn code() -> LoginCode {
        LoginCode::from_number(764, CodeLength::MIN)
    }

    #[test]
    fn the_default_ends_with_the_line_for_browsers_on_https_and_costs_one_message() {
        let text = SmsText::new(None, Some(&https())).unwrap();
        for language in Language::VARIANTS {
            let text = text.in_language(*language);
            assert!(text.fill(&code(), 10).ends_with("\n\n@vouch.example #0764"), "{text:?}");
            assert_eq!(text.parts(), 1, "{text:?}");
        }
        let local = SmsText::new(None, Some(&"http://localhost".parse().unwrap())).unwrap();
        assert!(!local.in_language(Language::English).fill(&code(), 10).contains('@'));
    }

    #[test]
    fn a_text_needs_the_code_and_the_line_for_browsers_its_form() {
        let new = |text: &str| SmsText::new(Some(text), Some(&https()));
        assert_eq!(new("Hello"), Err(SmsTextError::WithoutCode));
        assert_eq!(
            new("{code} is good for {minutes} min").unwrap().in_language(Language::Russian).fill(&code(), 9),
            "0764 is good for 9 min"
        );
        assert!(new("{code}\\n@vouch.example #{code}").is_ok());
        for bad in [
            "{code}\n@other.example #{code}",
            "{code}\n@vouch.example {code}",
            "@vouch.example #{code}\nthanks",
            "{code}\n@vouch.example #{code}\n@vouch.example #{code}",
        ] {
            assert_eq!(new(bad), Err(SmsTextError::WebOtp("@vouch.example #{code}".to_owned())), "{bad}");
        }
    }

    #[test]
    fn parts_are_counted_as_providers_do() {
        let parts = |text: &str| SmsText::new(Some(text), None).unwrap().parts();
        // The code of eight digits takes the place of six characters.
        assert_eq!(parts(&format!("{{code}}{}", "x".repeat(152))), 1);
        assert_eq!(parts(&format!("{{code}}{}", "x".repeat(153))), 2);
        assert_eq!(parts(&format!("{{code}}{}", "€".repeat(76))), 1);
        assert_eq!(parts(&format!("{{code}}{}", "€".repeat(77))), 2);
        assert_eq!(parts(&format!("{{code}}{}", "я".repeat(62))), 1);
        assert_eq!(parts(&format!("{{code}}{}", "я".repeat(63))), 2);
    }
}
