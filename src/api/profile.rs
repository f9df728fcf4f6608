//! Server functions of the member's own page.

use crate::error::AppError;
use crate::model::profile::{ProfileView, Submission};
use leptos::prelude::*;

/// `after` is the cursor of the page before, empty for the first page.
#[server(prefix = "/api", endpoint = "profile/view")]
pub async fn view(#[server(default)] after: String) -> Result<Option<ProfileView>, AppError> {
    use crate::model::profile::{Cursor, INVITEES_PER_PAGE};
    use crate::route;
    use crate::server::{domain::profile, http::visit::Visit, present};
    let visit = Visit::current()?;
    let view = async {
        let member = visit.member().await?;
        let read = profile::read(&visit.ports, member, Cursor::parse(&after), INVITEES_PER_PAGE).await?;
        Ok(present::profile(&read, visit.take_flash(route::PROFILE).await?))
    };
    visit.show(view.await).await
}

#[server(prefix = "/api", endpoint = "profile/redeem")]
pub async fn redeem(invite_code: String) -> Result<Submission, AppError> {
    use crate::route;
    use crate::server::{domain::redeem, http::visit::Visit};
    let visit = Visit::current()?;
    let outcome = async {
        redeem::redeem(&visit.ports, &visit.visitor, visit.member().await?, &invite_code).await?;
        Ok(route::PROFILE.to_owned())
    };
    visit.answer(route::PROFILE, &[&invite_code], outcome.await).await
}
