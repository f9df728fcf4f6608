//! Settings that contradict each other, and those that would let strangers in. Each refusal says what to change.

use super::{Settings, SmsTextError, Strictness, Switch};
use crate::server::secrets::SecretError;
use crate::server::sentences;
use std::path::PathBuf;

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Relaxed limits where strangers could reach the server.
    #[error("{}", sentences::terminal().relaxed_in_public(.0))]
    RelaxedInPublic(&'static str),
    /// Simulated messages where strangers could reach them, without anybody having asked for that.
    #[error("{}", sentences::terminal().simulated_in_public)]
    SimulatedInPublic,
    #[error("VOUCH_SMS_TEXT: {0}")]
    SmsText(#[from] SmsTextError),
    #[error("{}", sentences::terminal().unreadable_dotenv(&.0.to_string()))]
    DotEnv(#[from] dotenvy::Error),
    #[error("{}", sentences::terminal().secret_twice)]
    SecretTwice,
    #[error("VOUCH_SECRET: {0}")]
    Secret(#[from] SecretError),
    /// The file cannot be read, or holds no URL of a database.
    #[error("VOUCH_DATABASE_URL_FILE: {}: {error}", file.display())]
    DatabaseUrlFile { file: PathBuf, error: String },
    #[error("VOUCH_WEBHOOK_SECRET_FILE: {}: {error}", file.display())]
    WebhookSecretFile { file: PathBuf, error: String },
    #[error("VOUCH_WEBHOOK_SECRET: {}", sentences::terminal().webhook_secret_missing)]
    WebhookSecretMissing,
    /// Over http, and private addresses are not allowed.
    #[error("VOUCH_WEBHOOKS: {}", sentences::terminal().webhook_not_https(.0))]
    WebhookNotHttps(String),
    #[error("VOUCH_WEBHOOKS: {}", sentences::terminal().webhook_twice(.0))]
    WebhookTwice(String),
}

impl Settings {
    /// # Errors
    /// When two settings contradict each other, or one is missing.
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        self.sms_text()?;
        if self.sms.is_none() && self.is_public() {
            return Err(SettingsError::SimulatedInPublic);
        }
        if self.secret.is_some() && self.secret_file.is_some() {
            return Err(SettingsError::SecretTwice);
        }
        self.check_webhooks()?;
        if self.limits != Strictness::Relaxed {
            return Ok(());
        }
        if self.is_https() {
            return Err(SettingsError::RelaxedInPublic("a VOUCH_PUBLIC_URL with http"));
        }
        if !self.listen.ip().is_loopback() {
            return Err(SettingsError::RelaxedInPublic("a loopback address in VOUCH_LISTEN"));
        }
        if !self.is_simulated() {
            return Err(SettingsError::RelaxedInPublic("VOUCH_SMS=simulated"));
        }
        Ok(())
    }

    fn check_webhooks(&self) -> Result<(), SettingsError> {
        if !self.webhooks.is_empty() && self.webhook_secret.is_none() {
            return Err(SettingsError::WebhookSecretMissing);
        }
        for (place, url) in self.webhooks.iter().enumerate() {
            if !url.is_https() && self.webhook_private == Switch::Off {
                return Err(SettingsError::WebhookNotHttps(url.as_str().to_owned()));
            }
            if self.webhooks[..place].contains(url) {
                return Err(SettingsError::WebhookTwice(url.as_str().to_owned()));
            }
        }
        Ok(())
    }
}
