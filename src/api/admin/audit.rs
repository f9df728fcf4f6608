//! The audit log.

#![allow(missing_docs, reason = "#[server] makes structs of the arguments")]

use crate::error::AppError;
use crate::model::admin::{AuditQuery, AuditView};
use leptos::prelude::*;

/// What the page shows.
#[server(prefix = "/api", endpoint = "admin/audit")]
pub async fn view(#[server(default)] query: AuditQuery) -> Result<Option<AuditView>, AppError> {
    use crate::server::{present::admin, visit::Visit};
    let visit = Visit::current()?;
    visit.show_admin(admin::audit(&visit, query).await).await
}
