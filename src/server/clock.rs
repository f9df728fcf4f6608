//! Time and randomness as arguments: a test must be able to fix both.

use rand::rngs::{StdRng, SysError, SysRng};
use rand::{CryptoRng, SeedableRng};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

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

    /// Days since 1970 (UTC).
    pub fn day(self) -> i64 {
        self.0.div_euclid(24 * 60 * 60 * 1000)
    }

    /// This moment for machines, to the second (RFC 3339).
    pub fn rfc3339(self) -> String {
        self.utc().format(&Rfc3339).unwrap_or_default()
    }

    /// This moment to the second, to be written out; 1970 when it is out of range.
    pub fn utc(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.0.div_euclid(1000)).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

pub trait Clock: Send + Sync {
    /// The time of the rules, which passes evenly.
    fn now(&self) -> Timestamp;

    /// The machine's clock, which can be set at any moment. Only for what comes from the clock of another machine.
    fn wall(&self) -> Timestamp;

    /// By how many milliseconds the machine's clock is ahead of this one, because somebody has set it since.
    fn was_set_by(&self) -> i64 {
        self.wall().0 - self.now().0
    }
}

/// The machine's clock as it was at the start, and the time that has gone by since: setting the clock forward or
/// back while the server runs neither renews a budget nor prolongs a code.
pub struct SystemClock {
    started_at: Timestamp,
    booted_for: Duration,
}

impl SystemClock {
    /// A clock that begins now, or at `newest` if that is later: time that has been seen does not come again.
    pub fn starting_after(newest: Option<Timestamp>) -> Self {
        let wall = wall();
        let started_at = newest.map_or(wall, |newest| newest.max(wall));
        if started_at > wall {
            let seconds = started_at.seconds_from(wall);
            tracing::warn!(seconds, "the machine's clock is behind the newest record; going on from that record");
        }
        Self { started_at, booted_for: booted_for() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        self.started_at.plus(booted_for().saturating_sub(self.booted_for))
    }

    fn wall(&self) -> Timestamp {
        wall()
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
fn wall() -> Timestamp {
    Timestamp(millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()))
}

/// Time since the machine was booted. Unlike `Instant`, it goes on while the machine sleeps.
fn booted_for() -> Duration {
    rustix::time::clock_gettime(rustix::time::ClockId::Boottime).try_into().unwrap_or_default()
}

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
    pub struct FixedClock {
        now: AtomicI64,
        /// How far the machine's clock is ahead, in milliseconds.
        wall_ahead: AtomicI64,
    }

    impl Default for FixedClock {
        fn default() -> Self {
            Self { now: AtomicI64::new(1_767_225_600_000), wall_ahead: AtomicI64::default() }
        }
    }

    impl FixedClock {
        pub fn advance(&self, duration: Duration) {
            self.now.fetch_add(millis(duration), Ordering::SeqCst);
        }

        /// Sets the machine's clock so many milliseconds ahead of the time that has passed.
        pub fn set_wall(&self, ahead: i64) {
            self.wall_ahead.store(ahead, Ordering::SeqCst);
        }
    }

    impl Clock for FixedClock {
        fn now(&self) -> Timestamp {
            Timestamp(self.now.load(Ordering::SeqCst))
        }

        fn wall(&self) -> Timestamp {
            Timestamp(self.now().0 + self.wall_ahead.load(Ordering::SeqCst))
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
