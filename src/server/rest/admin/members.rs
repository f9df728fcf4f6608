//! `GET /admin/api/members/` and `GET /admin/api/members/17/`: finding members, and everything about one.

use super::request::{AdminCaller, AdminProblems, Rows};
use crate::model::admin::MemberQuery;
use crate::model::digits;
use crate::server::clock::Timestamp;
use crate::server::data::{self, MemberId, Place};
use crate::server::domain::admin::members::{self, MemberDetails, TreeNode};
use crate::server::domain::admin::{Refusal, page};
use crate::server::domain::login::limits::LoginLimitsOfPhone;
use crate::server::http::problem::{InvalidRequest, Problem, ServerProblems};
use crate::server::http::state::AppState;
use crate::server::rest::query::{self, Query, day, next_page, one_of, place};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub const PATH: &str = "/admin/api/members/";

/// Which members to list.
#[derive(Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// Part of a phone number, or an invite code.
    #[param(example = "3456789")]
    q: Option<String>,
    /// The invite code or the whole phone number of an inviter.
    #[param(example = "KM7Q2P")]
    inviter: Option<String>,
    /// Only members of this status.
    #[serde(deserialize_with = "one_of")]
    #[param(inline, example = "active")]
    status: Option<Status>,
    /// Joined on this day (UTC) or later.
    #[serde(deserialize_with = "day")]
    #[param(format = Date, example = "2026-01-01")]
    from: Option<String>,
    /// Joined on this day (UTC) or earlier.
    #[serde(deserialize_with = "day")]
    #[param(format = Date, example = "2026-12-31")]
    until: Option<String>,
    /// The order. Without it, members who joined last come first. `last-activated` and `first-activated` list only members
    /// who have activated a code.
    #[serde(deserialize_with = "one_of")]
    #[param(inline, example = "oldest")]
    sort: Option<Sort>,
    /// Where the page begins, as in the header `Link` of the previous page.
    #[serde(deserialize_with = "place")]
    #[param(pattern = "^[0-9]{1,18}-[0-9]{1,18}$", example = "1767225600000-17")]
    after: Option<String>,
    /// How many members the page holds at most.
    #[param(inline, example = 50)]
    limit: Rows,
}

#[derive(Clone, Copy, Serialize, ToSchema, strum::EnumString, strum::IntoStaticStr, strum::VariantNames)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum Status {
    Active,
    Blocked,
    Erased,
    Redeemed,
    NotRedeemed,
}

#[derive(Clone, Copy, Serialize, ToSchema, strum::EnumString, strum::IntoStaticStr, strum::VariantNames)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum Sort {
    Oldest,
    MostInvitees,
    FewestInvitees,
    LastActivated,
    FirstActivated,
}

impl From<Search> for MemberQuery {
    fn from(search: Search) -> Self {
        Self {
            q: search.q.unwrap_or_default(),
            inviter: search.inviter.unwrap_or_default(),
            status: search.status.map_or("", |status| status.into_str()).to_owned(),
            from: search.from.unwrap_or_default(),
            until: search.until.unwrap_or_default(),
            sort: search.sort.map_or("", |sort| sort.into_str()).to_owned(),
            after: search.after.unwrap_or_default(),
        }
    }
}

/// A member in a list.
#[derive(Serialize, ToSchema)]
pub struct ListedMember {
    #[schema(example = 17)]
    id: i64,
    /// The phone in E.164 form; null for an erased member.
    #[schema(example = "+79123456789")]
    phone_number: Option<String>,
    #[schema(pattern = "^[2-9A-HJKMNP-Z]{6}$", example = "KM7Q2P")]
    invite_code: String,
    #[schema(format = DateTime, example = "2026-01-01T00:00:00Z")]
    joined_at: String,
    blocked: bool,
    /// The number of invitees.
    #[schema(example = 3)]
    invited_total: u64,
    /// When the member activated a code; null if they have not.
    #[schema(format = DateTime)]
    redeemed_at: Option<String>,
}

impl ListedMember {
    pub fn of(member: &data::ListedMember) -> Self {
        Self {
            id: member.id.0,
            phone_number: member.phone.as_ref().map(|phone| phone.as_str().to_owned()),
            invite_code: member.invite_code.to_string(),
            joined_at: member.created_at.rfc3339(),
            blocked: member.is_blocked,
            invited_total: member.invitees,
            redeemed_at: member.redeemed_at.map(Timestamp::rfc3339),
        }
    }
}

/// A member with their history.
#[derive(Serialize, ToSchema)]
pub struct MemberRecord {
    #[serde(flatten)]
    member: ListedMember,
    /// Null for a member who was not erased.
    #[schema(format = DateTime)]
    erased_at: Option<String>,
    /// Null for a member whose number has not gone to somebody else. Such a member counts as erased meanwhile.
    set_aside: Option<SetAside>,
    /// Whether the member is an admin.
    admin: bool,
    /// The code that the member redeemed, if any.
    redemption: Option<Redemption>,
    /// Previous invite codes of the member, newest first.
    former_invite_codes: Vec<String>,
    /// Attempts to redeem a code, newest first.
    tries: Vec<Attempt>,
    /// Devices on which the member logged in, the last used first.
    devices: Vec<Device>,
    /// Logins that have not ended, newest first.
    logins: Vec<Login>,
    /// What unknown devices can still do to log the member in; null for an erased member.
    login_limits: Option<LoginLimits>,
    /// Members who redeemed the code of this member, newest first: at most 50.
    invitees: Vec<ListedMember>,
}

impl MemberRecord {
    fn of(details: MemberDetails, tree: &[TreeNode]) -> Self {
        let record = details.record;
        Self {
            member: ListedMember::of(&record.listed),
            erased_at: record.erased_at.map(Timestamp::rfc3339),
            set_aside: record.set_aside.map(|aside| SetAside {
                at: aside.at.rfc3339(),
                successor_id: aside.successor.map(|successor| successor.0),
            }),
            admin: record.is_admin,
            redemption: record.redemption.map(|redemption| Redemption {
                inviter_id: redemption.inviter.0,
                invite_code: redemption.code.to_string(),
                redeemed_at: redemption.redeemed_at.rfc3339(),
            }),
            former_invite_codes: record.former_codes.iter().map(|(code, _)| code.to_string()).collect(),
            tries: details.attempts.into_iter().map(attempt).collect(),
            devices: details.devices.into_iter().map(device).collect(),
            logins: details.logins.iter().map(login).collect(),
            login_limits: details.limits.as_ref().map(login_limits),
            invitees: tree.iter().map(|node| ListedMember::of(&node.member)).collect(),
        }
    }
}

/// Since when a member is set aside, because somebody else has the number now.
#[derive(Serialize, ToSchema)]
pub struct SetAside {
    #[schema(format = DateTime, example = "2026-07-01T00:00:00Z")]
    at: String,
    /// The member who got the number; null if the number has gone on from there.
    #[schema(example = 18)]
    successor_id: Option<i64>,
}

/// The code that a member redeemed.
#[derive(Serialize, ToSchema)]
pub struct Redemption {
    inviter_id: i64,
    /// The code as it was when it was redeemed.
    invite_code: String,
    #[schema(format = DateTime)]
    redeemed_at: String,
}

/// An attempt to redeem a code.
#[derive(Serialize, ToSchema)]
pub struct Attempt {
    /// The text that the member typed; empty if it cannot be a code.
    typed: String,
    /// `redeemed`, or why the code was refused.
    #[schema(example = "owner-blocked")]
    outcome: &'static str,
    /// The owner of the code at the time; null for an unknown code.
    inviter_id: Option<i64>,
    /// The first attempt with this code.
    #[schema(format = DateTime)]
    first_at: String,
    /// The last attempt with this code.
    #[schema(format = DateTime)]
    last_at: String,
    /// How many attempts there were with this code.
    times: u32,
    /// The network of the last attempt, which is forgotten after {network_memory}.
    network: Option<String>,
}

/// A device on which a member logged in.
#[derive(Serialize, ToSchema)]
pub struct Device {
    /// The `User-Agent` of the last login.
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

/// A login that has not ended.
#[derive(Serialize, ToSchema)]
pub struct Login {
    /// `session` for the web app, `api` for the JSON API.
    #[schema(example = "session")]
    kind: &'static str,
    #[schema(format = DateTime)]
    began_at: String,
    #[schema(format = DateTime)]
    ends_at: String,
}

/// What unknown devices can still do to log a member in.
#[derive(Serialize, ToSchema)]
pub struct LoginLimits {
    /// Messages that can still be requested.
    messages_left: u32,
    /// Seconds until one more message can be requested; 0 if none was.
    message_in: u32,
    /// Wrong codes until codes have 8 digits.
    wrong_codes_left: u32,
    /// Seconds until one wrong code more is left; 0 if there was none.
    wrong_code_in: u32,
    /// Logins in the last 30 days, newest first: at most 20.
    begun: Vec<BegunLogin>,
    /// Messages in the last 30 days, newest first: at most 20.
    messages: Vec<Message>,
}

/// A message that was handed to a gateway.
#[derive(Serialize, ToSchema)]
pub struct Message {
    #[schema(format = DateTime)]
    sent_at: String,
    #[schema(example = "smsc")]
    gateway: String,
    /// `sent`, or `unknown` if the gateway did not answer clearly.
    #[schema(example = "sent")]
    state: &'static str,
    /// What the provider reported later: `delivered` or `undelivered`; null if nothing.
    #[schema(example = "delivered")]
    delivery: Option<&'static str>,
}

/// A login that was begun.
#[derive(Serialize, ToSchema)]
pub struct BegunLogin {
    #[schema(format = DateTime)]
    begun_at: String,
    /// Null if it was not finished.
    #[schema(format = DateTime)]
    finished_at: Option<String>,
    known_device: bool,
    /// Digits of the code.
    #[schema(example = 4)]
    digits: u8,
    messages: u32,
    /// Codes that were entered and evaluated.
    guesses: u32,
}

/// Find members
///
/// Finds members by part of the phone number, by invite code, by inviter, by status and by the day on which they joined.
/// The header `Link` leads to the next page.
#[utoipa::path(
    get,
    path = "/admin/api/members/",
    operation_id = "find_members",
    tag = "Admin",
    security(("admin" = [])),
    params(Search),
    responses(
        (
            status = 200, description = "One page of members", body = Vec<ListedMember>,
            headers(("Link" = String, description = "`</admin/api/members/?…>; rel=\"next\"`, if there are more")),
        ),
        (
            status = 400, description = "A parameter is not valid",
            body = InvalidRequest, content_type = "application/problem+json",
            examples(
                ("search" = (
                    summary = "Neither digits nor an invite code",
                    value = json!(Problem::from(Refusal::SearchUnclear))
                )),
                ("inviter" = (summary = "Unknown inviter", value = json!(Problem::from(Refusal::InviterUnknown)))),
                ("others" = (
                    summary = "Other parameters",
                    value = json!(query::parse::<Search>("status=asleep&from=today&limit=0").err())
                )),
            ),
        ),
        AdminProblems,
        ServerProblems,
    ),
)]
pub async fn list(
    State(state): State<AppState>,
    AdminCaller(admin): AdminCaller,
    Query(search): Query<Search>,
) -> Result<Response, Problem> {
    let (limit, query) = (search.limit.0, MemberQuery::from(search.clone()));
    let found = members::search(&state.ports, &admin, &query, limit + 1).await?;
    let order = query.sort.parse().unwrap_or_default();
    let (found, next) = page(found, limit, |last| Place::of(last, order));
    let link = next.map(|after| next_page(PATH, &Search { after: Some(after), ..search }));
    let body: Vec<_> = found.iter().map(ListedMember::of).collect();
    Ok((AppendHeaders(link), Json(body)).into_response())
}

/// Show a member
///
/// Shows the inviter and the invitees of a member, the attempts to redeem a code with their outcomes, the devices and the
/// logins. Of attempts, devices and logins, the newest 100 are shown.
#[utoipa::path(
    get,
    path = "/admin/api/members/{id}/",
    operation_id = "show_member",
    tag = "Admin",
    security(("admin" = [])),
    params(("id" = i64, Path, description = "The id of the member", minimum = 1, example = 17)),
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
    Ok(Json(MemberRecord::of(details, &tree)))
}

/// The id of a member in a path.
///
/// # Errors
/// 404 if it is not a number.
pub fn member_id(text: &str) -> Result<MemberId, Problem> {
    Ok(MemberId(digits(text).ok_or(Refusal::NoSuchMember)?))
}

fn attempt(attempt: data::Attempt) -> Attempt {
    Attempt {
        typed: attempt.typed,
        outcome: attempt.outcome.into_str(),
        inviter_id: attempt.inviter.map(|inviter| inviter.0),
        first_at: attempt.first_at.rfc3339(),
        last_at: attempt.last_at.rfc3339(),
        times: attempt.times,
        network: attempt.network,
    }
}

fn device(device: data::Device) -> Device {
    let (first_at, last_at) = (device.created_at.rfc3339(), device.seen_at.rfc3339());
    Device { agent: device.agent, network: device.network, first_at, last_at }
}

fn login(login: &data::LiveLogin) -> Login {
    let kind = if login.is_api { "api" } else { "session" };
    Login { kind, began_at: login.logged_in_at.rfc3339(), ends_at: login.expires_at.rfc3339() }
}

fn login_limits(limits: &LoginLimitsOfPhone) -> LoginLimits {
    LoginLimits {
        messages_left: limits.messages.uses,
        message_in: limits.messages.more_in,
        wrong_codes_left: limits.wrong_codes.uses,
        wrong_code_in: limits.wrong_codes.more_in,
        begun: limits.logins.iter().map(begun_login).collect(),
        messages: limits.sent.iter().map(message).collect(),
    }
}

fn message(message: &data::SentMessage) -> Message {
    let (sent_at, gateway) = (message.sent_at.rfc3339(), message.gateway.clone());
    let delivery = message.delivery.map(|delivery| delivery.into_str());
    Message { sent_at, gateway, state: message.state.into_str(), delivery }
}

fn begun_login(login: &data::LoginAttempt) -> BegunLogin {
    BegunLogin {
        begun_at: login.begun_at.rfc3339(),
        finished_at: login.used_at.map(Timestamp::rfc3339),
        known_device: login.is_known_device,
        digits: login.length.into(),
        messages: login.messages,
        guesses: login.guesses,
    }
}

#[cfg(test)]
mod tests {
    use crate::server::rest::admin::fixture::{ADMIN, MEMBER, admin};
    use crate::tests::*;
    use serde_json::json;

    #[tokio::test]
    async fn members_are_found_page_by_page_and_shown_with_their_attempts() {
        let api = Api::new().await;
        let admin = admin(&api).await;
        let member = api.with_token(&api.log_in(MEMBER).await.access);
        let id = api.app.member_id(MEMBER).await.0;
        member.post("/implement_invite/", json!({"invite_code": "ZZZZZZ"})).await.problem(404);

        let first = admin.get("/admin/api/members/?q=%2B7912&limit=1").await;
        let link = first.headers["link"].to_str().unwrap().to_owned();
        let next = link.strip_prefix('<').and_then(|rest| rest.split('>').next()).unwrap();
        assert_eq!(first.json()[0]["phone_number"], MEMBER);
        let second = admin.get(next).await;
        assert_eq!(second.json()[0]["phone_number"], ADMIN);
        assert!(!second.headers.contains_key("link"));
        assert_eq!(admin.get("/admin/api/members/?q=nobody").await.wrong_fields(), ["q"]);
        let bad = "/admin/api/members/?limit=0&status=asleep&sort=best&from=&until=today&after=1&by=year";
        assert_eq!(admin.get(bad).await.wrong_fields(), ["after", "from", "limit", "sort", "until"]);
        // A problem has a status of its own.
        let detail = admin.get(bad).await.problem(400)["detail"].to_string();
        assert!(detail.contains("status: This must be one of: active, "), "{detail}");
        let found =
            admin.get("/admin/api/members/?status=not-redeemed&sort=most-invitees&from=2026-01-01&limit=1").await;
        let next = "status=not-redeemed&from=2026-01-01&sort=most-invitees&after=0-2&limit=1";
        assert_eq!(found.headers["link"], format!("</admin/api/members/?{next}>; rel=\"next\""));
        assert_eq!(admin.get("/admin/api/members/?limit=501").await.wrong_fields(), ["limit"]);
        assert_eq!(admin.get("/admin/api/members/?inviter=ZZZZZZ").await.wrong_fields(), ["inviter"]);

        let record = admin.get(&format!("/admin/api/members/{id}/")).await.json();
        assert_eq!(
            (&record["tries"][0]["outcome"], &record["tries"][0]["typed"]),
            (&json!("unknown"), &json!("ZZZZZZ"))
        );
        assert_eq!(record["logins"][0]["kind"], "api");
        assert_eq!(record["login_limits"]["messages_left"], 4);
        assert_eq!(record["login_limits"]["begun"][0]["guesses"], 1);
        assert_eq!(record["login_limits"]["messages"][0]["gateway"], "simulated");
        for path in ["/admin/api/members/99/", "/admin/api/members/x/", "/admin/api/members/-1/"] {
            admin.get(path).await.problem(404);
        }
    }
}
