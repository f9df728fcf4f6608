//! Sends login codes: a new one, the same one again, or a longer one in the place of one that is too short by now.

use super::accounts::Claimant;
use super::{charging, code, guessing, log_refusal, purpose};
use crate::error::{AppError, AppResult};
use crate::model::language::Language;
use crate::model::login_code::CodeLength;
use crate::server::clock::Timestamp;
use crate::server::data::{
    ApiLoginId, FlowId, Lock, MessageState, NewLoginCode, NewMessage, SentLoginCode, UnusedMessages, UseId,
};
use crate::server::domain::{Ports, phone};
use crate::server::limits::Limits;
use crate::server::metrics;
use crate::server::sms::{Outcome, Sms};
use crate::server::storage::Transaction;
use crate::words;
use std::time::Duration;

/// Older messages no longer lengthen the wait, unless the longest wait is longer than this.
const RESEND_MEMORY: Duration = Duration::from_hours(1);
/// A code is sent again while it has at least one part in so many of its life left.
const LIFE_PARTS: u32 = 5;

/// A message about to be sent, and how to undo what was stored for it.
struct Message {
    sent: SentLoginCode,
    /// Whether the code had been sent before.
    is_again: bool,
    refundable: Vec<UseId>,
}

/// Sends a code, if the limits allow it; returns when the next message may be requested. Guesses under `login` are counted
/// by themselves.
pub async fn send(ports: &Ports, who: &Claimant<'_>, flow: FlowId, login: Option<ApiLoginId>) -> AppResult<Timestamp> {
    phone::check_receiver(&ports.rules.countries, ports.rules.numbers, who.phone)?;
    let (limits, now) = (&ports.rules.limits, ports.clock.now());
    let mut tx = ports.store.begin(Lock::Phone(who.phone)).await?;
    let mut unused = tx.unused_messages(who.phone, who.standing.device(), now.minus(memory(limits))).await?;
    if let Some(resend_at) = next(limits, unused).filter(|at| *at > now) {
        return Err(AppError::ResendTooSoon { seconds: resend_at.seconds_from(now) });
    }
    let fixed = ports.test_phone(who.phone).map(|_| CodeLength::MAX);
    let message = prepare(tx.as_mut(), limits, who, flow, fixed, unused.count == 0, now).await;
    let message = message.inspect_err(|refused| log_refusal(ports, who.phone, refused))?;
    if let Some(login) = login {
        tx.add_api_login(login, message.sent.id).await?;
    }
    tx.commit().await?;
    if unused.count == 0 {
        metrics::login_begun();
    }
    deliver(ports, who, message, now).await?;
    unused = UnusedMessages { count: unused.count + 1, newest: Some(now) };
    Ok(next(limits, unused).unwrap_or(now))
}

/// Stores and charges a message with the code of the flow, or with a new one. The code of a test phone has a fixed length.
async fn prepare(
    tx: &mut dyn Transaction,
    limits: &Limits,
    who: &Claimant<'_>,
    flow: FlowId,
    fixed_length: Option<CodeLength>,
    begins_login: bool,
    now: Timestamp,
) -> AppResult<Message> {
    let needed = guessing::needed_length(tx, limits, who, now).await?.for_claimant;
    let length = fixed_length.unwrap_or(needed);
    let newest = tx.newest_login_code(flow).await?;
    let again = newest.filter(|sent| can_be_sent_again(limits, sent, length, now));
    let is_again = again.is_some();
    let sent = if let Some(sent) = again {
        tx.count_message(sent.id, now).await?;
        sent
    } else {
        let keep = limits.login.logins_under_way - 1;
        tx.expire_oldest_flows(who.phone, who.standing.device(), flow, keep, now).await?;
        add(tx, limits, who, flow, length, begins_login, now).await?
    };
    let refundable = charging::charge(tx, limits, who, &purpose(who, &sent), now).await?;
    Ok(Message { sent, is_again, refundable })
}

fn can_be_sent_again(limits: &Limits, sent: &SentLoginCode, needed: CodeLength, now: Timestamp) -> bool {
    let has_time = sent.expires_at >= now.plus(limits.login.code_life / LIFE_PARTS);
    let has_guesses = sent.tries < limits.login.code_tries;
    has_time && has_guesses && sent.length >= needed && !sent.is_used && !sent.is_ended
}

async fn add(
    tx: &mut dyn Transaction,
    limits: &Limits,
    who: &Claimant<'_>,
    flow: FlowId,
    length: CodeLength,
    begins_login: bool,
    now: Timestamp,
) -> AppResult<SentLoginCode> {
    let new = NewLoginCode {
        flow,
        phone: who.phone.clone(),
        device: who.standing.device(),
        length,
        begins_login,
        created_at: now,
        expires_at: now.plus(limits.login.code_life),
    };
    Ok(tx.add_login_code(&new).await?)
}

/// Sends a code of this length in the place of a shorter one, at once: the person has done nothing wrong. Returns the
/// refusal of the guess at the shorter one.
///
/// # Errors
/// `LoginsPaused`, `SmsNotSent`.
pub async fn send_longer(
    ports: &Ports,
    who: &Claimant<'_>,
    shorter: &SentLoginCode,
    length: CodeLength,
) -> AppResult<AppError> {
    let (limits, now) = (&ports.rules.limits, ports.clock.now());
    let mut tx = ports.store.begin(Lock::Phone(who.phone)).await?;
    // A parallel guess may have had the longer one sent.
    let is_newest = tx.newest_login_code(shorter.flow).await?.is_some_and(|newest| newest.id == shorter.id);
    if !is_newest || length <= shorter.length {
        return Ok(AppError::LoginCodeRefused);
    }
    let sent = add(tx.as_mut(), limits, who, shorter.flow, length, false, now).await?;
    tx.move_api_logins(shorter.id, sent.id).await?;
    let charged = charging::charge_longer_code(tx.as_mut(), limits, who, &purpose(who, &sent), now).await;
    let refundable = charged.inspect_err(|refused| log_refusal(ports, who.phone, refused))?;
    tx.commit().await?;
    deliver(ports, who, Message { sent, is_again: false, refundable }, now).await?;
    Ok(AppError::LoginCodeLengthened { length: length.into() })
}

/// Hands a message to the gateway, outside any transaction; takes it back if it was surely not sent.
async fn deliver(ports: &Ports, who: &Claimant<'_>, message: Message, now: Timestamp) -> AppResult<()> {
    let Message { sent, is_again, refundable } = message;
    let client_ip = who.visitor.network.as_str().trim_end_matches("/64").to_owned();
    if ports.test_phone(&sent.phone).is_some() {
        tracing::warn!(phone = ports.pseudonym(&sent.phone), "a test phone logs in with its fixed code");
        return Ok(());
    }
    let mut sms = sms_of(ports, &sent, now, who.visitor.language).await?;
    sms.id = format!("{}-{}", sent.id, now.0);
    sms.client_ip = client_ip;
    let (gateway, message_id, state) = match ports.sms.send(&sms).await {
        Outcome::Accepted(receipt) => (receipt.gateway, receipt.message_id, MessageState::Sent),
        // What may have been sent counts as sent: the person waits for it, and can have it sent again.
        Outcome::Unknown { gateway } => (gateway, None, MessageState::Unknown),
        Outcome::Refused => return take_back(ports, &sent, is_again, &refundable).await,
    };
    tracing::info!(phone = ports.pseudonym(&sent.phone), gateway, "a login code was sent");
    let (gateway, message_id) = (gateway.as_str(), message_id.as_deref());
    let new = NewMessage { code: sent.id, gateway, message_id, state, sent_at: now };
    if let Err(error) = ports.store.add_message(&new).await {
        // The person has the message: the login goes on.
        tracing::error!(%error, "a message that was sent could not be recorded");
    }
    Ok(())
}

/// In the language that a member with this phone has chosen, or else in that of the visitor.
async fn sms_of(ports: &Ports, sent: &SentLoginCode, now: Timestamp, visitor: Option<Language>) -> AppResult<Sms> {
    let digits = code::of(&ports.keys.code, sent);
    let chosen = ports.store.language_of(&sent.phone).await?;
    let text = ports.rules.sms_text.in_language(chosen.or(visitor).unwrap_or_default());
    Ok(Sms::login_code(&text, sent.phone.clone(), digits, now, sent.expires_at))
}

/// The newest message of a login, if messages are simulated. It is made again from its row, so that it does not matter
/// which server has sent it.
pub async fn shown(ports: &Ports, flow: FlowId) -> AppResult<Option<Sms>> {
    if !ports.sms.is_simulated() {
        return Ok(None);
    }
    let sent = ports.store.newest_login_code(flow).await?;
    let sent = sent.filter(|sent| sent.expires_at > ports.clock.now() && ports.test_phone(&sent.phone).is_none());
    let Some(sent) = sent else { return Ok(None) };
    let first_at = sent.expires_at.minus(ports.rules.limits.login.code_life);
    let sms = sms_of(ports, &sent, sent.resent_at.unwrap_or(first_at), Some(words::language())).await?;
    Ok(Some(sms))
}

async fn take_back(ports: &Ports, sent: &SentLoginCode, is_again: bool, refundable: &[UseId]) -> AppResult<()> {
    tracing::error!(phone = ports.pseudonym(&sent.phone), "a login code was not sent");
    let mut tx = ports.store.begin(Lock::Phone(&sent.phone)).await?;
    if is_again {
        tx.take_back_message(sent.id, sent.resent_at).await?;
    } else {
        tx.remove_login_code(sent.id).await?;
    }
    tx.give_back(refundable).await?;
    tx.commit().await?;
    Err(AppError::SmsNotSent)
}

/// When the next message of a login may be requested.
pub async fn resend_at(ports: &Ports, sent: &SentLoginCode) -> AppResult<Timestamp> {
    let (limits, now) = (&ports.rules.limits, ports.clock.now());
    let unused = ports.store.unused_messages(&sent.phone, sent.device, now.minus(memory(limits))).await?;
    Ok(next(limits, unused).unwrap_or(now))
}

fn memory(limits: &Limits) -> Duration {
    RESEND_MEMORY.max(limits.login.resend_waits.longest())
}

/// When another message may be sent to a phone with these unused ones.
fn next(limits: &Limits, unused: UnusedMessages) -> Option<Timestamp> {
    let count = usize::try_from(unused.count).unwrap_or(usize::MAX);
    unused.newest.map(|newest| newest.plus(limits.login.resend_waits.after(count)))
}
