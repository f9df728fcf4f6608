//! Members, and the queries by which admins find them.

use crate::model::digits;
use crate::model::invite_code::InviteCode;
use crate::model::language::Language;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Ids are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MemberId(pub i64);

/// Incremented when a member is logged out everywhere. Sessions and tokens of an earlier epoch are invalid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Epoch(pub i64);

/// How often the invitees of a member have changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Revision(pub i64);

/// A person with a verified phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub id: MemberId,
    pub phone: Phone,
    pub invite_code: InviteCode,
    pub epoch: Epoch,
    pub is_blocked: bool,
}

pub struct MemberSummary {
    pub member: Member,
    pub activated: Option<InviteCode>,
    pub invitees: u64,
}

/// Whether the tokens of a member and family are still valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenStanding {
    pub is_blocked: bool,
    /// When the family began; `None` when it has ended, or belongs to an earlier epoch.
    pub begun_at: Option<Timestamp>,
}

/// A member with one page of their invitees.
pub struct MemberProfile {
    /// Of the family that was asked for.
    pub standing: TokenStanding,
    pub summary: MemberSummary,
    pub revision: Revision,
    /// Newest first.
    pub invitees: Vec<Invitee>,
}

pub enum AddMember {
    Added(Member),
    /// A member has or had this invite code.
    InviteCodeTaken,
}

/// A person who redeemed a member's code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitee {
    pub id: MemberId,
    /// `None` for an erased member.
    pub phone: Option<Phone>,
    pub redeemed_at: Timestamp,
}

/// A member whom an admin changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub id: MemberId,
    /// `None` for an erased member.
    pub phone: Option<Phone>,
    pub invite_code: InviteCode,
    pub is_blocked: bool,
    pub is_admin: bool,
}

/// A row in a list of members, for admins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedMember {
    pub id: MemberId,
    /// `None` for an erased member.
    pub phone: Option<Phone>,
    pub invite_code: InviteCode,
    pub created_at: Timestamp,
    pub is_blocked: bool,
    pub invitees: u64,
    /// When they activated a code, if they have.
    pub redeemed_at: Option<Timestamp>,
}

/// The code that a member activated, and its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redemption {
    pub inviter: MemberId,
    /// `None` for an erased inviter.
    pub inviter_phone: Option<Phone>,
    /// The code that was redeemed; the inviter may have another one now.
    pub code: InviteCode,
    pub redeemed_at: Timestamp,
}

/// Everything about one member except attempts, devices and logins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRecord {
    pub listed: ListedMember,
    pub blocked_at: Option<Timestamp>,
    /// Also since when the member is set aside.
    pub erased_at: Option<Timestamp>,
    pub set_aside: Option<SetAside>,
    /// The last visit, noted once a day; `None` in rows of an older server.
    pub visited_at: Option<Timestamp>,
    pub is_admin: bool,
    /// In which the member reads messages; `None` if nobody has told.
    pub language: Option<Language>,
    pub redemption: Option<Redemption>,
    /// Former invite codes with the times at which they were replaced, newest first.
    pub former_codes: Vec<(InviteCode, Timestamp)>,
}

/// That a member is set aside: after a long silence somebody else has got their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Since when.
    pub at: Timestamp,
    /// The account that got the number; `None` if that has another number by now, or none.
    pub successor: Option<MemberId>,
}

/// An account that is set aside, and on whose device somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimable {
    pub member: MemberId,
    /// Its last visit.
    pub visited_at: Timestamp,
}

/// The present or a former owner of an invite code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeOwner {
    pub code: InviteCode,
    pub member: MemberId,
    pub phone: Phone,
}

/// Which members to list. A member must meet all conditions that are given.
#[derive(Clone, Debug, Default)]
pub struct MemberSearch {
    /// Consecutive digits of the phone.
    pub phone_part: Option<String>,
    /// The present or a former invite code.
    pub invite_code: Option<InviteCode>,
    pub inviter: Option<MemberId>,
    pub status: Status,
    /// Joined at this time or later.
    pub from: Option<Timestamp>,
    /// Joined before this time.
    pub until: Option<Timestamp>,
    pub sort: Sort,
    /// Only members after this place in the order.
    pub after: Option<Place>,
    pub limit: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, strum::EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum Status {
    #[default]
    #[strum(disabled)]
    Any,
    /// Neither blocked nor erased.
    Active,
    Blocked,
    Erased,
    /// Activated another member's code.
    Redeemed,
    NotRedeemed,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, strum::EnumString, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Sort {
    #[default]
    #[strum(disabled)]
    Newest,
    Oldest,
    MostInvitees,
    FewestInvitees,
    /// Only those who have activated a code, the last one first.
    LastActivated,
    /// The same, in the opposite order.
    FirstActivated,
}

impl Sort {
    pub fn is_by_activation(self) -> bool {
        matches!(self, Self::LastActivated | Self::FirstActivated)
    }
}

/// A place in an ordered list of members. Written as `key-id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The value that the list is ordered by: milliseconds UTC, or the number of invitees.
    pub key: i64,
    /// The member id, which orders rows with equal keys.
    pub id: i64,
}

impl Place {
    pub fn of(member: &ListedMember, sort: Sort) -> Self {
        let key = match sort {
            Sort::Newest | Sort::Oldest => member.created_at.0,
            Sort::MostInvitees | Sort::FewestInvitees => i64::try_from(member.invitees).unwrap_or(i64::MAX),
            Sort::LastActivated | Sort::FirstActivated => member.redeemed_at.map_or(0, |at| at.0),
        };
        Self { key, id: member.id.0 }
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (key, id) = text.split_once('-').ok_or(())?;
        Ok(Self { key: digits(key).ok_or(())?, id: digits(id).ok_or(())? })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.key, self.id)
    }
}
