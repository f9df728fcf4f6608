//! Logging in: a code is sent to a phone. The right code, in time and within the allowed guesses, logs the member in,
//! and adds the member if the phone is new.
//!
//! The limits follow NIST SP 800-63B §5.1.3 for out-of-band codes, and are stricter because four digits are few: what
//! matters is how many guesses are evaluated. [`sending`] sends codes, [`guessing`] counts guesses, [`accounts`] names
//! the budgets of both. [`owner`] decides whose account it is.

mod accounts;
mod charging;
mod code;
mod guessing;
pub mod limits;
pub mod owner;
mod sending;

pub use sending::shown;

use super::token::{self, Tokens};
use super::visitor;
use super::{Ports, phone};
use crate::error::{AppError, AppResult};
use crate::model::login_code::{CodeLength, LoginCode};
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{ApiLoginId, DeviceId, FlowId, GuessTarget, Lock, Member, SentLoginCode, UseId, Visitor};
use crate::server::metrics;
use crate::server::secrets::{Token, random_bytes};
use crate::server::storage::Transaction;
use accounts::Claimant;
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// How long codes are kept: for counts that look back, and for hosts who investigate a complaint.
pub const CODE_MEMORY: Duration = Duration::from_hours(30 * 24);

/// How long the question whether an account is theirs can be answered.
const ANSWER_LIFE: Duration = Duration::from_mins(10);

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
    pub device: DeviceId,
    /// The device must keep this token, to be recognized at the next login.
    pub device_token: Token,
}

/// An answer of `/get_code/`.
#[derive(Clone, Debug)]
pub struct ApiLogin {
    /// The flow that the message belongs to.
    pub flow: FlowId,
    /// What the client sends back with the code, so that its guesses are counted by themselves.
    pub login: String,
    /// When another code may be requested.
    pub resend_at: Timestamp,
}

/// Begins a login: sends a code to the typed phone.
///
/// # Errors
/// `PhoneMissing`, `PhoneInvalid`, `PhoneCountry`, `PhoneNotMobile`, `ResendTooSoon`, `TooManyMessages`,
/// `TooManyWrongCodes`, `NetworkBusy`, `LoginsPaused`, `SmsNotSent`.
pub async fn request_code(ports: &Ports, visitor: &Visitor, typed: &str) -> AppResult<FlowId> {
    let phone = phone::parse(typed, ports.rules.region)?;
    let flow = FlowId(random_bytes(&mut *ports.rng()?));
    let standing = visitor::standing(ports, visitor, &phone, ports.clock.now()).await?;
    sending::send(ports, &Claimant { visitor, standing, phone: &phone }, flow, None).await?;
    Ok(flow)
}

/// The same; a number that does not say its country is of the chosen one, given by its two letters.
///
/// # Errors
/// Those of [`request_code`].
pub async fn request_code_in(ports: &Ports, visitor: &Visitor, typed: &str, country: &str) -> AppResult<FlowId> {
    let phone = phone::parse_in(typed, country, ports.rules.region)?;
    request_code(ports, visitor, phone.as_str()).await
}

/// Begins a login over the API. All API logins of a phone share one flow and its code, except those of known devices.
///
/// # Errors
/// Those of [`request_code`].
pub async fn request_api_code(ports: &Ports, visitor: &Visitor, typed: &str) -> AppResult<ApiLogin> {
    let phone = phone::parse(typed, ports.rules.region)?;
    let standing = visitor::standing(ports, visitor, &phone, ports.clock.now()).await?;
    let who = Claimant { visitor, standing, phone: &phone };
    let flow = api_flow(&who);
    let login = ApiLoginId(random_bytes(&mut *ports.rng()?));
    let resend_at = sending::send(ports, &who, flow, Some(login)).await?;
    Ok(ApiLogin { flow, login: HEXLOWER.encode(&login.0), resend_at })
}

/// Sends the code of a login again, or another one if that has nearly expired or allows no more guesses.
///
/// # Errors
/// `LoginFlowMissing`, and those of [`request_code`] except errors of the phone.
pub async fn send_again(ports: &Ports, visitor: &Visitor, flow: FlowId) -> AppResult<()> {
    let sent = live_login(ports, flow).await?;
    let standing = visitor::standing(ports, visitor, &sent.phone, ports.clock.now()).await?;
    sending::send(ports, &Claimant { visitor, standing, phone: &sent.phone }, flow, None).await?;
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
    let resend_at = sending::resend_at(ports, &sent).await?;
    Ok(LoginFlow { phone: sent.phone, code_length: sent.length, resend_at })
}

/// Completes a login over the API with the typed code, and what [`request_api_code`] returned as `login` if the client
/// sends it. Using the code up and issuing tokens is one transaction. Whoever has to say whether the account is theirs
/// does so in `is_mine`, with the same code.
///
/// # Errors
/// `PhoneMissing`, `PhoneInvalid`, and those of [`verify`], where `LoginCodeRefused` stands for `LoginCodeLengthened`.
pub async fn verify_api(
    ports: &Ports,
    visitor: &Visitor,
    typed_phone: &str,
    typed_code: &str,
    login: Option<&str>,
    is_mine: Option<bool>,
) -> AppResult<(Tokens, Token)> {
    let phone = phone::parse(typed_phone, ports.rules.region)?;
    let typed = LoginCode::parse_any(typed_code)?;
    let standing = visitor::standing(ports, visitor, &phone, ports.clock.now()).await?;
    let who = Claimant { visitor, standing, phone: &phone };
    let target = match login {
        // What is no login of ours is one that does not exist.
        Some(login) => GuessTarget::ApiLogin(api_login(login).unwrap_or(ApiLoginId([0; 16]))),
        None => GuessTarget::Flow(api_flow(&who)),
    };
    let now = ports.clock.now();
    let accepted = accept(ports, &Guess { who, target, typed }, now).await;
    let Accepted { mut tx, right } = accepted.map_err(|refused| match refused {
        AppError::LoginCodeLengthened { .. } => AppError::LoginCodeRefused,
        other => other,
    })?;
    let LoggedIn { member, device, device_token } = match log_in(tx.as_mut(), ports, &who, is_mine, now).await {
        Ok(logged_in) => logged_in,
        Err(refused @ AppError::OwnerUnclear { .. }) => {
            // The code stays usable. Nothing was wrong with the guess.
            drop(tx);
            give_back(ports, &phone, &right).await?;
            return Err(refused);
        }
        Err(refused) => return Err(used_up(tx, refused).await?),
    };
    let tokens = token::issue(ports, tx.as_mut(), &member, device).await?;
    tx.commit().await?;
    metrics::login_finished();
    tracing::info!(member = member.id.0, phone = ports.pseudonym(&member.phone), "logged in over the API");
    Ok((tokens, device_token))
}

/// Completes a login with the typed code; adds the member if the phone is new.
///
/// # Errors
/// `LoginCodeMissing`, `LoginCodeMalformed`; `LoginCodeRefused` for a code that is wrong, expired, superseded, used or
/// had too many guesses; `LoginCodeLengthened` if a longer one had to be sent; `TooManyWrongCodes` and `NetworkBusy`,
/// whether the code is right or not; `MemberBlocked` and `OwnerUnclear`, only if the code is right.
pub async fn verify(ports: &Ports, visitor: &Visitor, flow: FlowId, typed: &str) -> AppResult<LoggedIn> {
    let (sent, typed) = guessed_at(ports, flow, typed).await?;
    let now = ports.clock.now();
    let standing = visitor::standing(ports, visitor, &sent.phone, now).await?;
    let who = Claimant { visitor, standing, phone: &sent.phone };
    let accepted = accept(ports, &Guess { who, target: GuessTarget::Flow(flow), typed }, now).await?;
    finish(accepted.tx, ports, &who, None, now).await
}

/// Completes a login whose code was right, but whose account is perhaps another person's: the answer to
/// [`AppError::OwnerUnclear`], which [`verify`] returned at `asked_at`.
///
/// # Errors
/// `LoginFlowMissing` after too long, `MemberBlocked`, `NumberOfAdmin`.
pub async fn answer(
    ports: &Ports,
    visitor: &Visitor,
    flow: FlowId,
    asked_at: Timestamp,
    is_mine: bool,
) -> AppResult<LoggedIn> {
    let now = ports.clock.now();
    let sent = ports.store.newest_login_code(flow).await?.filter(|sent| sent.is_used);
    let sent = sent.filter(|_| asked_at.plus(ANSWER_LIFE) > now).ok_or(AppError::LoginFlowMissing)?;
    let standing = visitor::standing(ports, visitor, &sent.phone, now).await?;
    let who = Claimant { visitor, standing, phone: &sent.phone };
    let tx = ports.store.begin(Lock::Phone(&sent.phone)).await?;
    finish(tx, ports, &who, Some(is_mine), now).await
}

/// Logs in with a phone that was proven, and commits.
async fn finish(
    mut tx: Box<dyn Transaction>,
    ports: &Ports,
    who: &Claimant<'_>,
    is_mine: Option<bool>,
    now: Timestamp,
) -> AppResult<LoggedIn> {
    let logged_in = match log_in(tx.as_mut(), ports, who, is_mine, now).await {
        Ok(logged_in) => logged_in,
        Err(refused) => return Err(used_up(tx, refused).await?),
    };
    tx.commit().await?;
    metrics::login_finished();
    let member = &logged_in.member;
    tracing::info!(member = member.id.0, phone = ports.pseudonym(&member.phone), "logged in");
    Ok(logged_in)
}

/// After the right code, some refusals use it up as a login does; after others it can be tried again.
async fn used_up(tx: Box<dyn Transaction>, refused: AppError) -> AppResult<AppError> {
    if matches!(refused, AppError::MemberBlocked | AppError::OwnerUnclear { .. }) {
        tx.commit().await?;
    }
    Ok(refused)
}

async fn give_back(ports: &Ports, phone: &Phone, right: &[UseId]) -> AppResult<()> {
    let mut tx = ports.store.begin(Lock::Phone(phone)).await?;
    tx.give_back(right).await?;
    Ok(tx.commit().await?)
}

/// Proves with the typed code that the visitor has the phone that it was sent to, and logs nobody in; returns the phone.
///
/// # Errors
/// Those of [`verify`] that are about the code.
pub async fn prove(ports: &Ports, visitor: &Visitor, flow: FlowId, typed: &str) -> AppResult<Phone> {
    let (sent, typed) = guessed_at(ports, flow, typed).await?;
    let now = ports.clock.now();
    let standing = visitor::standing(ports, visitor, &sent.phone, now).await?;
    let who = Claimant { visitor, standing, phone: &sent.phone };
    let accepted = accept(ports, &Guess { who, target: GuessTarget::Flow(flow), typed }, now).await?;
    accepted.tx.commit().await?;
    metrics::login_finished();
    tracing::info!(phone = ports.pseudonym(&sent.phone), "a phone was proven");
    Ok(sent.phone)
}

/// The newest code of a flow, and what was typed as one of its length.
async fn guessed_at(ports: &Ports, flow: FlowId, typed: &str) -> AppResult<(SentLoginCode, LoginCode)> {
    let sent = ports.store.newest_login_code(flow).await?.ok_or(AppError::LoginCodeRefused)?;
    let typed = LoginCode::parse(typed, sent.length)?;
    Ok((sent, typed))
}

/// The flow of all API logins of this phone, whose clients send the phone with every request. A known device has its
/// own flow, so that strangers cannot use up its guesses. Sessions never contain such a flow, so a code requested over
/// the API works only there, and the other way round.
fn api_flow(who: &Claimant<'_>) -> FlowId {
    let device = who.standing.device().map(|device| device.0);
    let hash: [u8; 32] = Sha256::digest(format!("login over the API {} {device:?}", who.phone.as_str())).into();
    let mut flow = [0; 16];
    flow.copy_from_slice(&hash[..16]);
    FlowId(flow)
}

/// Reads what [`request_api_code`] returned as `login`.
fn api_login(text: &str) -> Option<ApiLoginId> {
    let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?;
    bytes.try_into().ok().map(ApiLoginId)
}

/// One guess at a code.
struct Guess<'a> {
    who: Claimant<'a>,
    target: GuessTarget,
    typed: LoginCode,
}

impl Guess<'_> {
    /// Whether the target is the flow that all strangers at the API share.
    fn is_shared(&self) -> bool {
        matches!(self.target, GuessTarget::Flow(flow) if flow == api_flow(&self.who))
    }

    fn purpose(&self, sent: &SentLoginCode) -> String {
        purpose(&self.who, sent)
    }
}

/// The login that a message or a guess belongs to. All API logins of strangers share a flow, so there each code counts as
/// a login.
fn purpose(who: &Claimant<'_>, sent: &SentLoginCode) -> String {
    if sent.flow == api_flow(who) { format!("code {}", sent.id) } else { HEXLOWER.encode(&sent.flow.0) }
}

/// The only place where a code is checked. The right code is used up in the returned transaction; the caller adds what
/// it gives, and commits.
async fn accept(ports: &Ports, guess: &Guess<'_>, now: Timestamp) -> AppResult<Accepted> {
    let (sent, right) = count_guess(ports, guess).await?;
    let Guess { who, typed, .. } = guess;
    if !code::is_right(ports, &sent, typed) {
        tracing::info!(phone = ports.pseudonym(who.phone), "a wrong login code");
        return Err(AppError::LoginCodeRefused);
    }

    let mut tx = ports.store.begin(Lock::Phone(who.phone)).await?;
    let is_first = tx.use_code(sent.id, now).await?;
    guessing::give_back(tx.as_mut(), &ports.rules.limits, guess, &sent, &right).await?;
    if !is_first {
        tx.commit().await?;
        return Err(AppError::LoginCodeRefused);
    }
    tx.end_codes(who.phone, now).await?;
    Ok(Accepted { tx, right })
}

/// The right code, used up in a transaction that is to be committed.
struct Accepted {
    tx: Box<dyn Transaction>,
    /// The charge for the guess, which the transaction gives back.
    right: Vec<UseId>,
}

/// Logs in with a phone that was proven in this transaction. The caller commits it.
async fn log_in(
    tx: &mut dyn Transaction,
    ports: &Ports,
    who: &Claimant<'_>,
    is_mine: Option<bool>,
    now: Timestamp,
) -> AppResult<LoggedIn> {
    let member = owner::account(tx, ports, who, is_mine, now).await?;
    on_device(tx, ports, member, who.visitor, now).await
}

/// Makes the visitor's device known for a member.
///
/// # Errors
/// `Unavailable`.
pub(super) async fn on_device(
    tx: &mut dyn Transaction,
    ports: &Ports,
    member: Member,
    visitor: &Visitor,
    now: Timestamp,
) -> AppResult<LoggedIn> {
    // A new token at each login, so that a token that somebody planted on the device becomes invalid.
    let device_token = Token::random(&mut *ports.rng()?);
    let before = visitor.device.as_ref().map(Token::hash);
    let device = tx.remember_device(member.id, before.as_ref(), &device_token.hash(), visitor, now).await?;
    Ok(LoggedIn { member, device, device_token })
}

/// Counts a guess, and commits that before the code is compared, so that parallel guesses are all counted. Returns the
/// code and what was charged.
async fn count_guess(ports: &Ports, guess: &Guess<'_>) -> AppResult<(SentLoginCode, Vec<UseId>)> {
    let (limits, now) = (&ports.rules.limits, ports.clock.now());
    let mut tx = ports.store.begin(Lock::Phone(guess.who.phone)).await?;
    let sent = tx.take_guess(guess.target, limits.login.code_tries, now).await?;
    let sent = sent.filter(|sent| sent.phone == *guess.who.phone);
    let needed = guessing::needed_length(tx.as_mut(), limits, &guess.who, now).await;
    let needed = needed.inspect_err(|refused| log_refusal(ports, guess.who.phone, refused))?;
    if let Some(sent) = sent.as_ref().filter(|sent| sent.length < needed.for_claimant) {
        // The guess is neither counted nor evaluated.
        drop(tx);
        // A stranger's network does not lengthen a code that others share.
        let length = if guess.is_shared() { needed.for_phone } else { needed.for_claimant };
        return Err(sending::send_longer(ports, &guess.who, sent, length).await?);
    }
    let charged = guessing::charge(tx.as_mut(), limits, guess, sent.as_ref(), needed.for_claimant, now).await;
    let charged = charged.inspect_err(|refused| log_refusal(ports, guess.who.phone, refused))?;
    tx.commit().await?;
    Ok((sent.ok_or(AppError::LoginCodeRefused)?, charged))
}

/// Deletes codes that no rule looks back at; returns how many.
///
/// # Errors
/// `Unavailable`.
pub async fn forget_old_codes(ports: &Ports) -> AppResult<u64> {
    Ok(ports.store.delete_codes_before(ports.clock.now().minus(CODE_MEMORY)).await?)
}

/// Logged as a warning, so that hosts can set an alert on it.
fn log_refusal(ports: &Ports, phone: &Phone, refused: &AppError) {
    tracing::warn!(phone = ports.pseudonym(phone), ?refused, "a limit was reached");
}
