//! Sending messages to phones: one trait, and a file for each gateway. Whether a message may be sent is decided in
//! `domain`.

pub mod simulated;

use crate::model::login_code::LoginCode;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::FlowId;
use crate::words;
use async_trait::async_trait;

#[derive(Clone)]
pub struct Sms {
    /// The login flow that it belongs to.
    pub flow: FlowId,
    pub to: Phone,
    pub text: String,
    /// The code in the text.
    pub code: LoginCode,
    /// When the code expires.
    pub expires_at: Timestamp,
}

impl Sms {
    pub fn login_code(flow: FlowId, to: Phone, code: LoginCode, now: Timestamp, expires_at: Timestamp) -> Self {
        let life = words::member().duration(expires_at.seconds_from(now));
        let text = words::service().login_message(code.as_str(), &life);
        Self { flow, to, text, code, expires_at }
    }
}

/// Why a gateway did not accept a message.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SmsError(pub String);

#[async_trait]
pub trait SmsGateway: Send + Sync {
    /// Returns when the gateway has accepted the message. Called outside any transaction.
    async fn send(&self, sms: &Sms) -> Result<(), SmsError>;

    /// The newest message of a login flow, from gateways that show messages instead of sending them. A real gateway
    /// always returns `None`.
    fn shown(&self, _flow: FlowId) -> Option<Sms> {
        None
    }
}
