//! Changing a member's phone number: first the present one is proven with a code, then the new one. So neither a stolen
//! login nor a number in other hands is enough.
//!
//! Everything else of the member stays. All other logins end, because they may be why the number changes.

use super::admin::Actor;
use super::login::{self, LoggedIn, LoginFlow};
use super::{Ports, account, admin, phone, set_aside, visitor};
use crate::error::{AppError, AppResult};
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{Act, Details, Lock, Member, MemberId, NumberChange, Visitor};
use crate::server::storage::Transaction;
use std::time::Duration;

/// How long after proving the present number the new one can be proven: enough to wait for a message or two.
pub const PROOF_LIFE: Duration = Duration::from_mins(30);

/// What comes next, for the page.
#[derive(Clone, Debug)]
pub enum Step {
    Begin,
    /// To type the code that was sent to the present number.
    PresentCode(LoginFlow),
    /// To type the new number.
    NewNumber,
    /// To type the code that was sent to the new number.
    NewCode(LoginFlow),
}

/// Sends a code to the member's present number.
///
/// # Errors
/// Those of [`account::request_code`].
pub async fn begin(ports: &Ports, visitor: &Visitor, member: MemberId) -> AppResult<NumberChange> {
    Ok(NumberChange::Asked { flow: account::request_code(ports, visitor, member).await? })
}

/// Where a change stands. One that took too long has not begun.
///
/// # Errors
/// `Unavailable`.
pub async fn step(ports: &Ports, change: Option<NumberChange>) -> AppResult<Step> {
    let (flow, is_proven) = match change {
        Some(NumberChange::Asked { flow }) => (flow, false),
        Some(NumberChange::Sent { at, flow }) if is_fresh(ports, at) => (flow, true),
        Some(NumberChange::Proven { at }) if is_fresh(ports, at) => return Ok(Step::NewNumber),
        _ => return Ok(Step::Begin),
    };
    match login::flow(ports, flow).await {
        Ok(sent) if is_proven => Ok(Step::NewCode(sent)),
        Ok(sent) => Ok(Step::PresentCode(sent)),
        // The code was right, but the number is another member's.
        Err(AppError::LoginFlowMissing) if is_proven => Ok(Step::NewNumber),
        Err(AppError::LoginFlowMissing) => Ok(Step::Begin),
        Err(error) => Err(error),
    }
}

/// Sends the code of this step again.
///
/// # Errors
/// `NumberChangeExpired`, and those of [`login::send_again`].
pub async fn send_again(ports: &Ports, visitor: &Visitor, change: NumberChange) -> AppResult<()> {
    let flow = match change {
        NumberChange::Asked { flow } => flow,
        NumberChange::Sent { at, flow } if is_fresh(ports, at) => flow,
        _ => return Err(AppError::NumberChangeExpired),
    };
    expired(login::send_again(ports, visitor, flow).await)
}

/// Proves the present number with the typed code.
///
/// # Errors
/// `NumberChangeExpired`, and those of [`login::prove`].
pub async fn prove_present(
    ports: &Ports,
    visitor: &Visitor,
    member: MemberId,
    change: NumberChange,
    typed: &str,
) -> AppResult<NumberChange> {
    let NumberChange::Asked { flow } = change else { return Err(AppError::NumberChangeExpired) };
    let proven = login::prove(ports, visitor, flow, typed).await?;
    if proven != own_phone(ports, member).await? {
        return Err(AppError::LoginCodeRefused);
    }
    Ok(NumberChange::Proven { at: ports.clock.now().0 })
}

/// Sends a code to the new number, whoever has it: whether that is a member is told only to somebody who has proven it.
/// `country` is the one that was chosen for a number that does not say it, see [`phone::parse_in`].
///
/// # Errors
/// `NumberChangeExpired`, `PhoneUnchanged`, and those of [`login::request_code`].
pub async fn send_to_new(
    ports: &Ports,
    visitor: &Visitor,
    member: MemberId,
    change: NumberChange,
    typed: &str,
    country: &str,
) -> AppResult<NumberChange> {
    let at = proven_at(ports, change)?;
    let phone = phone::parse_in(typed, country, ports.rules.region)?;
    if phone == own_phone(ports, member).await? {
        return Err(AppError::PhoneUnchanged);
    }
    // It gets no message, and everybody who knows its code would have the account.
    if ports.test_phone(&phone).is_some() {
        return Err(AppError::PhoneNotMobile);
    }
    let flow = login::request_code(ports, visitor, phone.as_str()).await?;
    Ok(NumberChange::Sent { at, flow })
}

/// Goes back to typing another new number.
///
/// # Errors
/// `NumberChangeExpired`.
pub fn another_number(ports: &Ports, change: NumberChange) -> AppResult<NumberChange> {
    Ok(NumberChange::Proven { at: proven_at(ports, change)? })
}

/// Changes the number to the one that the typed code proves. The member goes on in a new login on this device; all others
/// have ended.
///
/// # Errors
/// `NumberChangeExpired`, `AdminAccount`, `MemberBlocked`, `PhoneTaken`, `NumberOfAdmin`, and those of [`login::prove`].
pub async fn finish(
    ports: &Ports,
    visitor: &Visitor,
    member: MemberId,
    change: NumberChange,
    typed: &str,
) -> AppResult<LoggedIn> {
    let NumberChange::Sent { at, flow } = change else { return Err(AppError::NumberChangeExpired) };
    if !is_fresh(ports, at) {
        return Err(AppError::NumberChangeExpired);
    }
    let phone = login::prove(ports, visitor, flow, typed).await?;
    release(ports, visitor, member, &phone).await?;
    let (mut tx, now) = (ports.store.begin(Lock::Member(member)).await?, ports.clock.now());
    let before = changeable(tx.as_mut(), member).await?;
    if !tx.change_phone(member, &before, &phone).await? {
        return Err(AppError::PhoneTaken);
    }
    let logged_in = log_in_again(tx.as_mut(), ports, visitor, &phone, now).await?;
    admin::audit::write(tx.as_mut(), now, Actor::Member(member), Act::ChangeNumber, Some(member), "", Details::None)
        .await?;
    tx.commit().await?;
    tracing::info!(member = member.0, phone = ports.pseudonym(&phone), "a member has changed their number");
    Ok(logged_in)
}

/// Makes the number free that a member has proven: an account that nobody has used for long is set aside for its owner. In
/// a transaction of its own, under the lock of the logins of that number.
async fn release(ports: &Ports, visitor: &Visitor, member: MemberId, phone: &Phone) -> AppResult<()> {
    let now = ports.clock.now();
    let standing = visitor::standing(ports, visitor, phone, now).await?;
    let mut tx = ports.store.begin(Lock::Phone(phone)).await?;
    let Some(holder) = tx.member_by_phone(phone).await? else { return Ok(()) };
    // Nobody loses a number for a change that is refused.
    changeable(tx.as_mut(), member).await?;
    let is_silent = set_aside::silent_since(tx.as_mut(), standing, holder.id, now).await?.is_some();
    if holder.is_blocked || !is_silent {
        return Err(AppError::PhoneTaken);
    }
    set_aside::take_number(tx.as_mut(), holder.id, now).await?;
    set_aside::record(tx.as_mut(), holder.id, member, now).await?;
    Ok(tx.commit().await?)
}

/// The present phone of a member who may change it. The right to run the program is granted to a phone: it would stay
/// with whoever gets that number.
async fn changeable(tx: &mut dyn Transaction, member: MemberId) -> AppResult<Phone> {
    let subject = tx.subject(member).await?.ok_or(AppError::LoginRequired)?;
    if subject.is_admin {
        return Err(AppError::AdminAccount);
    }
    if subject.is_blocked {
        return Err(AppError::MemberBlocked);
    }
    subject.phone.ok_or(AppError::LoginRequired)
}

/// Ends all logins of the member with this phone, and makes all devices but this one unknown.
async fn log_in_again(
    tx: &mut dyn Transaction,
    ports: &Ports,
    visitor: &Visitor,
    phone: &Phone,
    now: Timestamp,
) -> AppResult<LoggedIn> {
    let Member { id, .. } = tx.member_by_phone(phone).await?.ok_or(AppError::LoginRequired)?;
    tx.next_epoch(id).await?;
    let member = tx.member_by_phone(phone).await?.ok_or(AppError::LoginRequired)?;
    let logged_in = login::on_device(tx, ports, member, visitor, now).await?;
    tx.forget_devices(id, Some(logged_in.device)).await?;
    Ok(logged_in)
}

async fn own_phone(ports: &Ports, member: MemberId) -> AppResult<Phone> {
    Ok(ports.store.member(member).await?.ok_or(AppError::LoginRequired)?.member.phone)
}

fn proven_at(ports: &Ports, change: NumberChange) -> AppResult<i64> {
    match change {
        NumberChange::Proven { at } | NumberChange::Sent { at, .. } if is_fresh(ports, at) => Ok(at),
        _ => Err(AppError::NumberChangeExpired),
    }
}

fn is_fresh(ports: &Ports, proven_at: i64) -> bool {
    Timestamp(proven_at).plus(PROOF_LIFE) > ports.clock.now()
}

/// In the words of a change, which has no login to begin again.
fn expired<T>(outcome: AppResult<T>) -> AppResult<T> {
    outcome.map_err(|error| match error {
        AppError::LoginFlowMissing => AppError::NumberChangeExpired,
        other => other,
    })
}
