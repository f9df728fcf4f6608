//! What the pages show on which a number changes its account, or an account its number.

use super::login_code::CodeLength;
use super::profile::{CountriesView, Flash};

/// The page on which a member changes their number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberView {
    /// The refused form, if the page follows one that is not about sending a code again.
    pub flash: Flash,
    /// Why a code was not sent again.
    pub resend_refused: Option<String>,
    pub step: NumberStep,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberStep {
    Begin,
    PresentCode(SentTo),
    /// The countries that one can choose for a number without its code; `None` if there is only one.
    NewNumber(Option<CountriesView>),
    NewCode(SentTo),
}

/// A code that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentTo {
    /// In international form.
    pub phone: String,
    pub length: CodeLength,
    /// The message, if SMS is simulated.
    pub simulated_sms: Option<String>,
}

/// The question whether an account that nobody has used for long is the person's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerView {
    /// Why the answer was refused.
    pub refused: Option<String>,
    pub question: String,
}

/// The offer of an account whose number somebody else has now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimView {
    /// Why it was refused.
    pub refused: Option<String>,
    pub text: String,
}
