//! Redemptions, and every attempt to redeem a code.

use super::{BrowserId, MemberId};
use crate::model::invite_code::InviteCode;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;

/// A redemption with both members, for exports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRedemption {
    pub invitee: MemberId,
    pub invitee_phone: Option<Phone>,
    pub inviter: MemberId,
    pub inviter_phone: Option<Phone>,
    /// The code that was redeemed; the inviter may have another one now.
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
    /// Too long to be a code.
    Malformed,
    Unknown,
    /// A former code of a member who has been given another one.
    Replaced,
    Own,
    /// The code's owner is an invitee of the member, at any depth.
    OfInvitee,
    OwnerBlocked,
    /// Not looked up, because the member had entered too many unknown codes.
    TooMany,
}

/// An attempt to be recorded.
#[derive(Clone, Debug)]
pub struct NewAttempt {
    pub member: MemberId,
    /// The code, or the beginning of a text that cannot be a code.
    pub typed: String,
    /// The present or former owner of the code.
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
    /// The code, or the beginning of a text that cannot be a code.
    pub typed: String,
    /// The owner of the code at that time.
    pub inviter: Option<MemberId>,
    pub outcome: AttemptOutcome,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    pub times: u32,
    /// `None` for imported redemptions, and after it was deleted (`VOUCH_NETWORK_MEMORY`).
    pub network: Option<String>,
}

/// Which attempts to count. An attempt must meet all conditions that are given.
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
    /// All attempts with this outcome.
    pub fn of(outcome: AttemptOutcome) -> Self {
        Self { outcome, member: None, inviter: None, network: None, browser: None, since: Timestamp(0) }
    }
}
