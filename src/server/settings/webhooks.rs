//! Where webhooks are sent, and the secrets that sign them.

use crate::server::sentences;
use data_encoding::BASE64;
use hmac::{Hmac, KeyInit};
use reqwest::Url;
use sha2::Sha256;
use std::fmt;
use std::str::FromStr;

/// Bytes of a secret (Standard Webhooks, "Signature scheme").
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// The URL of an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookUrl(Url);

impl WebhookUrl {
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub fn url(&self) -> &Url {
        &self.0
    }
}

impl FromStr for WebhookUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "expected https:// and a host, without a user, a password or a fragment";
        let url: Url = text.trim().parse().map_err(|_| EXPECTED)?;
        let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
        let is_bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        if is_web && is_bare { Ok(Self(url)) } else { Err(EXPECTED) }
    }
}

/// The keys with which every webhook is signed: one, or two while receivers change from the old to the new one.
#[derive(Clone)]
pub struct WebhookKeys(Vec<Hmac<Sha256>>);

/// The text holds no secret, or more than two.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", sentences::terminal().webhook_secret_malformed)]
pub struct WebhookSecretError;

impl WebhookKeys {
    /// Reads `whsec_` and base64, once or twice with a comma in between.
    pub fn parse(text: &str) -> Result<Self, WebhookSecretError> {
        let keys: Vec<_> =
            text.split(',').map(|secret| key(secret.trim())).collect::<Option<_>>().ok_or(WebhookSecretError)?;
        if keys.len() > 2 {
            return Err(WebhookSecretError);
        }
        Ok(Self(keys))
    }

    pub fn all(&self) -> &[Hmac<Sha256>] {
        &self.0
    }
}

fn key(secret: &str) -> Option<Hmac<Sha256>> {
    let bytes = BASE64.decode(secret.strip_prefix("whsec_")?.as_bytes()).ok()?;
    if !SECRET_BYTES.contains(&bytes.len()) {
        return None;
    }
    Hmac::new_from_slice(&bytes).ok()
}

impl fmt::Debug for WebhookKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookKeys(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_a_web_address_without_credentials() {
        for good in ["https://hooks.example/vouch?x=1", "http://10.0.0.5:8080/", "https://[2001:db8::1]/"] {
            assert!(good.parse::<WebhookUrl>().is_ok(), "{good}");
        }
        for bad in
            ["", "hooks.example", "ftp://hooks.example", "https://", "https://me:pw@hooks.example", "https://x/#y"]
        {
            assert!(bad.parse::<WebhookUrl>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_secret_is_one_of_standard_webhooks_or_two() {
        let secret = |bytes: usize| format!("whsec_{}", BASE64.encode(&vec![7; bytes]));
        assert_eq!(WebhookKeys::parse(&secret(24)).unwrap().all().len(), 1);
        assert_eq!(WebhookKeys::parse(&format!("{}, {}\n", secret(32), secret(64))).unwrap().all().len(), 2);
        let three = [secret(32), secret(32), secret(32)].join(",");
        for bad in
            ["", "whsec_", "hunter2", &secret(23), &secret(65), &secret(32)[6..], &three, &format!("{},", secret(32))]
        {
            assert!(WebhookKeys::parse(bad).is_err(), "{bad}");
        }
        assert!(!format!("{:?}", WebhookKeys::parse(&secret(24)).unwrap()).contains('7'));
    }
}
