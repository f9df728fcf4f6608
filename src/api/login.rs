//! Server functions for logging in and out.

use crate::error::AppError;
use crate::model::page::FormAnswer;
use leptos::prelude::*;
use leptos::server_fn::codec::{PostUrl, Postcard};

/// Sends a code to a phone, and leads to the page for it.
#[server(prefix = "/api", endpoint = "login/request_code", input = PostUrl, output = Postcard)]
pub async fn request_code(
    phone_number: String,
    #[server(default)] country: String,
    #[server(default)] next: String,
) -> Result<FormAnswer, AppError> {
    use crate::route;
    use crate::server::{domain::login, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        visit.prepare_login().await?;
        let flow = login::request_code_in(&visit.ports, &visit.visitor, &phone_number, &country).await?;
        visit.begin_login(flow, next).await?;
        Ok(route::LOGIN_CODE.to_owned())
    };
    visit.answer(route::LOGIN, &[&phone_number, &country], outcome.await).await
}

/// Sends another code in the same login.
#[server(prefix = "/api", endpoint = "login/send_again", input = PostUrl, output = Postcard)]
pub async fn send_again() -> Result<FormAnswer, AppError> {
    use crate::route;
    use crate::server::{domain::login, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let pending = visit.pending_login().await?;
        login::send_again(&visit.ports, &visit.visitor, pending.flow).await?;
        Ok(route::LOGIN_CODE.to_owned())
    };
    visit.answer(route::LOGIN_CODE, &[], outcome.await).await
}

/// Logs in with the code, and leads to the page that needed the login.
#[server(prefix = "/api", endpoint = "login/verify", input = PostUrl, output = Postcard)]
pub async fn verify(code: String) -> Result<FormAnswer, AppError> {
    use crate::route;
    use crate::server::{domain::login, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let pending = visit.pending_login().await?;
        let login = match login::verify(&visit.ports, &visit.visitor, pending.flow, &code).await {
            Err(AppError::OwnerUnclear { unused_since }) => return visit.ask_owner(pending, unused_since).await,
            outcome => outcome?,
        };
        visit.log_in(&login).await?;
        visit.after_login(&login, &pending.next).await
    };
    visit.answer(route::LOGIN_CODE, &[&code], outcome.await).await
}

/// Says whether an account that nobody has used for long is the person's, whose code was right.
#[server(prefix = "/api", endpoint = "login/answer", input = PostUrl, output = Postcard)]
pub async fn answer_owner(is_mine: bool) -> Result<FormAnswer, AppError> {
    use crate::route;
    use crate::server::{clock::Timestamp, domain::login, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let pending = visit.pending_login().await?;
        let asked_at = Timestamp(pending.asked.ok_or(AppError::LoginFlowMissing)?.at);
        let login = login::answer(&visit.ports, &visit.visitor, pending.flow, asked_at, is_mine).await?;
        visit.log_in(&login).await?;
        visit.after_login(&login, &pending.next).await
    };
    visit.answer(route::OWNER, &[], outcome.await).await
}

#[server(prefix = "/api", endpoint = "logout", input = PostUrl, output = Postcard)]
pub async fn log_out() -> Result<FormAnswer, AppError> {
    use crate::route;
    use crate::server::http::visit::Visit;
    let visit = Visit::current()?;
    let outcome = visit.log_out().await.map(|()| route::LOGIN.to_owned());
    visit.answer(route::PROFILE, &[], outcome).await
}
