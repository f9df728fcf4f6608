//! What the pages of webhooks show.

use super::Refusal;
use crate::model::moment::Moment;
use crate::model::profile::Flash;
use serde::{Deserialize, Serialize};

/// The search form, as in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WebhookQuery {
    /// `waiting`, `delivered` or `failed`.
    pub state: String,
    /// The type of the event, such as `member.created`.
    pub event: String,
    /// The id before which the page starts.
    pub before: String,
}

impl WebhookQuery {
    /// `value` gives the parameters of an address by name.
    pub fn read(value: impl Fn(&'static str) -> String) -> Self {
        Self { state: value("state"), event: value("event"), before: value("before") }
    }

    /// The parameters of an address.
    pub fn parameters(&self) -> [(&'static str, &str); 3] {
        [("state", &self.state), ("event", &self.event), ("before", &self.before)]
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhooksView {
    /// In the order in which the host has set them.
    pub endpoints: Vec<EndpointRow>,
    pub query: WebhookQuery,
    /// Why the search was refused.
    pub problem: Option<Refusal>,
    /// The states: the value in the address, and its name.
    pub states: Vec<(String, String)>,
    /// The types of events: the value in the address, and its name.
    pub events: Vec<(String, String)>,
    /// One page.
    pub rows: Vec<DeliveryRow>,
    /// The start of the next page, if there is one.
    pub next: Option<String>,
    /// Whether any delivery has failed for good.
    pub has_failed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointRow {
    /// Its place in the settings of the host, from 1.
    pub number: usize,
    pub url: String,
    pub is_off: bool,
    /// Whether it is on, in a few words.
    pub state: String,
    /// Since when and why it is off or fails, in a sentence; empty if it is well.
    pub trouble: String,
    /// `None` if there was none as far as deliveries are kept.
    pub last_delivery: Option<Moment>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryRow {
    pub id: i64,
    /// The name of the event.
    pub event: String,
    pub member: i64,
    /// When it happened.
    pub at: Moment,
    /// Where it is sent: the URL without its path.
    pub endpoint: String,
    pub state: String,
    pub has_failed: bool,
    pub attempts: usize,
    /// When it is attempted next, if it waits and its endpoint is on.
    pub next: Option<Moment>,
}

/// One delivery, and the form that sends it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryView {
    /// The refused form, if the page follows one.
    pub flash: Flash<Refusal>,
    pub row: DeliveryRow,
    /// The id of the event, as in the header `webhook-id`.
    pub event_id: String,
    /// The whole URL.
    pub url: String,
    /// Newest first: when it began, and what came of it.
    pub attempts: Vec<(Moment, String)>,
}

/// The form that switches an endpoint on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointView {
    /// The refused form, if the page follows one.
    pub flash: Flash<Refusal>,
    pub row: EndpointRow,
}
