//! The signature of a message: `v1,` and an HMAC-SHA256 over its id, the time and the body, for each key.

use crate::server::settings::WebhookKeys;
use data_encoding::BASE64;
use hmac::Mac;

pub(super) fn sign(keys: &WebhookKeys, id: &str, seconds: i64, body: &str) -> String {
    let signed = format!("{id}.{seconds}.{body}");
    let signatures = keys.all().iter().map(|key| {
        let mac = key.clone().chain_update(&signed).finalize().into_bytes();
        format!("v1,{}", BASE64.encode(&mac))
    });
    signatures.collect::<Vec<_>>().join(" ")
}
