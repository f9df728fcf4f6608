//! Tokens of the API, and outcomes kept under an idempotency key.

use super::MemberId;
use crate::server::clock::Timestamp;

/// One login over the API, with all tokens that came from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FamilyId(pub [u8; 16]);

/// Whether a token that names a member and a family may still be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenStanding {
    pub is_blocked: bool,
    /// When the family began; `None` when it has ended, or belongs to an earlier epoch.
    pub begun_at: Option<Timestamp>,
}

/// A refresh token that was issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    pub family: FamilyId,
    pub member: MemberId,
    pub expires_at: Timestamp,
    /// When it was exchanged for its successor.
    pub used_at: Option<Timestamp>,
}

/// How an operation under an idempotency key ended.
pub struct IdempotentOutcome {
    /// A fingerprint of the request.
    pub request: String,
    /// The outcome as JSON.
    pub outcome: String,
}
