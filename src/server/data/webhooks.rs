//! Webhooks: what other systems are told, and what became of it. A delivery is one event for one endpoint.

use super::MemberId;
use crate::server::clock::Timestamp;
use std::time::Duration;

/// What has happened.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::VariantArray, strum::VariantNames,
)]
#[strum(const_into_str)]
pub enum WebhookKind {
    #[strum(serialize = "member.created")]
    MemberCreated,
    #[strum(serialize = "redemption.created")]
    RedemptionCreated,
    #[strum(serialize = "redemption.removed")]
    RedemptionRemoved,
    #[strum(serialize = "member.blocked")]
    MemberBlocked,
    #[strum(serialize = "member.erased")]
    MemberErased,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebhookEvent {
    pub kind: WebhookKind,
    pub member: MemberId,
    /// Only of a redemption.
    pub inviter: Option<MemberId>,
}

impl WebhookEvent {
    pub fn of_member(kind: WebhookKind, member: MemberId) -> Self {
        Self { kind, member, inviter: None }
    }

    pub fn of_redemption(kind: WebhookKind, invitee: MemberId, inviter: MemberId) -> Self {
        Self { kind, member: invitee, inviter: Some(inviter) }
    }
}

/// An event about to be added, for every endpoint.
pub struct NewWebhook {
    pub message_id: String,
    pub event: WebhookEvent,
}

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::VariantArray, strum::VariantNames,
)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum WebhookState {
    /// For its first attempt, or for another one.
    Waiting,
    Delivered,
    /// The last attempt has failed, too.
    Failed,
}

/// A delivery that this server attempts now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueWebhook {
    pub id: i64,
    pub message_id: String,
    pub event: WebhookEvent,
    pub created_at: Timestamp,
    /// Attempts that have failed since it was added or last replayed.
    pub failures: u32,
    /// Until then, no other server attempts it.
    pub leased_until: Timestamp,
}

/// What becomes of a delivery after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextWebhook {
    pub state: WebhookState,
    pub failures: u32,
    pub next_at: Timestamp,
}

/// Why there was no answer to an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum WebhookTrouble {
    /// There was no answer in time.
    TimedOut,
    /// The host has no address to which webhooks may be sent.
    AddressRefused,
    /// The host was not found or did not accept the connection, or its certificate is not valid.
    NotConnected,
    /// The connection ended before the answer.
    BrokenOff,
}

/// What came of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookResult {
    /// The status of the answer.
    Answered(u16),
    Failed(WebhookTrouble),
}

impl WebhookResult {
    pub fn is_delivered(self) -> bool {
        matches!(self, Self::Answered(200..=299))
    }

    /// Whether the endpoint asks never to be called again (RFC 9110 §15.5.11).
    pub fn is_gone(self) -> bool {
        self == Self::Answered(410)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebhookAttempt {
    pub begun_at: Timestamp,
    /// In whole milliseconds.
    pub took: Duration,
    pub result: WebhookResult,
}

/// A delivery and all of its attempts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookDelivery {
    pub id: i64,
    pub message_id: String,
    pub event: WebhookEvent,
    pub created_at: Timestamp,
    pub endpoint: String,
    pub state: WebhookState,
    /// When it may be attempted, while it waits.
    pub next_at: Timestamp,
    /// Oldest first.
    pub attempts: Vec<WebhookAttempt>,
}

/// Which deliveries to list, newest first. A delivery must meet all conditions that are given.
#[derive(Clone, Copy, Debug, Default)]
pub struct WebhookSearch {
    pub state: Option<WebhookState>,
    pub kind: Option<WebhookKind>,
    /// Only deliveries with a smaller id.
    pub before: Option<i64>,
    pub limit: u32,
}

/// Why nothing is sent to an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum WebhookOff {
    /// It has asked for that, with the status 410.
    Gone,
    /// Every attempt of some days has failed.
    Failing,
}

/// How an endpoint fares. One that has never failed may have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookEndpoint {
    pub url: String,
    /// When the first attempt after the last delivery failed.
    pub failing_since: Option<Timestamp>,
    /// Since when nothing is sent to it, and why.
    pub off: Option<(Timestamp, WebhookOff)>,
}
