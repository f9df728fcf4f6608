//! Texts with placeholders in the definition of a gateway: `{to}` and the like are filled in for each message, `${NAME}` once,
//! from the environment.

use super::Sms;
use crate::server::sentences;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::BTreeSet;

/// Everything but the unreserved characters (RFC 3986 §2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What a placeholder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Placeholder {
    /// The phone in E.164 form.
    To,
    /// Its digits alone.
    ToDigits,
    /// The whole message.
    Text,
    Code,
    /// Seconds for which the code is still valid.
    TtlS,
    /// The same in minutes, at least one.
    TtlMin,
    /// The same as hours and minutes, as in 00:10.
    TtlHhmm,
    /// An id of the message, which no other message has.
    Id,
    /// The network address of whoever asked for the message.
    ClientIp,
}

/// A text with placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Filled(Placeholder),
    /// A value from the environment, which may be a secret.
    Secret(String),
}

/// Why a template cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    #[error("{}", sentences::terminal().unknown_placeholder(.0))]
    Unknown(String),
    #[error("{}", sentences::terminal().missing_variable(.0))]
    Missing(String),
}

/// A piece of a written template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    /// `{name}`
    Name(&'a str),
    /// `${NAME}`
    Variable(&'a str),
}

/// The pieces of a written template.
///
/// # Errors
/// `Unknown` for a brace that is not closed.
pub fn pieces(text: &str) -> Result<Vec<Piece<'_>>, TemplateError> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let is_variable = rest[..at].ends_with('$');
        let before = &rest[..at - usize::from(is_variable)];
        let (name, after) =
            rest[at + 1..].split_once('}').ok_or_else(|| TemplateError::Unknown(rest[at..].to_owned()))?;
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(if is_variable { Piece::Variable(name) } else { Piece::Name(name) });
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    Ok(pieces)
}

impl Template {
    /// Parses a text; `variable` reads the environment.
    ///
    /// # Errors
    /// `Unknown` for a placeholder that does not exist, `Missing` for a variable that is not set.
    pub fn parse(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, TemplateError> {
        let part = |piece| match piece {
            Piece::Text(text) => Ok(Part::Text(text.to_owned())),
            Piece::Variable(name) => {
                variable(name).map(Part::Secret).ok_or_else(|| TemplateError::Missing(name.to_owned()))
            }
            Piece::Name(name) => {
                name.parse().map(Part::Filled).map_err(|_| TemplateError::Unknown(format!("{{{name}}}")))
            }
        };
        pieces(text)?.into_iter().map(part).collect::<Result<_, _>>().map(Self)
    }

    /// The text for one message, as it is.
    pub fn fill(&self, sms: &Sms) -> String {
        self.filled(sms, str::to_owned)
    }

    /// The text for one message as a URL: what is filled in is percent-encoded, so that it cannot change the address.
    pub fn fill_url(&self, sms: &Sms) -> String {
        self.filled(sms, |value| utf8_percent_encode(value, RESERVED).to_string())
    }

    fn filled(&self, sms: &Sms, escape: impl Fn(&str) -> String) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Filled(placeholder) => escape(&placeholder.value(sms)),
            Part::Secret(value) => escape(value),
        };
        self.0.iter().map(part).collect()
    }

    /// The text, for a template without placeholders for a message; those are left out.
    pub fn constant(&self) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) | Part::Secret(text) => text.clone(),
            Part::Filled(_) => String::new(),
        };
        self.0.iter().map(part).collect()
    }

    /// The values from the environment.
    pub fn secrets(&self) -> BTreeSet<String> {
        let secret = |part: &Part| if let Part::Secret(value) = part { Some(value.clone()) } else { None };
        self.0.iter().filter_map(secret).collect()
    }
}

impl Placeholder {
    fn value(self, sms: &Sms) -> String {
        let seconds = sms.seconds_left;
        let minutes = (seconds / 60).max(1);
        match self {
            Self::To => sms.to.as_str().to_owned(),
            Self::ToDigits => sms.to.as_str().trim_start_matches('+').to_owned(),
            Self::Text => sms.text.clone(),
            Self::Code => sms.code.as_str().to_owned(),
            Self::TtlS => seconds.to_string(),
            Self::TtlMin => minutes.to_string(),
            Self::TtlHhmm => format!("{:02}:{:02}", minutes / 60, minutes % 60),
            Self::Id => sms.id.clone(),
            Self::ClientIp => sms.client_ip.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::sms::tests::sms;

    fn parse(text: &str) -> Result<Template, TemplateError> {
        Template::parse(text, &|name| (name == "TOKEN").then(|| "s&cret".to_owned()))
    }

    #[test]
    fn placeholders_are_filled_in() {
        let text = "{to} {to_digits} {code} {ttl_s} {ttl_min} {ttl_hhmm} {id} {client_ip} ${TOKEN}";
        assert_eq!(
            parse(text).unwrap().fill(&sms()),
            "+79123456789 79123456789 0764 599 9 00:09 17-1 192.0.2.1 s&cret"
        );
        assert_eq!(parse("{text}").unwrap().fill(&sms()), "Code 0764 & more");
        assert_eq!(parse("no placeholder").unwrap().fill(&sms()), "no placeholder");
    }

    #[test]
    fn in_a_url_they_cannot_change_the_address() {
        let url = parse("https://sms.example/${TOKEN}/send?text={text}&to={to}").unwrap();
        assert_eq!(
            url.fill_url(&sms()),
            "https://sms.example/s%26cret/send?text=Code%200764%20%26%20more&to=%2B79123456789"
        );
    }

    #[test]
    fn unknown_placeholders_and_missing_variables_are_refused() {
        assert_eq!(parse("{phone}"), Err(TemplateError::Unknown("{phone}".to_owned())));
        assert_eq!(parse("{to"), Err(TemplateError::Unknown("{to".to_owned())));
        assert_eq!(parse("${PASSWORD}"), Err(TemplateError::Missing("PASSWORD".to_owned())));
    }
}
