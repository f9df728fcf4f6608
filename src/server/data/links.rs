//! Share links: who has opened one, and what became of them.

use crate::model::digits;
use crate::model::invite_code::InviteCode;
use std::fmt;
use std::str::FromStr;

/// What a person does after opening a link, each once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum LinkStep {
    Opened,
    /// After the opening, or before it.
    LoggedIn,
    Redeemed,
}

/// How many people have taken each step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkCounts {
    pub opened: u64,
    pub logged_in: u64,
    pub redeemed: u64,
}

/// The link that a browser has opened last, as its cookie holds it: `8KCT2Q.20785.opened`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedLink {
    pub code: InviteCode,
    /// The day of the opening, in days since 1970 (UTC). The later steps are counted for this day, too, so that they never
    /// exceed the openings.
    pub day: i64,
    /// The last step.
    pub step: LinkStep,
}

impl fmt::Display for OpenedLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step: &str = self.step.into();
        write!(f, "{}.{}.{step}", self.code, self.day)
    }
}

impl FromStr for OpenedLink {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, '.');
        let mut next = || parts.next().ok_or(());
        let code = InviteCode::from_symbols(next()?.to_owned()).ok_or(())?;
        let day = digits(next()?).ok_or(())?;
        let step = next()?.parse().map_err(|_| ())?;
        Ok(Self { code, day, step })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opened_link_is_read_back_from_its_cookie_and_anything_else_is_none() {
        let text = "8KCT2Q.20785.logged-in";
        assert_eq!(text.parse::<OpenedLink>().unwrap().to_string(), text);
        for other in
            ["", "8KCT2Q", "8KCT2Q.20785", "8KCT2Q.-1.opened", "8kct2q.1.opened", "8KCT2Q.1.x", "8KCT2Q.1.opened.x"]
        {
            assert!(other.parse::<OpenedLink>().is_err(), "{other}");
        }
    }
}
