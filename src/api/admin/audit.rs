//! Server functions of the audit log.

use crate::model::admin::{AuditQuery, AuditView, Refusal};
use leptos::prelude::*;

#[server(prefix = "/api", endpoint = "admin/audit")]
pub async fn view(#[server(default)] query: AuditQuery) -> Result<Option<AuditView>, Refusal> {
    use crate::model::admin::ROWS;
    use crate::server::{domain::admin::audit, http::visit::Visit, present::admin};
    let visit = Visit::current()?;
    let found = async { audit::named(&visit.ports, &visit.admin().await?, &query, ROWS + 1).await };
    visit.show_admin(admin::audit(found.await, query)).await
}
