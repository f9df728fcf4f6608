//! What the page of a member's own data shows.

use super::login_code::CodeLength;
use super::profile::Flash;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountView {
    /// The refused form, if the page follows one.
    pub flash: Flash,
    /// The code by which the account is deleted, if one was sent.
    pub sent: Option<SentCodeView>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentCodeView {
    pub length: CodeLength,
    /// The message, if SMS is simulated.
    pub simulated_sms: Option<String>,
}
