//! The default gateway: takes as long as a real one, then keeps the message in memory, where pages and the API read it.
//! It is for trying Vouch out.

use super::{Sms, SmsError, SmsGateway};
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
    async fn send(&self, sms: &Sms) -> Result<(), SmsError> {
        let mut rng = self.entropy.rng().map_err(|error| SmsError(error.to_string()))?;
        let delay = rng.random_range(self.delay.from..=self.delay.to);
        // A timer of 0 ms would still take 1 or 2 ms.
        if delay > 0 {
            tokio::time::sleep(Duration::from_millis(delay)).await;
        }
        tracing::info!(delay_ms = delay, "simulated SMS");
        if self.prints {
            let print = writeln!(std::io::stdout(), "SMS to {:?}: {}", sms.to, sms.text);
            print.map_err(|error| SmsError(error.to_string()))?;
        }

        let now = self.clock.now();
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        // Messages with expired codes are of no use; this also bounds the map.
        messages.retain(|_, sms| sms.expires_at > now);
        messages.insert(sms.flow, sms.clone());
        Ok(())
    }

    fn shown(&self, flow: FlowId) -> Option<Sms> {
        let messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        messages.get(&flow).filter(|sms| sms.expires_at > self.clock.now()).cloned()
    }
}
