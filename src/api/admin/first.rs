//! The server function for the link that makes the first admin.

use crate::model::admin::Refusal;
use crate::model::profile::Submission;
use leptos::prelude::*;

/// Makes the member who is logged in the first admin, and redirects to the second factor.
#[server(prefix = "/api", endpoint = "admin/first/accept")]
pub async fn accept(token: String) -> Result<Submission<Refusal>, Refusal> {
    use crate::route;
    use crate::server::{domain::admin::first, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        first::accept(&visit.ports, visit.member().await?, &token).await?;
        Ok(route::SECOND_FACTOR.to_owned())
    };
    visit.answer_admin(route::FIRST_ADMIN, &[], outcome.await).await
}
