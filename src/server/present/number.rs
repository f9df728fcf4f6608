//! The pages on which a number changes its account, or an account its number.

use super::{day, is_about_resending, told};
use crate::error::AppError;
use crate::model::number::{ClaimView, NumberStep, NumberView, OwnerView, SentTo};
use crate::model::profile::{CountriesView, Flash};
use crate::server::clock::Timestamp;
use crate::server::data::Claimable;
use crate::server::domain::login::LoginFlow;
use crate::server::domain::number::Step;
use crate::server::domain::phone;
use crate::server::sentences;

/// `simulated_sms` is the message of the step, if messages are simulated.
pub fn number(
    step: Step,
    simulated_sms: Option<String>,
    countries: Option<CountriesView>,
    flash: Flash<AppError>,
) -> NumberView {
    let is_about_resending = is_about_resending(&flash);
    let sent =
        |flow: LoginFlow| SentTo { phone: phone::international(&flow.phone), length: flow.code_length, simulated_sms };
    let step = match step {
        Step::Begin => NumberStep::Begin,
        Step::PresentCode(flow) => NumberStep::PresentCode(sent(flow)),
        Step::NewNumber => NumberStep::NewNumber(countries),
        Step::NewCode(flow) => NumberStep::NewCode(sent(flow)),
    };
    let has_code = matches!(step, NumberStep::PresentCode(_) | NumberStep::NewCode(_));
    let Flash { typed, refused } = told(flash);
    let (resend_refused, refused) = if is_about_resending && has_code { (refused, None) } else { (None, refused) };
    NumberView { flash: Flash { typed, refused }, resend_refused, step }
}

/// Nothing of the account but the day of its last use.
pub fn owner(unused_since: Timestamp, flash: Flash<AppError>) -> OwnerView {
    OwnerView { refused: told(flash).refused, question: sentences::documents().owner_question(&day(unused_since).1) }
}

/// Nothing of the account but the day of its last use: the device may be in other hands.
pub fn claim(offered: Claimable, flash: Flash<AppError>) -> ClaimView {
    ClaimView { refused: told(flash).refused, text: sentences::documents().claim_text(&day(offered.visited_at).1) }
}
