//! Server functions for webhooks: endpoints, and what was sent to them.

use crate::model::admin::{DeliveryView, EndpointView, Refusal, WebhookQuery, WebhooksView};
use crate::model::profile::{Flash, Submission};
use leptos::prelude::*;

#[server(prefix = "/api", endpoint = "admin/webhooks/list")]
pub async fn list(#[server(default)] query: WebhookQuery) -> Result<Option<WebhooksView>, Refusal> {
    use crate::model::admin::ROWS;
    use crate::server::domain::admin::webhooks;
    use crate::server::{http::visit::Visit, present};
    let visit = Visit::current()?;
    let view = async {
        let (by, ports) = (visit.admin().await?, &visit.ports);
        let (reports, has_failed) = (webhooks::reports(ports, &by).await?, webhooks::has_failed(ports, &by).await?);
        let found = webhooks::search(ports, &by, &query, ROWS + 1).await;
        present::webhooks::list(&reports, found, query, has_failed)
    };
    visit.show_admin(view.await).await
}

/// One delivery with its attempts, and the form that sends it again.
#[server(prefix = "/api", endpoint = "admin/webhooks/delivery")]
pub async fn delivery(id: i64) -> Result<Option<DeliveryView>, Refusal> {
    use crate::route;
    use crate::server::domain::admin::webhooks;
    use crate::server::{http::visit::Visit, present};
    let visit = Visit::current()?;
    let view = async {
        let (by, ports) = (visit.admin().await?, &visit.ports);
        let (delivery, reports) = (webhooks::read(ports, &by, id).await?, webhooks::reports(ports, &by).await?);
        Ok(present::webhooks::delivery(&reports, &delivery, visit.take_admin_flash(&route::webhook(id)).await?))
    };
    visit.show_admin(view.await).await
}

/// The form that sends all failed deliveries again.
#[server(prefix = "/api", endpoint = "admin/webhooks/failed")]
pub async fn failed() -> Result<Option<Flash<Refusal>>, Refusal> {
    use crate::route;
    use crate::server::http::visit::Visit;
    let visit = Visit::current()?;
    let view = async {
        visit.admin().await?;
        Ok(visit.take_admin_flash(route::FAILED_WEBHOOKS).await?)
    };
    visit.show_admin(view.await).await
}

/// The form that switches an endpoint on; `number` is its place in the settings of the host.
#[server(prefix = "/api", endpoint = "admin/webhooks/endpoint")]
pub async fn endpoint(number: usize) -> Result<Option<EndpointView>, Refusal> {
    use crate::route;
    use crate::server::domain::admin::webhooks;
    use crate::server::{http::visit::Visit, present};
    let visit = Visit::current()?;
    let view = async {
        let report = webhooks::report(&visit.ports, &visit.admin().await?, number).await?;
        Ok(present::webhooks::endpoint(number, &report, visit.take_admin_flash(&route::endpoint(number)).await?))
    };
    visit.show_admin(view.await).await
}

#[server(prefix = "/api", endpoint = "admin/webhooks/replay")]
pub async fn replay(id: i64, reason: String) -> Result<Submission<Refusal>, Refusal> {
    use crate::route;
    use crate::server::{domain::admin::webhooks, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        webhooks::replay(&visit.ports, &visit.admin().await?, id, &reason).await?;
        Ok(route::WEBHOOKS.to_owned())
    };
    visit.answer_admin(&route::webhook(id), &[&reason], outcome.await).await
}

#[server(prefix = "/api", endpoint = "admin/webhooks/replay_failed")]
pub async fn replay_failed(reason: String) -> Result<Submission<Refusal>, Refusal> {
    use crate::route;
    use crate::server::{domain::admin::webhooks, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        webhooks::replay_failed(&visit.ports, &visit.admin().await?, &reason).await?;
        Ok(route::WEBHOOKS.to_owned())
    };
    visit.answer_admin(route::FAILED_WEBHOOKS, &[&reason], outcome.await).await
}

/// Switches the endpoint with this URL on. Its number only tells to which page a refused form belongs.
#[server(prefix = "/api", endpoint = "admin/webhooks/switch_on")]
pub async fn switch_on(number: usize, url: String, reason: String) -> Result<Submission<Refusal>, Refusal> {
    use crate::route;
    use crate::server::{domain::admin::webhooks, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        webhooks::switch_on(&visit.ports, &visit.admin().await?, &url, &reason).await?;
        Ok(route::WEBHOOKS.to_owned())
    };
    visit.answer_admin(&route::endpoint(number), &[&reason], outcome.await).await
}
