//! Reviewing flags. Which attempts are suspicious is decided in [`crate::server::domain::flags`].

use super::actor::{Actor, Admin};
use super::audit;
use super::reason::Reason;
use crate::model::admin::{AdminResult, Refusal};
use crate::server::data::{Act, Details, Flag, Lock, Verdict};
use crate::server::domain::Ports;

/// Waiting or reviewed flags, the oldest first, after the flag with the id `after`.
///
/// # Errors
/// `Unavailable`.
pub async fn list(ports: &Ports, _: &Admin, waiting: bool, after: i64, limit: u32) -> AdminResult<Vec<Flag>> {
    Ok(ports.store.flags(waiting, after, limit).await?)
}

/// # Errors
/// `NoSuchFlag`.
pub async fn read(ports: &Ports, _: &Admin, id: i64) -> AdminResult<Flag> {
    ports.store.flag(id).await?.ok_or(Refusal::NoSuchFlag)
}

/// Stores the verdict of an admin and its reason.
///
/// # Errors
/// `VerdictMissing`, `ReasonMissing`, `ReasonTooLong`, `NoSuchFlag`, `AlreadyReviewed`.
pub async fn review(ports: &Ports, by: &Admin, id: i64, verdict: &str, reason: &str) -> AdminResult<()> {
    let verdict = verdict.parse().map_err(|_| Refusal::VerdictMissing)?;
    let reason = Reason::parse(reason)?;
    let flag = read(ports, by, id).await?;
    let now = ports.clock.now();
    let mut tx = ports.store.begin(Lock::Nothing).await?;
    if !tx.review_flag(id, verdict, now).await? {
        return Err(Refusal::AlreadyReviewed);
    }
    let act = match verdict {
        Verdict::Accepted => Act::AcceptFlag,
        Verdict::Dismissed => Act::DismissFlag,
    };
    let details = Details::Flag { kind: flag.kind, count: flag.count };
    audit::write(tx.as_mut(), now, Actor::Admin(by), act, Some(flag.member), reason.as_str(), details).await?;
    Ok(tx.commit().await?)
}
