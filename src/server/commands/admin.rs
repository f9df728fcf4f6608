//! `vouch admin grant | revoke | list`: who may run the referral program. Works beside a running server.

use crate::error::{AppError, AppResult};
use crate::server::data::Grant;
use crate::server::domain::admin::grants;
use crate::server::domain::{Ports, phone};
use crate::server::present;
use crate::server::sentences;
use crate::server::settings::{AdminCommand, Settings};
use crate::server::start::{self, StartError};
use crate::words::Sentence;
use std::io::Write;

/// Why the command failed.
#[derive(Debug, thiserror::Error)]
pub enum AdminCommandError {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("{}", .0.sentence())]
    Refused(AppError),
    /// The terminal is gone.
    #[error(transparent)]
    Terminal(#[from] std::io::Error),
}

/// Executes the command, and prints what was done.
///
/// # Errors
/// When it was refused, or the database, the secret or the gateway could not be opened.
pub async fn run(settings: &Settings, command: &AdminCommand) -> Result<(), AdminCommandError> {
    let ports = start::open_existing(settings).await?;
    let done = execute(&ports, command).await;
    ports.store.close().await;
    Ok(writeln!(std::io::stdout(), "{}", done.map_err(AdminCommandError::Refused)?)?)
}

async fn execute(ports: &Ports, command: &AdminCommand) -> AppResult<String> {
    let words = sentences::terminal();
    match command {
        AdminCommand::Grant { phone } => {
            let is_new = grants::grant(ports, phone).await?;
            let phone = shown(ports, phone)?;
            Ok(if is_new { words.granted(&phone) } else { words.granted_before(&phone) })
        }
        AdminCommand::Revoke { phone } => {
            let was_admin = grants::revoke(ports, phone).await?;
            let phone = shown(ports, phone)?;
            Ok(if was_admin { words.revoked(&phone) } else { words.was_no_admin(&phone) })
        }
        AdminCommand::List => {
            let lines: Vec<_> = grants::list(ports).await?.iter().map(line).collect();
            Ok(if lines.is_empty() { words.no_admins.to_owned() } else { lines.join("\n") })
        }
    }
}

fn shown(ports: &Ports, typed: &str) -> AppResult<String> {
    Ok(phone::international(&phone::parse(typed, ports.rules.region)?))
}

fn line(grant: &Grant) -> String {
    let words = sentences::terminal();
    let second_factor = match grant.enrolled_at {
        Some(at) => words.second_factor_since(&present::day(at).1),
        None => words.second_factor_not_set_up.to_owned(),
    };
    words.admin_line(&phone::international(&grant.phone), &present::day(grant.granted_at).1, &second_factor)
}
