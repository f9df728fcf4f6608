//! Server functions of the page of a member's devices.

use crate::error::AppError;
use crate::model::page::FormAnswer;
use leptos::prelude::*;
use leptos::server_fn::codec::{PostUrl, Postcard};

/// Ends one login, by its name in the list.
#[server(prefix = "/api", endpoint = "devices/log_out", input = PostUrl, output = Postcard)]
pub async fn log_out(id: String) -> Result<FormAnswer, AppError> {
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

#[server(prefix = "/api", endpoint = "devices/log_out_everywhere", input = PostUrl, output = Postcard)]
pub async fn log_out_everywhere() -> Result<FormAnswer, AppError> {
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
