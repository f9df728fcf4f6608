//! How the programme goes.

#![allow(missing_docs, reason = "#[server] makes structs of the arguments")]

use crate::error::AppError;
use crate::model::admin::OverviewView;
use leptos::prelude::*;

/// What the page shows, by `day`, `week` or `month`.
#[server(prefix = "/api", endpoint = "admin/overview")]
pub async fn view(unit: String) -> Result<Option<OverviewView>, AppError> {
    use crate::server::{present::admin, visit::Visit};
    let visit = Visit::current()?;
    visit.show_admin(admin::overview(&visit, &unit).await).await
}
