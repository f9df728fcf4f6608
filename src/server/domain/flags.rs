//! Decides which attempts to redeem a code are flagged as suspicious. A flag has no effect except that an admin is
//! asked to review it.

use crate::server::clock::Timestamp;
use crate::server::data::{AttemptCount, AttemptOutcome, BrowserId, FlagKind, MemberId, NewAttempt};
use crate::server::limits::{Budget, FlagLimits};
use crate::server::storage::{StoreResult, Transaction};

/// Raises flags for an attempt, in its transaction. Attempts before the last review of the same flag are not counted.
///
/// # Errors
/// When the database fails.
pub async fn detect(tx: &mut dyn Transaction, limits: &FlagLimits, attempt: &NewAttempt) -> StoreResult<()> {
    match (attempt.outcome, attempt.inviter) {
        (AttemptOutcome::Redeemed, Some(inviter)) => detect_in_redemption(tx, limits, attempt, inviter).await,
        (AttemptOutcome::Unknown, _) => {
            let suspicion = Suspicion { kind: FlagKind::Guessing, member: attempt.member, source: "" };
            let unknown = AttemptCount { member: Some(attempt.member), ..AttemptCount::of(AttemptOutcome::Unknown) };
            suspicion.count(tx, unknown, &limits.guessing, attempt.at).await
        }
        _ => Ok(()),
    }
}

async fn detect_in_redemption(
    tx: &mut dyn Transaction,
    limits: &FlagLimits,
    attempt: &NewAttempt,
    inviter: MemberId,
) -> StoreResult<()> {
    let now = attempt.at;
    let of_code = AttemptCount { inviter: Some(inviter), ..AttemptCount::of(AttemptOutcome::Redeemed) };
    // Imported redemptions have no network and no browser.
    if let Some(browser) = attempt.browser {
        let source = source_of(browser);
        let same_browser = AttemptCount { browser: Some(browser), ..of_code };
        Suspicion { kind: FlagKind::SameBrowser, member: inviter, source: &source }
            .count(tx, same_browser, &limits.same_browser, now)
            .await?;
        detect_ring(tx, limits, inviter, browser, now).await?;
    }
    let Some(network) = attempt.network.as_deref() else { return Ok(()) };
    let same_network = AttemptCount { network: Some(network), ..of_code };
    Suspicion { kind: FlagKind::SameNetwork, member: inviter, source: network }
        .count(tx, same_network, &limits.same_network, now)
        .await?;
    Suspicion { kind: FlagKind::Posted, member: inviter, source: "" }.count(tx, of_code, &limits.posted, now).await
}

/// A flag that is raised if a limit is reached.
struct Suspicion<'a> {
    kind: FlagKind,
    member: MemberId,
    source: &'a str,
}

impl Suspicion<'_> {
    async fn reviewed_at(&self, tx: &mut dyn Transaction) -> StoreResult<Timestamp> {
        Ok(tx.flag_reviewed_at(self.kind, self.member, self.source).await?.unwrap_or(Timestamp(0)))
    }

    /// Raises the flag if the attempts reach one of the limits.
    async fn count(
        &self,
        tx: &mut dyn Transaction,
        attempts: AttemptCount<'_>,
        suspicious: &Budget,
        now: Timestamp,
    ) -> StoreResult<()> {
        let reviewed_at = self.reviewed_at(tx).await?;
        for allowance in &suspicious.0 {
            let since = now.minus(allowance.window).max(reviewed_at);
            let count = tx.count_attempts(&AttemptCount { since, ..attempts }).await?;
            if count >= allowance.uses {
                return tx.raise_flag(self.kind, self.member, self.source, count, now).await;
            }
        }
        Ok(())
    }
}

async fn detect_ring(
    tx: &mut dyn Transaction,
    limits: &FlagLimits,
    inviter: MemberId,
    browser: BrowserId,
    now: Timestamp,
) -> StoreResult<()> {
    let source = source_of(browser);
    let ring = Suspicion { kind: FlagKind::Ring, member: inviter, source: &source };
    let reviewed_at = ring.reviewed_at(tx).await?;
    let count = tx.redemptions_within_browser(browser, reviewed_at).await?;
    if count < limits.ring {
        return Ok(());
    }
    tx.raise_flag(ring.kind, inviter, &source, count, now).await
}

fn source_of(browser: BrowserId) -> String {
    format!("browser {}", browser.0)
}
