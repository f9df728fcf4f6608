//! The server function of the member's own page.

use crate::error::AppError;
use crate::model::page::FormAnswer;
use leptos::prelude::*;
use leptos::server_fn::codec::{PostUrl, Postcard};

#[server(prefix = "/api", endpoint = "profile/redeem", input = PostUrl, output = Postcard)]
pub async fn redeem(invite_code: String) -> Result<FormAnswer, AppError> {
    use crate::route;
    use crate::server::{domain::redeem, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        let activated = redeem::redeem(&visit.ports, &visit.visitor, visit.member().await?, &invite_code).await?;
        visit.accept_link(&activated).await;
        Ok(route::PROFILE.to_owned())
    };
    visit.answer(route::PROFILE, &[&invite_code], outcome.await).await
}
