//! Numbers of invitees at which the host thanks a member.

use std::str::FromStr;

/// Characters of what is said.
const LONGEST: usize = 120;

/// A number of invitees, and what the host says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    pub invitees: u64,
    pub sentence: String,
}

impl FromStr for Milestone {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || {
            format!(
                "expected a number of people and a sentence of at most {LONGEST} characters, such as 3=You get a badge"
            )
        };
        let (invitees, sentence) = text.split_once('=').ok_or_else(expected)?;
        let invitees = invitees.trim().parse().ok().filter(|invitees| *invitees > 0).ok_or_else(expected)?;
        let sentence = sentence.trim();
        let is_readable = (1..=LONGEST).contains(&sentence.chars().count()) && !sentence.chars().any(char::is_control);
        if is_readable { Ok(Self { invitees, sentence: sentence.to_owned() }) } else { Err(expected()) }
    }
}
