//! Server functions for setting up and using the second factor of admins.

use crate::error::AppError;
use crate::model::admin::{Refusal, SecondFactorView};
use crate::model::page::FormAnswer;
use crate::model::profile::Submission;
use leptos::prelude::*;
use leptos::server_fn::codec::{PostUrl, Postcard};

#[server(prefix = "/api", endpoint = "admin/second_factor/view")]
pub async fn view() -> Result<Option<SecondFactorView>, Refusal> {
    use crate::route;
    use crate::server::{domain::admin::second_factor, http::visit::Visit, present::admin};
    let visit = Visit::current()?;
    let view = async {
        let stage = second_factor::stage(&visit.ports, visit.candidate().await?).await?;
        Ok(admin::second_factor(stage, visit.take_admin_flash(route::SECOND_FACTOR).await?))
    };
    visit.show_admin(view.await).await
}

/// Generates the secret for the app.
#[server(prefix = "/api", endpoint = "admin/second_factor/set_up")]
pub async fn set_up() -> Result<Submission<Refusal>, Refusal> {
    use crate::route;
    use crate::server::{domain::admin::second_factor, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let (member, _) = visit.candidate().await?;
        second_factor::set_up(&visit.ports, member).await?;
        Ok(route::SECOND_FACTOR.to_owned())
    };
    visit.answer_admin(route::SECOND_FACTOR, &[], outcome.await).await
}

/// `code` is a code of the app, or a recovery code.
#[server(prefix = "/api", endpoint = "admin/second_factor/prove")]
pub async fn prove(code: String, #[server(default)] next: String) -> Result<Submission<Refusal>, Refusal> {
    use crate::route;
    use crate::server::{domain::admin::second_factor, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let candidate = visit.candidate().await?;
        let grant = second_factor::prove(&visit.ports, &visit.visitor, candidate, &code).await?;
        visit.become_admin(grant).await?;
        Ok(route::after_second_factor(&next).to_owned())
    };
    visit.answer_admin(route::SECOND_FACTOR, &[], outcome.await).await
}

/// Logs out a login that is too old, and redirects to the login.
#[server(prefix = "/api", endpoint = "admin/second_factor/log_in_again", input = PostUrl, output = Postcard)]
pub async fn log_in_again() -> Result<FormAnswer, AppError> {
    use crate::route;
    use crate::server::http::visit::Visit;
    let visit = Visit::current()?;
    let outcome = visit.log_out().await.map(|()| route::login_and_back(route::ADMIN));
    visit.answer(route::SECOND_FACTOR, &[], outcome).await
}
