//! Redemptions, and every attempt to redeem a code.

use super::{BrowserId, MemberId};
use crate::model::invite_code::InviteCode;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;

/// A redemption in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRedemption {
    pub invitee: MemberId,
    pub invitee_phone: Option<Phone>,
    pub inviter: MemberId,
    pub inviter_phone: Option<Phone>,
    /// The code as it was then.
    pub code: InviteCode,
    pub redeemed_at: Timestamp,
}

/// How an attempt to redeem a code ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum AttemptOutcome {
    Redeemed,
    /// The member had activated a code before.
    Second,
    /// No code can look like this.
    Malformed,
    Unknown,
    /// The code's owner has been given another one.
    Replaced,
    Own,
    /// The code's owner is an invitee of the member, at any depth.
    OfInvitee,
    OwnerBlocked,
    /// The member had tried too many unknown codes; this one was not looked up.
    TooMany,
}

/// An attempt about to be recorded.
#[derive(Clone, Debug)]
pub struct NewAttempt {
    pub member: MemberId,
    /// The code, or the beginning of a text that can be none.
    pub typed: String,
    /// The owner of the code.
    pub inviter: Option<MemberId>,
    pub outcome: AttemptOutcome,
    pub at: Timestamp,
    /// `None` for an imported redemption.
    pub network: Option<String>,
    pub browser: Option<BrowserId>,
}

/// A recorded attempt. Equal attempts within an hour are one record with a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub id: i64,
    pub member: MemberId,
    /// The code, or the beginning of a text that can be none.
    pub typed: String,
    /// The owner of the code at that time.
    pub inviter: Option<MemberId>,
    pub outcome: AttemptOutcome,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    pub times: u32,
    /// `None` once it has been forgotten, and for imported redemptions.
    pub network: Option<String>,
}

/// Which attempts to count. All conditions that are given have to hold.
#[derive(Clone, Copy)]
pub struct AttemptCount<'a> {
    pub outcome: AttemptOutcome,
    pub member: Option<MemberId>,
    pub inviter: Option<MemberId>,
    pub network: Option<&'a str>,
    pub browser: Option<BrowserId>,
    /// Only attempts after this time.
    pub since: Timestamp,
}

impl AttemptCount<'_> {
    /// All attempts that ended like this.
    pub fn of(outcome: AttemptOutcome) -> Self {
        Self { outcome, member: None, inviter: None, network: None, browser: None, since: Timestamp(0) }
    }
}
