//! How limits are written: budgets, waits and lifetimes.

use std::str::FromStr;
use std::time::Duration;

/// How often something may be done, written as `9/24h,30/30d`: nine times in any 24 hours and thirty times in any
/// thirty days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget(pub Vec<Allowance>);

/// So many uses in any stretch of this length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// How many uses.
    pub uses: u32,
    /// How far back uses count.
    pub window: Duration,
}

impl Budget {
    /// As often as one likes.
    pub const WITHOUT_LIMIT: Self = Self(Vec::new());

    /// The budget of a network that counts for `factor` networks.
    pub fn times(&self, factor: u32) -> Self {
        self.map_uses(|uses| uses.saturating_mul(factor))
    }

    /// One of `parts` equal shares, rounded up.
    pub fn share(&self, parts: u32) -> Self {
        self.map_uses(|uses| uses.div_ceil(parts))
    }

    fn map_uses(&self, change: impl Fn(u32) -> u32) -> Self {
        Self(self.0.iter().map(|each| Allowance { uses: change(each.uses), ..*each }).collect())
    }

    /// The longest stretch of time that it looks back on.
    pub fn longest(&self) -> Duration {
        self.0.iter().map(|allowance| allowance.window).max().unwrap_or_default()
    }
}

impl FromStr for Budget {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split(',').map(|part| allowance(part.trim())).collect::<Option<_>>().map(Self).ok_or_else(|| {
            "expected how often in which time, as in 9/24h or 9/24h,30/30d; at least once, in at least a second"
                .to_owned()
        })
    }
}

fn allowance(text: &str) -> Option<Allowance> {
    let (uses, window) = text.split_once('/')?;
    let uses = uses.trim().parse().ok().filter(|uses| *uses > 0)?;
    Some(Allowance { uses, window: lifetime(window.trim()).ok()? })
}

/// Waits, written as `60s,2m`; the last one counts for all that follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waits(pub Vec<Duration>);

impl Waits {
    /// The wait after so many codes, which are at least one.
    pub fn after(&self, codes: usize) -> Duration {
        self.0.get(codes.saturating_sub(1)).or(self.0.last()).copied().unwrap_or_default()
    }

    /// The longest.
    pub fn longest(&self) -> Duration {
        self.0.iter().max().copied().unwrap_or_default()
    }
}

impl FromStr for Waits {
    type Err = humantime::DurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split(',').map(|part| humantime::parse_duration(part.trim())).collect::<Result<_, _>>().map(Self)
    }
}

/// The longest lifetime anybody needs: ten years. It keeps sums of times far from overflowing.
const LONGEST: Duration = Duration::from_hours(10 * 365 * 24);

pub fn lifetime(text: &str) -> Result<Duration, String> {
    let duration = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    if duration < Duration::from_secs(1) || duration > LONGEST {
        return Err("expected at least 1s and at most ten years".to_owned());
    }
    Ok(duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    #[test]
    fn a_budget_is_read_as_it_is_written() {
        let day = Allowance { uses: 9, window: 24 * HOUR };
        assert_eq!("9/24h".parse(), Ok(Budget(vec![day])));
        let month = Allowance { uses: 30, window: 30 * 24 * HOUR };
        assert_eq!("9/24h, 30/30d".parse(), Ok(Budget(vec![day, month])));
        for bad in ["", "9", "9/", "/24h", "0/24h", "-1/24h", "9/0s", "9/soon", "9/24h,", "9/24h;30/30d", "9/100years"]
        {
            assert!(bad.parse::<Budget>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_share_is_rounded_up() {
        let budget: Budget = "5/1h,9/24h".parse().unwrap();
        assert_eq!(budget.share(3), "2/1h,3/24h".parse().unwrap());
        assert_eq!(budget.times(10), "50/1h,90/24h".parse().unwrap());
    }

    #[test]
    fn the_last_wait_counts_for_all_that_follow() {
        let waits: Waits = "60s,2m".parse().unwrap();
        let seconds: Vec<_> = (1..5).map(|codes| waits.after(codes).as_secs()).collect();
        assert_eq!(seconds, [60, 120, 120, 120]);
        assert!("60".parse::<Waits>().is_err() && "".parse::<Waits>().is_err());
    }
}
