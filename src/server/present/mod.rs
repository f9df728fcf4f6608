//! Domain values as texts, ready to be displayed, the same on the server and in the browser. No rule and no storage
//! here.

mod account;
pub mod admin;
mod chart;
mod countries;
mod date;
mod devices;
mod invitation;
mod number;
pub mod overview;
mod progress;
pub mod webhooks;

pub use account::{account, account_data};
pub use countries::CountryChoice;
pub use date::{day, moment};
pub use devices::{devices, name};
pub use invitation::{invitation, link_counts, offer, offline};
pub use number::{claim, number, owner};
pub use progress::progress;

use crate::error::{AppError, AppResult};
use crate::model::phone::Phone;
use crate::model::profile::{
    CountriesView, Flash, InviteeView, InviteesView, LoginCodeView, LoginPhoneView, ProfileView,
};
use crate::server::clock::Timestamp;
use crate::server::data::{Invitee, LinkCounts, Member};
use crate::server::domain::login::LoginFlow;
use crate::server::domain::phone;
use crate::server::domain::profile::Profile;
use crate::server::sentences;
use crate::server::settings::{InviteePhones, Rules};
use crate::words::Sentence;

/// `unfinished` is the login in progress in this browser.
///
/// # Errors
/// Those of `unfinished`, except `LoginFlowMissing`, which means that there is none.
pub fn login_phone(
    unfinished: AppResult<LoginFlow>,
    next: String,
    flash: Flash<AppError>,
    countries: Option<CountriesView>,
) -> AppResult<LoginPhoneView> {
    let unfinished = match unfinished {
        Ok(flow) => Some(phone::international(&flow.phone)),
        Err(AppError::LoginFlowMissing) => None,
        Err(error) => return Err(error),
    };
    Ok(LoginPhoneView { flash: told(flash), next, unfinished, countries })
}

pub fn login_code(
    flow: &LoginFlow,
    simulated_sms: Option<String>,
    now: Timestamp,
    flash: Flash<AppError>,
) -> LoginCodeView {
    // Both forms of this page come back with one refusal, which is shown at the form that it is about.
    let is_about_resending = is_about_resending(&flash);
    let Flash { typed, refused } = told(flash);
    let (resend_refused, code_refused) = if is_about_resending { (refused, None) } else { (None, refused) };
    LoginCodeView {
        flash: Flash { typed, refused: code_refused },
        resend_refused,
        phone: phone::international(&flow.phone),
        code_length: flow.code_length,
        resend_in: flow.resend_at.seconds_from(now),
        simulated_sms,
    }
}

/// Whether a form was refused that sends a code again.
fn is_about_resending(flash: &Flash<AppError>) -> bool {
    matches!(
        flash.refused,
        Some(AppError::ResendTooSoon { .. } | AppError::TooManyMessages { .. } | AppError::SmsNotSent)
    )
}

/// A refused form with the sentence of its refusal.
fn told(flash: Flash<AppError>) -> Flash {
    Flash { typed: flash.typed, refused: flash.refused.map(|refused| refused.sentence()) }
}

/// What a profile shows beside the data of the member.
pub struct Sharing {
    /// The whole address of the share link.
    pub link: String,
    pub counts: LinkCounts,
    /// Whose link was opened in this browser, if the member has no inviter.
    pub offered: Option<Member>,
}

pub fn profile(
    profile: &Profile,
    rules: &Rules,
    sharing: Sharing,
    is_first_page: bool,
    flash: Flash<AppError>,
) -> ProfileView {
    ProfileView {
        message: sentences::service().share_message(&sharing.link),
        link: sharing.link,
        link_counts: link_counts(sharing.counts),
        offer: sharing.offered.as_ref().map(offer),
        flash: told(flash),
        phone: phone::international(&profile.member.phone),
        invite_code: profile.member.invite_code.to_string(),
        activated: profile.activated.as_ref().map(ToString::to_string),
        invitees: InviteesView {
            page: profile.invitees.iter().map(|one| invitee(one, rules.invitee_phones)).collect(),
            total: profile.total,
            revision: profile.revision.0,
            older: profile.older.map(|cursor| cursor.to_string()),
            milestone: progress::next_milestone(&rules.milestones, profile.total),
        },
        is_first_page,
    }
}

/// The number of an invitee in E.164 form, or masked if the host wants that.
pub fn invitee_number(phone: &Phone, phones: InviteePhones) -> String {
    match phones {
        InviteePhones::Full => phone.as_str().to_owned(),
        InviteePhones::Masked => phone::masked(phone),
    }
}

fn invitee(invitee: &Invitee, phones: InviteePhones) -> InviteeView {
    let (date, date_text) = day(invitee.redeemed_at);
    let phone = invitee.phone.as_ref().map(match phones {
        InviteePhones::Full => phone::international,
        InviteePhones::Masked => phone::masked,
    });
    InviteeView { phone: phone.unwrap_or_else(|| sentences::service().erased_invitee.to_owned()), date, date_text }
}
