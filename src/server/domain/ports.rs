//! What the rules get from outside: storage, time, randomness, SMS, keys and settings.

use super::jwt::AccessTokens;
use crate::error::{AppError, AppResult};
use crate::model::admin::Refusal;
use crate::model::phone::Phone;
use crate::server::clock::{Clock, Entropy};
use crate::server::secrets::{MacKey, SealKey, Secret};
use crate::server::settings::{Rules, TestPhone};
use crate::server::sms::SmsGateway;
use crate::server::storage::{Store, StoreError};
use data_encoding::HEXLOWER;
use rand::CryptoRng;
use std::sync::Arc;

pub struct Ports {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub sms: Arc<dyn SmsGateway>,
    pub keys: Keys,
    pub rules: Rules,
}

/// One key for each purpose, all derived from the secret of the server.
pub struct Keys {
    /// MACs of login codes.
    pub code: MacKey,
    /// Derives the successor of a refresh token.
    pub refresh: MacKey,
    pub access: AccessTokens,
    /// Pseudonyms of phones in the log.
    pub log: MacKey,
    /// Makes the value by which a database recognises its secret.
    pub check: MacKey,
    /// Encrypts the second factors of admins.
    pub second_factor: SealKey,
}

impl Keys {
    pub fn new(secret: &Secret) -> Self {
        Self {
            code: secret.key("login code"),
            refresh: secret.key("refresh token"),
            access: AccessTokens::new(&secret.key("access token")),
            log: secret.key("log"),
            check: secret.key("check"),
            second_factor: secret.seal_key("second factor"),
        }
    }
}

impl Ports {
    /// A random generator for one operation.
    ///
    /// # Errors
    /// `Unavailable` when the system provides no randomness.
    pub fn rng(&self) -> AppResult<Box<dyn CryptoRng + Send>> {
        self.entropy.rng().map_err(|error| {
            tracing::error!(%error, "no randomness from the operating system");
            AppError::Unavailable
        })
    }

    /// Whether the phone is one of `VOUCH_TEST_PHONES`, and its last day has not passed.
    pub fn test_phone(&self, phone: &Phone) -> Option<&TestPhone> {
        let today = self.clock.now().utc().date();
        self.rules.test_phones.iter().find(|test| test.phone == *phone && today <= test.until)
    }

    /// A phone for the log: its last two digits and a keyed hash, so that lines about one phone can be found only with
    /// the key.
    pub fn pseudonym(&self, phone: &Phone) -> String {
        let hash = self.keys.log.mac(&[phone.as_str().as_bytes()]);
        format!("{phone:?}#{}", HEXLOWER.encode(&hash[..6]))
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        tracing::error!(error = %error, "a database operation failed");
        Self::Unavailable
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}
