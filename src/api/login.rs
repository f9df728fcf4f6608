//! Server functions for logging in and out.

use crate::error::AppError;
use crate::model::profile::{LoginCodeView, LoginPhoneView, Submission};
use leptos::prelude::*;

/// The page for the phone number.
#[server(prefix = "/api", endpoint = "login/phone_view")]
pub async fn phone_view() -> Result<Option<LoginPhoneView>, AppError> {
    use crate::route;
    use crate::server::{domain::login, http::visit::Visit, present};
    let visit = Visit::current()?;
    let view = async {
        let unfinished = match visit.pending_login().await {
            Ok(pending) => login::flow(&visit.ports, pending.flow).await,
            Err(refused) => Err(refused),
        };
        present::login_phone(unfinished, visit.take_flash(route::LOGIN).await?)
    };
    visit.show_to_stranger(view).await
}

/// Sends a code to a phone, and redirects to the page for it.
#[server(prefix = "/api", endpoint = "login/request_code")]
pub async fn request_code(phone_number: String, #[server(default)] next: String) -> Result<Submission, AppError> {
    use crate::route;
    use crate::server::{domain::login, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        visit.prepare_login().await?;
        let flow = login::request_code(&visit.ports, &visit.visitor, &phone_number).await?;
        visit.begin_login(flow, next).await?;
        Ok(route::LOGIN_CODE.to_owned())
    };
    visit.answer(route::LOGIN, &[&phone_number], outcome.await).await
}

/// The page for the login code.
#[server(prefix = "/api", endpoint = "login/code_view")]
pub async fn code_view() -> Result<Option<LoginCodeView>, AppError> {
    use crate::route;
    use crate::server::{domain::login, http::visit::Visit, present};
    let visit = Visit::current()?;
    let view = async {
        let (ports, pending) = (&visit.ports, visit.pending_login().await?);
        let flow = login::flow(ports, pending.flow).await?;
        let simulated = ports.sms.shown(pending.flow).map(|sms| sms.text);
        Ok(present::login_code(&flow, simulated, ports.clock.now(), visit.take_flash(route::LOGIN_CODE).await?))
    };
    visit.show_to_stranger(view).await
}

/// Sends another code in the same login.
#[server(prefix = "/api", endpoint = "login/send_again")]
pub async fn send_again() -> Result<Submission, AppError> {
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

/// Logs in with the code, and redirects to the page that needed the login.
#[server(prefix = "/api", endpoint = "login/verify")]
pub async fn verify(code: String) -> Result<Submission, AppError> {
    use crate::route;
    use crate::server::{domain::login, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let pending = visit.pending_login().await?;
        let login = login::verify(&visit.ports, &visit.visitor, pending.flow, &code).await?;
        visit.log_in(&login).await?;
        Ok(route::after_login(&pending.next).to_owned())
    };
    visit.answer(route::LOGIN_CODE, &[&code], outcome.await).await
}

#[server(prefix = "/api", endpoint = "logout")]
pub async fn log_out() -> Result<Submission, AppError> {
    use crate::route;
    use crate::server::http::visit::Visit;
    let visit = Visit::current()?;
    let outcome = visit.log_out().await.map(|()| route::LOGIN.to_owned());
    visit.answer(route::PROFILE, &[], outcome).await
}
