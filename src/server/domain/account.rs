//! What a member may do with their own account: take their data with them, and delete it.

use super::admin::Actor;
use super::login::limits::{self, LoginLimitsOfPhone};
use super::{Ports, admin, login, profile, webhooks};
use crate::error::{AppError, AppResult};
use crate::model::login_code::CodeLength;
use crate::server::data::{
    Act, Attempt, AuditLine, AuditSearch, Details, Device, Flag, FlowId, Invitee, LinkCounts, LiveLogin, Lock,
    LoginAttempt, MemberId, MemberRecord, RepeatableRequest, SentMessage, Visitor, WebhookEvent, WebhookKind,
};

/// More than anybody has of what is deleted after a while.
const ALL: u32 = 10_000;
/// Invitees that are read at once.
const PAGE: u32 = 1000;

/// What is kept about a member, of the table in SECURITY.md.
pub struct AccountData {
    pub record: MemberRecord,
    /// Newest first.
    pub invitees: Vec<Invitee>,
    pub is_on_board: bool,
    pub links: LinkCounts,
    /// The live ones.
    pub logins: Vec<LiveLogin>,
    pub devices: Vec<Device>,
    pub codes: Vec<LoginAttempt>,
    pub messages: Vec<SentMessage>,
    pub attempts: Vec<Attempt>,
    /// What looked like abuse of the referral program.
    pub flags: Vec<Flag>,
    /// What unknown devices can still do with the phone.
    pub limits: LoginLimitsOfPhone,
    pub requests: Vec<RepeatableRequest>,
    /// What admins have done to the account.
    pub acts: Vec<AuditLine>,
}

/// # Errors
/// `LoginRequired` when the member no longer exists.
pub async fn read(ports: &Ports, id: MemberId) -> AppResult<AccountData> {
    let store = &ports.store;
    let record = store.member_record(id).await?.ok_or(AppError::LoginRequired)?;
    let phone = record.listed.phone.clone().ok_or(AppError::LoginRequired)?;
    let about = AuditSearch { subject: Some(id), limit: ALL, ..AuditSearch::default() };
    Ok(AccountData {
        record,
        invitees: invitees(ports, id).await?,
        is_on_board: store.inviter(id).await?.is_some_and(|own| own.is_on_board),
        links: store.link_counts(id).await?,
        logins: store.live_logins_of(id, ports.clock.now(), ALL).await?,
        devices: store.devices_of(id, ALL).await?,
        codes: store.logins_of(&phone, ALL).await?,
        messages: store.messages_to(&phone, ALL).await?,
        attempts: store.attempts_of(id, ALL).await?,
        flags: store.flags_of(id, ALL).await?,
        limits: limits::of_phone(ports, &phone).await?,
        requests: store.repeatable_requests(id, ALL).await?,
        acts: store.audit_lines(&about).await?,
    })
}

async fn invitees(ports: &Ports, id: MemberId) -> AppResult<Vec<Invitee>> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = profile::read(ports, id, after, PAGE).await?;
        all.extend(page.invitees);
        after = page.older;
        if after.is_none() {
            return Ok(all);
        }
    }
}

/// Sends a code to the member's own phone, without which the account can neither be deleted nor get another number.
///
/// # Errors
/// `AdminAccount`, and those of [`login::request_code`].
pub async fn request_code(ports: &Ports, visitor: &Visitor, member: MemberId) -> AppResult<FlowId> {
    let record = ports.store.member_record(member).await?.ok_or(AppError::LoginRequired)?;
    if record.is_admin {
        return Err(AppError::AdminAccount);
    }
    let phone = record.listed.phone.ok_or(AppError::LoginRequired)?;
    login::request_code(ports, visitor, phone.as_str()).await
}

/// The code by which a member can delete the account.
pub struct SentCode {
    pub length: CodeLength,
    /// The message, if messages are simulated.
    pub message: Option<String>,
}

/// The code that was sent in this flow; `None` if it has expired, or went to another phone than the member's.
///
/// # Errors
/// `LoginRequired` when the member no longer exists.
pub async fn sent_code(ports: &Ports, member: MemberId, flow: FlowId) -> AppResult<Option<SentCode>> {
    let own = ports.store.member(member).await?.ok_or(AppError::LoginRequired)?.member.phone;
    match login::flow(ports, flow).await {
        Ok(sent) if sent.phone == own => {
            let message = login::shown(ports, flow).await?.map(|sms| sms.text);
            Ok(Some(SentCode { length: sent.code_length, message }))
        }
        Ok(_) | Err(AppError::LoginFlowMissing) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Deletes the account of a member who has typed the code that was sent to their phone. As when an admin erases a member,
/// a row without a phone stays, so that counts and chains of invitees stay right.
///
/// # Errors
/// `AdminAccount`; `LoginCodeRefused` for the code of another phone; those of [`login::prove`].
pub async fn delete(ports: &Ports, visitor: &Visitor, member: MemberId, flow: FlowId, typed: &str) -> AppResult<()> {
    let proven = login::prove(ports, visitor, flow, typed).await?;
    let (mut tx, now) = (ports.store.begin(Lock::Member(member)).await?, ports.clock.now());
    let subject = tx.subject(member).await?.ok_or(AppError::LoginRequired)?;
    let phone = subject.phone.ok_or(AppError::LoginRequired)?;
    if proven != phone {
        return Err(AppError::LoginCodeRefused);
    }
    if subject.is_admin {
        return Err(AppError::AdminAccount);
    }
    tx.erase_member(member, Some(&phone), now).await?;
    webhooks::tell(tx.as_mut(), ports, &[WebhookEvent::of_member(WebhookKind::MemberErased, member)]).await?;
    admin::audit::write(tx.as_mut(), now, Actor::Member(member), Act::Erase, Some(member), "", Details::None).await?;
    Ok(tx.commit().await?)
}
