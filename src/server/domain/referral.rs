//! The rules of redeeming another member's code: once per member, never one's own, never in a circle. Every attempt is
//! recorded with its outcome, so that admins can see why one did not count.

use super::budget::Account;
use super::{Ports, visitor};
use crate::error::{AppError, AppResult};
use crate::model::invite_code::InviteCode;
use crate::server::clock::Timestamp;
use crate::server::data::{AttemptOutcome, BrowserId, MemberId, NewAttempt, Visitor};
use crate::server::limits::RedemptionLimits;
use crate::server::storage::{StoreResult, Transaction};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// Equal attempts within this time are one record with a count.
const REPEATED_WITHIN: Duration = Duration::from_hours(1);
/// Different attempts of a member recorded within that time; further ones are only counted.
const ATTEMPTS_KEPT: u32 = 50;
/// Characters of the longest text that can be a mistyped code: one more than a code has.
const TYPED_KEPT: usize = 7;

/// A member who attempts to redeem a code, and from where.
pub struct Redeemer {
    pub member: MemberId,
    network: String,
    browser: Option<BrowserId>,
}

impl Redeemer {
    pub async fn of(ports: &Ports, member: MemberId, visitor: &Visitor) -> AppResult<Self> {
        let browser = visitor::browser(ports, visitor).await?;
        Ok(Self { member, network: visitor.network.as_str().to_owned(), browser })
    }
}

/// What was typed: a well-formed code, or a text that cannot be a code.
pub enum Typed {
    Possible(InviteCode),
    /// Not too long, but too short or with other symbols.
    Impossible(String),
    TooLong(String),
}

impl Typed {
    /// # Errors
    /// `InviteCodeMissing`.
    pub fn parse(typed: &str) -> AppResult<Self> {
        match InviteCode::parse(typed) {
            Ok(code) => Ok(Self::Possible(code)),
            Err(AppError::InviteCodeUnknown) => Ok(Self::Impossible(typed.trim().to_owned())),
            Err(AppError::InviteCodeTooLong) => Ok(Self::TooLong(typed.trim().to_owned())),
            Err(refused) => Err(refused),
        }
    }

    /// The form in which it is recorded. Only what may be a mistyped code is: people also paste passwords and phones.
    fn recorded(&self) -> String {
        match self {
            Self::Possible(code) => code.to_string(),
            Self::Impossible(text) | Self::TooLong(text) => {
                let symbols: String = text.chars().filter(|symbol| !symbol.is_whitespace() && *symbol != '-').collect();
                let may_be_code =
                    symbols.len() <= TYPED_KEPT && symbols.bytes().all(|byte| byte.is_ascii_alphanumeric());
                if may_be_code { symbols } else { String::new() }
            }
        }
    }

    /// Equal for two spellings of one code; never longer than a hash.
    pub fn fingerprint(&self) -> String {
        match self {
            Self::Possible(code) => code.to_string(),
            Self::Impossible(text) | Self::TooLong(text) => HEXLOWER.encode(&Sha256::digest(text)),
        }
    }
}

/// An attempt that was checked and recorded.
pub struct Redeemed {
    pub outcome: AppResult<InviteCode>,
    /// `None` if the server failed; such an attempt is not recorded.
    pub attempt: Option<NewAttempt>,
}

/// Checks an attempt and records it, in one write transaction, so that parallel attempts see one another.
///
/// # Errors
/// When the database fails.
pub async fn redeem(
    tx: &mut dyn Transaction,
    limits: &RedemptionLimits,
    redeemer: &Redeemer,
    typed: &Typed,
    now: Timestamp,
) -> StoreResult<Redeemed> {
    let (owner, outcome) = check(tx, limits, redeemer.member, typed, now).await?;
    let Some(kept) = recorded_outcome(&outcome, owner) else { return Ok(Redeemed { outcome, attempt: None }) };
    let attempt = NewAttempt {
        member: redeemer.member,
        typed: typed.recorded(),
        inviter: owner,
        outcome: kept,
        at: now,
        network: Some(redeemer.network.clone()),
        browser: redeemer.browser,
    };
    record(tx, &attempt).await?;
    Ok(Redeemed { outcome, attempt: Some(attempt) })
}

/// Returns the owner of the code, and whether it was redeemed.
async fn check(
    tx: &mut dyn Transaction,
    limits: &RedemptionLimits,
    invitee: MemberId,
    typed: &Typed,
    now: Timestamp,
) -> StoreResult<(Option<MemberId>, AppResult<InviteCode>)> {
    if let Typed::TooLong(_) = typed {
        return Ok((None, Err(AppError::InviteCodeTooLong)));
    }
    let former_owner = match typed {
        Typed::Possible(code) => tx.owner_of_code(code).await?,
        Typed::Impossible(_) | Typed::TooLong(_) => None,
    };
    if let Some(activated) = tx.activated_code(invitee).await? {
        return Ok((former_owner, Err(AppError::AlreadyRedeemed { code: activated.to_string() })));
    }
    let unknown = unknown_codes(limits, invitee);
    if let Err(seconds) = unknown.check(tx, now).await? {
        return Ok((None, Err(AppError::TooManyUnknownCodes { seconds })));
    }
    let owner = match typed {
        Typed::Possible(code) => tx.member_by_invite_code(code).await?,
        Typed::Impossible(_) | Typed::TooLong(_) => None,
    };
    let Some(inviter) = owner else {
        let refused = match unknown.take(tx, "", now).await? {
            Ok(_) => AppError::InviteCodeUnknown,
            Err(seconds) => AppError::TooManyUnknownCodes { seconds },
        };
        return Ok((former_owner, Err(refused)));
    };
    if inviter.is_blocked {
        return Ok((Some(inviter.id), Err(AppError::InviteCodeBlocked)));
    }
    let connected = connect(tx, invitee, inviter.id, &inviter.invite_code, now).await?;
    Ok((Some(inviter.id), connected.map(|()| inviter.invite_code)))
}

/// The account of the unknown codes of a member.
pub fn unknown_codes(limits: &RedemptionLimits, invitee: MemberId) -> Account<'_> {
    Account::new("unknown-codes", invitee.0.to_string(), &limits.unknown_codes)
}

/// Adds a redemption for an admin. Former codes and codes of blocked members are accepted; circles and second
/// redemptions are not.
///
/// # Errors
/// `AlreadyRedeemed`, `InviteCodeOwn`, `InviteCodeOfInvitee`.
pub async fn attach(
    tx: &mut dyn Transaction,
    invitee: MemberId,
    inviter: MemberId,
    code: &InviteCode,
    now: Timestamp,
) -> AppResult<()> {
    if let Some(activated) = tx.activated_code(invitee).await? {
        return Err(AppError::AlreadyRedeemed { code: activated.to_string() });
    }
    connect(tx, invitee, inviter, code, now).await?
}

async fn connect(
    tx: &mut dyn Transaction,
    invitee: MemberId,
    inviter: MemberId,
    code: &InviteCode,
    now: Timestamp,
) -> StoreResult<AppResult<()>> {
    if inviter == invitee {
        return Ok(Err(AppError::InviteCodeOwn));
    }
    if tx.descends_from(inviter, invitee).await? {
        return Ok(Err(AppError::InviteCodeOfInvitee));
    }
    tx.add_redemption(invitee, inviter, code, now).await?;
    Ok(Ok(()))
}

/// Bounds the table: an equal attempt only increments a count, and so do all beyond [`ATTEMPTS_KEPT`].
async fn record(tx: &mut dyn Transaction, attempt: &NewAttempt) -> StoreResult<()> {
    let since = attempt.at.minus(REPEATED_WITHIN);
    let is_too_many =
        attempt.outcome != AttemptOutcome::Redeemed && tx.attempts_since(attempt.member, since).await? >= ATTEMPTS_KEPT;
    let typed = if is_too_many { "…".to_owned() } else { attempt.typed.clone() };
    let kept = NewAttempt { typed, ..attempt.clone() };
    if !tx.repeat_attempt(&kept, since).await? {
        tx.add_attempt(&kept).await?;
    }
    Ok(())
}

/// `None` if the server failed.
fn recorded_outcome<T>(outcome: &AppResult<T>, owner: Option<MemberId>) -> Option<AttemptOutcome> {
    Some(match outcome {
        Ok(_) => AttemptOutcome::Redeemed,
        Err(AppError::AlreadyRedeemed { .. }) => AttemptOutcome::Second,
        Err(AppError::InviteCodeTooLong) => AttemptOutcome::Malformed,
        Err(AppError::InviteCodeUnknown) if owner.is_some() => AttemptOutcome::Replaced,
        Err(AppError::InviteCodeUnknown) => AttemptOutcome::Unknown,
        Err(AppError::InviteCodeOwn) => AttemptOutcome::Own,
        Err(AppError::InviteCodeOfInvitee) => AttemptOutcome::OfInvitee,
        Err(AppError::InviteCodeBlocked) => AttemptOutcome::OwnerBlocked,
        Err(AppError::TooManyUnknownCodes { .. }) => AttemptOutcome::TooMany,
        Err(_) => return None,
    })
}

/// Deletes the networks of old attempts (`VOUCH_NETWORK_MEMORY`); returns of how many.
pub async fn forget_networks(ports: &Ports) -> AppResult<u64> {
    Ok(ports.store.forget_networks_before(ports.clock.now().minus(ports.rules.limits.admin.network_memory)).await?)
}
