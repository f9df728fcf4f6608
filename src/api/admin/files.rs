//! Server functions for exports and imports. The files themselves are sent by plain forms, see `server::forms`.

use crate::model::admin::{ExportView, ImportView, ImportsView, Refusal};
use crate::model::profile::Submission;
use leptos::prelude::*;

#[server(prefix = "/api", endpoint = "admin/files/export")]
pub async fn export() -> Result<Option<ExportView>, Refusal> {
    use crate::route;
    use crate::server::{http::visit::Visit, present::admin};
    let visit = Visit::current()?;
    let view = async {
        visit.admin().await?;
        Ok(admin::export(visit.take_admin_flash(route::EXPORT).await?))
    };
    visit.show_admin(view.await).await
}

/// Recent imports, and the form for another.
#[server(prefix = "/api", endpoint = "admin/files/imports")]
pub async fn imports() -> Result<Option<ImportsView>, Refusal> {
    use crate::route;
    use crate::server::{domain::admin::import, http::visit::Visit, present::admin};
    let visit = Visit::current()?;
    let view = async {
        let imports = import::list(&visit.ports, &visit.admin().await?).await?;
        let most = visit.ports.rules.limits.admin.import_lines;
        Ok(admin::imports(&imports, most, visit.ports.clock.now(), visit.take_admin_flash(route::IMPORTS).await?))
    };
    visit.show_admin(view.await).await
}

/// One import, with its bad lines after line `after`.
#[server(prefix = "/api", endpoint = "admin/files/import")]
pub async fn import(id: i64, #[server(default)] after: String) -> Result<Option<ImportView>, Refusal> {
    use crate::model::{admin::ROWS, digits};
    use crate::route;
    use crate::server::{domain::admin::import, http::visit::Visit, present::admin};
    let visit = Visit::current()?;
    let view = async {
        let (by, ports) = (visit.admin().await?, &visit.ports);
        let found = import::find(ports, &by, id).await?;
        let bad = import::bad_lines(ports, &by, id, digits(&after).unwrap_or_default(), ROWS + 1).await?;
        Ok(admin::one_import(&found, bad, ports.clock.now(), visit.take_admin_flash(&route::import(id)).await?))
    };
    visit.show_admin(view.await).await
}

/// Starts the import of a checked file, in the background.
#[server(prefix = "/api", endpoint = "admin/files/apply")]
pub async fn apply(id: i64, reason: String) -> Result<Submission<Refusal>, Refusal> {
    use crate::route;
    use crate::server::{http::visit::Visit, jobs};
    let visit = Visit::current()?;
    let outcome = async {
        jobs::imports::apply(visit.jobs(), &visit.ports, &visit.admin().await?, id, &reason).await?;
        Ok(route::import(id))
    };
    visit.answer_admin(&route::import(id), &[&reason], outcome.await).await
}
