//! How a member who has the right becomes an admin for this login.

#![allow(missing_docs, reason = "#[server] makes structs of the arguments")]

use crate::error::AppError;
use crate::model::admin::SecondFactorView;
use crate::model::profile::Submission;
use leptos::prelude::*;

/// What the page shows.
#[server(prefix = "/api", endpoint = "admin/second_factor/view")]
pub async fn view() -> Result<Option<SecondFactorView>, AppError> {
    use crate::server::{present::admin, visit::Visit};
    let visit = Visit::current()?;
    visit.show_admin(admin::second_factor(&visit).await).await
}

/// Draws the secret for the app.
#[server(prefix = "/api", endpoint = "admin/second_factor/set_up")]
pub async fn set_up() -> Result<Submission, AppError> {
    use crate::app::route;
    use crate::server::{domain::admin::second_factor, visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let (member, _) = visit.candidate().await?;
        second_factor::set_up(&visit.ports, member).await?;
        Ok(route::SECOND_FACTOR.to_owned())
    };
    let outcome = outcome.await;
    visit.answer_admin(route::SECOND_FACTOR, String::new(), outcome).await
}

/// Takes a code of the app, or a recovery code.
#[server(prefix = "/api", endpoint = "admin/second_factor/prove")]
pub async fn prove(code: String, next: String) -> Result<Submission, AppError> {
    use crate::app::route;
    use crate::server::{domain::admin::second_factor, visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let candidate = visit.candidate().await?;
        let grant = second_factor::prove(&visit.ports, &visit.visitor, candidate, &code).await?;
        visit.become_admin(grant).await?;
        Ok(route::after_second_factor(&next).to_owned())
    };
    let outcome = outcome.await;
    visit.answer_admin(route::SECOND_FACTOR, String::new(), outcome).await
}

/// Ends a login that is too old, and begins another.
#[server(prefix = "/api", endpoint = "admin/second_factor/log_in_again")]
pub async fn log_in_again() -> Result<Submission, AppError> {
    use crate::app::route;
    use crate::server::visit::Visit;
    let visit = Visit::current()?;
    let outcome = visit.log_out().await.map(|()| route::login_and_back(route::ADMIN));
    visit.answer(route::SECOND_FACTOR, String::new(), outcome).await
}
