//! The way to a phone: one trait, and the gateways behind it.

pub mod simulated;

use crate::model::login_code::LoginCode;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::FlowId;
use crate::words;
use async_trait::async_trait;

/// One message.
#[derive(Clone)]
pub struct Sms {
    /// The login that it belongs to.
    pub flow: FlowId,
    /// Where it goes.
    pub to: Phone,
    /// What the person reads.
    pub text: String,
    /// The code in it.
    pub code: LoginCode,
    /// When the code stops working.
    pub expires_at: Timestamp,
}

impl Sms {
    /// The message that carries a login code.
    pub fn login_code(flow: FlowId, to: Phone, code: LoginCode, now: Timestamp, expires_at: Timestamp) -> Self {
        let life = words::member().duration(expires_at.seconds_from(now));
        let text = words::service().login_message(code.as_str(), &life);
        Self { flow, to, text, code, expires_at }
    }
}

/// Why a message did not go out.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SmsError(pub String);

/// Sends messages.
#[async_trait]
pub trait SmsGateway: Send + Sync {
    /// Hands a message over; returns when the gateway has taken it. Called outside any transaction.
    async fn send(&self, sms: &Sms) -> Result<(), SmsError>;

    /// The newest message of a login, for gateways that show it instead of sending it; a real one never does.
    fn shown(&self, _flow: FlowId) -> Option<Sms> {
        None
    }
}
