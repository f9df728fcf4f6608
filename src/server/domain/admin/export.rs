//! Exports: all members, redemptions or audit lines, read in portions, so that no writer waits and the memory used is
//! bounded. The file format is in `spreadsheet`.

use super::{Actor, Admin, AdminResult, audit};
use crate::server::clock::Timestamp;
use crate::server::data::{Act, AuditLine, AuditSearch, Details, List, ListedRedemption, Lock, MemberId, MemberRecord};
use crate::server::domain::Ports;
use crate::server::domain::admin::reason::Reason;
use crate::server::spreadsheet::Cell;
use crate::server::storage::StoreResult;
use std::sync::Arc;

/// Rows read at a time.
const ROWS: u32 = 1000;

pub fn columns(list: List) -> &'static [&'static str] {
    match list {
        List::Members => &[
            "id",
            "phone_number",
            "invite_code",
            "former_invite_codes",
            "joined_at",
            "blocked_at",
            "erased_at",
            "redeemed_code",
            "redeemed_at",
            "inviter_id",
            "invited_total",
        ],
        List::Redemptions => {
            &["invitee_id", "invitee_phone_number", "inviter_id", "inviter_phone_number", "invite_code", "redeemed_at"]
        }
        List::Audit => &["id", "at", "actor_id", "act", "subject_id", "reason", "details", "address"],
    }
}

/// An export in progress.
pub struct Export {
    ports: Arc<Ports>,
    list: List,
    /// The id of the last row that was read.
    after: i64,
}

impl Export {
    /// Begins an export, and records it in the audit log.
    ///
    /// # Errors
    /// `ReasonMissing`, `ReasonTooLong`.
    pub async fn begin(ports: &Arc<Ports>, by: &Admin, list: List, reason: &str) -> AdminResult<Self> {
        let reason = Reason::parse(reason)?;
        let mut tx = ports.store.begin(Lock::Nothing).await?;
        let details = Details::List(list);
        let now = ports.clock.now();
        audit::write(tx.as_mut(), now, Actor::Admin(by), Act::Export, None, reason.as_str(), details).await?;
        tx.commit().await?;
        let after = if list == List::Audit { i64::MAX } else { 0 };
        Ok(Self { ports: ports.clone(), list, after })
    }

    /// The next rows; empty at the end. Each row is as it was when it was read: members may change during an export.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rows(&mut self) -> StoreResult<Vec<Vec<Cell>>> {
        let (store, after) = (&self.ports.store, MemberId(self.after));
        let (rows, last): (Vec<_>, _) = match self.list {
            List::Members => {
                let members = store.member_records(after, ROWS).await?;
                (members.iter().map(member).collect(), members.last().map(|member| member.listed.id.0))
            }
            List::Redemptions => {
                let redemptions = store.redemptions(after, ROWS).await?;
                (redemptions.iter().map(redemption).collect(), redemptions.last().map(|last| last.invitee.0))
            }
            List::Audit => {
                let search = AuditSearch { before: Some(self.after), limit: ROWS, ..AuditSearch::default() };
                let lines = store.audit_lines(&search).await?;
                (lines.iter().map(audit_line).collect(), lines.last().map(|line| line.id))
            }
        };
        self.after = last.unwrap_or(self.after);
        Ok(rows)
    }
}

fn member(record: &MemberRecord) -> Vec<Cell> {
    let former: Vec<_> = record.former_codes.iter().map(|(code, _)| code.as_str()).collect();
    let redemption = record.redemption.as_ref();
    vec![
        Cell::Number(record.listed.id.0),
        Cell::text(record.listed.phone.as_ref().map(crate::model::phone::Phone::as_str)),
        Cell::text(Some(record.listed.invite_code.as_str())),
        Cell::text((!former.is_empty()).then(|| former.join(" "))),
        moment(Some(record.listed.created_at)),
        moment(record.blocked_at),
        moment(record.erased_at),
        Cell::text(redemption.map(|redemption| redemption.code.as_str())),
        moment(redemption.map(|redemption| redemption.redeemed_at)),
        number(redemption.map(|redemption| redemption.inviter)),
        Cell::Number(i64::try_from(record.listed.invitees).unwrap_or(i64::MAX)),
    ]
}

fn redemption(redemption: &ListedRedemption) -> Vec<Cell> {
    vec![
        Cell::Number(redemption.invitee.0),
        Cell::text(redemption.invitee_phone.as_ref().map(crate::model::phone::Phone::as_str)),
        Cell::Number(redemption.inviter.0),
        Cell::text(redemption.inviter_phone.as_ref().map(crate::model::phone::Phone::as_str)),
        Cell::text(Some(redemption.code.as_str())),
        moment(Some(redemption.redeemed_at)),
    ]
}

fn audit_line(line: &AuditLine) -> Vec<Cell> {
    vec![
        Cell::Number(line.id),
        moment(Some(line.at)),
        number(line.actor),
        Cell::text(Some(line.act.into_str())),
        number(line.subject),
        Cell::text(Some(line.reason.as_str())),
        Cell::text(Some(audit::details_text(&line.details))),
        Cell::text(Some(line.address.as_str())),
    ]
}

fn number(member: Option<MemberId>) -> Cell {
    member.map_or(Cell::Blank, |member| Cell::Number(member.0))
}

fn moment(at: Option<Timestamp>) -> Cell {
    Cell::text(at.map(Timestamp::rfc3339))
}
