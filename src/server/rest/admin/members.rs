//! `GET /admin/api/members/` and `GET /admin/api/members/17/`: finding members, and all about one.

use super::{AdminCaller, AdminProblems, limit, parameter, refuse_blank};
use crate::model::admin::MemberQuery;
use crate::model::digits;
use crate::server::clock::Timestamp;
use crate::server::data::{self, MemberId, Place};
use crate::server::domain::admin::{Refusal, members, page};
use crate::server::http::problem::{InvalidRequest, Problem, ServerProblems};
use crate::server::http::state::AppState;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};

/// Which members to list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only described")]
pub struct Search {
    /// Some digits of the phone, or an invite code.
    #[param(required = false, example = "3456789")]
    q: String,
    /// The invite code or the phone of an inviter.
    #[param(required = false, example = "")]
    inviter: String,
    /// Only members of this kind.
    #[param(required = false, pattern = "^(active|blocked|erased|redeemed|not-redeemed)?$", example = "active")]
    status: String,
    /// Joined on this day (UTC) or later.
    #[param(required = false, format = Date, example = "2026-01-01")]
    from: String,
    /// Joined on this day or earlier.
    #[param(required = false, format = Date, example = "2026-12-31")]
    until: String,
    /// In which order; the newest first without it.
    #[param(required = false, pattern = "^(oldest|most-invitees)?$", example = "oldest")]
    sort: String,
    /// Where the page begins, as the header `Link` of the page before says.
    #[param(required = false, pattern = "^([0-9]{1,18}-[0-9]{1,18})?$", example = "1767225600000-17")]
    after: String,
    /// How many at most.
    #[param(required = false, minimum = 1, maximum = 500, default = 50, example = 50)]
    limit: u32,
}

/// A member in a list.
#[derive(Serialize, ToSchema)]
pub struct ListedMember {
    /// Names the member.
    #[schema(example = 17)]
    id: i64,
    /// The phone in E.164 form; null for a member who was erased.
    #[schema(example = "+79123456789")]
    phone_number: Option<String>,
    /// The invite code.
    #[schema(pattern = "^[2-9A-HJKMNP-Z]{6}$", example = "KM7Q2P")]
    invite_code: String,
    /// When they joined.
    #[schema(format = DateTime, example = "2026-01-01T00:00:00Z")]
    joined_at: String,
    /// Whether they are locked out.
    blocked: bool,
    /// How many came through them.
    #[schema(example = 3)]
    invited_total: u64,
}

impl ListedMember {
    /// As the API shows it.
    pub fn of(member: &data::ListedMember) -> Self {
        Self {
            id: member.id.0,
            phone_number: member.phone.as_ref().map(|phone| phone.as_str().to_owned()),
            invite_code: member.invite_code.to_string(),
            joined_at: member.created_at.rfc3339(),
            blocked: member.is_blocked,
            invited_total: member.invitees,
        }
    }
}

/// A member with their history.
#[derive(Serialize, ToSchema)]
pub struct MemberRecord {
    #[serde(flatten)]
    member: ListedMember,
    /// When they were erased.
    #[schema(format = DateTime)]
    erased_at: Option<String>,
    /// Whether they may run the programme.
    admin: bool,
    /// Through whom they came.
    redemption: Option<Redemption>,
    /// The invite codes they had before, the last one first.
    former_invite_codes: Vec<String>,
    /// Every try to redeem a code, the last one first.
    tries: Vec<Try>,
    /// The devices on which they logged in, the last used first.
    devices: Vec<Device>,
    /// Where they are logged in.
    logins: Vec<Login>,
    /// Those who came through them, the last one first: at most 50.
    invitees: Vec<ListedMember>,
}

/// Through whom a member came.
#[derive(Serialize, ToSchema)]
pub struct Redemption {
    /// The inviter.
    inviter_id: i64,
    /// The code as it was then.
    invite_code: String,
    /// When.
    #[schema(format = DateTime)]
    redeemed_at: String,
}

/// A try to redeem a code.
#[derive(Serialize, ToSchema)]
pub struct Try {
    /// What was typed.
    typed: String,
    /// How it ended: `redeemed`, or why it did not count.
    #[schema(example = "owner-blocked")]
    outcome: &'static str,
    /// Whose code it was then.
    inviter_id: Option<i64>,
    /// When it was tried first.
    #[schema(format = DateTime)]
    first_at: String,
    /// When it was tried last.
    #[schema(format = DateTime)]
    last_at: String,
    /// How often.
    times: u32,
    /// From which network, as long as that is kept.
    network: Option<String>,
}

/// A device on which a member logged in.
#[derive(Serialize, ToSchema)]
pub struct Device {
    /// What it calls itself.
    agent: String,
    /// The network of the last login.
    network: String,
    /// The first login.
    #[schema(format = DateTime)]
    first_at: String,
    /// The last login.
    #[schema(format = DateTime)]
    last_at: String,
}

/// A login that is still good.
#[derive(Serialize, ToSchema)]
pub struct Login {
    /// `session` or `api`.
    #[schema(example = "session")]
    kind: &'static str,
    /// When it began.
    #[schema(format = DateTime)]
    began_at: String,
    /// When it ends.
    #[schema(format = DateTime)]
    ends_at: String,
}

/// Find members
///
/// By a part of the phone, by invite code or by inviter; by kind and by day. The header `Link` leads to the next page.
#[utoipa::path(
    get,
    path = "/admin/api/members/",
    operation_id = "find_members",
    tag = "Admin",
    security(("admin" = [])),
    params(Search),
    responses(
        (
            status = 200, description = "Some members", body = Vec<ListedMember>,
            headers(("Link" = String, description = "`</admin/api/members/?…>; rel=\"next\"`, if there are more")),
        ),
        (
            status = 400, description = "Something cannot be searched for",
            body = InvalidRequest, content_type = "application/problem+json",
            example = json!(Problem::from(Refusal::SearchUnclear)),
        ),
        AdminProblems,
        ServerProblems,
    ),
)]
pub async fn list(
    State(state): State<AppState>,
    AdminCaller(admin): AdminCaller,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Problem> {
    let limit = limit(&query)?;
    refuse_blank(&query, &["from", "until"])?;
    let search = MemberQuery::read(|name| parameter(&query, name));
    let sort = search.sort.parse().unwrap_or_default();
    let found = members::search(&state.ports, &admin, &search, limit + 1).await?;
    let (found, next) = page(found, limit, |last| Place::of(last, sort));
    let link = next.map(|after| (header::LINK, super::next_page("/admin/api/members/", &query, "after", &after)));
    let body: Vec<_> = found.iter().map(ListedMember::of).collect();
    Ok((AppendHeaders(link), Json(body)).into_response())
}

/// Show a member
///
/// Who brought them in and whom they did, every try to redeem a code and why it counted or not, devices and sessions.
#[utoipa::path(
    get,
    path = "/admin/api/members/{id}/",
    operation_id = "show_member",
    tag = "Admin",
    security(("admin" = [])),
    params(("id" = i64, Path, description = "The number of the member", minimum = 1, example = 17)),
    responses((status = 200, description = "The member", body = MemberRecord), AdminProblems, ServerProblems),
)]
pub async fn one(
    State(state): State<AppState>,
    AdminCaller(admin): AdminCaller,
    Path(id): Path<String>,
) -> Result<Json<MemberRecord>, Problem> {
    let id = member_id(&id)?;
    let details = members::read(&state.ports, &admin, id).await?;
    let tree = members::tree(&state.ports, &admin, id, &[]).await?;
    let record = details.record;
    Ok(Json(MemberRecord {
        member: ListedMember::of(&record.listed),
        erased_at: record.erased_at.map(Timestamp::rfc3339),
        admin: record.is_admin,
        redemption: record.redemption.map(|redemption| Redemption {
            inviter_id: redemption.inviter.0,
            invite_code: redemption.code.to_string(),
            redeemed_at: redemption.redeemed_at.rfc3339(),
        }),
        former_invite_codes: record.former_codes.iter().map(|(code, _)| code.to_string()).collect(),
        tries: details.attempts.into_iter().map(tried).collect(),
        devices: details.devices.into_iter().map(device).collect(),
        logins: details.logins.into_iter().map(login).collect(),
        invitees: tree.iter().map(|node| ListedMember::of(&node.member)).collect(),
    }))
}

/// The number of a member in the path.
///
/// # Errors
/// 404 for what is none.
pub fn member_id(text: &str) -> Result<MemberId, Problem> {
    Ok(MemberId(digits(text).ok_or(Refusal::NoSuchMember)?))
}

fn tried(tried: data::Attempt) -> Try {
    Try {
        typed: tried.typed,
        outcome: tried.outcome.into_str(),
        inviter_id: tried.inviter.map(|inviter| inviter.0),
        first_at: tried.first_at.rfc3339(),
        last_at: tried.last_at.rfc3339(),
        times: tried.times,
        network: tried.network,
    }
}

fn device(device: data::Device) -> Device {
    let (first_at, last_at) = (device.created_at.rfc3339(), device.seen_at.rfc3339());
    Device { agent: device.agent, network: device.network, first_at, last_at }
}

fn login(login: data::LiveLogin) -> Login {
    let kind = if login.is_api { "api" } else { "session" };
    Login { kind, began_at: login.created_at.rfc3339(), ends_at: login.expires_at.rfc3339() }
}
