//! A moment or a day, for programs and for people.

use serde::{Deserialize, Serialize};

/// In UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// ISO 8601.
    pub iso: String,
    /// The moment as people read it.
    pub text: String,
}
