//! The member's own page.

#![allow(missing_docs, reason = "#[server] makes structs of the arguments")]

use crate::error::AppError;
use crate::model::profile::{self, Submission};
use leptos::prelude::*;

/// What the page shows; `after` is the cursor of the page before, empty for the first page.
#[server(prefix = "/api", endpoint = "profile/view")]
pub async fn view(after: String) -> Result<Option<profile::ProfileView>, AppError> {
    use crate::server::{present, visit::Visit};
    let visit = Visit::current()?;
    let view = present::profile(&visit, &after).await;
    visit.show(view).await
}

/// Redeems a foreign invite code.
#[server(prefix = "/api", endpoint = "profile/redeem")]
pub async fn redeem(invite_code: String) -> Result<Submission, AppError> {
    use crate::app::route;
    use crate::server::{domain, domain::referral, visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let member = visit.member().await?;
        let (ports, visitor, typed) = (visit.ports.clone(), visit.visitor.clone(), invite_code.clone());
        domain::to_completion(async move { referral::redeem(&ports, &visitor, member, &typed).await }).await?;
        Ok(route::PROFILE.to_owned())
    };
    let outcome = outcome.await;
    visit.answer(route::PROFILE, invite_code, outcome).await
}
