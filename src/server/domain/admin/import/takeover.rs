//! Making members of a file that was looked through.

use super::read::find;
use crate::model::admin::{AdminResult, Refusal};
use crate::server::data::{Act, Details, NextStep, STALLED_AFTER};
use crate::server::domain::admin::actor::Admin;
use crate::server::domain::admin::reason::Reason;
use crate::server::domain::admin::{Actor, audit};
use crate::server::domain::{Ports, events};
use crate::server::storage::StoreResult;
use std::sync::Arc;

/// Begins to make members of the lines of a file; the caller lets [`Takeover::run`] run beside the answer.
///
/// # Errors
/// `ReasonMissing`, `ReasonTooLong`, `NoSuchImport`, `ImportHasBadLines`, `ImportInterrupted`,
/// `ImportUnderWay`, `ImportDone`.
pub async fn apply(ports: &Arc<Ports>, by: &Admin, id: i64, reason: &str) -> AdminResult<Takeover> {
    let reason = Reason::parse(reason)?;
    let import = find(ports, by, id).await?;
    let now = ports.clock.now();
    match import.next_step(now) {
        NextStep::Nothing => return Err(Refusal::ImportDone),
        NextStep::Wait => return Err(Refusal::ImportUnderWay),
        NextStep::BringAgain if import.bad > 0 => return Err(Refusal::ImportHasBadLines),
        NextStep::BringAgain => return Err(Refusal::ImportInterrupted),
        NextStep::Apply => {}
    }
    let mut tx = ports.store.begin().await?;
    if !tx.begin_import(id, now, now.minus(STALLED_AFTER)).await? {
        return Err(Refusal::ImportUnderWay);
    }
    tx.commit().await?;
    Ok(Takeover { ports: ports.clone(), by: by.clone(), id, lines: import.lines, reason })
}

/// A file that is becoming members.
pub struct Takeover {
    ports: Arc<Ports>,
    by: Admin,
    id: i64,
    lines: u32,
    reason: Reason,
}

impl Takeover {
    /// Makes members of all lines, in one transaction; or of none, if meanwhile one does not go together with the members
    /// there are.
    pub async fn run(self) {
        match self.write().await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                tracing::error!(?error, import = self.id, "an import could not be written; nothing of it was");
                return;
            }
        }
        if let Err(error) = self.ports.store.forget_lines(self.id).await {
            tracing::error!(?error, import = self.id, "the lines of an import are kept until tomorrow");
        }
    }

    async fn write(&self) -> StoreResult<bool> {
        let mut tx = self.ports.store.begin().await?;
        let now = self.ports.clock.now();
        if tx.mark_conflicts(self.id).await? > 0 {
            tx.finish_check(self.id, now).await?;
            tx.commit().await?;
            return Ok(false);
        }
        let (members, attempts) = tx.write_import(self.id, now).await?;
        if members != u64::from(self.lines) {
            tracing::warn!(import = self.id, "an import was forgotten before it was written; nothing of it was");
            return Ok(false);
        }
        for attempt in &attempts {
            events::attempted(tx.as_mut(), &self.ports.rules.limits, attempt).await?;
        }
        let details = Details::Imported { members, redemptions: attempts.len() as u64 };
        let (actor, reason) = (Actor::Admin(&self.by), self.reason.as_str());
        audit::write(tx.as_mut(), now, actor, Act::Import, None, reason, details).await?;
        tx.commit().await?;
        Ok(true)
    }
}
