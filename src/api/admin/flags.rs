//! What looks odd.

#![allow(missing_docs, reason = "#[server] makes structs of the arguments")]

use crate::error::AppError;
use crate::model::admin::{FlagView, FlagsView};
use crate::model::profile::Submission;
use leptos::prelude::*;

/// The list; `after` is the flag before it.
#[server(prefix = "/api", endpoint = "admin/flags/list")]
pub async fn list(waiting: bool, after: String) -> Result<Option<FlagsView>, AppError> {
    use crate::server::{present::admin, visit::Visit};
    let visit = Visit::current()?;
    visit.show_admin(admin::flags(&visit, waiting, &after).await).await
}

/// One flag, to be reviewed.
#[server(prefix = "/api", endpoint = "admin/flags/flag")]
pub async fn flag(id: i64) -> Result<Option<FlagView>, AppError> {
    use crate::server::{present::admin, visit::Visit};
    let visit = Visit::current()?;
    visit.show_admin(admin::flag(&visit, id).await).await
}

/// Keeps what an admin makes of it.
#[server(prefix = "/api", endpoint = "admin/flags/review")]
pub async fn review(id: i64, #[server(default)] verdict: String, reason: String) -> Result<Submission, AppError> {
    use crate::app::route;
    use crate::server::{domain, domain::admin::flags, visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let (admin, ports, reason) = (visit.admin().await?, visit.ports.clone(), reason.clone());
        domain::to_completion(async move { flags::review(&ports, &admin, id, &verdict, &reason).await }).await?;
        Ok(route::FLAGS.to_owned())
    };
    let outcome = outcome.await;
    visit.answer_admin(&route::flag(id), reason, outcome).await
}
