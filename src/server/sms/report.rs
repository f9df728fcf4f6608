//! Delivery reports: what a provider says of a message after it has accepted it. Each proves who sends it, by a signature or
//! by an address that nobody else knows.

use super::template::{Piece, Template, TemplateError, pieces};
use crate::server::data::{Delivery, DeliveryReport};
use crate::server::sentences;
use data_encoding::{BASE64, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use serde::Deserialize;
use sha1::Sha1;
use sha2::Sha256;
use std::collections::BTreeMap;
use subtle::ConstantTimeEq;

/// The path under which reports arrive: behind it the name of the gateway, and a secret if that is the check.
pub const REPORTS: &str = "/sms/report";

/// Why reports cannot be used as they are described.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error(transparent)]
    Template(#[from] TemplateError),
    #[error("{}", sentences::terminal().gateway_report)]
    Incomplete,
}

/// How a definition describes the reports of its provider.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenReport {
    /// The name in the address; that of the gateway if it is left out.
    path: Option<String>,
    check: Check,
    /// What the check needs: the key of the signature, or the end of the address.
    secret: String,
    /// What is signed, with the fields of the report and `{secret}` as placeholders.
    sign: Option<String>,
    /// The field with the signature.
    signature: Option<String>,
    /// The field with the gateway's id of the message.
    id: String,
    status: String,
    delivered: Vec<String>,
    undelivered: Vec<String>,
    /// Whether reports are off, instead of an error, while the secret is not set.
    #[serde(default)]
    optional: bool,
}

/// How a report proves that it comes from the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Check {
    /// `X-Twilio-Signature`: HMAC-SHA1 over the address and the sorted fields, in Base64.
    Twilio,
    /// `sig`: over the sorted fields, MD5 with the secret at the end (Vonage's default) or HMAC-SHA256.
    Vonage,
    /// A field with the MD5 of a template.
    Md5,
    /// The end of the address is the secret.
    SecretPath,
}

/// The reports of one provider.
#[derive(Clone, Debug)]
pub struct Reports {
    path: String,
    check: Check,
    secret: String,
    sign: String,
    signature: String,
    id: String,
    status: String,
    delivered: Vec<String>,
    undelivered: Vec<String>,
    /// Where they arrive; without a public address it is not known.
    address: Option<String>,
}

/// A request that may be a report.
#[derive(Clone, Debug, Default)]
pub struct IncomingReport {
    /// The name in the address.
    pub path: String,
    /// The rest of the address.
    pub rest: String,
    /// The parameters of the query, of a form or of a JSON object.
    pub fields: BTreeMap<String, String>,
    pub twilio_signature: String,
}

/// What a request turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reported {
    /// No gateway has reports at this address.
    NoSuchGateway,
    /// It does not come from the provider.
    Refused,
    /// It says nothing final about a message.
    Nothing,
    Report(DeliveryReport),
}

impl WrittenReport {
    /// The address of the reports as a template, for requests that tell the provider where to send them.
    pub fn address(&self, gateway: &str, public_url: Option<&str>) -> Option<String> {
        let address = format!("{}{REPORTS}/{}/", public_url?, self.path.as_deref().unwrap_or(gateway));
        Some(if self.check == Check::SecretPath { address + &self.secret } else { address })
    }
}

impl Reports {
    /// `None` if reports are optional, and what they need is not set.
    ///
    /// # Errors
    /// When the description is not complete.
    pub fn read(
        written: &WrittenReport,
        gateway: &str,
        public_url: Option<&str>,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, ReportError> {
        let secret = match Template::parse(&written.secret, variable) {
            Ok(secret) => secret.constant(),
            Err(TemplateError::Missing(_)) if written.optional => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let is_signed_text = written.check == Check::Md5;
        let has_text = [&written.sign, &written.signature].map(Option::is_some);
        let is_complete = has_text == [is_signed_text; 2] && !secret.is_empty();
        if !is_complete {
            return Err(ReportError::Incomplete);
        }
        let sign = written.sign.clone().unwrap_or_default();
        pieces(&sign)?;
        let path = written.path.clone().unwrap_or_else(|| gateway.to_owned());
        Ok(Some(Self {
            address: public_url.map(|url| format!("{url}{REPORTS}/{path}/")),
            path,
            check: written.check,
            secret,
            sign,
            signature: written.signature.clone().unwrap_or_default(),
            id: written.id.clone(),
            status: written.status.clone(),
            delivered: written.delivered.clone(),
            undelivered: written.undelivered.clone(),
        }))
    }

    /// Where reports arrive, for the host; the secret at its end is not shown.
    pub fn shown_address(&self) -> String {
        let address = self.address.clone().unwrap_or_else(|| format!("{REPORTS}/{}/", self.path));
        if self.check == Check::SecretPath { address + "***" } else { address }
    }

    /// Reads a request to the address of these reports; `None` for one to another address.
    pub fn take(&self, gateway: &str, incoming: &IncomingReport) -> Option<Reported> {
        if incoming.path != self.path {
            return None;
        }
        if !self.is_genuine(incoming) {
            tracing::warn!(gateway, "a delivery report that its provider did not send");
            return Some(Reported::Refused);
        }
        let field = |name: &str| incoming.fields.get(name).filter(|value| !value.is_empty());
        let (Some(id), Some(status)) = (field(&self.id), field(&self.status)) else { return Some(Reported::Nothing) };
        let delivery = if self.delivered.contains(status) {
            Delivery::Delivered
        } else if self.undelivered.contains(status) {
            Delivery::Undelivered
        } else {
            return Some(Reported::Nothing);
        };
        let (gateway, message_id) = (gateway.to_owned(), id.clone());
        Some(Reported::Report(DeliveryReport { gateway, message_id, delivery }))
    }

    fn is_genuine(&self, incoming: &IncomingReport) -> bool {
        let field = |name: &str| incoming.fields.get(name).map(|value| value.to_ascii_lowercase()).unwrap_or_default();
        let is_rest_right = self.check == Check::SecretPath || incoming.rest.is_empty();
        is_rest_right
            && match self.check {
                Check::SecretPath => is_same(&self.secret, &incoming.rest),
                Check::Md5 => is_same(&md5(&self.signed(incoming)), &field(&self.signature)),
                Check::Vonage => is_same(&self.vonage_signature(incoming), &field("sig")),
                Check::Twilio => is_same(&self.twilio_signature(incoming), &incoming.twilio_signature),
            }
    }

    fn signed(&self, incoming: &IncomingReport) -> String {
        let piece = |piece| match piece {
            Piece::Text(text) => text,
            Piece::Name("secret") => &self.secret,
            Piece::Name(name) | Piece::Variable(name) => incoming.fields.get(name).map_or("", String::as_str),
        };
        pieces(&self.sign).unwrap_or_default().into_iter().map(piece).collect()
    }

    /// In the algorithm by whose length the report is signed.
    fn vonage_signature(&self, incoming: &IncomingReport) -> String {
        let fields = incoming.fields.iter().filter(|(name, _)| *name != "sig");
        let without_separators = |value: &str| value.replace(['&', '='], "_");
        let signed: String = fields
            .flat_map(|(name, value)| ["&".into(), name.clone(), "=".into(), without_separators(value)])
            .collect();
        let is_md5 = incoming.fields.get("sig").is_some_and(|signature| signature.len() == 32);
        if is_md5 {
            md5(&(signed + &self.secret))
        } else {
            HEXLOWER.encode(&mac::<Hmac<Sha256>>(&self.secret, &signed))
        }
    }

    fn twilio_signature(&self, incoming: &IncomingReport) -> String {
        let fields = incoming.fields.iter().flat_map(|(name, value)| [name.as_str(), value]);
        let signed: String = self.address.as_deref().into_iter().chain(fields).collect();
        BASE64.encode(&mac::<Hmac<Sha1>>(&self.secret, &signed))
    }
}

fn md5(text: &str) -> String {
    HEXLOWER.encode(&Md5::digest(text))
}

fn mac<M: Mac + KeyInit>(key: &str, text: &str) -> Vec<u8> {
    // Such a MAC takes a key of any length.
    let Ok(mac) = <M as KeyInit>::new_from_slice(key.as_bytes()) else { return Vec::new() };
    mac.chain_update(text).finalize().into_bytes().to_vec()
}

/// In a time that tells nothing about the secret.
fn is_same(expected: &str, presented: &str) -> bool {
    !expected.is_empty() && bool::from(expected.as_bytes().ct_eq(presented.as_bytes()))
}
