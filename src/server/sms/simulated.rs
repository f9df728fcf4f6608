//! The default gateway: takes as long as a real one, and sends nothing. Pages and the API show the message instead. It is for
//! trying Vouch out.

use super::{Outcome, Receipt, Sms, SmsGateway};
use crate::server::clock::Entropy;
use crate::server::metrics::{self, Handed};
use crate::server::settings::Delay;
use async_trait::async_trait;
use rand::RngExt;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

const NAME: &str = "simulated";

pub struct SimulatedSms {
    delay: Delay,
    entropy: Arc<dyn Entropy>,
    prints: bool,
}

impl SimulatedSms {
    pub fn new(delay: Delay, entropy: Arc<dyn Entropy>) -> Self {
        Self { delay, entropy, prints: false }
    }

    /// Also prints each message on standard output. The log never contains a code.
    pub fn printing(self) -> Self {
        Self { prints: true, ..self }
    }
}

#[async_trait]
impl SmsGateway for SimulatedSms {
    async fn send(&self, sms: &Sms) -> Outcome {
        let outcome = self.simulate(sms).await;
        let is_refused = outcome == Outcome::Refused;
        metrics::message(NAME, if is_refused { Handed::Refused } else { Handed::Sent });
        outcome
    }

    fn is_simulated(&self) -> bool {
        true
    }
}

impl SimulatedSms {
    async fn simulate(&self, sms: &Sms) -> Outcome {
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
        Outcome::Accepted(Receipt { gateway: NAME.to_owned(), message_id: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::clock::fixed::SeededEntropy;
    use crate::server::sms::tests::sms;
    use std::collections::HashSet;
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn a_message_takes_from_one_to_two_seconds_and_each_its_own_time() {
        let gateway = SimulatedSms::new("1000-2000".parse().unwrap(), Arc::new(SeededEntropy::default()));
        let mut took = HashSet::new();
        for _ in 0..100 {
            let begun = Instant::now();
            gateway.send(&sms()).await;
            took.insert(begun.elapsed().as_millis());
        }
        // The timers of tokio are exact to a millisecond.
        assert!(took.iter().all(|time| (1_000..=2_001).contains(time)), "{took:?}");
        assert!(took.len() > 50, "{took:?}");
    }
}
