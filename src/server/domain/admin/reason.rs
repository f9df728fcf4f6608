//! The reason that an admin gives for an act.

use crate::model::admin::{AdminResult, MAX_REASON, Refusal};

/// Not empty, and at most [`MAX_REASON`] characters.
pub struct Reason(String);

impl Reason {
    /// # Errors
    /// `ReasonMissing`, `ReasonTooLong`.
    pub fn parse(typed: &str) -> AdminResult<Self> {
        let text = typed.trim();
        match text.chars().count() {
            0 => Err(Refusal::ReasonMissing),
            count if count > MAX_REASON => Err(Refusal::ReasonTooLong),
            _ => Ok(Self(text.to_owned())),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}
