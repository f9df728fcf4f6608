//! `vouch admin grant | revoke | list`: who may run the programme. Works beside a running server.

use crate::error::{AppError, AppResult};
use crate::server::config::{AdminCommand, Config};
use crate::server::domain::admin::Grant;
use crate::server::domain::admin::grants;
use crate::server::domain::{Ports, phone};
use crate::server::present;
use crate::server::state::{AppState, StartError};

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum AdminCommandError {
    /// The database cannot be used.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The wish was refused.
    #[error(transparent)]
    Refused(#[from] AppError),
}

/// Does it, and says what was done.
///
/// # Errors
/// When it was not done.
pub async fn run(config: &Config, command: &AdminCommand) -> Result<(), AdminCommandError> {
    let state = AppState::open(config).await?;
    let done = execute(&state.ports, command).await;
    state.store().close().await;
    println!("{}", done?);
    Ok(())
}

async fn execute(ports: &Ports, command: &AdminCommand) -> AppResult<String> {
    match command {
        AdminCommand::Grant { phone: typed } => {
            let is_new = grants::grant(ports, typed).await?;
            let phone = phone::international(&phone::parse(typed, ports.rules.region)?);
            Ok(match is_new {
                true => {
                    format!("{phone} may run the programme: log in, go to /admin, and set up the second factor there.")
                }
                false => {
                    format!("{phone} may run the programme already. To reset the second factor, revoke and grant.")
                }
            })
        }
        AdminCommand::Revoke { phone: typed } => {
            let was_admin = grants::revoke(ports, typed).await?;
            let phone = phone::international(&phone::parse(typed, ports.rules.region)?);
            Ok(match was_admin {
                true => format!("{phone} may no longer run the programme."),
                false => format!("{phone} was no admin. `vouch admin list` lists who is."),
            })
        }
        AdminCommand::List => {
            let grants = grants::list(ports).await?;
            let lines: Vec<_> = grants.iter().map(line).collect();
            Ok(if lines.is_empty() {
                "There are no admins: vouch admin grant PHONE".to_owned()
            } else {
                lines.join("\n")
            })
        }
    }
}

fn line(grant: &Grant) -> String {
    let second_factor = match grant.enrolled_at {
        Some(at) => format!("second factor since {}", present::day(at).1),
        None => "second factor not set up yet".to_owned(),
    };
    format!("{}  admin since {}, {second_factor}", phone::international(&grant.phone), present::day(grant.granted_at).1)
}
