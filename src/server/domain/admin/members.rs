//! Searching and reading members for admins.

use super::audit::{self, NamedLines};
use super::{Admin, AdminResult, Refusal};
use crate::model::admin::{MemberQuery, ROWS};
use crate::model::invite_code::InviteCode;
use crate::server::data::{
    Attempt, AttemptOutcome, CodeOwner, Device, ListedMember, LiveLogin, MemberId, MemberRecord, MemberSearch, Status,
};
use crate::server::domain::admin::filters;
use crate::server::domain::login::limits::{self, LoginLimitsOfPhone};
use crate::server::domain::{Ports, invite_code, phone};
use crate::server::settings::Region;
use std::collections::HashMap;

/// Attempts, devices and sessions on a member's page: the newest ones.
const SHOWN: u32 = 100;
/// How many of the newest attempts get suggestions of similar codes.
const WITH_SUGGESTIONS: usize = 5;
/// Invitees that a tree shows below one member.
pub const BRANCHES: u32 = 50;
/// A tree with this many lines is not unfolded further.
const MAX_TREE: usize = 1000;

#[derive(Clone, Debug)]
pub struct MemberDetails {
    pub record: MemberRecord,
    /// Newest first.
    pub attempts: Vec<Attempt>,
    /// Existing codes similar to an unknown one, by the id of the attempt.
    pub meant: HashMap<i64, Vec<CodeOwner>>,
    /// Newest first.
    pub devices: Vec<Device>,
    /// Newest first.
    pub logins: Vec<LiveLogin>,
    /// `None` for an erased member.
    pub limits: Option<LoginLimitsOfPhone>,
}

/// # Errors
/// `SearchUnclear`, `InviterUnknown`, `DayMalformed`, `FilterUnknown`.
pub async fn search(ports: &Ports, _: &Admin, query: &MemberQuery, limit: u32) -> AdminResult<Vec<ListedMember>> {
    let (phone_part, invite_code) = phone_part_or_code(&query.q, ports.rules.region)?;
    let search = MemberSearch {
        phone_part,
        invite_code,
        inviter: inviter(ports, &query.inviter).await?,
        status: filters::filter(&query.status)?.unwrap_or_default(),
        from: filters::day(&query.from, 0)?,
        until: filters::day(&query.until, 1)?,
        sort: filters::filter(&query.sort)?.unwrap_or_default(),
        after: filters::filter(&query.after)?,
        limit,
    };
    // Otherwise all who have activated a code would be looked at.
    if search.sort.is_by_activation() && search.status == Status::NotRedeemed {
        return Ok(Vec::new());
    }
    Ok(ports.store.find_members(&search).await?)
}

/// Digits are a part of a phone, or a whole phone in any common format; text with letters can only be a code.
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

/// The member with the typed code or phone; `None` if the field is empty.
async fn inviter(ports: &Ports, typed: &str) -> AdminResult<Option<MemberId>> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let inviter = match InviteCode::parse(typed) {
        Ok(code) => ports.store.owner_of_code(&code).await?,
        Err(_) => filters::with_phone(ports, typed).await?,
    };
    inviter.map(Some).ok_or(Refusal::InviterUnknown)
}

/// # Errors
/// `NoSuchMember`.
pub async fn record(ports: &Ports, _: &Admin, id: MemberId) -> AdminResult<MemberRecord> {
    ports.store.member_record(id).await?.ok_or(Refusal::NoSuchMember)
}

/// # Errors
/// `NoSuchMember`.
pub async fn read(ports: &Ports, _: &Admin, id: MemberId) -> AdminResult<MemberDetails> {
    let store = &ports.store;
    let record = store.member_record(id).await?.ok_or(Refusal::NoSuchMember)?;
    let attempts = store.attempts_of(id, SHOWN).await?;
    let limits = match &record.listed.phone {
        Some(phone) => Some(limits::of_phone(ports, phone).await?),
        None => None,
    };
    Ok(MemberDetails {
        meant: meant(ports, id, &attempts).await?,
        record,
        attempts,
        devices: store.devices_of(id, SHOWN).await?,
        logins: store.live_logins_of(id, ports.clock.now(), SHOWN).await?,
        limits,
    })
}

pub struct MemberPage {
    pub details: MemberDetails,
    pub tree: Vec<TreeNode>,
    /// What admins did to the member, newest first.
    pub acts: NamedLines,
}

/// # Errors
/// `NoSuchMember`.
pub async fn page(ports: &Ports, by: &Admin, id: MemberId, unfolded: &[MemberId]) -> AdminResult<MemberPage> {
    let details = read(ports, by, id).await?;
    let tree = tree(ports, by, id, unfolded).await?;
    let acts = audit::about(ports, by, id, ROWS).await?;
    Ok(MemberPage { details, tree, acts: audit::with_phones(ports, acts).await? })
}

/// Suggestions of what a member meant by an unknown code. With a million members, one in five random codes is similar
/// to an existing one, so these are only hints.
async fn meant(ports: &Ports, by: MemberId, attempts: &[Attempt]) -> AdminResult<HashMap<i64, Vec<CodeOwner>>> {
    let wrong = attempts
        .iter()
        .filter(|attempt| matches!(attempt.outcome, AttemptOutcome::Unknown | AttemptOutcome::Malformed));
    let mut meant = HashMap::new();
    for attempt in wrong.take(WITH_SUGGESTIONS) {
        let near = invite_code::one_slip_from(&attempt.typed);
        let mut owners = ports.store.owners_of_codes(&near).await?;
        owners.retain(|owner| owner.member != by);
        meant.insert(attempt.id, owners);
    }
    Ok(meant)
}

/// One line of the tree of invitees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeNode {
    pub member: ListedMember,
    /// 1 for invitees of the root.
    pub depth: u32,
    /// Whether their invitees follow.
    pub is_unfolded: bool,
    /// How many of these invitees are not shown.
    pub more: u64,
}

/// The invitees of a member, depth first, with those of the `unfolded` ones. Of each member, the newest [`BRANCHES`]
/// are shown.
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

/// Oldest first, because the caller takes them from a stack.
async fn branches(ports: &Ports, inviter: MemberId, depth: u32) -> AdminResult<Vec<(ListedMember, u32)>> {
    let invitees = ports.store.invitees_listed(inviter, BRANCHES).await?;
    Ok(invitees.into_iter().rev().map(|member| (member, depth)).collect())
}
