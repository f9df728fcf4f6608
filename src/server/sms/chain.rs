//! The gateways of a host, in the order in which they are tried.

use super::gateway::{Attempt, HttpGateway};
use super::{IncomingReport, Outcome, Reported, Sms, SmsGateway};
use crate::server::metrics::{self, Handed};
use async_trait::async_trait;

pub struct Chain(pub Vec<HttpGateway>);

#[async_trait]
impl SmsGateway for Chain {
    /// The next gateway is tried only if surely nothing was sent.
    async fn send(&self, sms: &Sms) -> Outcome {
        for gateway in &self.0 {
            let attempt = gateway.send(sms).await;
            metrics::message(gateway.name(), handed(&attempt));
            match attempt {
                Attempt::Accepted(receipt) => return Outcome::Accepted(receipt),
                Attempt::Unknown(reason) => {
                    tracing::error!(gateway = gateway.name(), reason, "a message may have been sent or not");
                    return Outcome::Unknown { gateway: gateway.name().to_owned() };
                }
                Attempt::NotSent(reason) => {
                    tracing::error!(gateway = gateway.name(), reason, "a gateway did not send a message");
                }
                Attempt::Later(_) => tracing::error!(gateway = gateway.name(), "a gateway takes no more messages now"),
            }
        }
        Outcome::Refused
    }

    fn read_report(&self, incoming: &IncomingReport) -> Reported {
        let taken = self.0.iter().find_map(|gateway| gateway.reports()?.take(gateway.name(), incoming));
        taken.unwrap_or(Reported::NoSuchGateway)
    }
}

fn handed(attempt: &Attempt) -> Handed {
    match attempt {
        Attempt::Accepted(_) => Handed::Sent,
        Attempt::Unknown(_) => Handed::Unknown,
        Attempt::NotSent(_) | Attempt::Later(_) => Handed::Refused,
    }
}
