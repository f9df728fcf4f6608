//! The rules. Every door (pages, API, admin) comes through here, and nothing in here knows HTTP, HTML or SQL.
//!
//! Time, randomness, SMS and storage are handed in as [`Ports`].

pub mod invite_code;
pub mod login;
pub mod phone;
pub mod profile;
pub mod referral;

use crate::error::AppError;
use crate::model::invite_code::InviteCode;
use crate::model::phone::Phone;
use crate::server::clock::{Clock, Entropy, Timestamp};
use crate::server::secrets::MacKey;
use crate::server::sms::SmsGateway;
use crate::server::storage::{Store, StoreError};
use rand::CryptoRng;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What the rules need from outside.
pub struct Ports {
    /// Where members, codes and redemptions are kept.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The way to a phone.
    pub sms: Arc<dyn SmsGateway>,
    /// The key under which login codes are kept.
    pub code_key: MacKey,
    /// The numbers an operator may set.
    pub rules: Rules,
}

/// The numbers an operator may set.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Digits of a login code (`VOUCH_CODE_LENGTH`).
    pub code_length: u8,
    /// The country assumed for a number typed without its code (`VOUCH_PHONE_REGION`).
    pub region: phone::Region,
    /// By how much every wait is divided: 1, or 1,000 when limits are relaxed (`VOUCH_LIMITS`).
    pub wait_divisor: u32,
}

impl Ports {
    fn rng(&self) -> Result<Box<dyn CryptoRng + Send>, AppError> {
        self.entropy.rng().map_err(|error| {
            tracing::error!(%error, "no randomness from the operating system");
            AppError::Unavailable
        })
    }
}

/// Runs an operation to its end even if the client goes away meanwhile, so that a message that was counted is
/// also sent, and a transaction is never cut off inside.
///
/// # Errors
/// Those of the operation; `Unavailable` if it panics.
pub async fn to_completion<T, F>(operation: F) -> Result<T, AppError>
where
    F: Future<Output = Result<T, AppError>> + Send + 'static,
    T: Send + 'static,
{
    use tracing::Instrument;
    tokio::spawn(operation.in_current_span()).await.unwrap_or_else(|error| {
        tracing::error!(%error, "an operation panicked");
        Err(AppError::Unavailable)
    })
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        tracing::error!(error = %error, "storage failed");
        Self::Unavailable
    }
}

/// Names a member for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MemberId(pub i64);

/// A person with a verified phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Names the member for ever.
    pub id: MemberId,
    /// The verified phone.
    pub phone: Phone,
    /// The member's own invite code.
    pub invite_code: InviteCode,
}

/// A person who redeemed a member's code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitee {
    /// The person.
    pub id: MemberId,
    /// Their phone.
    pub phone: Phone,
    /// When they redeemed the code.
    pub redeemed_at: Timestamp,
}

/// Names one attempt to log in: 128 random bits, known only to the browser's session.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FlowId(pub [u8; 16]);

impl FlowId {
    /// A new flow.
    pub fn random(rng: &mut dyn CryptoRng) -> Self {
        let mut bytes = [0; 16];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }
}
