//! Where the settings are read from, and how clap presents them: `.env`, the environment, the command line, files.

use super::{Cli, Settings, SettingsError, WebhookKeys};
use crate::server::sentences;
use crate::words;
use clap::{CommandFactory, FromArgMatches};

impl Cli {
    /// Reads `.env`, the environment and the command line. A wrong value and `--help` end the process with clap's own
    /// message. An unknown variable is only a warning: it may be meant for another program. `--version` names the commit, if
    /// there is one.
    ///
    /// # Errors
    /// When `.env` cannot be read, or two settings contradict each other.
    pub fn read(commit: Option<&str>) -> Result<Self, SettingsError> {
        match dotenvy::from_path(".env") {
            Err(error) if !error.not_found() => return Err(error.into()),
            _ => {}
        }
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        if let Some(unknown) = unknown_variable(names) {
            eprintln!("vouch: {}", sentences::terminal().unknown_variable(&unknown));
        }
        let given = command().version(version(commit)).get_matches();
        let mut cli = Self::from_arg_matches(&given).unwrap_or_else(|error| error.exit());
        cli.settings.read_database_url_file()?;
        cli.settings.read_webhook_secret_file()?;
        cli.settings.check()?;
        words::set_name(cli.settings.name.as_str().to_owned());
        Ok(cli)
    }
}

/// The command line. Every subcommand takes every setting, and each is named by its variable, so that clap's message about
/// a wrong value names it.
pub(super) fn command() -> clap::Command {
    Cli::command().mut_args(|arg| match arg.get_env().map(|name| name.to_string_lossy().into_owned()) {
        Some(name) => {
            let heading = arg.get_help_heading().map_or_else(|| heading(&name).to_owned(), ToOwned::to_owned);
            arg.value_name(name).help_heading(heading).global(true)
        }
        None => arg,
    })
}

/// What `--version` prints. A build from an archive of the sources knows no commit.
pub(super) fn version(commit: Option<&str>) -> String {
    let number = env!("CARGO_PKG_VERSION");
    match commit {
        None | Some("") => number.to_owned(),
        Some(commit) => format!("{number} ({commit})"),
    }
}

/// The heading in `--help` of a setting that is no limit; limits bring their own.
fn heading(name: &str) -> &'static str {
    match name {
        "VOUCH_SECRET" | "VOUCH_SECRET_FILE" => "Data",
        name if name.starts_with("VOUCH_DATABASE") => "Data",
        "VOUCH_LIMITS" => "Limits",
        "VOUCH_NAME"
        | "VOUCH_COLORS"
        | "VOUCH_LOGO"
        | "VOUCH_TERMS_URL"
        | "VOUCH_PRIVACY_URL"
        | "VOUCH_MILESTONES"
        | "VOUCH_BOARD"
        | "VOUCH_INVITEE_PHONES" => "What members see",
        "VOUCH_PHONE_REGION" | "VOUCH_TEST_PHONES" => "Messages",
        name if name.starts_with("VOUCH_SMS") => "Messages",
        name if name.starts_with("VOUCH_WEBHOOK") => "Webhooks",
        name if name.starts_with("VOUCH_LOG") => "Log",
        _ => "Server",
    }
}

/// The first `VOUCH_*` name that is not a setting.
pub(super) fn unknown_variable(mut names: impl Iterator<Item = String>) -> Option<String> {
    let command = Cli::command();
    let known: Vec<_> = command.get_arguments().filter_map(|arg| arg.get_env()).collect();
    names.find(|name| name.starts_with("VOUCH_") && !known.iter().any(|known| *known == name.as_str()))
}

impl Settings {
    fn read_database_url_file(&mut self) -> Result<(), SettingsError> {
        let Some(file) = &self.database_url_file else { return Ok(()) };
        let failed = |error: String| SettingsError::DatabaseUrlFile { file: file.clone(), error };
        let url = std::fs::read_to_string(file).map_err(|error| failed(error.to_string()))?;
        self.database_url = url.trim().parse().map_err(failed)?;
        Ok(())
    }

    pub(super) fn read_webhook_secret_file(&mut self) -> Result<(), SettingsError> {
        let Some(file) = &self.webhook_secret_file else { return Ok(()) };
        let failed = |error: String| SettingsError::WebhookSecretFile { file: file.clone(), error };
        let secret = std::fs::read_to_string(file).map_err(|error| failed(error.to_string()))?;
        self.webhook_secret = Some(WebhookKeys::parse(&secret).map_err(|error| failed(error.to_string()))?);
        Ok(())
    }
}
