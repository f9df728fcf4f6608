//! The default gateway: takes as long as a real one, then keeps the message in memory, where pages and the API read it.
//! It is for trying Vouch out.

use super::{Outcome, Receipt, Sms, SmsGateway};
use crate::server::clock::{Clock, Entropy};
use crate::server::data::FlowId;
use crate::server::settings::Delay;
use async_trait::async_trait;
use rand::RngExt;
use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Messages are kept until their codes expire.
pub struct SimulatedSms {
    delay: Delay,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    prints: bool,
    messages: Mutex<HashMap<FlowId, Sms>>,
}

impl SimulatedSms {
    pub fn new(delay: Delay, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { delay, clock, entropy, prints: false, messages: Mutex::default() }
    }

    /// Also prints each message on standard output. The log never contains a code.
    pub fn printing(self) -> Self {
        Self { prints: true, ..self }
    }
}

#[async_trait]
impl SmsGateway for SimulatedSms {
    async fn send(&self, sms: &Sms) -> Outcome {
        let delay = match self.entropy.rng() {
            Ok(mut rng) => rng.random_range(self.delay.from..=self.delay.to),
            Err(error) => {
                tracing::error!(%error, "no randomness from the operating system");
                return Outcome::Refused;
            }
        };
        // A timer of 0 ms would still take 1 or 2 ms.
        if delay > 0 {
            tokio::time::sleep(Duration::from_millis(delay)).await;
        }
        tracing::info!(delay_ms = delay, "simulated SMS");
        if self.prints
            && let Err(error) = writeln!(std::io::stdout(), "SMS to {:?}: {}", sms.to, sms.text)
        {
            tracing::error!(%error, "a message cannot be printed");
            return Outcome::Refused;
        }

        let now = self.clock.now();
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        // Messages with expired codes are of no use; this also bounds the map.
        messages.retain(|_, sms| sms.expires_at > now);
        messages.insert(sms.flow, sms.clone());
        Outcome::Accepted(Receipt { gateway: "simulated".to_owned(), message_id: None })
    }

    fn shown(&self, flow: FlowId) -> Option<Sms> {
        let messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        messages.get(&flow).filter(|sms| sms.expires_at > self.clock.now()).cloned()
    }
}
