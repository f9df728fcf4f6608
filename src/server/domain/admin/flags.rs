//! Flags: what looks odd among the tries to redeem codes, for an admin to look at. They are no verdicts, and nothing
//! follows from them by itself.

use super::audit::{self, Act};
use super::repair::Reason;
use super::{Actor, Admin, AdminResult, Refusal};
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::domain::referral::TryOutcome;
use crate::server::domain::visitor::BrowserId;
use crate::server::domain::{MemberId, Ports};
use crate::server::limits::{Budget, Limits};
use crate::server::storage::{NewTry, StoreResult, Transaction, TryCount};

/// Why something looks odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagKind {
    /// Many redeemed one member's code with the same browser.
    SameBrowser,
    /// Many redeemed one member's code from the same network.
    SameNetwork,
    /// Members who log in with the same browser brought one another in.
    Ring,
    /// So many redeemed one member's code in a short time that it may have been posted in public.
    Posted,
    /// A member tries codes at random.
    Guessing,
}

impl FlagKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::SameBrowser, Self::SameNetwork, Self::Ring, Self::Posted, Self::Guessing];

    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SameBrowser => "same-browser",
            Self::SameNetwork => "same-network",
            Self::Ring => "ring",
            Self::Posted => "posted",
            Self::Guessing => "guessing",
        }
    }

    /// Reads it again.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What an admin made of a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is what it looks like.
    Accepted,
    /// There is nothing to it.
    Dismissed,
}

impl Verdict {
    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Dismissed => "dismissed",
        }
    }

    /// Reads it again.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Accepted, Self::Dismissed].into_iter().find(|verdict| verdict.as_str() == text)
    }
}

/// Something odd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// Names it.
    pub id: i64,
    /// Why it looks odd.
    pub kind: FlagKind,
    /// Whom it is about.
    pub member: MemberId,
    /// Their phone, unless they were erased.
    pub phone: Option<Phone>,
    /// From where it came, as far as that is what is odd.
    pub source: String,
    /// How much there is of it.
    pub count: u32,
    /// When it was noticed first.
    pub first_at: Timestamp,
    /// When it was noticed last.
    pub last_at: Timestamp,
    /// What an admin made of it, if one has.
    pub verdict: Option<Verdict>,
}

/// Looks whether a try makes something look odd, in the transaction of the try. What was reviewed before no longer counts.
///
/// # Errors
/// When the database fails.
pub async fn notice(tx: &mut dyn Transaction, limits: &Limits, tried: &NewTry<'_>) -> StoreResult<()> {
    match (tried.outcome, tried.inviter) {
        (TryOutcome::Redeemed, Some(inviter)) => {
            let of_code = |source| TryCount { outcome: TryOutcome::Redeemed, inviter: Some(inviter), ..source };
            if let Some(browser) = tried.browser {
                let same_browser = of_code(TryCount { browser: Some(browser), ..TryCount::default() });
                let source = source_of(browser);
                count(tx, FlagKind::SameBrowser, inviter, &source, same_browser, &limits.flag_same_browser, tried.at)
                    .await?;
                notice_ring(tx, limits, inviter, browser, tried.at).await?;
            }
            let network = tried.network;
            let same_network = of_code(TryCount { network: Some(network), ..TryCount::default() });
            count(tx, FlagKind::SameNetwork, inviter, network, same_network, &limits.flag_same_network, tried.at)
                .await?;
            let posted = of_code(TryCount::default());
            count(tx, FlagKind::Posted, inviter, "", posted, &limits.flag_posted, tried.at).await
        }
        (TryOutcome::Unknown, _) => {
            let unknown = TryCount { outcome: TryOutcome::Unknown, member: Some(tried.member), ..TryCount::default() };
            count(tx, FlagKind::Guessing, tried.member, "", unknown, &limits.flag_guessing, tried.at).await
        }
        _ => Ok(()),
    }
}

async fn count(
    tx: &mut dyn Transaction,
    kind: FlagKind,
    member: MemberId,
    source: &str,
    tries: TryCount<'_>,
    odd: &Budget,
    now: Timestamp,
) -> StoreResult<()> {
    let reviewed_at = tx.flag_reviewed_at(kind, member, source).await?.unwrap_or(Timestamp(0));
    for allowance in &odd.0 {
        let since = now.minus(allowance.window).max(reviewed_at);
        let count = tx.count_tries(&TryCount { since, ..tries }).await?;
        if count >= allowance.uses {
            return tx.raise_flag(kind, member, source, count, now).await;
        }
    }
    Ok(())
}

async fn notice_ring(
    tx: &mut dyn Transaction,
    limits: &Limits,
    inviter: MemberId,
    browser: BrowserId,
    now: Timestamp,
) -> StoreResult<()> {
    let source = source_of(browser);
    let reviewed_at = tx.flag_reviewed_at(FlagKind::Ring, inviter, &source).await?.unwrap_or(Timestamp(0));
    let count = tx.redemptions_within_browser(browser, reviewed_at).await?;
    if count < limits.flag_ring {
        return Ok(());
    }
    tx.raise_flag(FlagKind::Ring, inviter, &source, count, now).await
}

fn source_of(browser: BrowserId) -> String {
    format!("browser {}", browser.0)
}

/// Lists flags, those noticed first at the top: those that wait, or those that were reviewed; after the one of number
/// `after`.
///
/// # Errors
/// `Unavailable`.
pub async fn list(ports: &Ports, _: &Admin, waiting: bool, after: i64, limit: u32) -> AdminResult<Vec<Flag>> {
    Ok(ports.store.flags(waiting, after, limit).await?)
}

/// Reads one flag.
///
/// # Errors
/// `NoSuchFlag`.
pub async fn read(ports: &Ports, _: &Admin, id: i64) -> AdminResult<Flag> {
    ports.store.flag(id).await?.ok_or(Refusal::NoSuchFlag)
}

/// Says what is to be made of a flag, and why.
///
/// # Errors
/// `VerdictMissing`, `ReasonMissing`, `ReasonTooLong`, `NoSuchFlag`, `AlreadyReviewed`.
pub async fn review(ports: &Ports, by: &Admin, id: i64, verdict: &str, reason: &str) -> AdminResult<()> {
    let verdict = Verdict::parse(verdict).ok_or(Refusal::VerdictMissing)?;
    let reason = Reason::parse(reason)?;
    let flag = read(ports, by, id).await?;
    let now = ports.clock.now();
    let mut tx = ports.store.begin().await?;
    if !tx.review_flag(id, verdict, now).await? {
        return Err(Refusal::AlreadyReviewed);
    }
    let act = match verdict {
        Verdict::Accepted => Act::AcceptFlag,
        Verdict::Dismissed => Act::DismissFlag,
    };
    let details = format!("{}: {}", flag.kind.as_str(), flag.count);
    audit::write(tx.as_mut(), now, Actor::Admin(by), act, Some(flag.member), reason.as_str(), details).await?;
    Ok(tx.commit().await?)
}
