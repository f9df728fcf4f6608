//! Logging in and out.

#![allow(missing_docs, reason = "#[server] makes structs of the arguments")]

use crate::error::AppError;
use crate::model::profile::{LoginCodeView, LoginPhoneView, Submission};
use leptos::prelude::*;

/// What the first step shows.
#[server(prefix = "/api", endpoint = "login/phone_view")]
pub async fn phone_view() -> Result<Option<LoginPhoneView>, AppError> {
    use crate::server::{present, visit::Visit};
    let visit = Visit::current()?;
    visit.show_to_stranger(present::login_phone(&visit)).await
}

/// Sends a code to a phone, and goes to the second step.
#[server(prefix = "/api", endpoint = "login/request_code")]
pub async fn request_code(phone_number: String, next: String) -> Result<Submission, AppError> {
    use crate::app::route;
    use crate::server::{domain, domain::login, visit::Visit};
    let visit = Visit::current()?;
    let (ports, visitor, typed) = (visit.ports.clone(), visit.visitor.clone(), phone_number.clone());
    let sent = async {
        visit.prepare_login().await?;
        domain::to_completion(async move { login::request_code(&ports, &visitor, &typed).await }).await
    };
    let outcome = match sent.await {
        Ok(flow) => visit.begin_login(flow, next).await.map(|()| route::LOGIN_CODE.to_owned()),
        Err(refused) => Err(refused),
    };
    visit.answer(route::LOGIN, phone_number, outcome).await
}

/// What the second step shows.
#[server(prefix = "/api", endpoint = "login/code_view")]
pub async fn code_view() -> Result<Option<LoginCodeView>, AppError> {
    use crate::server::{present, visit::Visit};
    let visit = Visit::current()?;
    visit.show_to_stranger(present::login_code(&visit)).await
}

/// Sends another code within the same login.
#[server(prefix = "/api", endpoint = "login/send_again")]
pub async fn send_again() -> Result<Submission, AppError> {
    use crate::app::route;
    use crate::server::{domain, domain::login, visit::Visit};
    let visit = Visit::current()?;
    let outcome = match visit.pending_login().await {
        Ok(pending) => {
            let (ports, visitor) = (visit.ports.clone(), visit.visitor.clone());
            domain::to_completion(async move { login::send_again(&ports, &visitor, pending.flow).await }).await
        }
        Err(refused) => Err(refused),
    };
    visit.answer(route::LOGIN_CODE, String::new(), outcome.map(|()| route::LOGIN_CODE.to_owned())).await
}

/// Ends the login with the code, and goes to where the person wanted to be.
#[server(prefix = "/api", endpoint = "login/verify")]
pub async fn verify(code: String) -> Result<Submission, AppError> {
    use crate::app::route;
    use crate::server::{domain, domain::login, visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let pending = visit.pending_login().await?;
        let (ports, visitor, typed) = (visit.ports.clone(), visit.visitor.clone(), code.clone());
        let verified = async move { login::verify(&ports, &visitor, pending.flow, &typed).await };
        visit.log_in(&domain::to_completion(verified).await?).await?;
        Ok(route::after_login(&pending.next).to_owned())
    };
    let outcome = outcome.await;
    visit.answer(route::LOGIN_CODE, code, outcome).await
}

/// Ends the session.
#[server(prefix = "/api", endpoint = "logout")]
pub async fn log_out() -> Result<Submission, AppError> {
    use crate::app::route;
    use crate::server::visit::Visit;
    let visit = Visit::current()?;
    let outcome = visit.log_out().await.map(|()| route::LOGIN.to_owned());
    visit.answer(route::PROFILE, String::new(), outcome).await
}
