//! What the admin pages show and send: plain data, every text ready to be displayed.

use super::profile::Flash;
use serde::{Deserialize, Serialize};

/// How many rows a list shows at a time.
pub const ROWS: u32 = 50;

/// A moment (UTC) for machines and for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// ISO 8601.
    pub iso: String,
    /// As people read it.
    pub text: String,
}

/// The page of the second factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactorView {
    /// The refused form, if the page follows one.
    pub flash: Flash,
    /// What is to be done.
    pub step: SecondFactorStep,
}

/// What an admin has to do before they may go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecondFactorStep {
    /// The login is too old.
    LogInAgain,
    /// There is no second factor yet.
    SetUp,
    /// It waits for its first code.
    Confirm {
        /// The QR code as SVG.
        qr: String,
        /// The same for an app on this very phone.
        url: String,
        /// The same for typing.
        secret: String,
        /// Each works once, in place of the app.
        recovery_codes: Vec<String>,
    },
    /// A code is asked for.
    Enter,
}

/// The search form of the members, as it was typed and as it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MemberQuery {
    /// A part of the phone, or an invite code.
    pub q: String,
    /// The invite code or the phone of an inviter.
    pub inviter: String,
    /// One of [`STATUSES`].
    pub status: String,
    /// Joined on this day or later, as YYYY-MM-DD.
    pub from: String,
    /// Joined on this day or earlier.
    pub until: String,
    /// One of [`SORTS`].
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

/// The kinds of members, as they stand in addresses and on the page.
pub const STATUSES: [(&str, &str); 6] = [
    ("", "Everybody"),
    ("active", "Active"),
    ("blocked", "Blocked"),
    ("erased", "Erased"),
    ("redeemed", "Activated a code"),
    ("not-redeemed", "Activated none"),
];

/// The orders of members, as they stand in addresses and on the page.
pub const SORTS: [(&str, &str); 3] =
    [("", "Newest first"), ("oldest", "Oldest first"), ("most-invitees", "Most invitees first")];

/// The list of members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembersView {
    /// What was searched for.
    pub query: MemberQuery,
    /// Why nothing was searched.
    pub problem: Option<String>,
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
    pub tries: Vec<TryView>,
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
pub struct TryView {
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

/// The form of one act on one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActView {
    /// The refused form, if the page follows one.
    pub flash: Flash,
    /// The member.
    pub row: MemberRow,
    /// The code that the member activated, if any.
    pub activated: Option<String>,
}

/// The search form of the audit log, as it was typed and as it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditQuery {
    /// A part of the reason or the details.
    pub q: String,
    /// The act, as it is stored.
    pub act: String,
    /// The number of the admin, or their phone.
    pub actor: String,
    /// The number of the member, or their phone.
    pub subject: String,
    /// On this day or later, as YYYY-MM-DD.
    pub from: String,
    /// On this day or earlier.
    pub until: String,
    /// Where the page begins.
    pub before: String,
}

impl AuditQuery {
    /// Reads a search from an address, of which `value` gives the parameters.
    pub fn read(value: impl Fn(&'static str) -> String) -> Self {
        Self {
            q: value("q"),
            act: value("act"),
            actor: value("actor"),
            subject: value("subject"),
            from: value("from"),
            until: value("until"),
            before: value("before"),
        }
    }

    /// As it stands in an address.
    pub fn parameters(&self) -> [(&'static str, &str); 7] {
        [
            ("q", &self.q),
            ("act", &self.act),
            ("actor", &self.actor),
            ("subject", &self.subject),
            ("from", &self.from),
            ("until", &self.until),
            ("before", &self.before),
        ]
    }
}

/// The audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditView {
    /// What was searched for.
    pub query: AuditQuery,
    /// Why nothing was searched.
    pub problem: Option<String>,
    /// All acts, as they stand in addresses and on the page.
    pub acts: Vec<(String, String)>,
    /// One page of lines.
    pub rows: Vec<AuditRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// A line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Names the line.
    pub id: i64,
    /// When.
    pub at: Moment,
    /// Who.
    pub actor: String,
    /// The admin's number; `None` for the host.
    pub actor_id: Option<i64>,
    /// What.
    pub act: String,
    /// To whom.
    pub subject: Option<i64>,
    /// Their phone.
    pub subject_name: String,
    /// Why.
    pub reason: String,
    /// What was before, and what is now.
    pub details: String,
    /// From where.
    pub address: String,
}

/// What can be done to a member, as it stands in addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepairKind {
    /// Lock out.
    Block,
    /// Let in again.
    Unblock,
    /// Put a redemption in place.
    Attach,
    /// Undo the redemption.
    Detach,
    /// Give another invite code.
    ReplaceInviteCode,
    /// End all sessions and tokens.
    LogOutEverywhere,
    /// Delete the phone and all that hangs on it.
    Erase,
}

impl RepairKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Attach,
        Self::Detach,
        Self::ReplaceInviteCode,
        Self::LogOutEverywhere,
        Self::Block,
        Self::Unblock,
        Self::Erase,
    ];

    /// As it stands in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Unblock => "unblock",
            Self::Attach => "attach",
            Self::Detach => "detach",
            Self::ReplaceInviteCode => "replace-invite-code",
            Self::LogOutEverywhere => "log-out-everywhere",
            Self::Erase => "erase",
        }
    }

    /// Reads it again.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What was typed into the form of an act, as one text that a session can keep.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedAct {
    /// The code to attach.
    pub invite_code: String,
    /// Why.
    pub reason: String,
}

impl TypedAct {
    /// As one text.
    pub fn join(&self) -> String {
        join([&self.invite_code, &self.reason])
    }

    /// Reads it again.
    pub fn split(text: &str) -> Self {
        let [invite_code, reason] = split(text);
        Self { invite_code, reason }
    }
}

/// The fields of a form as one text that a session can keep.
pub fn join<const FIELDS: usize>(fields: [&str; FIELDS]) -> String {
    fields.map(|field| field.replace('\n', " ")).join("\n")
}

/// Reads them again.
pub fn split<const FIELDS: usize>(text: &str) -> [String; FIELDS] {
    let mut fields = text.split('\n').map(str::to_owned);
    std::array::from_fn(|_| fields.next().unwrap_or_default())
}

/// How wide a chart is, in units of its own.
pub const WIDTH: u64 = 600;
/// How high it is.
pub const HEIGHT: u64 = 230;

/// How the programme goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverviewView {
    /// `day`, `week` or `month`.
    pub unit: String,
    /// What is named and how many there are.
    pub totals: Vec<(String, String)>,
    /// The steps of the way in, in the time that is shown: what, how many, and how many of a hundred of the step before.
    pub funnel: Vec<(String, String, Option<u64>)>,
    /// What happened over time.
    pub charts: Vec<Chart>,
    /// Who brought in most.
    pub top: Vec<MemberRow>,
}

/// A chart of bars, ready to be drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// What can be seen in it, in words.
    pub summary: String,
    /// The names of what is counted.
    pub series: Vec<String>,
    /// The lines at round numbers.
    pub ticks: Vec<Tick>,
    /// The bars.
    pub bars: Vec<Bar>,
    /// Where the bars begin.
    pub left: u64,
    /// Where they stand.
    pub bottom: u64,
}

/// A line at a round number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// Its height from the top.
    pub y: u64,
    /// The number.
    pub label: String,
}

/// The bars of one stretch of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// The left edge.
    pub x: u64,
    /// The width.
    pub width: u64,
    /// The heights, one for each series.
    pub heights: Vec<u64>,
    /// The numbers.
    pub values: Vec<u64>,
    /// What the stretch is called.
    pub label: String,
    /// What is written below, where there is room.
    pub date: Option<String>,
}

/// Flags that wait, or that were reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagsView {
    /// Whether these wait.
    pub waiting: bool,
    /// One page of them.
    pub flags: Vec<FlagRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// Something odd.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagRow {
    /// Names it.
    pub id: i64,
    /// What it is, in a few words.
    pub title: String,
    /// What was seen.
    pub text: String,
    /// Whom it is about.
    pub member: i64,
    /// Their phone.
    pub name: String,
    /// When it was noticed first.
    pub first: Moment,
    /// When it was noticed last.
    pub last: Moment,
    /// What an admin made of it.
    pub verdict: Option<String>,
}

/// The form in which a flag is reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagView {
    /// The refused form, if the page follows one.
    pub flash: Flash,
    /// The flag.
    pub flag: FlagRow,
}

/// The form by which lists are taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportView {
    /// The refused form, if the page follows one: the list, the format and the reason.
    pub flash: Flash,
    /// The lists, as they stand in the form and on the page.
    pub lists: Vec<(String, String)>,
    /// The formats.
    pub formats: Vec<(String, String)>,
}

/// Files of members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportsView {
    /// The refused form, if the page follows one.
    pub flash: Flash,
    /// What a file may hold, and what it means.
    pub columns: Vec<(String, String)>,
    /// How many lines it may have.
    pub most: String,
    /// Those of the last day, the newest first.
    pub imports: Vec<ImportRow>,
}

/// A file of members in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    /// Names it.
    pub id: i64,
    /// What it was called.
    pub name: String,
    /// When it was brought.
    pub at: Moment,
    /// How far it is.
    pub text: String,
}

/// A file of members, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportView {
    /// The refused form, if the page follows one.
    pub flash: Flash,
    /// The file.
    pub row: ImportRow,
    /// What is to be done.
    pub step: ImportStep,
    /// The columns that mean nothing to an import.
    pub unread: String,
    /// Some lines with which something is wrong: their number, and what.
    pub bad_lines: Vec<(u64, Vec<String>)>,
    /// Where the page begins that tells of further ones.
    pub next: Option<String>,
}

/// What an admin has to do before a file is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportStep {
    /// To wait: so many of so many lines are done; of none it is not known how many.
    Wait {
        /// How many are done.
        done: Option<u32>,
        /// How many there are.
        of: u32,
    },
    /// To put the file right and bring it again.
    BringAgain,
    /// To say that it is to be done.
    Confirm,
    /// Nothing more.
    Nothing,
}
