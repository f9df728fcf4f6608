//! Logging in: a code is sent to a phone. The right code, in time and within the allowed guesses, logs the member in,
//! and adds the member if the phone is new.
//!
//! The limits follow NIST SP 800-63B §5.1.3 for out-of-band codes, and are stricter because four digits are few: what
//! matters is how many guesses are evaluated. [`sending`] and [`guessing`] count them.

mod guessing;
mod sending;

use super::token::{self, Tokens};
use super::visitor::{self, Standing};
use super::{Ports, invite_code, phone};
use crate::error::{AppError, AppResult};
use crate::model::login_code::{CodeLength, LoginCode};
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{AddMember, FlowId, Member, NewLoginCode, SentLoginCode, Visitor};
use crate::server::limits::Limits;
use crate::server::secrets::{Token, random_bytes};
use crate::server::sms::Sms;
use crate::server::storage::Transaction;
use rand::{CryptoRng, RngExt};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// Older codes no longer lengthen the wait, unless the longest wait is longer than this.
const RESEND_MEMORY: Duration = Duration::from_hours(1);
/// How long codes are kept: for counts that look back, and for hosts who investigate a complaint.
const CODE_MEMORY: Duration = Duration::from_hours(30 * 24);

/// A login in progress, as the page for its code shows it.
#[derive(Clone, Debug)]
pub struct LoginFlow {
    pub phone: Phone,
    pub code_length: CodeLength,
    /// When the next code may be requested.
    pub resend_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct LoggedIn {
    pub member: Member,
    /// The device must keep this token, to be recognized at the next login.
    pub device: Token,
}

/// Begins a login: sends a code to the typed phone.
///
/// # Errors
/// `PhoneMissing`, `PhoneInvalid`, `PhoneCountry`, `ResendTooSoon`, `TooManyMessages`, `TooManyWrongCodes`,
/// `NetworkBusy`, `LoginsPaused`, `SmsNotSent`.
pub async fn request_code(ports: &Ports, visitor: &Visitor, typed: &str) -> AppResult<FlowId> {
    let phone = phone::parse(typed, ports.rules.region)?;
    let flow = FlowId(random_bytes(&mut *ports.rng()?));
    let standing = visitor::standing(ports, visitor, &phone, ports.clock.now()).await?;
    send_code(ports, visitor, standing, flow, phone).await?;
    Ok(flow)
}

/// Begins a login over the API. All API logins of a phone share one flow, except those of known devices; earlier codes
/// are no longer accepted. Returns the flow, and when another code may be requested.
///
/// # Errors
/// Those of [`request_code`].
pub async fn request_api_code(ports: &Ports, visitor: &Visitor, typed: &str) -> AppResult<(FlowId, Timestamp)> {
    let phone = phone::parse(typed, ports.rules.region)?;
    let standing = visitor::standing(ports, visitor, &phone, ports.clock.now()).await?;
    let flow = api_flow(&phone, standing);
    let resend_at = send_code(ports, visitor, standing, flow, phone).await?;
    Ok((flow, resend_at))
}

/// Sends another code in the same login; earlier codes are no longer accepted.
///
/// # Errors
/// `LoginFlowMissing`, and those of [`request_code`] except errors of the phone.
pub async fn send_again(ports: &Ports, visitor: &Visitor, flow: FlowId) -> AppResult<()> {
    let sent = live_login(ports, flow).await?;
    let standing = visitor::standing(ports, visitor, &sent.phone, ports.clock.now()).await?;
    send_code(ports, visitor, standing, flow, sent.phone).await?;
    Ok(())
}

/// The newest code of a login in progress. Also returned if another login of the phone has ended it: a refusal would
/// tell a stranger that the owner of the phone is a member.
async fn live_login(ports: &Ports, flow: FlowId) -> AppResult<SentLoginCode> {
    let sent = ports.store.newest_login_code(flow).await?.filter(|sent| !sent.is_used);
    sent.ok_or(AppError::LoginFlowMissing)
}

/// Reads a login in progress.
///
/// # Errors
/// `LoginFlowMissing` when there is none.
pub async fn flow(ports: &Ports, flow: FlowId) -> AppResult<LoginFlow> {
    let sent = live_login(ports, flow).await?;
    let now = ports.clock.now();
    let limits = &ports.rules.limits;
    let unused = ports.store.unused_codes(&sent.phone, sent.device, now.minus(resend_memory(limits))).await?;
    let resend_at = resend_at(limits, &unused).unwrap_or(now);
    Ok(LoginFlow { phone: sent.phone, code_length: sent.length, resend_at })
}

/// Completes a login over the API with the typed code. Using the code up and issuing tokens is one transaction.
///
/// # Errors
/// `PhoneMissing`, `PhoneInvalid`, and those of [`verify`].
pub async fn verify_api(
    ports: &Ports,
    visitor: &Visitor,
    typed_phone: &str,
    typed_code: &str,
) -> AppResult<(Tokens, Token)> {
    let phone = phone::parse(typed_phone, ports.rules.region)?;
    let code = LoginCode::parse_any(typed_code)?;
    let standing = visitor::standing(ports, visitor, &phone, ports.clock.now()).await?;
    let guess = Guess { visitor, standing, flow: api_flow(&phone, standing), phone, code };
    let (mut tx, LoggedIn { member, device }) = accept(ports, guess).await?;
    let tokens = token::issue(ports, tx.as_mut(), &member).await?;
    tx.commit().await?;
    tracing::info!(member = member.id.0, phone = ports.pseudonym(&member.phone), "logged in over the API");
    Ok((tokens, device))
}

/// Completes a login with the typed code; adds the member if the phone is new.
///
/// # Errors
/// `LoginCodeMissing`, `LoginCodeMalformed`; `LoginCodeRefused` for a code that is wrong, expired, superseded, used or
/// had too many guesses; `TooManyWrongCodes`, `NetworkBusy` and `LoginsPaused`, whether the code is right or not;
/// `MemberBlocked`, only if the code is right.
pub async fn verify(ports: &Ports, visitor: &Visitor, flow: FlowId, typed: &str) -> AppResult<LoggedIn> {
    let sent = ports.store.newest_login_code(flow).await?.ok_or(AppError::LoginCodeRefused)?;
    let code = LoginCode::parse(typed, sent.length)?;
    let standing = visitor::standing(ports, visitor, &sent.phone, ports.clock.now()).await?;
    let (tx, logged_in) = accept(ports, Guess { visitor, standing, flow, phone: sent.phone, code }).await?;
    tx.commit().await?;
    let member = &logged_in.member;
    tracing::info!(member = member.id.0, phone = ports.pseudonym(&member.phone), "logged in");
    Ok(logged_in)
}

/// The flow of all API logins of this phone, whose clients send the phone with every request. A known device has its
/// own flow, so that strangers cannot use up its guesses. Sessions never contain such a flow, so a code requested over
/// the API works only there, and the other way round.
fn api_flow(phone: &Phone, standing: Standing) -> FlowId {
    let device = standing.device().map(|device| device.0);
    let hash: [u8; 32] = Sha256::digest(format!("login over the API {} {device:?}", phone.as_str())).into();
    let mut flow = [0; 16];
    flow.copy_from_slice(&hash[..16]);
    FlowId(flow)
}

/// One guess at a code.
struct Guess<'a> {
    visitor: &'a Visitor,
    standing: Standing,
    flow: FlowId,
    phone: Phone,
    code: LoginCode,
}

/// The only place where a code is checked. The right code is used up in the returned transaction; the caller adds what
/// the login gives, and commits.
async fn accept(ports: &Ports, guess: Guess<'_>) -> AppResult<(Box<dyn Transaction>, LoggedIn)> {
    let Guess { visitor, flow, phone, code, .. } = &guess;
    let limits = &ports.rules.limits;
    let now = ports.clock.now();

    // The guess is counted and committed before the code is compared, so parallel guesses are all counted.
    let mut tx = ports.store.begin().await?;
    let mut candidate = tx.take_guess(*flow, limits.login.code_tries, now).await?;
    if guess.standing == Standing::Stranger {
        // A code from before the longer codes were required is too easy to guess now.
        let needed = guessing::code_length_for_strangers(tx.as_mut(), limits, now).await?;
        candidate = candidate.filter(|candidate| candidate.length >= needed);
    }
    let charged = guessing::charge(tx.as_mut(), limits, &guess, candidate.as_ref(), now).await;
    let charged = charged.inspect_err(|refused| log_refusal(ports, phone, refused))?;
    tx.commit().await?;

    let candidate = candidate.ok_or(AppError::LoginCodeRefused)?;
    if !ports.keys.code.verify(&mac_parts(code, phone, flow), &candidate.mac) {
        tracing::info!(phone = ports.pseudonym(phone), "a wrong login code");
        return Err(AppError::LoginCodeRefused);
    }

    let mut tx = ports.store.begin().await?;
    let is_first = tx.use_code(candidate.id, now).await?;
    guessing::give_back(tx.as_mut(), limits, &guess, &candidate, &charged).await?;
    if !is_first {
        tx.commit().await?;
        return Err(AppError::LoginCodeRefused);
    }
    tx.end_codes(phone, now).await?;
    let member = match tx.member_by_phone(phone).await? {
        Some(member) => member,
        None => add_member(tx.as_mut(), &mut *ports.rng()?, phone, now).await?,
    };
    if member.is_blocked {
        tx.commit().await?;
        return Err(AppError::MemberBlocked);
    }
    // A new token at each login, so that a token that somebody planted on the device becomes invalid.
    let device = Token::random(&mut *ports.rng()?);
    let before = visitor.device.as_ref().map(Token::hash);
    tx.remember_device(member.id, before.as_ref(), &device.hash(), visitor, now).await?;
    Ok((tx, LoggedIn { member, device }))
}

/// Deletes codes that no rule looks back at; returns how many.
///
/// # Errors
/// `Unavailable`.
pub async fn forget_old_codes(ports: &Ports) -> AppResult<u64> {
    Ok(ports.store.delete_codes_before(ports.clock.now().minus(CODE_MEMORY)).await?)
}

/// Sends a code, if the limits allow it; returns when the next one may be requested.
async fn send_code(
    ports: &Ports,
    visitor: &Visitor,
    standing: Standing,
    flow: FlowId,
    phone: Phone,
) -> AppResult<Timestamp> {
    phone::check_country(&ports.rules.countries, &phone)?;
    let limits = &ports.rules.limits;
    let now = ports.clock.now();
    let mut tx = ports.store.begin().await?;
    let mut unused = tx.unused_codes(&phone, standing.device(), now.minus(resend_memory(limits))).await?;
    if let Some(resend_at) = resend_at(limits, &unused).filter(|at| *at > now) {
        return Err(AppError::ResendTooSoon { seconds: resend_at.seconds_from(now) });
    }
    let allowed = sending::charge(tx.as_mut(), limits, visitor, standing, &phone, now).await;
    let allowed = allowed.inspect_err(|refused| log_refusal(ports, &phone, refused))?;
    tx.expire_oldest_flows(&phone, standing.device(), flow, limits.login.logins_under_way - 1, now).await?;
    let code = random_code(&mut *ports.rng()?, allowed.code_length);
    let expires_at = now.plus(limits.login.code_life);
    let id = tx
        .add_login_code(&NewLoginCode {
            flow,
            mac: ports.keys.code.mac(&mac_parts(&code, &phone, &flow)),
            phone: phone.clone(),
            device: standing.device(),
            length: allowed.code_length,
            begins_login: unused.is_empty(),
            created_at: now,
            expires_at,
        })
        .await?;
    tx.commit().await?;

    let phone_in_log = ports.pseudonym(&phone);
    let sms = Sms::login_code(flow, phone, code, now, expires_at);
    if let Err(error) = ports.sms.send(&sms).await {
        tracing::error!(?error, "the SMS gateway did not accept a message");
        let mut tx = ports.store.begin().await?;
        tx.remove_login_code(id).await?;
        tx.give_back(&allowed.refundable).await?;
        tx.commit().await?;
        return Err(AppError::SmsNotSent);
    }
    tracing::info!(phone = phone_in_log, "a login code was sent");
    unused.insert(0, now);
    Ok(resend_at(limits, &unused).unwrap_or(now))
}

/// Logged as a warning, so that hosts can set an alert on it.
fn log_refusal(ports: &Ports, phone: &Phone, refused: &AppError) {
    tracing::warn!(phone = ports.pseudonym(phone), ?refused, "a limit was reached");
}

fn resend_memory(limits: &Limits) -> Duration {
    RESEND_MEMORY.max(limits.login.resend_waits.longest())
}

/// When another code may be sent to a phone with these unused codes, newest first.
fn resend_at(limits: &Limits, unused: &[Timestamp]) -> Option<Timestamp> {
    unused.first().map(|newest| newest.plus(limits.login.resend_waits.after(unused.len())))
}

fn random_code(rng: &mut dyn CryptoRng, length: CodeLength) -> LoginCode {
    LoginCode::from_number(rng.random_range(0..length.codes()), length)
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
    for _ in 0..invite_code::DRAWS {
        match tx.add_member(phone, &invite_code::generate(rng), now).await? {
            AddMember::Added(member) => return Ok(member),
            AddMember::InviteCodeTaken => tracing::debug!("a drawn invite code was taken"),
        }
    }
    tracing::error!("{} drawn invite codes in a row were taken", invite_code::DRAWS);
    Err(AppError::Unavailable)
}
