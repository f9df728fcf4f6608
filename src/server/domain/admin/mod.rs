//! Running the programme: who may, and what they can see and do.
//!
//! Everything that an admin can do takes an [`Admin`], and only [`authenticate`] makes one. So no door can forget to ask
//! who is calling.

pub mod audit;
pub mod export;
pub mod flags;
pub mod grants;
pub mod import;
pub mod members;
pub mod overview;
pub mod repair;
pub mod second_factor;
pub mod token;

use super::visitor::Visitor;
use super::{MemberId, Ports};
use crate::error::{AppError, duration_text};
use crate::model::digits;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::storage::StoreError;
use time::Date;
use time::macros::format_description;

/// Somebody who may run the programme, and has shown it for this request.
#[derive(Clone, Debug)]
pub struct Admin {
    member: MemberId,
    address: String,
}

impl Admin {
    /// The admin as a member.
    pub fn member(&self) -> MemberId {
        self.member
    }
}

/// On whose behalf something is done.
#[derive(Clone, Copy, Debug)]
pub enum Actor<'a> {
    /// An admin.
    Admin(&'a Admin),
    /// Whoever has the command line of the server.
    Host,
}

/// Names one granting of the right to run the programme, for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrantId(pub i64);

/// The right to run the programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Names it.
    pub id: GrantId,
    /// Who logs in with this phone has it.
    pub phone: Phone,
    /// The member with this phone, once there is one.
    pub member: Option<MemberId>,
    /// Since when.
    pub granted_at: Timestamp,
    /// The second factor's secret, sealed; `None` until it is set up.
    pub secret: Option<Vec<u8>>,
    /// When the second factor was used first.
    pub enrolled_at: Option<Timestamp>,
    /// The step of the last code from the app that was taken.
    pub last_step: i64,
    /// One bit for each recovery code that was used.
    pub recovery_used: i64,
}

/// Why an admin's wish was not granted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// As for everybody.
    #[error(transparent)]
    App(#[from] AppError),
    /// Who asks is no admin; they learn nothing of what is there.
    #[error("There is no such page.")]
    NotAnAdmin,
    /// An admin who has not used the second factor lately.
    #[error("Enter the code of your authenticator app first.")]
    SecondFactorRequired,
    /// The login is too old to build on.
    #[error("You logged in too long ago. Log out and in again to go on.")]
    LoginTooOld,
    /// The second factor is not set up.
    #[error("Set up your authenticator app first.")]
    NotSetUp,
    /// The second factor is set up; who lost it needs another grant.
    #[error(
        "Your authenticator app is set up already. If you lost it, ask the host to revoke and grant your rights again."
    )]
    AlreadySetUp,
    /// The field was empty.
    #[error("Enter the six digits that your authenticator app shows, or a recovery code.")]
    SecondFactorMissing,
    /// Neither a code of the app nor a recovery code that is left.
    #[error("This code is wrong, too old or was used before. Wait for the next one, or enter a recovery code.")]
    SecondFactorRefused,
    /// Too many of them.
    #[error("Too many wrong codes. You can try again in {}.", duration_text(*.seconds))]
    TooManySecondFactors {
        /// How long to wait.
        seconds: u32,
    },
    /// There is no such flag.
    #[error("There is no such flag.")]
    NoSuchFlag,
    /// Somebody was faster.
    #[error("This flag was reviewed already.")]
    AlreadyReviewed,
    /// Neither of the two.
    #[error("Choose what you make of it.")]
    VerdictMissing,
    /// There is no such act.
    #[error("There is no such act.")]
    NoSuchAct,
    /// There is no such list.
    #[error("There is no such list.")]
    NoSuchList,
    /// There is no such format.
    #[error("Choose the format of the file: csv or jsonl.")]
    FormatUnknown,
    /// There is no such import.
    #[error("There is no such import; files are kept for a day.")]
    NoSuchImport,
    /// There is nothing in the file, or there is no file.
    #[error("Choose a CSV file with members in it: the first line names the columns, each further line is a member.")]
    ImportEmpty,
    /// The file is in another encoding, or is none of text.
    #[error("The file is not UTF-8 text. Save it as CSV UTF-8.")]
    ImportNotText,
    /// The file did not arrive in time.
    #[error("The file took too long to arrive. Nothing was imported. Try again, or bring it in parts.")]
    ImportTooSlow,
    /// The file is not one of members.
    #[error("The first line has to name the columns, and phone_number has to be one of them.")]
    ImportWithoutPhones,
    /// The file has too many lines.
    #[error("The file has more than {most} lines. Bring it in parts, inviters before those whom they brought in.")]
    ImportTooLong {
        /// How many it may have.
        most: u32,
    },
    /// The file is larger than so many lines can be.
    #[error("The file is larger than {} KiB. Bring it in parts, inviters before those whom they brought in.", .most / 1024)]
    ImportTooLarge {
        /// How many bytes it may have.
        most: usize,
    },
    /// The file is not in order.
    #[error("Something is wrong with some lines. Put them right, and bring the file again.")]
    ImportHasBadLines,
    /// Nobody knows what is wrong with the rest of the file.
    #[error("The file was not looked through to its end. Bring it again.")]
    ImportInterrupted,
    /// The file is at work.
    #[error("This file is being looked through or imported at the moment.")]
    ImportUnderWay,
    /// Twice is once too often.
    #[error("This file was imported already.")]
    ImportDone,
    /// No reason was given.
    #[error("Say why, in a few words: whoever reads the audit log later will want to know.")]
    ReasonMissing,
    /// The reason is a novel.
    #[error("The reason is too long; {} characters are enough.", repair::MAX_REASON)]
    ReasonTooLong,
    /// What was searched for is neither digits nor a code.
    #[error("Search for some digits of a phone number, or for an invite code: six letters and digits.")]
    SearchUnclear,
    /// A filter, an order or a place in the list that is none.
    #[error("The address asks for something that the form does not offer. Choose from the form, and search again.")]
    FilterUnknown,
    /// The inviter who was searched for does not exist.
    #[error("Nobody has this invite code or phone number. For an inviter, all of it is needed.")]
    InviterUnknown,
    /// No such day.
    #[error("A day is written as in 2026-03-31.")]
    DayMalformed,
    /// The member who was searched for does not exist.
    #[error("Nobody has this phone. Write all of it, or the member's number, as in the address of their page.")]
    MemberUnknown,
    /// There is no member of this number.
    #[error("There is no such member.")]
    NoSuchMember,
    /// The member was erased; nothing can be done with what is left.
    #[error("This member was erased. Nothing can be changed any more.")]
    Erased,
    /// Nobody may lock themselves out.
    #[error("This is your own account. Ask another admin.")]
    OwnAccount,
    /// An admin cannot be erased.
    #[error("This member is an admin. Have the host revoke that first: vouch admin revoke.")]
    IsAdmin,
    /// Blocking somebody blocked.
    #[error("This member is blocked already.")]
    AlreadyBlocked,
    /// Unblocking somebody who is not.
    #[error("This member is not blocked.")]
    NotBlocked,
    /// There is no redemption to detach.
    #[error("This member has not activated any code.")]
    NoRedemption,
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

/// The beginning of a day (UTC) that was typed, or of the day after it; `None` for nothing.
fn day(typed: &str, days_later: i64) -> AdminResult<Option<Timestamp>> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let day = Date::parse(typed.trim(), format_description!("[year]-[month]-[day]"));
    let day = day.ok().and_then(|day| day.checked_add(time::Duration::days(days_later)));
    let day = day.ok_or(Refusal::DayMalformed)?;
    Ok(Some(Timestamp(day.midnight().assume_utc().unix_timestamp() * 1000)))
}

/// What a filter in an address means; `None` where it is blank.
fn filter<T>(text: &str, parse: impl FnOnce(&str) -> Option<T>) -> AdminResult<Option<T>> {
    if text.is_empty() {
        return Ok(None);
    }
    parse(text).map(Some).ok_or(Refusal::FilterUnknown)
}

/// The member whose number or whole phone was typed; `None` for nothing.
async fn number_or_phone(ports: &Ports, typed: &str) -> AdminResult<Option<MemberId>> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let with_phone = members::with_phone(ports, typed).await?;
    with_phone.or_else(|| digits(typed).map(MemberId)).map(Some).ok_or(Refusal::MemberUnknown)
}

/// The rows of a page, and where the next page begins, if there is one: of `rows`, one more than `limit` was asked for.
pub fn page<T, P: ToString>(mut rows: Vec<T>, limit: u32, place: impl FnOnce(&T) -> P) -> (Vec<T>, Option<String>) {
    let has_more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| has_more).map(|last| place(last).to_string());
    (rows, next)
}

/// The result of everything that only admins can do.
pub type AdminResult<T> = Result<T, Refusal>;

/// Makes an admin of a member who has the right, and has proven the second factor of that very grant.
///
/// # Errors
/// `NotAnAdmin`, `SecondFactorRequired`.
pub async fn authenticate(
    ports: &Ports,
    visitor: &Visitor,
    member: MemberId,
    proven: Option<GrantId>,
) -> AdminResult<Admin> {
    let grant = grants::of_member(ports, member).await?;
    if proven != Some(grant.id) || grant.enrolled_at.is_none() {
        return Err(Refusal::SecondFactorRequired);
    }
    Ok(Admin { member, address: visitor.network.as_str().to_owned() })
}
