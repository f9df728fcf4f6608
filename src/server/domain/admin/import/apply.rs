//! The second step of an import: the lines of a checked file become members.

use super::read::find;
use crate::error::AppResult;
use crate::model::admin::{AdminResult, Refusal};
use crate::server::data::{Act, Details, Lock, MemberId, NextStep, STALLED_AFTER, WebhookEvent, WebhookKind};
use crate::server::domain::admin::actor::Admin;
use crate::server::domain::admin::reason::Reason;
use crate::server::domain::admin::{Actor, audit};
use crate::server::domain::{Ports, events, webhooks};
use std::sync::Arc;

/// Starts to import a checked file. The caller runs [`Apply::run`] in the background.
///
/// # Errors
/// `ReasonMissing`, `ReasonTooLong`, `NoSuchImport`, `ImportHasBadLines`, `ImportInterrupted`, `ImportUnderWay`,
/// `ImportDone`.
pub async fn apply(ports: &Arc<Ports>, by: &Admin, id: i64, reason: &str) -> AdminResult<Apply> {
    let reason = Reason::parse(reason)?;
    let import = find(ports, by, id).await?;
    let now = ports.clock.now();
    match import.next_step(now) {
        NextStep::Nothing => return Err(Refusal::ImportDone),
        NextStep::Wait => return Err(Refusal::ImportUnderWay),
        NextStep::UploadAgain if import.bad > 0 => return Err(Refusal::ImportHasBadLines),
        NextStep::UploadAgain => return Err(Refusal::ImportInterrupted),
        NextStep::Apply => {}
    }
    let mut tx = ports.store.begin(Lock::Nothing).await?;
    if !tx.begin_import(id, now, now.minus(STALLED_AFTER)).await? {
        return Err(Refusal::ImportUnderWay);
    }
    tx.commit().await?;
    Ok(Apply { ports: ports.clone(), by: by.clone(), id, lines: import.lines, reason })
}

/// An import that was started and not written yet.
pub struct Apply {
    ports: Arc<Ports>,
    by: Admin,
    id: i64,
    lines: u32,
    reason: Reason,
}

impl Apply {
    /// Writes all lines in one transaction. Writes none if a line conflicts with the present members, who may have
    /// changed since the check; then the import has bad lines.
    pub async fn run(self) {
        match self.write().await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                tracing::error!(?error, import = self.id, "an import failed; nothing was written");
                return;
            }
        }
        if let Err(error) = self.ports.store.forget_lines(self.id).await {
            tracing::error!(
                ?error,
                import = self.id,
                "the lines of a finished import could not be deleted; the daily cleanup deletes them"
            );
        }
    }

    async fn write(&self) -> AppResult<bool> {
        let mut tx = self.ports.store.begin(Lock::Nothing).await?;
        let now = self.ports.clock.now();
        if tx.mark_conflicts(self.id).await? > 0 {
            tx.finish_check(self.id, now).await?;
            tx.commit().await?;
            return Ok(false);
        }
        let (members, attempts) = tx.write_import(self.id, now).await?;
        if members.len() as u64 != u64::from(self.lines) {
            tracing::warn!(
                import = self.id,
                "the lines of an import were deleted before it was written; nothing was written"
            );
            return Ok(false);
        }
        let created = |id: &MemberId| WebhookEvent::of_member(WebhookKind::MemberCreated, *id);
        let created: Vec<_> = members.iter().map(created).collect();
        webhooks::tell(tx.as_mut(), &self.ports, &created).await?;
        for attempt in &attempts {
            events::attempted(tx.as_mut(), &self.ports, attempt).await?;
        }
        let details = Details::Imported { members: members.len() as u64, redemptions: attempts.len() as u64 };
        let (actor, reason) = (Actor::Admin(&self.by), self.reason.as_str());
        audit::write(tx.as_mut(), now, actor, Act::Import, None, reason, details).await?;
        tx.commit().await?;
        Ok(true)
    }
}
