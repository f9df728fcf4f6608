//! Server functions of the page of a member's devices.

use crate::error::AppError;
use crate::model::devices::DevicesView;
use crate::model::profile::Submission;
use leptos::prelude::*;

#[server(prefix = "/api", endpoint = "devices/view")]
pub async fn view() -> Result<Option<DevicesView>, AppError> {
    use crate::server::{domain::devices, http::visit::Visit, present};
    let visit = Visit::current()?;
    let current = visit.login_id();
    let logins = async { devices::list(&visit.ports, visit.member().await?, current).await };
    let view = logins.await.map(|logins| present::devices(&logins, current));
    visit.show(view).await
}

/// Ends one login, by its name in the list.
#[server(prefix = "/api", endpoint = "devices/log_out")]
pub async fn log_out(id: String) -> Result<Submission, AppError> {
    use crate::route;
    use crate::server::{data::LoginId, domain::devices, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let member = visit.member().await?;
        let id = LoginId::parse(&id).ok_or(AppError::Malformed)?;
        // One that had ended already is what the member wanted.
        devices::log_out(&visit.ports, member, id).await?;
        Ok(route::DEVICES.to_owned())
    };
    visit.answer(route::DEVICES, &[], outcome.await).await
}

#[server(prefix = "/api", endpoint = "devices/log_out_everywhere")]
pub async fn log_out_everywhere() -> Result<Submission, AppError> {
    use crate::route;
    use crate::server::{domain::token, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        token::log_out_everywhere(&visit.ports, visit.member().await?).await?;
        visit.log_out().await?;
        Ok(route::LOGIN.to_owned())
    };
    visit.answer(route::DEVICES, &[], outcome.await).await
}
