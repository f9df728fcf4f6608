//! Time and randomness as arguments: the two things that a test must be able to hold still.

use rand::rngs::{StdRng, SysError, SysRng};
use rand::{CryptoRng, SeedableRng};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A moment: milliseconds since 1970, UTC. The form in which every time is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This moment and `duration`.
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(millis(duration)))
    }

    /// This moment less `duration`.
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(millis(duration)))
    }

    /// Whole seconds from `now` until this moment, rounded up; 0 when it is past.
    pub fn seconds_from(self, now: Self) -> u32 {
        let millis = self.0.saturating_sub(now.0).max(0);
        u32::try_from((millis + 999) / 1000).unwrap_or(u32::MAX)
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        Timestamp(millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()))
    }
}

/// Gives random generators.
pub trait Entropy: Send + Sync {
    /// A generator for one operation.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    fn rng(&self) -> Result<Box<dyn CryptoRng + Send>, SysError>;
}

/// Generators seeded by the operating system, a fresh one for each operation.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn rng(&self) -> Result<Box<dyn CryptoRng + Send>, SysError> {
        Ok(Box::new(StdRng::try_from_rng(&mut SysRng)?))
    }
}

/// A clock that stands still until it is moved, and generators from a fixed seed.
#[cfg(test)]
pub mod fixed {
    use super::*;
    use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

    /// Starts on 2026-01-01 00:00 UTC.
    pub struct FixedClock(AtomicI64);

    impl Default for FixedClock {
        fn default() -> Self {
            Self(AtomicI64::new(1_767_225_600_000))
        }
    }

    impl FixedClock {
        /// Moves it on.
        pub fn advance(&self, duration: Duration) {
            self.0.fetch_add(millis(duration), Ordering::SeqCst);
        }
    }

    impl Clock for FixedClock {
        fn now(&self) -> Timestamp {
            Timestamp(self.0.load(Ordering::SeqCst))
        }
    }

    /// The first generator has seed 0, the second 1, and so on.
    #[derive(Default)]
    pub struct SeededEntropy(AtomicU64);

    impl Entropy for SeededEntropy {
        fn rng(&self) -> Result<Box<dyn CryptoRng + Send>, SysError> {
            Ok(Box::new(StdRng::seed_from_u64(self.0.fetch_add(1, Ordering::SeqCst))))
        }
    }
}
