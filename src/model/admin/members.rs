//! What the pages of members show: finding them, and all about one.

use super::{AuditRow, Moment, Refusal};
use serde::{Deserialize, Serialize};

/// The search form of the members, as it was typed and as it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MemberQuery {
    /// A part of the phone, or an invite code.
    pub q: String,
    /// The invite code or the phone of an inviter.
    pub inviter: String,
    /// `active`, `blocked`, `erased`, `redeemed` or `not-redeemed`.
    pub status: String,
    /// Joined on this day or later, as YYYY-MM-DD.
    pub from: String,
    /// Joined on this day or earlier.
    pub until: String,
    /// `oldest` or `most-invitees`; the newest first when empty.
    pub sort: String,
    /// Where the page begins.
    pub after: String,
}

impl MemberQuery {
    /// Reads a search from an address, of which `value` gives the parameters.
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

    /// As it stands in an address.
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

/// The list of members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembersView {
    /// What was searched for.
    pub query: MemberQuery,
    /// Why nothing was searched.
    pub problem: Option<Refusal>,
    /// One page of members.
    pub members: Vec<MemberRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// A member in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    /// Names the member.
    pub id: i64,
    /// The phone in international form, or that the member was erased.
    pub name: String,
    /// The invite code.
    pub invite_code: String,
    /// The day on which they joined.
    pub joined: Moment,
    /// Whether they are locked out.
    pub is_blocked: bool,
    /// How many came through them.
    pub invitees: u64,
}

/// A member's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    /// As in the list.
    pub row: MemberRow,
    /// Since when they are locked out.
    pub blocked: Option<Moment>,
    /// When they were erased.
    pub erased: Option<Moment>,
    /// Whether they may run the programme.
    pub is_admin: bool,
    /// Through whom they came.
    pub redemption: Option<RedemptionView>,
    /// The invite codes they had before, and until when.
    pub former_codes: Vec<(String, Moment)>,
    /// Those who came through them.
    pub tree: Vec<TreeRow>,
    /// What they tried to redeem, newest first.
    pub attempts: Vec<AttemptView>,
    /// On what they logged in.
    pub devices: Vec<DeviceView>,
    /// Where they are logged in.
    pub logins: Vec<LoginView>,
    /// What admins did to them, newest first.
    pub acts: Vec<AuditRow>,
}

/// Through whom a member came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedemptionView {
    /// The inviter.
    pub inviter: i64,
    /// The inviter's phone.
    pub inviter_name: String,
    /// The code.
    pub code: String,
    /// When.
    pub at: Moment,
    /// Whether an admin put it in place.
    pub by_hand: bool,
}

/// One line of the tree of those who came through a member: depth first, so that the lines below one that is unfolded
/// follow it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeRow {
    /// The member.
    pub row: MemberRow,
    /// 1 for those who came through the member of the page.
    pub depth: u32,
    /// What stands in the address when this line is unfolded, or folded again; `None` where nobody came through them.
    pub toggled: Option<String>,
    /// Whether it is unfolded.
    pub is_unfolded: bool,
    /// How many more there are than are shown below it.
    pub more: u64,
}

/// A try to redeem a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptView {
    /// What was typed.
    pub typed: String,
    /// Whose code it was.
    pub inviter: Option<i64>,
    /// Whether it counted.
    pub has_counted: bool,
    /// Why, or why not.
    pub explanation: String,
    /// When, the last time.
    pub at: Moment,
    /// How often.
    pub times: u32,
    /// From where.
    pub network: String,
    /// The code to attach, where that may put it right.
    pub attachable: Option<String>,
    /// What may have been meant.
    pub meant: Vec<MeantView>,
}

/// A code that a member may have meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeantView {
    /// The code.
    pub code: String,
    /// Whose it is.
    pub owner: i64,
    /// Their phone.
    pub owner_name: String,
    /// Whether it can be attached.
    pub is_attachable: bool,
}

/// A device on which a member logged in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceView {
    /// What the browser calls itself.
    pub agent: String,
    /// The network of the last login.
    pub network: String,
    /// The first login.
    pub first: Moment,
    /// The last login.
    pub last: Moment,
}

/// A login that is still good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginView {
    /// Whether it is one over the API.
    pub is_api: bool,
    /// When it began.
    pub began: Moment,
    /// When it ends.
    pub ends: Moment,
}
