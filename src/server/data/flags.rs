//! Flags: suspicious attempts that an admin reviews.

use super::MemberId;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum FlagKind {
    /// Many redemptions of one member's code with the same browser.
    SameBrowser,
    /// Many redemptions of one member's code from the same network.
    SameNetwork,
    /// Members who log in with the same browser redeemed one another's codes.
    Ring,
    /// So many redemptions of one code in a short time that it may have been posted in public.
    Posted,
    /// Many attempts of one member with unknown codes.
    Guessing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum Verdict {
    /// The suspicion is right.
    Accepted,
    /// The suspicion is wrong.
    Dismissed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    pub id: i64,
    pub kind: FlagKind,
    pub member: MemberId,
    /// `None` for an erased member.
    pub phone: Option<Phone>,
    /// The network or browser that was counted, empty, or [`FORGOTTEN_SOURCE`] with the flag's id.
    pub source: String,
    pub count: u32,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    /// `None` until it is reviewed.
    pub verdict: Option<Verdict>,
}

/// Followed by the flag's id, the source of a flag whose network was deleted (`VOUCH_NETWORK_MEMORY`).
pub const FORGOTTEN_SOURCE: &str = "forgotten:";
