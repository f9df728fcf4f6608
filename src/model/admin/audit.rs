//! What the page of the audit log shows.

use super::{Moment, Refusal};
use serde::{Deserialize, Serialize};

/// The search form of the audit log, as it was typed and as it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditQuery {
    /// A part of the reason or the details.
    pub q: String,
    /// The act, as it is stored.
    pub act: String,
    /// The number of the admin, or their phone.
    pub actor: String,
    /// The number of the member, or their phone.
    pub subject: String,
    /// On this day or later, as YYYY-MM-DD.
    pub from: String,
    /// On this day or earlier.
    pub until: String,
    /// Where the page begins.
    pub before: String,
}

impl AuditQuery {
    /// Reads a search from an address, of which `value` gives the parameters.
    pub fn read(value: impl Fn(&'static str) -> String) -> Self {
        Self {
            q: value("q"),
            act: value("act"),
            actor: value("actor"),
            subject: value("subject"),
            from: value("from"),
            until: value("until"),
            before: value("before"),
        }
    }

    /// As it stands in an address.
    pub fn parameters(&self) -> [(&'static str, &str); 7] {
        [
            ("q", &self.q),
            ("act", &self.act),
            ("actor", &self.actor),
            ("subject", &self.subject),
            ("from", &self.from),
            ("until", &self.until),
            ("before", &self.before),
        ]
    }
}

/// The audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditView {
    /// What was searched for.
    pub query: AuditQuery,
    /// Why nothing was searched.
    pub problem: Option<Refusal>,
    /// All acts, as they stand in addresses and on the page.
    pub acts: Vec<(String, String)>,
    /// One page of lines.
    pub rows: Vec<AuditRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// A line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Names the line.
    pub id: i64,
    /// When.
    pub at: Moment,
    /// Who.
    pub actor: String,
    /// The admin's number; `None` for the host.
    pub actor_id: Option<i64>,
    /// What.
    pub act: String,
    /// To whom.
    pub subject: Option<i64>,
    /// Their phone.
    pub subject_name: String,
    /// Why.
    pub reason: String,
    /// What was before, and what is now.
    pub details: String,
    /// From where.
    pub address: String,
}
