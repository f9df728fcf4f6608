//! What the page of the second factor shows.

use super::Refusal;
use crate::model::profile::Flash;
use serde::{Deserialize, Serialize};

/// The page of the second factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactorView {
    /// The refused form, if the page follows one.
    pub flash: Flash<Refusal>,
    /// What is to be done.
    pub step: SecondFactorStep,
}

/// What an admin has to do before they may go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecondFactorStep {
    /// The login is too old.
    LogInAgain,
    /// There is no second factor yet.
    SetUp,
    /// It waits for its first code.
    Confirm {
        /// The QR code as SVG.
        qr: String,
        /// The same for an app on this very phone.
        url: String,
        /// The same for typing.
        secret: String,
        /// Each works once, in place of the app.
        recovery_codes: Vec<String>,
    },
    /// A code is asked for.
    Enter,
}
