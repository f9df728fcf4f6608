//! The rules. Every door (pages, API, admin) comes through here, and nothing in here knows HTTP, HTML or SQL.
//!
//! Time, randomness, SMS and storage are handed in as [`Ports`].

pub mod admin;
pub mod budget;
pub mod invite_code;
pub mod login;
pub mod phone;
pub mod profile;
pub mod referral;
pub mod token;
pub mod visitor;

use crate::error::{AppError, AppResult};
use crate::model::invite_code::InviteCode;
use crate::model::phone::Phone;
use crate::server::clock::{Clock, Entropy, Timestamp};
use crate::server::jwt::AccessTokens;
use crate::server::limits::Limits;
use crate::server::secrets::{MacKey, SealKey, Secret, hex};
use crate::server::sms::SmsGateway;
use crate::server::storage::{Store, StoreError};
use rand::CryptoRng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use visitor::Standing;

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
    /// The keys.
    pub keys: Keys,
    /// What an operator may set.
    pub rules: Rules,
}

/// One key for each purpose.
pub struct Keys {
    /// Under which login codes are kept.
    pub code: MacKey,
    /// By which a refresh token determines its successor.
    pub refresh: MacKey,
    /// Signs and checks access tokens.
    pub access: AccessTokens,
    /// Stands for phones in the log.
    pub log: MacKey,
    /// Hides the second factors of admins.
    pub second_factor: SealKey,
}

impl Keys {
    /// All keys, derived from the server's secret.
    pub fn new(secret: &Secret) -> Self {
        Self {
            code: secret.key("login code"),
            refresh: secret.key("refresh token"),
            access: AccessTokens::new(&secret.key("access token")),
            log: secret.key("log"),
            second_factor: secret.seal_key("second factor"),
        }
    }
}

/// What an operator may set.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The country assumed for a number typed without its code (`VOUCH_PHONE_REGION`).
    pub region: phone::Region,
    /// To where messages are sent (`VOUCH_SMS_COUNTRIES`).
    pub countries: phone::Countries,
    /// The numbers.
    pub limits: Limits,
}

impl Ports {
    /// A random generator for one operation.
    ///
    /// # Errors
    /// `Unavailable` when the system has no randomness.
    pub fn rng(&self) -> AppResult<Box<dyn CryptoRng + Send>> {
        self.entropy.rng().map_err(|error| {
            tracing::error!(%error, "no randomness from the operating system");
            AppError::Unavailable
        })
    }

    /// What stands for a phone in the log: its last two digits, and a keyed hash by which lines about one phone can be
    /// found, and none without the key.
    pub fn pseudonym(&self, phone: &Phone) -> String {
        let hash = self.keys.log.mac(&[phone.as_str().as_bytes()]);
        format!("{phone:?}#{}", hex(&hash[..6]))
    }
}

/// Runs an operation to its end even if the client goes away meanwhile, so that a message that was counted is
/// also sent, and a transaction is never cut off inside.
///
/// # Errors
/// Those of the operation; `Unavailable` if it panics.
pub async fn to_completion<T, E, F>(operation: F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: From<AppError> + Send + 'static,
{
    use tracing::Instrument;
    tokio::spawn(operation.in_current_span()).await.unwrap_or_else(|error| {
        tracing::error!(%error, "an operation panicked");
        Err(AppError::Unavailable.into())
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
    /// The present epoch: sessions and tokens of an earlier one are void.
    pub epoch: Epoch,
    /// Whether the member was locked out.
    pub is_blocked: bool,
}

/// Names a device on which a member has logged in, for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceId(pub i64);

/// Counts how often a member has logged out everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Epoch(pub i64);

/// A person who redeemed a member's code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitee {
    /// The person.
    pub id: MemberId,
    /// Their phone, unless they were erased.
    pub phone: Option<Phone>,
    /// When they redeemed the code.
    pub redeemed_at: Timestamp,
}

/// Names one attempt to log in: 128 random bits, known only to the browser's session; see [`FlowId::of_api`] for the
/// API, where there is no session.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FlowId(pub [u8; 16]);

impl FlowId {
    /// A new flow.
    pub fn random(rng: &mut dyn CryptoRng) -> Self {
        Self(random_bytes(rng))
    }

    /// The one flow of all logins with this phone over the API, whose clients name the phone each time; a known device
    /// has its own, so that no stranger can use its tries up. No session ever holds it, so a code asked for over the API
    /// works only there, and the other way round.
    pub fn of_api(phone: &Phone, standing: Standing) -> Self {
        let device = standing.device().map(|device| device.0);
        let hash: [u8; 32] = Sha256::digest(format!("login over the API {} {device:?}", phone.as_str())).into();
        let mut flow = [0; 16];
        flow.copy_from_slice(&hash[..16]);
        Self(flow)
    }
}

/// Names one login over the API and all tokens that came from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FamilyId(pub [u8; 16]);

impl FamilyId {
    /// A new family.
    pub fn random(rng: &mut dyn CryptoRng) -> Self {
        Self(random_bytes(rng))
    }
}

/// So many random bytes.
pub fn random_bytes<const LENGTH: usize>(rng: &mut dyn CryptoRng) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    rng.fill_bytes(&mut bytes);
    bytes
}
