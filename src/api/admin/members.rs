//! Server functions for finding, viewing and changing members.

use crate::model::admin::{ActView, MemberQuery, MemberView, MembersView, Refusal};
use crate::model::profile::Submission;
use leptos::prelude::*;

#[server(prefix = "/api", endpoint = "admin/members/list")]
pub async fn list(#[server(default)] query: MemberQuery) -> Result<Option<MembersView>, Refusal> {
    use crate::model::admin::ROWS;
    use crate::server::{domain::admin::members, http::visit::Visit, present::admin};
    let visit = Visit::current()?;
    let found = async { members::search(&visit.ports, &visit.admin().await?, &query, ROWS + 1).await };
    visit.show_admin(admin::members(found.await, query)).await
}

/// `unfolded` are the ids of the unfolded rows of the tree, separated by dots.
#[server(prefix = "/api", endpoint = "admin/members/view")]
pub async fn view(id: i64, #[server(default)] unfolded: String) -> Result<Option<MemberView>, Refusal> {
    use crate::server::data::MemberId;
    use crate::server::{domain::admin::members, http::visit::Visit, present::admin};
    let visit = Visit::current()?;
    let view = async {
        let unfolded = admin::unfolded(&unfolded);
        let page = members::page(&visit.ports, &visit.admin().await?, MemberId(id), &unfolded).await?;
        Ok(admin::member(&page, &unfolded))
    };
    visit.show_admin(view.await).await
}

/// The form of an act.
#[server(prefix = "/api", endpoint = "admin/members/act")]
pub async fn act(id: i64, act: String) -> Result<Option<ActView>, Refusal> {
    use crate::route;
    use crate::server::{data::MemberId, domain::admin::repair, http::visit::Visit, present::admin};
    let visit = Visit::current()?;
    let view = async {
        let record = repair::subject_of(&visit.ports, &visit.admin().await?, MemberId(id), &act).await?;
        Ok(admin::act(&record, visit.take_admin_flash(&route::act(id, &act)).await?))
    };
    visit.show_admin(view.await).await
}

#[server(prefix = "/api", endpoint = "admin/members/repair")]
pub async fn repair(
    id: i64,
    act: String,
    #[server(default)] invite_code: String,
    reason: String,
) -> Result<Submission<Refusal>, Refusal> {
    use crate::model::admin::TypedAct;
    use crate::route;
    use crate::server::{data::MemberId, domain::admin::repair, http::visit::Visit};
    let visit = Visit::current()?;
    let typed = TypedAct { invite_code, reason };
    let outcome = async {
        repair::repair(&visit.ports, &visit.admin().await?, MemberId(id), &act, &typed).await?;
        Ok(route::member(id))
    };
    visit.answer_admin(&route::act(id, &act), &[&typed.invite_code, &typed.reason], outcome.await).await
}
