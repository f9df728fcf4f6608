//! Logging in: a code goes to a phone, and the right code within its time and tries makes or finds the member.
//!
//! The numbers are those of NIST SP 800-63B §5.1.3 for out-of-band codes, tightened because four digits are few:
//! what protects a member is how many guesses are evaluated.

use super::token::{self, Tokens};
use super::{FlowId, Member, Ports, invite_code, phone};
use crate::error::{AppError, AppResult};
use crate::model::login_code::LoginCode;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::sms::Sms;
use crate::server::storage::{AddMember, NewLoginCode, Transaction};
use rand::{CryptoRng, RngExt};
use std::time::Duration;

/// How long a login code can be used.
pub const CODE_LIFETIME: Duration = Duration::from_secs(3 * 60);
/// How many guesses at one code are evaluated.
pub const TRIES_PER_CODE: u32 = 3;
/// The wait after the first, second, third and every further code to one phone that was not used.
pub const RESEND_WAITS: [Duration; 4] =
    [Duration::from_secs(60), Duration::from_secs(2 * 60), Duration::from_secs(5 * 60), Duration::from_secs(15 * 60)];
/// Unused codes older than this no longer lengthen the wait.
const RESEND_MEMORY: Duration = Duration::from_secs(60 * 60);
/// How long codes are kept after their time, for the counts that look back.
const CODE_MEMORY: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How many invite codes are drawn before giving up. With a million members one draw in 900 collides.
const INVITE_CODE_DRAWS: u32 = 16;

/// A login under way, as the page of its second step needs it.
#[derive(Clone, Debug)]
pub struct LoginFlow {
    /// Where the code went.
    pub phone: Phone,
    /// When the next code may be asked for.
    pub resend_at: Timestamp,
}

/// Begins a login: sends a code to the phone that was typed.
///
/// # Errors
/// `PhoneMissing`, `PhoneInvalid`, `ResendTooSoon`, `SmsNotSent`.
pub async fn request_code(ports: &Ports, typed: &str) -> AppResult<FlowId> {
    let phone = phone::parse(typed, ports.rules.region)?;
    let flow = FlowId::random(&mut *ports.rng()?);
    send_code(ports, flow, phone).await?;
    Ok(flow)
}

/// Begins a login over the API, where all logins of a phone are one flow; the codes before it are no longer accepted.
/// Returns that flow, and when another code may be asked for.
///
/// # Errors
/// `PhoneMissing`, `PhoneInvalid`, `ResendTooSoon`, `SmsNotSent`.
pub async fn request_api_code(ports: &Ports, typed: &str) -> AppResult<(FlowId, Timestamp)> {
    let phone = phone::parse(typed, ports.rules.region)?;
    let flow = FlowId::of_api(&phone);
    let resend_at = send_code(ports, flow, phone).await?;
    Ok((flow, resend_at))
}

/// Sends another code within a login; the codes before it are no longer accepted.
///
/// # Errors
/// `LoginFlowMissing`, `ResendTooSoon`, `SmsNotSent`.
pub async fn send_again(ports: &Ports, flow: FlowId) -> AppResult<()> {
    let sent = ports.store.newest_login_code(flow).await?.ok_or(AppError::LoginFlowMissing)?;
    send_code(ports, flow, sent.phone).await?;
    Ok(())
}

/// Looks at a login under way.
///
/// # Errors
/// `LoginFlowMissing` when there is none.
pub async fn flow(ports: &Ports, flow: FlowId) -> AppResult<LoginFlow> {
    let sent = ports.store.newest_login_code(flow).await?.ok_or(AppError::LoginFlowMissing)?;
    let now = ports.clock.now();
    let resend_at = resend_at(ports, &ports.store.unused_codes(&sent.phone, now.minus(RESEND_MEMORY)).await?);
    Ok(LoginFlow { phone: sent.phone, resend_at: resend_at.unwrap_or(now) })
}

/// Ends a login over the API with the code that was typed: uses the code up and gives tokens for it, or neither.
///
/// # Errors
/// `PhoneMissing`, `PhoneInvalid`, and those of [`verify`].
pub async fn verify_api(ports: &Ports, typed_phone: &str, typed_code: &str) -> AppResult<Tokens> {
    let phone = phone::parse(typed_phone, ports.rules.region)?;
    let (mut tx, member) = accept(ports, FlowId::of_api(&phone), typed_code).await?;
    let tokens = token::issue(ports, tx.as_mut(), &member).await?;
    tx.commit().await?;
    tracing::info!(member = member.id.0, phone = ?member.phone, "logged in over the API");
    Ok(tokens)
}

/// Ends a login with the code that was typed; makes the member if the phone is new.
///
/// # Errors
/// `LoginCodeMissing`, `LoginCodeMalformed`; `LoginCodeRefused` for a wrong, expired, superseded, used or
/// too often tried code alike; `MemberBlocked`, which only the right code brings to light.
pub async fn verify(ports: &Ports, flow: FlowId, typed: &str) -> AppResult<Member> {
    let (tx, member) = accept(ports, flow, typed).await?;
    tx.commit().await?;
    tracing::info!(member = member.id.0, phone = ?member.phone, "logged in");
    Ok(member)
}

/// The one place where a code is judged. A right one is used up in the transaction that is returned, for the caller to
/// add what the login gives, and to commit.
async fn accept(ports: &Ports, flow: FlowId, typed: &str) -> AppResult<(Box<dyn Transaction>, Member)> {
    let code = LoginCode::parse(typed, ports.rules.code_length)?;
    let now = ports.clock.now();

    // The try is counted and committed before the code is looked at: parallel guesses cannot share one.
    let mut tx = ports.store.begin().await?;
    let candidate = tx.take_try(flow, TRIES_PER_CODE, now).await?;
    tx.commit().await?;

    let candidate = candidate.ok_or(AppError::LoginCodeRefused)?;
    if !ports.keys.code.verify(&mac_parts(&code, &candidate.phone, &flow), &candidate.mac) {
        return Err(AppError::LoginCodeRefused);
    }

    let mut tx = ports.store.begin().await?;
    if !tx.use_code(candidate.id, now).await? {
        return Err(AppError::LoginCodeRefused);
    }
    tx.end_codes(&candidate.phone, now).await?;
    let member = match tx.member_by_phone(&candidate.phone).await? {
        Some(member) => member,
        None => add_member(tx.as_mut(), &mut *ports.rng()?, &candidate.phone, now).await?,
    };
    if member.is_blocked {
        tx.commit().await?;
        return Err(AppError::MemberBlocked);
    }
    Ok((tx, member))
}

/// Forgets codes that no rule looks back at any more.
///
/// # Errors
/// `Unavailable`.
pub async fn forget_old_codes(ports: &Ports) -> AppResult<u64> {
    Ok(ports.store.delete_codes_before(ports.clock.now().minus(CODE_MEMORY)).await?)
}

/// Sends a code, if it is not too soon; returns when the next may be asked for.
async fn send_code(ports: &Ports, flow: FlowId, phone: Phone) -> AppResult<Timestamp> {
    let code = random_code(&mut *ports.rng()?, ports.rules.code_length);
    let now = ports.clock.now();
    let mut tx = ports.store.begin().await?;
    let mut unused = tx.unused_codes(&phone, now.minus(RESEND_MEMORY)).await?;
    if let Some(resend_at) = resend_at(ports, &unused).filter(|at| *at > now) {
        return Err(AppError::ResendTooSoon { seconds: resend_at.seconds_from(now) });
    }
    let id = tx
        .add_login_code(&NewLoginCode {
            flow,
            mac: ports.keys.code.mac(&mac_parts(&code, &phone, &flow)),
            phone: phone.clone(),
            created_at: now,
            expires_at: now.plus(CODE_LIFETIME),
        })
        .await?;
    tx.commit().await?;

    if let Err(error) = ports.sms.send(&Sms::login_code(flow, phone, code)).await {
        tracing::error!(%error, "the SMS gateway refused a message");
        let mut tx = ports.store.begin().await?;
        tx.remove_login_code(id).await?;
        tx.commit().await?;
        return Err(AppError::SmsNotSent);
    }
    unused.insert(0, now);
    Ok(resend_at(ports, &unused).unwrap_or(now))
}

/// When another code may go to a phone to which codes went unused at these times, newest first.
fn resend_at(ports: &Ports, unused: &[Timestamp]) -> Option<Timestamp> {
    let newest = unused.first()?;
    let wait = RESEND_WAITS[unused.len().min(RESEND_WAITS.len()) - 1];
    Some(newest.plus(wait / ports.rules.relaxed_by))
}

fn random_code(rng: &mut dyn CryptoRng, length: u8) -> LoginCode {
    LoginCode::from_number(rng.random_range(0..10_u32.pow(length.into())), length)
}

fn mac_parts<'a>(code: &'a LoginCode, phone: &'a Phone, flow: &'a FlowId) -> [&'a [u8]; 3] {
    [code.as_str().as_bytes(), phone.as_str().as_bytes(), &flow.0]
}

async fn add_member(
    tx: &mut dyn Transaction,
    rng: &mut (dyn CryptoRng + Send),
    phone: &Phone,
    now: Timestamp,
) -> AppResult<Member> {
    for _ in 0..INVITE_CODE_DRAWS {
        match tx.add_member(phone, &invite_code::generate(rng), now).await? {
            AddMember::Added(member) => return Ok(member),
            AddMember::InviteCodeTaken => tracing::debug!("an invite code was taken; drawing another"),
        }
    }
    tracing::error!("{INVITE_CODE_DRAWS} invite codes in a row were taken");
    Err(AppError::Unavailable)
}
