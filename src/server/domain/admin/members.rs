//! What an admin sees of members.

use super::{Admin, AdminResult, Refusal};
use crate::model::admin::MemberQuery;
use crate::model::digits;
use crate::model::invite_code::InviteCode;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::domain::phone::{self, Region};
use crate::server::domain::referral::TryOutcome;
use crate::server::domain::{MemberId, Ports, invite_code};
use std::collections::HashMap;
use std::fmt;

/// How many tries, devices and sessions a member's page shows: the newest ones.
const SHOWN: u32 = 100;
/// For how many tries it is looked up what was meant.
const GUESSED: usize = 5;
/// How many people a tree shows below each.
pub const BRANCHES: u32 = 50;
/// From how many lines on a tree is not unfolded further.
const MAX_TREE: usize = 1000;

/// Which members to list.
#[derive(Clone, Debug, Default)]
pub struct MemberSearch {
    /// Digits that stand in the phone in a row.
    pub phone_part: Option<String>,
    /// The one who has, or had, this invite code.
    pub invite_code: Option<InviteCode>,
    /// Only those who came through this member.
    pub inviter: Option<MemberId>,
    /// Only those of this kind.
    pub status: Status,
    /// Only those who joined since then.
    pub from: Option<Timestamp>,
    /// Only those who joined before then.
    pub until: Option<Timestamp>,
    /// In which order.
    pub sort: Sort,
    /// Only those after this one in that order.
    pub after: Option<Place>,
    /// At most so many.
    pub limit: u32,
}

/// A kind of members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// Everybody.
    #[default]
    Any,
    /// Neither blocked nor erased.
    Active,
    /// Locked out.
    Blocked,
    /// Only an anonymous rest is left.
    Erased,
    /// Those who activated a code.
    Redeemed,
    /// Those who did not.
    NotRedeemed,
}

/// An order of members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Who joined last comes first.
    #[default]
    Newest,
    /// Who joined first comes first.
    Oldest,
    /// Who brought in most comes first.
    MostInvitees,
}

/// A place in an ordered list: what it is ordered by, and the member's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The time or the number.
    pub key: i64,
    /// The member.
    pub id: i64,
}

/// A member in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedMember {
    /// Names the member.
    pub id: MemberId,
    /// Their phone, unless they were erased.
    pub phone: Option<Phone>,
    /// Their invite code.
    pub invite_code: InviteCode,
    /// When they joined.
    pub created_at: Timestamp,
    /// Whether they are locked out.
    pub is_blocked: bool,
    /// How many came through them.
    pub invitees: u64,
}

/// Everything about one member but the lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRecord {
    /// As in the list.
    pub listed: ListedMember,
    /// Since when they are locked out.
    pub blocked_at: Option<Timestamp>,
    /// When they were erased.
    pub erased_at: Option<Timestamp>,
    /// Whether they may run the programme.
    pub is_admin: bool,
    /// Whose code they activated.
    pub redemption: Option<Redemption>,
    /// The invite codes they had before, and until when, newest first.
    pub former_codes: Vec<(InviteCode, Timestamp)>,
}

/// Through whom a member came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redemption {
    /// The inviter.
    pub inviter: MemberId,
    /// Their phone, unless they were erased.
    pub inviter_phone: Option<Phone>,
    /// The code as it was then.
    pub code: InviteCode,
    /// When.
    pub redeemed_at: Timestamp,
}

/// A redemption in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRedemption {
    /// Who came.
    pub invitee: MemberId,
    /// Their phone, unless they were erased.
    pub invitee_phone: Option<Phone>,
    /// Through whom.
    pub inviter: MemberId,
    /// Their phone, unless they were erased.
    pub inviter_phone: Option<Phone>,
    /// The code as it was then.
    pub code: InviteCode,
    /// When.
    pub redeemed_at: Timestamp,
}

/// A try to redeem a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedeemTry {
    /// Names it.
    pub id: i64,
    /// Who tried.
    pub member: MemberId,
    /// The code, or the beginning of what can be none.
    pub typed: String,
    /// Whose code it was then.
    pub inviter: Option<MemberId>,
    /// How it ended.
    pub outcome: TryOutcome,
    /// When it was tried first.
    pub tried_at: Timestamp,
    /// When it was tried last.
    pub last_at: Timestamp,
    /// How often.
    pub times: u32,
    /// From which network.
    pub network: Option<String>,
}

/// Somebody's invite code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeOwner {
    /// The code.
    pub code: InviteCode,
    /// Whose it is, or was.
    pub member: MemberId,
    /// Their phone.
    pub phone: Phone,
}

/// A device on which a member logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// What the browser calls itself.
    pub agent: String,
    /// The network of the last login.
    pub network: String,
    /// The first login.
    pub created_at: Timestamp,
    /// The last login.
    pub seen_at: Timestamp,
}

/// A login that is still good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveLogin {
    /// Whether it is one over the API.
    pub is_api: bool,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends at the latest, unless it is used.
    pub expires_at: Timestamp,
}

/// A member's page.
#[derive(Clone, Debug)]
pub struct MemberDetails {
    /// The member.
    pub record: MemberRecord,
    /// What they tried to redeem, newest first.
    pub tries: Vec<RedeemTry>,
    /// The codes that may have been meant by the newest tries that nobody's code fits, by the number of the try.
    pub meant: HashMap<i64, Vec<CodeOwner>>,
    /// On what they logged in, newest first.
    pub devices: Vec<Device>,
    /// Where they are logged in, newest first.
    pub logins: Vec<LiveLogin>,
}

/// Lists members.
///
/// # Errors
/// `SearchUnclear`, `InviterUnknown`, `DayMalformed`, `FilterUnknown`.
pub async fn search(ports: &Ports, _: &Admin, query: &MemberQuery, limit: u32) -> AdminResult<Vec<ListedMember>> {
    let (phone_part, invite_code) = phone_part_or_code(&query.q, ports.rules.region)?;
    let search = MemberSearch {
        phone_part,
        invite_code,
        inviter: inviter(ports, &query.inviter).await?,
        status: super::filter(&query.status, Status::parse)?.unwrap_or_default(),
        from: super::day(&query.from, 0)?,
        until: super::day(&query.until, 1)?,
        sort: super::filter(&query.sort, Sort::parse)?.unwrap_or_default(),
        after: super::filter(&query.after, Place::parse)?,
        limit,
    };
    Ok(ports.store.find_members(&search).await?)
}

/// Digits are a part of a phone, or a whole one in any usual way to write it; what holds a letter can only be a code.
fn phone_part_or_code(typed: &str, region: Region) -> AdminResult<(Option<String>, Option<InviteCode>)> {
    if let Ok(phone) = phone::parse(typed, region) {
        return Ok((Some(phone.as_str().trim_start_matches('+').to_owned()), None));
    }
    let typed: String = typed.chars().filter(|c| !c.is_whitespace() && !"+-()".contains(*c)).collect();
    if typed.is_empty() {
        return Ok((None, None));
    }
    if typed.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok((Some(typed), None));
    }
    let code = InviteCode::parse(&typed).map_err(|_| Refusal::SearchUnclear)?;
    Ok((None, Some(code)))
}

/// The member whose whole code or phone was typed.
async fn inviter(ports: &Ports, typed: &str) -> AdminResult<Option<MemberId>> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let inviter = match InviteCode::parse(typed) {
        Ok(code) => ports.store.owner_of_code(&code).await?,
        Err(_) => with_phone(ports, typed).await?,
    };
    inviter.map(Some).ok_or(Refusal::InviterUnknown)
}

/// The member whose whole phone was typed, if there is one.
pub(super) async fn with_phone(ports: &Ports, typed: &str) -> AdminResult<Option<MemberId>> {
    match phone::parse(typed, ports.rules.region) {
        Ok(phone) => Ok(ports.store.member_with_phone(&phone).await?),
        Err(_) => Ok(None),
    }
}

impl Status {
    /// Reads what stands in an address.
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "active" => Self::Active,
            "blocked" => Self::Blocked,
            "erased" => Self::Erased,
            "redeemed" => Self::Redeemed,
            "not-redeemed" => Self::NotRedeemed,
            _ => return None,
        })
    }
}

impl Sort {
    /// Reads what stands in an address.
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "oldest" => Self::Oldest,
            "most-invitees" => Self::MostInvitees,
            _ => return None,
        })
    }
}

impl Place {
    /// The place of a member in the order that a query asks for.
    pub fn of(member: &ListedMember, query: &MemberQuery) -> Self {
        let key = match Sort::parse(&query.sort).unwrap_or_default() {
            Sort::Newest | Sort::Oldest => member.created_at.0,
            Sort::MostInvitees => i64::try_from(member.invitees).unwrap_or(i64::MAX),
        };
        Self { key, id: member.id.0 }
    }

    /// Reads what [`fmt::Display`] wrote; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (key, id) = text.split_once('-')?;
        Some(Self { key: digits(key)?, id: digits(id)? })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.key, self.id)
    }
}

/// Reads one member without the lists.
///
/// # Errors
/// `NoSuchMember`.
pub async fn record(ports: &Ports, _: &Admin, id: MemberId) -> AdminResult<MemberRecord> {
    ports.store.member_record(id).await?.ok_or(Refusal::NoSuchMember)
}

/// Reads one member.
///
/// # Errors
/// `NoSuchMember`.
pub async fn read(ports: &Ports, _: &Admin, id: MemberId) -> AdminResult<MemberDetails> {
    let store = &ports.store;
    let record = store.member_record(id).await?.ok_or(Refusal::NoSuchMember)?;
    let tries = store.tries_of(id, SHOWN).await?;
    Ok(MemberDetails {
        meant: meant(ports, id, &tries).await?,
        record,
        tries,
        devices: store.devices_of(id, SHOWN).await?,
        logins: store.live_logins_of(id, ports.clock.now(), SHOWN).await?,
    })
}

/// What a member may have meant by codes that nobody has. With a million members, every fifth typed at random has somebody's
/// code as near as that; so these are hints, and few.
async fn meant(ports: &Ports, by: MemberId, tries: &[RedeemTry]) -> AdminResult<HashMap<i64, Vec<CodeOwner>>> {
    let wrong = tries.iter().filter(|tried| matches!(tried.outcome, TryOutcome::Unknown | TryOutcome::Malformed));
    let mut meant = HashMap::new();
    for tried in wrong.take(GUESSED) {
        let near = invite_code::one_slip_from(&tried.typed);
        let mut owners = ports.store.owners_of_codes(&near).await?;
        owners.retain(|owner| owner.member != by);
        meant.insert(tried.id, owners);
    }
    Ok(meant)
}

/// One line of the tree of those who came through a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeNode {
    /// The member.
    pub member: ListedMember,
    /// 1 for those who came through the root.
    pub depth: u32,
    /// Whether those who came through them follow.
    pub is_unfolded: bool,
    /// How many of those are not shown.
    pub more: u64,
}

/// Those who came through a member, depth first, with those below the `unfolded` ones. Of each, the newest
/// [`BRANCHES`] are shown.
///
/// # Errors
/// `Unavailable`.
pub async fn tree(ports: &Ports, _: &Admin, root: MemberId, unfolded: &[MemberId]) -> AdminResult<Vec<TreeNode>> {
    let mut nodes = Vec::new();
    let mut waiting: Vec<_> = branches(ports, root, 1).await?;
    while let Some((member, depth)) = waiting.pop() {
        let is_unfolded = nodes.len() < MAX_TREE && member.invitees > 0 && unfolded.contains(&member.id);
        if is_unfolded {
            waiting.extend(branches(ports, member.id, depth + 1).await?);
        }
        let more = if is_unfolded { member.invitees.saturating_sub(BRANCHES.into()) } else { 0 };
        nodes.push(TreeNode { member, depth, is_unfolded, more });
    }
    Ok(nodes)
}

/// Last first, since they wait on a stack.
async fn branches(ports: &Ports, inviter: MemberId, depth: u32) -> AdminResult<Vec<(ListedMember, u32)>> {
    let invitees = ports.store.invitees_listed(inviter, BRANCHES).await?;
    Ok(invitees.into_iter().rev().map(|member| (member, depth)).collect())
}
