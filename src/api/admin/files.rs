//! Taking lists away and bringing files of members. The files themselves go by forms of their own, see `server::files`.

#![allow(missing_docs, reason = "#[server] makes structs of the arguments")]

use crate::error::AppError;
use crate::model::admin::{ExportView, ImportView, ImportsView};
use crate::model::profile::Submission;
use leptos::prelude::*;

/// The form by which lists are taken away.
#[server(prefix = "/api", endpoint = "admin/files/export")]
pub async fn export() -> Result<Option<ExportView>, AppError> {
    use crate::server::{present::admin, visit::Visit};
    let visit = Visit::current()?;
    visit.show_admin(admin::export(&visit).await).await
}

/// Files of members, and the form by which one is brought.
#[server(prefix = "/api", endpoint = "admin/files/imports")]
pub async fn imports() -> Result<Option<ImportsView>, AppError> {
    use crate::server::{present::admin, visit::Visit};
    let visit = Visit::current()?;
    visit.show_admin(admin::imports(&visit).await).await
}

/// One file of members; of the bad lines, those after this one.
#[server(prefix = "/api", endpoint = "admin/files/import")]
pub async fn import(id: i64, after: String) -> Result<Option<ImportView>, AppError> {
    use crate::server::{present::admin, visit::Visit};
    let visit = Visit::current()?;
    visit.show_admin(admin::one_import(&visit, id, &after).await).await
}

/// Makes members of a file, beside the answer.
#[server(prefix = "/api", endpoint = "admin/files/apply")]
pub async fn apply(id: i64, reason: String) -> Result<Submission, AppError> {
    use crate::app::route;
    use crate::server::{files, visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        files::take_over(&visit.ports, &visit.admin().await?, id, &reason).await?;
        Ok(route::import(id))
    };
    let outcome = outcome.await;
    visit.answer_admin(&route::import(id), reason, outcome).await
}
