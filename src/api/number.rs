//! Server functions of the page on which a member changes their number.

use crate::error::AppError;
use crate::model::page::FormAnswer;
use leptos::prelude::*;
use leptos::server_fn::codec::{PostUrl, Postcard};

/// Sends a code to the present number.
#[server(prefix = "/api", endpoint = "number/begin", input = PostUrl, output = Postcard)]
pub async fn begin() -> Result<FormAnswer, AppError> {
    use crate::route;
    use crate::server::{domain::number, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let change = number::begin(&visit.ports, &visit.visitor, visit.member().await?).await?;
        visit.keep_number_change(change).await?;
        Ok(route::NUMBER.to_owned())
    };
    visit.answer(route::NUMBER, &[], outcome.await).await
}

/// Sends the code of this step again.
#[server(prefix = "/api", endpoint = "number/send_again", input = PostUrl, output = Postcard)]
pub async fn send_again() -> Result<FormAnswer, AppError> {
    use crate::route;
    use crate::server::{domain::number, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let (_, change) = visit.number_change().await?;
        number::send_again(&visit.ports, &visit.visitor, change).await?;
        Ok(route::NUMBER.to_owned())
    };
    visit.answer(route::NUMBER, &[], outcome.await).await
}

/// Takes the code that was sent to the present number.
#[server(prefix = "/api", endpoint = "number/prove", input = PostUrl, output = Postcard)]
pub async fn prove(code: String) -> Result<FormAnswer, AppError> {
    use crate::route;
    use crate::server::{domain::number, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let (member, change) = visit.number_change().await?;
        let change = number::prove_present(&visit.ports, &visit.visitor, member, change, &code).await?;
        visit.keep_number_change(change).await?;
        Ok(route::NUMBER.to_owned())
    };
    visit.answer(route::NUMBER, &[&code], outcome.await).await
}

/// Sends a code to the new number.
#[server(prefix = "/api", endpoint = "number/send_code", input = PostUrl, output = Postcard)]
pub async fn send_code(phone_number: String, #[server(default)] country: String) -> Result<FormAnswer, AppError> {
    use crate::route;
    use crate::server::{domain::number, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let (member, change) = visit.number_change().await?;
        let change = number::send_to_new(&visit.ports, &visit.visitor, member, change, &phone_number, &country).await?;
        visit.keep_number_change(change).await?;
        Ok(route::NUMBER.to_owned())
    };
    visit.answer(route::NUMBER, &[&phone_number, &country], outcome.await).await
}

/// Goes back, to type another new number.
#[server(prefix = "/api", endpoint = "number/another", input = PostUrl, output = Postcard)]
pub async fn another() -> Result<FormAnswer, AppError> {
    use crate::route;
    use crate::server::{domain::number, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let (_, change) = visit.number_change().await?;
        visit.keep_number_change(number::another_number(&visit.ports, change)?).await?;
        Ok(route::NUMBER.to_owned())
    };
    visit.answer(route::NUMBER, &[], outcome.await).await
}

/// Changes the number, with the code that was sent to the new one.
#[server(prefix = "/api", endpoint = "number/finish", input = PostUrl, output = Postcard)]
pub async fn finish(code: String) -> Result<FormAnswer, AppError> {
    use crate::route;
    use crate::server::{domain::number, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let (member, change) = visit.number_change().await?;
        let login = number::finish(&visit.ports, &visit.visitor, member, change, &code).await?;
        visit.renew_login(&login).await?;
        Ok(route::PROFILE.to_owned())
    };
    visit.answer(route::NUMBER, &[&code], outcome.await).await
}
