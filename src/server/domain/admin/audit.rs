//! Writing and reading the audit log. Lines can only be added; the database enforces that.

use super::actor::{Actor, Admin};
use super::filters;
use crate::model::admin::{AdminResult, AuditQuery, Refusal};
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{Act, AuditLine, AuditSearch, Details, HOST, MemberId, NewAuditLine, SELF};
use crate::server::domain::Ports;
use crate::server::storage::{StoreResult, Transaction};
use crate::words;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Newest first.
///
/// # Errors
/// `ActorUnknown`, `SubjectUnknown`, `DayMalformed`, `FilterUnknown`.
pub async fn search(ports: &Ports, _: &Admin, query: &AuditQuery, limit: u32) -> AdminResult<Vec<AuditLine>> {
    let text = query.q.trim();
    let search = AuditSearch {
        actor: filters::number_or_phone(ports, &query.actor, Refusal::ActorUnknown).await?,
        subject: filters::number_or_phone(ports, &query.subject, Refusal::SubjectUnknown).await?,
        act: filters::filter(&query.act)?,
        text: (!text.is_empty()).then(|| text.to_owned()),
        from: filters::day(&query.from, 0)?,
        until: filters::day(&query.until, 1)?,
        before: filters::number(&query.before)?,
        limit,
    };
    Ok(ports.store.audit_lines(&search).await?)
}

pub fn details_text(details: &Details) -> String {
    let words = words::admin();
    match details {
        Details::None => String::new(),
        Details::Text(text) | Details::Phone(text) | Details::Endpoint(text) => text.clone(),
        Details::Member(id) => words.other_account(*id),
        Details::RecoveryCodesLeft(count) => words.recovery_codes_left(*count),
        Details::Redemption { code, inviter } => words.code_of_member(code, *inviter),
        Details::InviteCode { before, after } => words.code_replaced(before, after),
        Details::Flag { kind, count } => format!("{}: {count}", kind.into_str()),
        Details::List(list) => list.into_str().to_owned(),
        Details::Webhook(id) => words.webhook_replayed(*id),
        Details::Webhooks(count) => words.webhooks_replayed(*count),
        Details::Imported { members, redemptions } => words.imported(*members, *redemptions),
    }
}

/// Lines with the phones of the members in them.
#[derive(Default)]
pub struct NamedLines {
    pub lines: Vec<AuditLine>,
    /// `None` for an erased member.
    pub phones: HashMap<MemberId, Option<Phone>>,
}

/// Like [`search`], with the phones of the members in the lines.
///
/// # Errors
/// Those of [`search`].
pub async fn named(ports: &Ports, by: &Admin, query: &AuditQuery, limit: u32) -> AdminResult<NamedLines> {
    let lines = search(ports, by, query, limit).await?;
    with_phones(ports, lines).await
}

/// Adds the phones of the members in the lines.
pub async fn with_phones(ports: &Ports, lines: Vec<AuditLine>) -> AdminResult<NamedLines> {
    let mut phones = HashMap::new();
    let named: Vec<MemberId> = lines.iter().flat_map(|line| [line.actor, line.subject]).flatten().collect();
    for member in named {
        if let Entry::Vacant(unknown) = phones.entry(member) {
            let record = ports.store.member_record(member).await?;
            unknown.insert(record.and_then(|record| record.listed.phone));
        }
    }
    Ok(NamedLines { lines, phones })
}

/// What was done to a member, newest first.
///
/// # Errors
/// `Unavailable`.
pub async fn about(ports: &Ports, _: &Admin, subject: MemberId, limit: u32) -> AdminResult<Vec<AuditLine>> {
    let search = AuditSearch { subject: Some(subject), limit, ..AuditSearch::default() };
    Ok(ports.store.audit_lines(&search).await?)
}

/// Adds a line, in the transaction of the act that it records.
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
    details: Details,
) -> StoreResult<()> {
    let (actor, address) = match actor {
        Actor::Admin(admin) => (Some(admin.member), admin.address.as_str()),
        Actor::Host => (None, HOST),
        Actor::Member(member) => (Some(member), SELF),
    };
    tx.add_audit_line(&NewAuditLine { at, actor, act, subject, reason, details: &details, address }).await?;
    tracing::info!(
        act = act.into_str(),
        actor = actor.map(|actor| actor.0),
        subject = subject.map(|member| member.0),
        "audit line added"
    );
    Ok(())
}
