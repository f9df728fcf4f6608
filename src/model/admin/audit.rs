//! What the page of the audit log shows.

use super::Refusal;
use crate::model::moment::Moment;
use serde::{Deserialize, Serialize};

/// The search form, as typed and as in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditQuery {
    /// A part of the reason or the details.
    pub q: String,
    /// The stored code of the act.
    pub act: String,
    /// The id or phone of the admin.
    pub actor: String,
    /// The id or phone of the member.
    pub subject: String,
    /// On this day or later, as YYYY-MM-DD.
    pub from: String,
    /// On this day or earlier.
    pub until: String,
    /// The id before which the page starts.
    pub before: String,
}

impl AuditQuery {
    /// `value` gives the parameters of an address by name.
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

    /// The parameters of an address.
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

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditView {
    pub query: AuditQuery,
    /// Why the search was refused.
    pub problem: Option<Refusal>,
    /// All acts: the value in the address, and its name.
    pub acts: Vec<(String, String)>,
    /// One page.
    pub rows: Vec<AuditRow>,
    /// The start of the next page, if there is one.
    pub next: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    pub id: i64,
    pub at: Moment,
    /// The phone of the admin, or that it was the host.
    pub actor: String,
    /// `None` for the host.
    pub actor_id: Option<i64>,
    pub act: String,
    pub subject: Option<i64>,
    /// The phone of the member, or that they were erased.
    pub subject_name: String,
    pub reason: String,
    /// What was changed.
    pub details: String,
    /// The network of the admin.
    pub address: String,
}
