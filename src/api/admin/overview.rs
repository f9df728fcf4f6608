//! Server functions of the overview.

use crate::model::admin::{OverviewView, Refusal};
use leptos::prelude::*;

/// `unit` is `day`, `week` or `month`.
#[server(prefix = "/api", endpoint = "admin/overview")]
pub async fn view(#[server(default)] unit: String) -> Result<Option<OverviewView>, Refusal> {
    use crate::server::{domain::admin::overview, http::visit::Visit, present};
    let visit = Visit::current()?;
    let unit = unit.parse().unwrap_or_default();
    let view = async {
        let overview = overview::read(&visit.ports, &visit.admin().await?, unit).await?;
        Ok(present::overview::overview(&overview, unit))
    };
    visit.show_admin(view.await).await
}
