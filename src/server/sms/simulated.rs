//! The default gateway: takes as long as a real one, then keeps the message in memory to be shown to the person.

use super::{Sms, SmsError, SmsGateway};
use crate::server::clock::{Clock, Entropy, Timestamp};
use crate::server::domain::{FlowId, login};
use async_trait::async_trait;
use rand::RngExt;
use std::collections::HashMap;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long the gateway takes: milliseconds, from and to (`VOUCH_SMS_DELAY_MS`).
#[derive(Clone, Copy, Debug)]
pub struct Delay {
    from: u64,
    to: u64,
}

impl FromStr for Delay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        match (from.trim().parse(), to.trim().parse()) {
            (Ok(from), Ok(to)) if from <= to && to <= 60_000 => Ok(Self { from, to }),
            _ => Err("expected milliseconds up to 60000, as one number or a range such as 1000-2000".to_owned()),
        }
    }
}

/// A phone network of its own.
pub struct SimulatedSms {
    delay: Delay,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    messages: Mutex<HashMap<FlowId, (Timestamp, Sms)>>,
}

impl SimulatedSms {
    /// A network with this delay and no messages.
    pub fn new(delay: Delay, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { delay, clock, entropy, messages: Mutex::default() }
    }
}

#[async_trait]
impl SmsGateway for SimulatedSms {
    async fn send(&self, sms: &Sms) -> Result<(), SmsError> {
        let mut rng = self.entropy.rng().map_err(|error| SmsError(error.to_string()))?;
        let delay = rng.random_range(self.delay.from..=self.delay.to);
        tokio::time::sleep(Duration::from_millis(delay)).await;
        tracing::info!(to = ?sms.to, text = sms.text, delay_ms = delay, "simulated SMS");

        let now = self.clock.now();
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        // A message is worth showing as long as its code lives; this also bounds the map.
        messages.retain(|_, (sent_at, _)| sent_at.plus(login::CODE_LIFETIME) > now);
        messages.insert(sms.flow, (now, sms.clone()));
        Ok(())
    }

    fn shown(&self, flow: FlowId) -> Option<Sms> {
        let messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        let (sent_at, sms) = messages.get(&flow)?;
        (sent_at.plus(login::CODE_LIFETIME) > self.clock.now()).then(|| sms.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_is_a_number_or_a_range() {
        for good in ["0", "1500", "1000-2000", " 10 - 20 "] {
            assert!(good.parse::<Delay>().is_ok(), "{good}");
        }
        for bad in ["", "fast", "-5", "2000-1000", "1000-", "70000"] {
            assert!(bad.parse::<Delay>().is_err(), "{bad}");
        }
    }
}
