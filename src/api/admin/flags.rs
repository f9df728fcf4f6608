//! Server functions for reviewing flags.

use crate::model::admin::{FlagView, FlagsView, Refusal};
use crate::model::profile::Submission;
use leptos::prelude::*;

/// Waiting or reviewed flags, after the flag with the id `after`.
#[server(prefix = "/api", endpoint = "admin/flags/list")]
pub async fn list(waiting: bool, #[server(default)] after: String) -> Result<Option<FlagsView>, Refusal> {
    use crate::model::{admin::ROWS, digits};
    use crate::server::{domain::admin::flags, http::visit::Visit, present::admin};
    let visit = Visit::current()?;
    let view = async {
        let (by, after) = (visit.admin().await?, digits(&after).unwrap_or_default());
        Ok(admin::flags(waiting, flags::list(&visit.ports, &by, waiting, after, ROWS + 1).await?))
    };
    visit.show_admin(view.await).await
}

/// The form for reviewing a flag.
#[server(prefix = "/api", endpoint = "admin/flags/flag")]
pub async fn flag(id: i64) -> Result<Option<FlagView>, Refusal> {
    use crate::route;
    use crate::server::{domain::admin::flags, http::visit::Visit, present::admin};
    let visit = Visit::current()?;
    let view = async {
        let flag = flags::read(&visit.ports, &visit.admin().await?, id).await?;
        Ok(admin::flag(&flag, visit.take_admin_flash(&route::flag(id)).await?))
    };
    visit.show_admin(view.await).await
}

#[server(prefix = "/api", endpoint = "admin/flags/review")]
pub async fn review(
    id: i64,
    #[server(default)] verdict: String,
    reason: String,
) -> Result<Submission<Refusal>, Refusal> {
    use crate::route;
    use crate::server::{domain::admin::flags, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        flags::review(&visit.ports, &visit.admin().await?, id, &verdict, &reason).await?;
        Ok(route::FLAGS.to_owned())
    };
    visit.answer_admin(&route::flag(id), &[&reason], outcome.await).await
}
