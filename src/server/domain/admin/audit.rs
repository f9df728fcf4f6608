//! The audit log: who did what to whom, when, why and from where. Lines are only ever added; the database sees to that.

use super::{Actor, Admin, AdminResult};
use crate::model::admin::AuditQuery;
use crate::model::digits;
use crate::server::clock::Timestamp;
use crate::server::domain::{MemberId, Ports};
use crate::server::storage::{NewAuditLine, StoreResult, Transaction};

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The host made somebody an admin.
    Grant,
    /// The host took that away.
    Revoke,
    /// An admin used their second factor for the first time.
    SetUpSecondFactor,
    /// An admin used up a recovery code.
    UseRecoveryCode,
    /// A member was locked out.
    Block,
    /// A member was let in again.
    Unblock,
    /// A redemption was put in place by hand.
    Attach,
    /// A redemption was undone.
    Detach,
    /// A member got another invite code.
    ReplaceInviteCode,
    /// A member's sessions, tokens and devices were ended.
    LogOutEverywhere,
    /// A member's phone was deleted, and all that hung on it.
    Erase,
    /// A flag was found to be right.
    AcceptFlag,
    /// A flag was found to be nothing.
    DismissFlag,
    /// A list was taken away.
    Export,
    /// Members were taken over from a file.
    Import,
}

impl Act {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Grant,
        Self::Revoke,
        Self::SetUpSecondFactor,
        Self::UseRecoveryCode,
        Self::Block,
        Self::Unblock,
        Self::Attach,
        Self::Detach,
        Self::ReplaceInviteCode,
        Self::LogOutEverywhere,
        Self::Erase,
        Self::AcceptFlag,
        Self::DismissFlag,
        Self::Export,
        Self::Import,
    ];

    /// As an admin reads it.
    pub fn text(self) -> &'static str {
        match self {
            Self::Grant => "Made admin",
            Self::Revoke => "No longer admin",
            Self::SetUpSecondFactor => "Second factor set up",
            Self::UseRecoveryCode => "Recovery code used",
            Self::Block => "Blocked",
            Self::Unblock => "Unblocked",
            Self::Attach => "Redemption attached",
            Self::Detach => "Redemption detached",
            Self::ReplaceInviteCode => "New invite code",
            Self::LogOutEverywhere => "Logged out everywhere",
            Self::Erase => "Erased",
            Self::AcceptFlag => "Flag accepted",
            Self::DismissFlag => "Flag dismissed",
            Self::Export => "List exported",
            Self::Import => "Members imported",
        }
    }

    /// As it is stored, and as it stands in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Revoke => "revoke",
            Self::SetUpSecondFactor => "set-up-second-factor",
            Self::UseRecoveryCode => "use-recovery-code",
            Self::Block => "block",
            Self::Unblock => "unblock",
            Self::Attach => "attach",
            Self::Detach => "detach",
            Self::ReplaceInviteCode => "replace-invite-code",
            Self::LogOutEverywhere => "log-out-everywhere",
            Self::Erase => "erase",
            Self::AcceptFlag => "accept-flag",
            Self::DismissFlag => "dismiss-flag",
            Self::Export => "export",
            Self::Import => "import",
        }
    }

    /// Reads it again.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.as_str() == text)
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// Counts the lines.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who; `None` is the host at the command line.
    pub actor: Option<MemberId>,
    /// What.
    pub act: Act,
    /// To whom.
    pub subject: Option<MemberId>,
    /// Why.
    pub reason: String,
    /// What was before, and what is now.
    pub details: String,
    /// From which network.
    pub address: String,
}

/// Which lines to show, newest first.
#[derive(Clone, Debug, Default)]
pub struct AuditSearch {
    /// Only those of this admin.
    pub actor: Option<MemberId>,
    /// Only those about this member.
    pub subject: Option<MemberId>,
    /// Only this act.
    pub act: Option<Act>,
    /// Only those whose reason or details hold this text.
    pub text: Option<String>,
    /// Only those since then.
    pub from: Option<Timestamp>,
    /// Only those before then.
    pub until: Option<Timestamp>,
    /// Only those before this one.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

/// Reads lines, newest first.
///
/// # Errors
/// `MemberUnknown`, `DayMalformed`, `FilterUnknown`.
pub async fn search(ports: &Ports, _: &Admin, query: &AuditQuery, limit: u32) -> AdminResult<Vec<AuditLine>> {
    let text = query.q.trim();
    let search = AuditSearch {
        actor: super::number_or_phone(ports, &query.actor).await?,
        subject: super::number_or_phone(ports, &query.subject).await?,
        act: super::filter(&query.act, Act::parse)?,
        text: (!text.is_empty()).then(|| text.to_owned()),
        from: super::day(&query.from, 0)?,
        until: super::day(&query.until, 1)?,
        before: super::filter(&query.before, digits)?,
        limit,
    };
    Ok(ports.store.audit_lines(&search).await?)
}

/// What was done to a member, newest first.
///
/// # Errors
/// `Unavailable`.
pub async fn about(ports: &Ports, _: &Admin, subject: MemberId, limit: u32) -> AdminResult<Vec<AuditLine>> {
    let search = AuditSearch { subject: Some(subject), limit, ..AuditSearch::default() };
    Ok(ports.store.audit_lines(&search).await?)
}

/// Adds a line, in the transaction of what it tells.
///
/// # Errors
/// When the database fails.
pub async fn write(
    tx: &mut dyn Transaction,
    at: Timestamp,
    actor: Actor<'_>,
    act: Act,
    subject: Option<MemberId>,
    reason: &str,
    details: String,
) -> StoreResult<()> {
    let (actor, address) = match actor {
        Actor::Admin(admin) => (Some(admin.member), admin.address.as_str()),
        Actor::Host => (None, "command line"),
    };
    tx.add_audit_line(&NewAuditLine { at, actor, act, subject, reason, details: &details, address }).await?;
    tracing::info!(
        act = act.as_str(),
        actor = actor.map(|actor| actor.0),
        subject = subject.map(|member| member.0),
        "audit"
    );
    Ok(())
}
