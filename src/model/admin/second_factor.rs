//! What the page for the second factor shows.

use super::Refusal;
use crate::model::profile::Flash;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactorView {
    /// The refused form, if the page follows one.
    pub flash: Flash<Refusal>,
    pub step: SecondFactorStep,
}

/// What an admin has to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecondFactorStep {
    /// The login is too old for the admin pages.
    LogInAgain,
    /// No second factor is set up.
    SetUp,
    /// The app is to be set up, and its first code entered.
    Confirm {
        /// The QR code as SVG.
        qr: String,
        /// The same as a link, for an app on the same phone.
        url: String,
        /// The secret for typing.
        secret: String,
        /// Each can be used once instead of a code of the app.
        recovery_codes: Vec<String>,
    },
    /// A code is to be entered.
    Enter,
}
