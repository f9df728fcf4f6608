//! The second factor of admins: codes of an authenticator app (TOTP, RFC 6238: SHA-1, 6 digits, 30 s, which all apps
//! support), and ten recovery codes for when the app is lost.

use super::{Actor, AdminResult, Refusal, audit, grants};
use crate::error::AppError;
use crate::server::clock::Timestamp;
use crate::server::data::{Act, Details, Grant, GrantId, Lock, MemberId, Visitor};
use crate::server::domain::admin::actor::Admin;
use crate::server::domain::budget::Account;
use crate::server::domain::{Ports, phone};
use crate::server::images;
use crate::server::storage::Transaction;
use hmac::{Hmac, KeyInit, Mac};
use rand::CryptoRng;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use totp_rs::{Builder, Secret, Totp};

/// Bytes of the app's secret, as RFC 4226 §4 recommends.
const APP_BYTES: usize = 20;
/// Bytes of the secret that the recovery codes are derived from.
const RECOVERY_BYTES: usize = 32;
const RECOVERY_CODES: u8 = 10;
/// Characters of a recovery code, five bits each: with `VOUCH_WRONG_SECOND_FACTORS` one of 2⁵⁰ cannot be guessed.
const RECOVERY_LENGTH: usize = 10;
/// How many steps of 30 s a code may be early or late (RFC 6238 §5.2).
const SKEW: u16 = 1;

/// What an admin needs to set up the app. Shown until the first code of the app was accepted, and never again.
#[derive(Clone)]
pub struct Setup {
    /// The QR code as SVG.
    pub qr: String,
    /// The content of the QR code, a link that opens the app on the same phone.
    pub url: String,
    /// The same secret for typing.
    pub secret: String,
    pub recovery_codes: Vec<String>,
}

/// What a member with a grant has to do next to become an admin.
pub enum Stage {
    LogInAgain,
    SetUp,
    /// A secret was generated, and its first code is awaited.
    Confirm(Setup),
    Enter,
}

/// # Errors
/// `NotAnAdmin`.
pub async fn stage(ports: &Ports, (member, is_recent): (MemberId, bool)) -> AdminResult<Stage> {
    let grant = grants::of_member(ports, member).await?;
    if !is_recent {
        return Ok(Stage::LogInAgain);
    }
    if grant.enrolled_at.is_some() {
        return Ok(Stage::Enter);
    }
    Ok(setup(ports, member).await?.map_or(Stage::SetUp, Stage::Confirm))
}

/// Generates a new secret; replaces one that was never used.
///
/// # Errors
/// `NotAnAdmin`, `AlreadySetUp`.
pub async fn set_up(ports: &Ports, member: MemberId) -> AdminResult<()> {
    let mut tx = ports.store.begin(Lock::Admins).await?;
    let mut grant = tx.grant_of(member).await?.ok_or(Refusal::NotAnAdmin)?;
    if grant.enrolled_at.is_some() {
        return Err(Refusal::AlreadySetUp);
    }
    let factor = Factor::random(&mut *ports.rng()?);
    grant.secret = Some(factor.seal(ports, grant.id)?);
    tx.keep_second_factor(&grant).await?;
    Ok(tx.commit().await?)
}

/// `None` before [`set_up`], and after the first use.
///
/// # Errors
/// `NotAnAdmin`.
pub async fn setup(ports: &Ports, member: MemberId) -> AdminResult<Option<Setup>> {
    let grant = grants::of_member(ports, member).await?;
    if grant.secret.is_none() || grant.enrolled_at.is_some() {
        return Ok(None);
    }
    let factor = Factor::open(ports, &grant)?;
    let totp = factor.totp(phone::international(&grant.phone).replace(' ', ""))?;
    let url = totp.to_url().map_err(failed)?;
    Ok(Some(Setup {
        qr: images::qr_code(&url).map_err(failed)?,
        url,
        secret: grouped(&totp.secret().to_base32(), ' '),
        recovery_codes: (0..RECOVERY_CODES).map(|number| grouped(&factor.recovery_code(number), '-')).collect(),
    }))
}

/// Verifies a code of the app or a recovery code. The first correct code completes the setup.
///
/// # Errors
/// `NotAnAdmin`, `LoginTooOld`, `NotSetUp`, `SecondFactorMissing`, `SecondFactorRefused`, `TooManySecondFactors`.
pub async fn prove(
    ports: &Ports,
    visitor: &Visitor,
    (member, is_recent): (MemberId, bool),
    typed: &str,
) -> AdminResult<GrantId> {
    let now = ports.clock.now();
    let grant = grants::of_member(ports, member).await?;
    let typed: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if !is_recent {
        return Err(Refusal::LoginTooOld);
    }
    if grant.secret.is_none() {
        return Err(Refusal::NotSetUp);
    }
    if typed.is_empty() {
        return Err(Refusal::SecondFactorMissing);
    }
    // Charged and committed before the code is compared, as with login codes.
    let budget = &ports.rules.limits.admin.wrong_second_factors;
    let account = Account::new("second-factors", grant.id.0.to_string(), budget);
    let mut tx = ports.store.begin(Lock::Nothing).await?;
    let charged = account.take(tx.as_mut(), "", now).await?;
    tx.commit().await?;
    let charged = charged.map_err(|seconds| Refusal::TooManySecondFactors { seconds })?;

    let mut tx = ports.store.begin(Lock::Admins).await?;
    let mut grant = tx.grant_of(member).await?.ok_or(Refusal::NotAnAdmin)?;
    let factor = Factor::open(ports, &grant)?;
    let is_first = grant.enrolled_at.is_none();
    let act = if let Some(step) = factor.step(&typed, ports.clock.wall())?.filter(|step| *step > grant.last_step) {
        grant.last_step = step;
        is_first.then_some(Act::SetUpSecondFactor)
    } else if let Some(bit) = factor.recovery_bit(&typed).filter(|bit| !is_first && grant.recovery_used & bit == 0) {
        grant.recovery_used |= bit;
        Some(Act::UseRecoveryCode)
    } else {
        tracing::warn!(member = member.0, "a wrong second-factor code");
        write_own(tx.as_mut(), now, member, visitor, Act::SecondFactorRefused, Details::None).await?;
        tx.commit().await?;
        return Err(Refusal::SecondFactorRefused);
    };
    grant.enrolled_at = grant.enrolled_at.or(Some(now));
    // Encrypted again, with the newest key.
    grant.secret = Some(factor.seal(ports, grant.id)?);
    tx.keep_second_factor(&grant).await?;
    tx.give_back(&[charged]).await?;
    if let Some(act) = act {
        let details = Details::RecoveryCodesLeft(recovery_codes_left(&grant));
        write_own(tx.as_mut(), now, member, visitor, act, details).await?;
    }
    tx.commit().await?;
    tracing::info!(member = member.0, "an admin proved the second factor");
    Ok(grant.id)
}

/// How many recovery codes are unused.
pub fn recovery_codes_left(grant: &Grant) -> u32 {
    u32::from(RECOVERY_CODES).saturating_sub(grant.recovery_used.count_ones())
}

/// An audit line of a member who is about to become an admin in this session.
async fn write_own(
    tx: &mut dyn Transaction,
    now: Timestamp,
    member: MemberId,
    visitor: &Visitor,
    act: Act,
    details: Details,
) -> AdminResult<()> {
    let admin = Admin { member, address: visitor.network.as_str().to_owned() };
    Ok(audit::write(tx, now, Actor::Admin(&admin), act, Some(member), "", details).await?)
}

/// The decrypted secret: the app's, and the one that the recovery codes are derived from.
struct Factor([u8; APP_BYTES + RECOVERY_BYTES]);

impl Factor {
    fn random(rng: &mut dyn CryptoRng) -> Self {
        let mut bytes = [0; APP_BYTES + RECOVERY_BYTES];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    fn open(ports: &Ports, grant: &Grant) -> AdminResult<Self> {
        let sealed = grant.secret.as_ref().ok_or(Refusal::NotSetUp)?;
        let open = ports.keys.second_factor.open(sealed, &grant.id.0.to_be_bytes());
        // This fails after the secret of the server was changed without keeping the previous one.
        open.and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or_else(|| failed("the second factor cannot be decrypted"))
    }

    fn seal(&self, ports: &Ports, id: GrantId) -> AdminResult<Vec<u8>> {
        let sealed = ports.keys.second_factor.seal(&self.0, &id.0.to_be_bytes(), &mut *ports.rng()?);
        sealed.ok_or_else(|| failed("the second factor cannot be encrypted"))
    }

    fn totp(&self, account: String) -> AdminResult<Totp> {
        let secret = Secret::new(self.0[..APP_BYTES].into());
        let builder = Builder::new().with_secret(secret).with_skew(SKEW).with_issuer(Some("Vouch"));
        builder.with_account_name(account).build().map_err(failed)
    }

    /// The TOTP step of a code of the app, if the code is valid now. The app goes by the clock of a phone, so this takes
    /// the clock of the machine, also after it was set.
    fn step(&self, typed: &str, wall: Timestamp) -> AdminResult<Option<i64>> {
        let seconds = u64::try_from(wall.0.div_euclid(1000)).unwrap_or_default();
        let step = self.totp("admin".to_owned())?.check(typed, seconds);
        Ok(step.and_then(|step| i64::try_from(step).ok()))
    }

    fn recovery_code(&self, number: u8) -> String {
        let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.0[APP_BYTES..]) else {
            unreachable!("HMAC takes a key of any length");
        };
        mac.update(&[number]);
        let bytes = mac.finalize().into_bytes();
        Secret::new(bytes[..8].into()).to_base32()[..RECOVERY_LENGTH].to_owned()
    }

    /// The bit of the typed recovery code, if it is one. Compares with all of them in constant time.
    fn recovery_bit(&self, typed: &str) -> Option<i64> {
        let typed = typed.to_ascii_uppercase();
        let bits = (0..RECOVERY_CODES).fold(0, |bits, number| {
            let fits = self.recovery_code(number).as_bytes().ct_eq(typed.as_bytes());
            bits | (i64::from(fits.unwrap_u8()) << number)
        });
        (bits != 0).then_some(bits)
    }
}

/// In groups of four or five characters, which are easy to read and type.
fn grouped(text: &str, separator: char) -> String {
    let size = if text.len() == RECOVERY_LENGTH { RECOVERY_LENGTH / 2 } else { 4 };
    let groups: Vec<_> = text.as_bytes().chunks(size).map(String::from_utf8_lossy).collect();
    groups.join(separator.encode_utf8(&mut [0; 4]))
}

fn failed(error: impl std::fmt::Display) -> Refusal {
    tracing::error!(%error, "a second-factor operation failed");
    Refusal::App(AppError::Unavailable)
}
