//! `POST /admin/api/members/17/block/` and its like: putting something right.

use super::members::member_id;
use super::{AdminCaller, AdminProblems};
use crate::error::AppError;
use crate::model::admin::TypedAct;
use crate::server::domain::admin::{Refusal, repair as rules};
use crate::server::http::problem::{BodyProblems, InvalidRequest, Problem, ServerProblems};
use crate::server::http::state::AppState;
use crate::server::rest::request::{self, Field, Fields, JsonBody};
use crate::words::{self, Sentence};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

/// Why, and with which code.
#[derive(Deserialize, ToSchema)]
pub struct Repair {
    /// Why; it stands in the audit log for good.
    #[schema(
        value_type = String,
        required = true,
        min_length = 1,
        max_length = 500,
        pattern = "\\S",
        example = "typed the old code"
    )]
    #[serde(default)]
    reason: Field<String>,
    /// The invite code of the inviter, to attach a redemption.
    #[schema(value_type = Option<String>, pattern = "^[0-9A-Za-z]{6}$", example = "KM7Q2P")]
    #[serde(default)]
    invite_code: Field<String>,
}

/// Put something right
///
/// Blocks or unblocks a member, attaches or detaches their redemption, gives them another invite code, logs them out
/// everywhere, or erases them. Each leaves a line in the audit log.
#[utoipa::path(
    post,
    path = "/admin/api/members/{id}/{act}/",
    tag = "Admin",
    security(("admin" = [])),
    params(
        ("id" = i64, Path, description = "The number of the member", minimum = 1, example = 17),
        (
            "act" = String, Path, description = "What to do",
            pattern = "^(block|unblock|attach|detach|replace-invite-code|log-out-everywhere|erase)$", example = "block",
        ),
    ),
    request_body(content = Repair),
    responses(
        (status = 204, description = "Done"),
        (
            status = 400, description = "The reason is missing or too long, there is no code to attach, or the body is no \
                JSON object",
            body = InvalidRequest, content_type = "application/problem+json",
            examples(
                ("reason" = (summary = "No reason", value = json!(Problem::from(Refusal::ReasonMissing)))),
                ("no object" = (summary = "The body is no JSON object", value = json!(request::no_object()))),
            ),
        ),
        AdminProblems,
        BodyProblems,
        (
            status = 409, description = "It cannot be done to this member as they are; `code` says why",
            body = Problem, content_type = "application/problem+json",
            examples(
                ("blocked" = (summary = "Blocked already", value = json!(Problem::from(Refusal::AlreadyBlocked)))),
                ("circle" = (
                    summary = "The inviter came through the member",
                    value = json!(Problem::from(AppError::InviteCodeOfInvitee))
                )),
            ),
        ),
        ServerProblems,
    ),
)]
pub async fn repair(
    State(state): State<AppState>,
    AdminCaller(admin): AdminCaller,
    Path((id, act)): Path<(String, String)>,
    JsonBody(body): JsonBody<Repair>,
) -> Result<StatusCode, Problem> {
    let id = member_id(&id)?;
    let mut fields = Fields::default();
    let reason = fields.text("reason", &body.reason, &Refusal::ReasonMissing.sentence()).to_owned();
    let invite_code = match &body.invite_code {
        Field::Missing => String::new(),
        given => fields.text("invite_code", given, words::member().invite_code_missing).to_owned(),
    };
    fields.check()?;
    let ports = state.ports.clone();
    let typed = TypedAct { invite_code, reason };
    rules::repair(&ports, &admin, id, &act, &typed).await?;
    Ok(StatusCode::NO_CONTENT)
}
