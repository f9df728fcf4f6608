//! Domain values as the pages show them: texts, ready to be displayed, the same on the server and in the browser.

pub mod admin;
mod chart;

use crate::app::route;
use crate::error::{AppError, AppResult};
use crate::model::profile::{Cursor, INVITEES_PER_PAGE, InviteeView, LoginCodeView, LoginPhoneView, ProfileView};
use crate::server::clock::Timestamp;
use crate::server::domain::{Invitee, login, phone, profile};
use crate::server::visit::Visit;
use time::macros::format_description;

/// The first step of logging in.
pub async fn login_phone(visit: &Visit) -> AppResult<LoginPhoneView> {
    let unfinished = async { login::flow(&visit.ports, visit.pending_login().await?.flow).await };
    let unfinished = match unfinished.await {
        Ok(flow) => Some(phone::international(&flow.phone)),
        Err(AppError::LoginFlowMissing) => None,
        Err(error) => return Err(error),
    };
    Ok(LoginPhoneView { flash: visit.take_flash(route::LOGIN).await?, unfinished })
}

/// The second step of logging in.
pub async fn login_code(visit: &Visit) -> AppResult<LoginCodeView> {
    let pending = visit.pending_login().await?;
    let flow = login::flow(&visit.ports, pending.flow).await?;
    Ok(LoginCodeView {
        flash: visit.take_flash(route::LOGIN_CODE).await?,
        phone: phone::international(&flow.phone),
        code_length: flow.code_length,
        resend_in: flow.resend_at.seconds_from(visit.ports.clock.now()),
        simulated_sms: visit.ports.sms.shown(pending.flow).map(|sms| sms.text),
    })
}

/// A member's own page.
pub async fn profile(visit: &Visit, after: &str) -> AppResult<ProfileView> {
    let member = visit.member().await?;
    let profile = profile::read(&visit.ports, member, Cursor::parse(after), INVITEES_PER_PAGE).await?;
    Ok(ProfileView {
        flash: visit.take_flash(route::PROFILE).await?,
        phone: phone::international(&profile.member.phone),
        invite_code: profile.member.invite_code.to_string(),
        activated: profile.activated.map(|code| code.to_string()),
        invitees: profile.invitees.iter().map(invitee).collect(),
        total: profile.total,
        older: profile.older.map(|cursor| cursor.to_string()),
    })
}

fn invitee(invitee: &Invitee) -> InviteeView {
    let (date, date_text) = day(invitee.redeemed_at);
    let phone = invitee.phone.as_ref().map_or_else(|| "Somebody who has left".to_owned(), phone::international);
    InviteeView { phone, date, date_text }
}

/// A day (UTC) for machines and for people.
pub fn day(at: Timestamp) -> (String, String) {
    let at = at.utc();
    let for_machines = at.format(format_description!("[year]-[month]-[day]"));
    let for_people = at.format(format_description!("[day padding:none] [month repr:long] [year]"));
    (for_machines.unwrap_or_default(), for_people.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_for_machines_and_for_people() {
        assert_eq!(day(Timestamp(1_767_225_600_000)), ("2026-01-01".into(), "1 January 2026".into()));
    }
}
