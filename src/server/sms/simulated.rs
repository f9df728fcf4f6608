//! The default gateway: takes as long as a real one, then keeps the message in memory to be shown to the person.

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

/// A phone network of its own.
pub struct SimulatedSms {
    delay: Delay,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    prints: bool,
    messages: Mutex<HashMap<FlowId, Sms>>,
}

impl SimulatedSms {
    /// A network with this delay and no messages.
    pub fn new(delay: Delay, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { delay, clock, entropy, prints: false, messages: Mutex::default() }
    }

    /// The same network, which also prints each message for whoever sits at the terminal. The log never holds a code.
    pub fn printing(self) -> Self {
        Self { prints: true, ..self }
    }
}

#[async_trait]
impl SmsGateway for SimulatedSms {
    async fn send(&self, sms: &Sms) -> Result<(), SmsError> {
        let mut rng = self.entropy.rng().map_err(|error| SmsError(error.to_string()))?;
        let delay = rng.random_range(self.delay.from..=self.delay.to);
        // The timer would make a millisecond or two of none.
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
        // A message is worth showing as long as its code lives; this also bounds the map.
        messages.retain(|_, sms| sms.expires_at > now);
        messages.insert(sms.flow, sms.clone());
        Ok(())
    }

    fn shown(&self, flow: FlowId) -> Option<Sms> {
        let messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        messages.get(&flow).filter(|sms| sms.expires_at > self.clock.now()).cloned()
    }
}
