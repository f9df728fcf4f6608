//! `POST /admin/api/members/17/block/` and the other acts on a member.

use super::members::member_id;
use super::request::{AdminCaller, AdminProblems, reason, reason_among};
use crate::error::AppError;
use crate::model::admin::TypedAct;
use crate::server::domain::admin::{Refusal, repair as rules};
use crate::server::http::problem::{BodyProblems, InvalidRequest, Problem, ServerProblems};
use crate::server::http::state::AppState;
use crate::server::rest::request::{self, Field, Fields, JsonBody};
use crate::words;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

/// An act on a member.
#[derive(Deserialize, ToSchema)]
pub struct Repair {
    #[schema(schema_with = reason, required = true)]
    #[serde(default)]
    reason: Field<String>,
    /// The invite code of the inviter; only for `attach`.
    #[schema(value_type = Option<String>, pattern = "^[0-9A-Za-z]{6}$", example = "KM7Q2P")]
    #[serde(default)]
    invite_code: Field<String>,
}

/// Change a member
///
/// Blocks or unblocks a member, adds (`attach`) or removes (`detach`) their redemption, gives them another invite code,
/// logs them out everywhere, forgets what limits their logins (`allow-logins`), gives one who was set aside the number back
/// (`give-number-back`), or erases them. Each act adds a line to the audit log.
#[utoipa::path(
    post,
    path = "/admin/api/members/{id}/{act}/",
    tag = "Admin",
    security(("admin" = [])),
    params(
        ("id" = i64, Path, description = "The id of the member", minimum = 1, example = 17),
        (
            "act" = String, Path, description = "The act",
            pattern = "^(block|unblock|attach|detach|replace-invite-code|log-out-everywhere|allow-logins|give-number-back|erase)$", example = "block",
        ),
    ),
    request_body(content = Repair),
    responses(
        (status = 204, description = "Done"),
        (
            status = 400, description = "The reason is missing or too long, the code to attach is missing, or the body is \
                not a JSON object",
            body = InvalidRequest, content_type = "application/problem+json",
            examples(
                ("reason" = (summary = "The reason is missing", value = json!(Problem::from(Refusal::ReasonMissing)))),
                ("no object" = (summary = "The body is not a JSON object", value = json!(request::no_object()))),
            ),
        ),
        AdminProblems,
        BodyProblems,
        (
            status = 409, description = "The state of the member does not allow the act; `code` says why",
            body = Problem, content_type = "application/problem+json",
            examples(
                ("blocked" = (summary = "The member is blocked already", value = json!(Problem::from(Refusal::AlreadyBlocked)))),
                ("circle" = (
                    summary = "The inviter joined through the member",
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
    let reason = reason_among(&mut fields, &body.reason).to_owned();
    let invite_code = match &body.invite_code {
        Field::Missing => String::new(),
        given => fields.text("invite_code", given, words::refusals().invite_code_missing).to_owned(),
    };
    fields.check()?;
    let typed = TypedAct { invite_code, reason };
    rules::repair(&state.ports, &admin, id, &act, &typed).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use crate::server::rest::admin::fixture::{MEMBER, admin};
    use crate::tests::*;
    use serde_json::json;

    #[tokio::test]
    async fn every_act_is_done_once_and_stands_in_the_log() {
        let api = Api::new().await;
        let admin = admin(&api).await;
        let (code, id) = {
            let friend = api.with_token(&api.log_in("+79123456780").await.access);
            let code = friend.get("/profile/").await.json()["invite_code"].as_str().unwrap().to_owned();
            api.log_in(MEMBER).await;
            (code, api.app.member_id(MEMBER).await.0)
        };
        let act = async |act: &str| {
            let body = json!({"reason": format!("try to {act}"), "invite_code": code});
            admin.post(&format!("/admin/api/members/{id}/{act}/"), body).await
        };
        for (done, again) in [
            ("block", Some("already_blocked")),
            ("unblock", Some("not_blocked")),
            ("attach", Some("already_redeemed")),
            ("detach", Some("no_redemption")),
            ("replace-invite-code", None),
            ("log-out-everywhere", None),
            ("allow-logins", None),
            ("erase", Some("erased")),
        ] {
            assert_eq!(act(done).await.status, 204, "{done}");
            let line = &admin.get("/admin/api/audit/?limit=1").await.json()[0];
            assert_eq!((line["act"].as_str(), line["subject_id"].as_i64()), (Some(done), Some(id)));
            assert_eq!(line["reason"], format!("try to {done}"));
            if let Some(code) = again {
                assert_eq!(act(done).await.problem(409)["code"], code, "{done}");
            }
        }
        let path = format!("/admin/api/members/{id}/block/");
        assert_eq!(admin.post(&path, json!({"reason": " "})).await.wrong_fields(), ["reason"]);
        assert_eq!(admin.post(&path, json!({"reason": "x".repeat(501)})).await.wrong_fields(), ["reason"]);
        admin.post(&format!("/admin/api/members/{id}/promote/"), json!({"reason": "x"})).await.problem(404);
        admin.get("/admin/api/audit/?from=tomorrow").await.problem(400);
    }
}
