//! Sending messages to phones: the simulated gateway, and those over HTTP that are described by data. Whether a message may
//! be sent is decided in `domain`.

mod chain;
mod definition;
mod gateway;
#[cfg(test)]
mod providers;
mod report;
pub mod simulated;
mod template;

pub use chain::Chain;
pub use definition::{Definition, DefinitionError, environment};
pub use gateway::{Attempt, HttpGateway, Transcript, innermost};
pub use report::{IncomingReport, REPORTS, Reported};

use crate::model::login_code::LoginCode;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::settings::Template;
use async_trait::async_trait;

#[derive(Clone)]
pub struct Sms {
    pub to: Phone,
    pub text: String,
    /// The code in the text.
    pub code: LoginCode,
    /// When the code expires.
    pub expires_at: Timestamp,
    /// Seconds until then.
    pub seconds_left: u32,
    /// No two messages have the same.
    pub id: String,
    /// The network of whoever asked for it.
    pub client_ip: String,
}

impl Sms {
    pub fn login_code(text: &Template, to: Phone, code: LoginCode, now: Timestamp, expires_at: Timestamp) -> Self {
        let seconds_left = expires_at.seconds_from(now);
        let text = text.fill(&code, (seconds_left / 60).max(1));
        Self { to, text, code, expires_at, seconds_left, id: String::new(), client_ip: String::new() }
    }
}

/// What a gateway says of a message that it accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The name of the gateway.
    pub gateway: String,
    /// Its id of the message.
    pub message_id: Option<String>,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Accepted(Receipt),
    /// It may have been sent: sending it again could send it twice.
    Unknown {
        gateway: String,
    },
    /// It was surely not sent.
    Refused,
}

#[async_trait]
pub trait SmsGateway: Send + Sync {
    /// Returns when it is known what became of the message. Called outside any transaction.
    async fn send(&self, sms: &Sms) -> Outcome;

    /// Reads a request that may be a report of a provider.
    fn read_report(&self, _incoming: &IncomingReport) -> Reported {
        Reported::NoSuchGateway
    }

    /// Whether pages and API show messages to the person, because this gateway does not send them. A real one does.
    fn is_simulated(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::login_code::CodeLength;

    pub(super) fn sms() -> Sms {
        Sms {
            to: Phone::from_e164("+79123456789").unwrap(),
            text: "Code 0764 & more".to_owned(),
            code: LoginCode::from_number(764, CodeLength::MIN),
            expires_at: Timestamp(0),
            seconds_left: 599,
            id: "17-1".to_owned(),
            client_ip: "192.0.2.1".to_owned(),
        }
    }
}
