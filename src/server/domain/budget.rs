//! Budgets: how often somebody may do a thing within a time that slides along.

use super::Ports;
use crate::error::AppResult;
use crate::server::clock::Timestamp;
use crate::server::storage::BudgetUses;
use std::time::Duration;

/// So many uses in any stretch of this length.
pub struct Budget {
    /// What it is called, in the database and in headers.
    pub name: &'static str,
    /// How many uses.
    pub uses: u32,
    /// How far back uses count.
    pub window: Duration,
}

/// What is left of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// How many uses there may be in the window.
    pub quota: u32,
    /// How many of them are left now.
    pub uses: u32,
    /// Seconds until there is one more; 0 when nothing is used.
    pub more_in: u32,
}

impl Budget {
    /// What is left of it, given what was used since [`Self::since`].
    pub fn left(&self, ports: &Ports, used: BudgetUses, now: Timestamp) -> Left {
        let quota = self.uses.saturating_mul(ports.rules.relaxed_by);
        let more_in = used.oldest.map_or(0, |oldest| oldest.plus(self.window).seconds_from(now));
        Left { quota, uses: quota.saturating_sub(used.count), more_in }
    }

    /// From when on uses count.
    pub fn since(&self, now: Timestamp) -> Timestamp {
        now.minus(self.window)
    }
}

/// How long uses are kept: as long as any budget looks back.
const MEMORY: Duration = Duration::from_secs(24 * 60 * 60);

/// Forgets uses that no budget looks back at any more.
///
/// # Errors
/// `Unavailable`.
pub async fn forget_old_uses(ports: &Ports) -> AppResult<u64> {
    Ok(ports.store.delete_budget_uses_before(ports.clock.now().minus(MEMORY)).await?)
}
