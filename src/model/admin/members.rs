//! What the pages show on which admins find members and see one of them.

use super::{AuditRow, Refusal};
use crate::model::moment::Moment;
use serde::{Deserialize, Serialize};

/// The search form, as typed and as in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MemberQuery {
    /// A part of the phone, or an invite code.
    pub q: String,
    /// The invite code or phone of the inviter.
    pub inviter: String,
    /// `active`, `blocked`, `erased`, `redeemed` or `not-redeemed`.
    pub status: String,
    /// Joined on this day or later, as YYYY-MM-DD.
    pub from: String,
    /// Joined on this day or earlier.
    pub until: String,
    /// `oldest`, `most-invitees`, `fewest-invitees`, `last-activated` or `first-activated`; the newest first when empty.
    pub sort: String,
    /// The place after which the page starts.
    pub after: String,
}

impl MemberQuery {
    /// `value` gives the parameters of an address by name.
    pub fn read(value: impl Fn(&'static str) -> String) -> Self {
        Self {
            q: value("q"),
            inviter: value("inviter"),
            status: value("status"),
            from: value("from"),
            until: value("until"),
            sort: value("sort"),
            after: value("after"),
        }
    }

    /// The parameters of an address.
    pub fn parameters(&self) -> [(&'static str, &str); 7] {
        [
            ("q", &self.q),
            ("inviter", &self.inviter),
            ("status", &self.status),
            ("from", &self.from),
            ("until", &self.until),
            ("sort", &self.sort),
            ("after", &self.after),
        ]
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembersView {
    pub query: MemberQuery,
    /// Why the search was refused.
    pub problem: Option<Refusal>,
    /// One page.
    pub members: Vec<MemberRow>,
    /// The start of the next page, if there is one.
    pub next: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    pub id: i64,
    /// The phone in international form, or that the member was erased.
    pub name: String,
    pub invite_code: String,
    pub joined: Moment,
    /// When they activated a code, if they have.
    pub activated: Option<Moment>,
    pub is_blocked: bool,
    pub is_erased: bool,
    pub invitees: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    pub row: MemberRow,
    pub blocked: Option<Moment>,
    pub erased: Option<Moment>,
    pub set_aside: Option<SetAsideView>,
    pub is_admin: bool,
    pub redemption: Option<RedemptionView>,
    /// Former invite codes, and until when they were valid.
    pub former_codes: Vec<(String, Moment)>,
    /// Invitees, and the invitees of unfolded ones.
    pub tree: Vec<TreeRow>,
    /// Newest first.
    pub attempts: Vec<AttemptView>,
    pub devices: Vec<DeviceView>,
    pub logins: Vec<LoginView>,
    /// What unknown devices can still do to log the member in, in sentences.
    pub limits: Vec<String>,
    /// Logins that were begun, newest first.
    pub begun: Vec<BegunLoginView>,
    /// When messages were sent and what became of them, newest first.
    pub messages: Vec<(Moment, String)>,
    /// What admins did to the member, newest first.
    pub acts: Vec<AuditRow>,
}

/// That somebody else has got a member's number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAsideView {
    pub at: Moment,
    /// Who has it; `None` if it has gone on from there.
    pub successor: Option<i64>,
}

/// The redemption that connects a member to their inviter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedemptionView {
    pub inviter: i64,
    /// The inviter's phone, or that they were erased.
    pub inviter_name: String,
    pub code: String,
    pub at: Moment,
    /// Whether an admin attached it.
    pub is_attached: bool,
}

/// One line of the tree of invitees. Lines are depth first: the invitees of an unfolded line follow it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeRow {
    pub row: MemberRow,
    /// 1 for invitees of the member of the page.
    pub depth: u32,
    /// The value in the address that unfolds or folds this line; `None` for a member without invitees.
    pub toggled: Option<String>,
    pub is_unfolded: bool,
    /// How many invitees are not shown.
    pub more: u64,
}

/// An attempt to redeem a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptView {
    pub typed: String,
    /// The owner of the code.
    pub inviter: Option<i64>,
    /// Whether it is the present redemption.
    pub has_counted: bool,
    /// Why it counted or did not.
    pub explanation: String,
    /// The last time.
    pub at: Moment,
    /// How often it was made.
    pub times: u32,
    pub network: String,
    /// The code, if attaching it may be what the member wanted.
    pub attachable: Option<String>,
    /// Similar codes that the member may have meant.
    pub meant: Vec<MeantView>,
}

/// A code that a member may have meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeantView {
    /// The code.
    pub code: String,
    pub owner: i64,
    /// The owner's phone.
    pub owner_name: String,
    /// Whether the member can still be attached.
    pub is_attachable: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceView {
    /// The `User-Agent`.
    pub agent: String,
    /// The network of the last login.
    pub network: String,
    /// The first login.
    pub first: Moment,
    /// The last login.
    pub last: Moment,
}

/// A login that was begun in the last thirty days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BegunLoginView {
    pub at: Moment,
    /// Whether it was finished.
    pub outcome: String,
    /// The device, the messages and the guesses.
    pub details: String,
}

/// A live session, or a live login over the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginView {
    pub is_api: bool,
    pub began: Moment,
    /// When it expires if it is not used before.
    pub ends: Moment,
}
