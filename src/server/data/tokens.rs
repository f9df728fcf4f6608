//! Tokens of the API, and outcomes kept under an idempotency key.

use super::MemberId;
use crate::server::clock::Timestamp;

/// All tokens that come from one login over the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FamilyId(pub [u8; 16]);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    pub family: FamilyId,
    pub member: MemberId,
    pub expires_at: Timestamp,
    /// When it was exchanged for another pair of tokens.
    pub used_at: Option<Timestamp>,
}

/// A request whose outcome is kept under an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepeatableRequest {
    /// As in [`IdempotentOutcome`].
    pub request: String,
    pub at: Timestamp,
}

/// How an operation under an idempotency key ended.
pub struct IdempotentOutcome {
    /// A fingerprint of the request, to recognize another request under the same key.
    pub request: String,
    /// The outcome as JSON.
    pub outcome: String,
}
