//! `vouch sms test +7…`: sends one message, and shows how each gateway answered.

use crate::error::AppError;
use crate::model::language::Language;
use crate::model::login_code::{CodeLength, LoginCode};
use crate::server::clock::{Clock, SystemClock};
use crate::server::domain::phone;
use crate::server::sentences;
use crate::server::settings::{Settings, SettingsError, SmsChoice, SmsCommand};
use crate::server::sms::{Attempt, Sms};
use crate::server::start::{self, StartError};
use crate::words::Sentence;
use std::io::Write;
use std::time::Duration;

/// Why nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum SmsCommandError {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("{}", .0.sentence())]
    Refused(AppError),
    #[error("{}", sentences::terminal().nothing_to_test)]
    Simulated,
    #[error("{}", sentences::terminal().test_message_not_sent)]
    NotSent,
    /// The terminal is gone.
    #[error(transparent)]
    Terminal(#[from] std::io::Error),
}

/// Tries the gateways in their order, as for a login, until one has accepted the message or may have sent it.
///
/// # Errors
/// When none has.
pub async fn run(settings: &Settings, SmsCommand::Test { phone }: &SmsCommand) -> Result<(), SmsCommandError> {
    let to = phone::parse(phone, settings.phone_region).map_err(SmsCommandError::Refused)?;
    let Some(SmsChoice::Gateways(names)) = &settings.sms else { return Err(SmsCommandError::Simulated) };
    let text = settings.sms_text().map_err(SettingsError::from).map_err(StartError::from)?;
    let now = SystemClock::starting_after(None).now();
    let code = LoginCode::from_number(0, CodeLength::MIN);
    let mut sms =
        Sms::login_code(&text.in_language(Language::default()), to, code, now, now.plus(Duration::from_mins(10)));
    sms.id = format!("test-{}", now.0);
    let (words, mut out) = (sentences::terminal(), std::io::stdout());
    for gateway in start::gateways(settings, names)? {
        let (attempt, transcript) = gateway.send_once(&sms).await;
        writeln!(out, "{}\n\n{}\n\n{}\n", gateway.name(), transcript.request, transcript.answer)?;
        if let Some(reports) = gateway.reports() {
            writeln!(out, "{}\n", words.reports_expected(&reports.shown_address()))?;
        }
        match attempt {
            Attempt::Accepted(receipt) => {
                let id = receipt.message_id.unwrap_or_default();
                return Ok(writeln!(out, "{}", words.test_message_accepted(&receipt.gateway, &id))?);
            }
            Attempt::Unknown(reason) => {
                return Ok(writeln!(out, "{}", words.test_message_unknown(gateway.name(), &reason))?);
            }
            Attempt::NotSent(reason) => writeln!(out, "{}", words.test_message_refused(gateway.name(), &reason))?,
            Attempt::Later(_) => writeln!(out, "{}", words.test_message_later(gateway.name()))?,
        }
    }
    Err(SmsCommandError::NotSent)
}
