//! Server functions of the page of a member's own data.

use crate::error::AppError;
use crate::model::page::FormAnswer;
use leptos::prelude::*;
use leptos::server_fn::codec::{PostUrl, Postcard};

/// Sends the code by which the account is deleted.
#[server(prefix = "/api", endpoint = "account/request_code", input = PostUrl, output = Postcard)]
pub async fn request_deletion_code() -> Result<FormAnswer, AppError> {
    use crate::route;
    use crate::server::{domain::account, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let flow = account::request_code(&visit.ports, &visit.visitor, visit.member().await?).await?;
        visit.begin_login(flow, String::new()).await?;
        Ok(route::ACCOUNT.to_owned())
    };
    visit.answer(route::ACCOUNT, &[], outcome.await).await
}

#[server(prefix = "/api", endpoint = "account/delete", input = PostUrl, output = Postcard)]
pub async fn delete_account(code: String) -> Result<FormAnswer, AppError> {
    use crate::route;
    use crate::server::{domain::account, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let (member, pending) = (visit.member().await?, visit.pending_login().await?);
        account::delete(&visit.ports, &visit.visitor, member, pending.flow, &code).await?;
        visit.log_out().await?;
        Ok(route::HOME.to_owned())
    };
    visit.answer(route::ACCOUNT, &[&code], outcome.await).await
}

/// Takes an account back whose number somebody else has now.
#[server(prefix = "/api", endpoint = "account/claim", input = PostUrl, output = Postcard)]
pub async fn claim_account() -> Result<FormAnswer, AppError> {
    use crate::route;
    use crate::server::{domain::claim, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let login = claim::claim(&visit.ports, &visit.visitor, visit.member().await?).await?;
        visit.renew_login(&login).await?;
        Ok(route::PROFILE.to_owned())
    };
    visit.answer(route::CLAIM, &[], outcome.await).await
}
