//! Finding, understanding and repairing members.

#![allow(missing_docs, reason = "#[server] makes structs of the arguments")]

use crate::error::AppError;
use crate::model::admin::{ActView, MemberQuery, MemberView, MembersView};
use crate::model::profile::Submission;
use leptos::prelude::*;

/// The list of members.
#[server(prefix = "/api", endpoint = "admin/members/list")]
pub async fn list(#[server(default)] query: MemberQuery) -> Result<Option<MembersView>, AppError> {
    use crate::server::{present::admin, visit::Visit};
    let visit = Visit::current()?;
    visit.show_admin(admin::members(&visit, query).await).await
}

/// A member's page; `unfolded` says which lines of the tree are.
#[server(prefix = "/api", endpoint = "admin/members/view")]
pub async fn view(id: i64, unfolded: String) -> Result<Option<MemberView>, AppError> {
    use crate::server::{present::admin, visit::Visit};
    let visit = Visit::current()?;
    visit.show_admin(admin::member(&visit, id, &unfolded).await).await
}

/// The form of an act.
#[server(prefix = "/api", endpoint = "admin/members/act")]
pub async fn act(id: i64, act: String) -> Result<Option<ActView>, AppError> {
    use crate::server::{present::admin, visit::Visit};
    let visit = Visit::current()?;
    visit.show_admin(admin::act(&visit, id, &act).await).await
}

/// Does what the form says.
#[server(prefix = "/api", endpoint = "admin/members/repair")]
pub async fn repair(
    id: i64,
    act: String,
    #[server(default)] invite_code: String,
    reason: String,
) -> Result<Submission, AppError> {
    use crate::app::route;
    use crate::model::admin::TypedAct;
    use crate::server::{domain, domain::MemberId, domain::admin::repair, visit::Visit};
    let visit = Visit::current()?;
    let page = route::act(id, &act);
    let typed = TypedAct { invite_code, reason };
    let outcome = async {
        let (admin, ports, typed) = (visit.admin().await?, visit.ports.clone(), typed.clone());
        domain::to_completion(async move { repair::repair(&ports, &admin, MemberId(id), &act, &typed).await }).await?;
        Ok(route::member(id))
    };
    let outcome = outcome.await;
    visit.answer_admin(&page, typed.join(), outcome).await
}
