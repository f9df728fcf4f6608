//! Domain values as texts, ready to be displayed, the same on the server and in the browser. No rule and no storage
//! here.

pub mod admin;
mod chart;
mod date;
mod devices;
pub mod overview;

pub use date::{day, moment};
pub use devices::{devices, name};

use crate::error::{AppError, AppResult};
use crate::model::profile::{Flash, InviteeView, LoginCodeView, LoginPhoneView, ProfileView};
use crate::server::clock::Timestamp;
use crate::server::data::Invitee;
use crate::server::domain::login::LoginFlow;
use crate::server::domain::phone;
use crate::server::domain::profile::Profile;
use crate::words;

/// `unfinished` is the login in progress in this browser.
///
/// # Errors
/// Those of `unfinished`, except `LoginFlowMissing`, which means that there is none.
pub fn login_phone(unfinished: AppResult<LoginFlow>, flash: Flash) -> AppResult<LoginPhoneView> {
    let unfinished = match unfinished {
        Ok(flow) => Some(phone::international(&flow.phone)),
        Err(AppError::LoginFlowMissing) => None,
        Err(error) => return Err(error),
    };
    Ok(LoginPhoneView { flash, unfinished })
}

pub fn login_code(flow: &LoginFlow, simulated_sms: Option<String>, now: Timestamp, flash: Flash) -> LoginCodeView {
    LoginCodeView {
        flash,
        phone: phone::international(&flow.phone),
        code_length: flow.code_length,
        resend_in: flow.resend_at.seconds_from(now),
        simulated_sms,
    }
}

pub fn profile(profile: &Profile, flash: Flash) -> ProfileView {
    ProfileView {
        flash,
        phone: phone::international(&profile.member.phone),
        invite_code: profile.member.invite_code.to_string(),
        activated: profile.activated.as_ref().map(ToString::to_string),
        invitees: profile.invitees.iter().map(invitee).collect(),
        total: profile.total,
        older: profile.older.map(|cursor| cursor.to_string()),
    }
}

fn invitee(invitee: &Invitee) -> InviteeView {
    let (date, date_text) = day(invitee.redeemed_at);
    let phone = invitee.phone.as_ref().map(phone::international);
    InviteeView { phone: phone.unwrap_or_else(|| words::member().erased_invitee.to_owned()), date, date_text }
}
