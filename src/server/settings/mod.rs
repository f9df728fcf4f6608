//! The settings: one struct, each field a `VOUCH_*` variable. `vouch --help` prints it.

mod values;

pub use values::{Countries, DatabaseUrl, Delay, LogFilter, PublicUrl, Region};

use crate::server::limits::Limits;
use crate::server::secrets::{Secret, SecretError};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Vouch: a phone-verified referral system that one person can host.
///
/// Settings come from the environment, from a file `.env` in the working directory, or from the options below.
#[derive(Debug, Parser)]
#[command(name = "vouch", version)]
pub struct Cli {
    /// What to do; `serve` when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The settings.
    #[command(flatten)]
    pub settings: Settings,
}

/// What the executable can do.
#[derive(Clone, Debug, Default, Subcommand)]
pub enum Command {
    /// Serve the web app (the default)
    #[default]
    Serve,
    /// Copy the database into a file, while the server goes on
    Backup {
        /// Where the copy goes; there may be no such file yet
        file: PathBuf,
    },
    /// Fill an empty database with a believable programme, to try the admin pages with
    Demo {
        /// How many members it has
        #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
        members: u32,
    },
    /// Say who may run the programme, at /admin
    Admin {
        /// What to do
        #[command(subcommand)]
        command: AdminCommand,
    },
}

/// What the host decides about admins.
#[derive(Clone, Debug, Subcommand)]
pub enum AdminCommand {
    /// Let the owner of a phone run the programme; they set up a second factor at their first visit to /admin
    Grant {
        /// The phone, in any usual form
        phone: String,
    },
    /// Take that away at once, with the second factor
    Revoke {
        /// The phone, in any usual form
        phone: String,
    },
    /// List who may
    List,
}

/// Every setting.
#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// Address and port to listen on; port 0 picks a free one and prints it
    #[arg(long, env = "VOUCH_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,

    /// Where people reach this server; https turns on __Host- cookies and HSTS [default: http:// and the address]
    #[arg(long, env = "VOUCH_PUBLIC_URL")]
    pub public_url: Option<PublicUrl>,

    /// Where the data lies: sqlite:FILE
    #[arg(long, env = "VOUCH_DATABASE_URL", default_value = "sqlite:vouch.db")]
    pub database_url: DatabaseUrl,

    /// 64 hexadecimal digits from which all keys are derived; to change them, new,old
    /// [default: made once in FILE.key beside the database]
    #[arg(long, env = "VOUCH_SECRET", hide_env_values = true, value_parser = Secret::parse)]
    pub secret: Option<Secret>,

    /// How messages are sent
    #[arg(long, env = "VOUCH_SMS", default_value = "simulated")]
    pub sms: SmsKind,

    /// How long the simulated gateway takes, in milliseconds: a number or a range
    #[arg(long, env = "VOUCH_SMS_DELAY_MS", default_value = "1000-2000")]
    pub sms_delay_ms: Delay,

    /// Country of phone numbers typed without a country code, as two capital letters
    #[arg(long, env = "VOUCH_PHONE_REGION", default_value = "RU")]
    pub phone_region: Region,

    /// Countries to which messages are sent: any, or a list such as RU,KZ
    #[arg(long, env = "VOUCH_SMS_COUNTRIES", default_value = "any")]
    pub sms_countries: Countries,

    /// Waits and budgets as documented, or a thousandth of the waits and the thousandfold of the budgets for load tests
    #[arg(long, env = "VOUCH_LIMITS", default_value = "production")]
    pub limits: Strictness,

    /// How many proxies in front append to X-Forwarded-For
    #[arg(long, env = "VOUCH_TRUSTED_HOPS", default_value_t = 0)]
    pub trusted_hops: u8,

    /// What is logged, as for RUST_LOG: a level, or levels for modules
    #[arg(long, env = "VOUCH_LOG", default_value = "info")]
    pub log: LogFilter,

    /// How log lines look
    #[arg(long, env = "VOUCH_LOG_FORMAT", default_value = "text")]
    pub log_format: LogFormat,

    /// The numbers that keep strangers out
    #[command(flatten)]
    pub numbers: Limits,
}

/// How messages are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SmsKind {
    /// Nothing is sent: the message is shown in the page and at the terminal
    Simulated,
}

/// How strictly waits and budgets hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Strictness {
    /// As documented
    Production,
    /// A thousandth of every wait and the thousandfold of every budget; only on a loopback address, over http and with
    /// simulated SMS
    Relaxed,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

/// What the rules go by.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The country assumed for a number typed without a country code (`VOUCH_PHONE_REGION`).
    pub region: Region,
    /// The countries to which messages are sent (`VOUCH_SMS_COUNTRIES`).
    pub countries: Countries,
    pub limits: Limits,
}

/// A setting that contradicts another, or is none.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Relaxed limits where strangers could reach them.
    #[error("VOUCH_LIMITS=relaxed is for load tests: it needs {0}")]
    RelaxedInPublic(&'static str),
    /// The file `.env` cannot be read.
    #[error("the file .env cannot be read: {0}")]
    DotEnv(#[from] dotenvy::Error),
    /// There is no secret to start with.
    #[error("VOUCH_SECRET: {0}")]
    Secret(#[from] SecretError),
}

impl Cli {
    /// Reads `.env`, the environment and the command line. A wrong value, and `--help`, end the process with clap's
    /// own message; a misspelt variable is only warned of, since it may be meant for another program.
    ///
    /// # Errors
    /// When `.env` cannot be read, or two settings contradict each other.
    pub fn read() -> Result<Self, SettingsError> {
        match dotenvy::from_filename(".env") {
            Err(error) if !error.not_found() => return Err(error.into()),
            _ => {}
        }
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        if let Some(unknown) = unknown_variable(names) {
            eprintln!("vouch: {unknown} is not a setting and does nothing; `vouch --help` lists the settings");
        }
        let given = command().get_matches();
        let cli = Self::from_arg_matches(&given).unwrap_or_else(|error| error.exit());
        cli.settings.check()?;
        Ok(cli)
    }
}

/// The command line. Every setting is taken behind every subcommand, and is named by its variable, so that clap's message
/// about a wrong value names the setting.
fn command() -> clap::Command {
    Cli::command().mut_args(|arg| match arg.get_env().map(|name| name.to_string_lossy().into_owned()) {
        Some(name) => arg.value_name(name).global(true),
        None => arg,
    })
}

/// The first `VOUCH_*` name that is not a setting.
fn unknown_variable(mut names: impl Iterator<Item = String>) -> Option<String> {
    let command = Cli::command();
    let known: Vec<_> = command.get_arguments().filter_map(|arg| arg.get_env()).collect();
    names.find(|name| name.starts_with("VOUCH_") && !known.iter().any(|known| *known == name.as_str()))
}

impl Settings {
    fn check(&self) -> Result<(), SettingsError> {
        if self.limits != Strictness::Relaxed {
            return Ok(());
        }
        if self.is_https() {
            return Err(SettingsError::RelaxedInPublic("a VOUCH_PUBLIC_URL with http"));
        }
        if !self.listen.ip().is_loopback() {
            return Err(SettingsError::RelaxedInPublic("a loopback address in VOUCH_LISTEN"));
        }
        Ok(())
    }

    /// Whether browsers come over TLS.
    pub fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(PublicUrl::is_https)
    }

    /// Where the secret's file lies: beside the database.
    pub fn secret_file(&self) -> PathBuf {
        let mut name = self.database_url.file.clone().into_os_string();
        name.push(".key");
        PathBuf::from(name)
    }

    /// The numbers the rules go by.
    pub fn rules(&self) -> Rules {
        let limits = match self.limits {
            Strictness::Production => self.numbers.clone(),
            Strictness::Relaxed => self.numbers.clone().relaxed(),
        };
        Rules { region: self.phone_region, countries: self.sms_countries.clone(), limits }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str]) -> Result<Settings, String> {
        let args = std::iter::once("vouch").chain(args.iter().copied());
        let given = command().try_get_matches_from(args).map_err(|error| error.to_string())?;
        let cli = Cli::from_arg_matches(&given).map_err(|error| error.to_string())?;
        cli.settings.check().map_err(|error| error.to_string())?;
        Ok(cli.settings)
    }

    #[test]
    fn a_wrong_value_is_refused_with_the_name_of_its_setting() {
        for (option, value, name) in [
            ("--listen", "here", "VOUCH_LISTEN"),
            ("--public-url", "vouch.example", "VOUCH_PUBLIC_URL"),
            ("--public-url", "https://vouch.example/app", "VOUCH_PUBLIC_URL"),
            ("--database-url", "mysql://x", "VOUCH_DATABASE_URL"),
            ("--database-url", "sqlite:", "VOUCH_DATABASE_URL"),
            ("--secret", "hunter2", "VOUCH_SECRET"),
            ("--sms", "pigeon", "VOUCH_SMS"),
            ("--sms-delay-ms", "soon", "VOUCH_SMS_DELAY_MS"),
            ("--code-length", "3", "VOUCH_CODE_LENGTH"),
            ("--code-length", "9", "VOUCH_CODE_LENGTH"),
            ("--phone-region", "Russia", "VOUCH_PHONE_REGION"),
            ("--access-token-ttl", "15m", "VOUCH_ACCESS_TOKEN_TTL"),
            ("--access-token-ttl", "0", "VOUCH_ACCESS_TOKEN_TTL"),
            ("--limits", "none", "VOUCH_LIMITS"),
            ("--sms-countries", "Russia", "VOUCH_SMS_COUNTRIES"),
            ("--code-life", "0s", "VOUCH_CODE_LIFE"),
            ("--code-life", "soon", "VOUCH_CODE_LIFE"),
            ("--code-tries", "0", "VOUCH_CODE_TRIES"),
            ("--resend-waits", "60", "VOUCH_RESEND_WAITS"),
            ("--logins-under-way", "0", "VOUCH_LOGINS_UNDER_WAY"),
            ("--wrong-per-phone", "9", "VOUCH_WRONG_PER_PHONE"),
            ("--prefix-used-percent", "101", "VOUCH_PREFIX_USED_PERCENT"),
            ("--max-body", "1", "VOUCH_MAX_BODY"),
            ("--trusted-hops", "many", "VOUCH_TRUSTED_HOPS"),
            ("--log", "vouch=loud", "VOUCH_LOG"),
            ("--log-format", "xml", "VOUCH_LOG_FORMAT"),
        ] {
            let message = parse(&[option, value]).expect_err(value);
            assert!(message.contains(name), "{message}");
        }
    }

    #[test]
    fn the_readme_lists_every_setting_with_its_default() {
        let readme = include_str!("../../../README.md");
        for arg in command().get_arguments() {
            let Some(name) = arg.get_env().map(|name| name.to_str().unwrap()) else { continue };
            let line = readme.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
            let line = line.unwrap_or_else(|| panic!("{name} is missing"));
            for default in arg.get_default_values() {
                assert!(line.contains(&format!("| `{}` |", default.to_str().unwrap())), "{line}");
            }
        }
    }

    #[test]
    fn a_secret_is_not_printed() {
        let secret = "a1".repeat(32);
        let config = parse(&["--secret", &secret]).unwrap();
        assert!(!format!("{config:?}").contains("a1a1"));
    }

    #[test]
    fn relaxed_limits_are_refused_where_strangers_could_reach_them() {
        assert!(parse(&["--limits", "relaxed"]).is_ok());
        assert!(parse(&["--limits", "relaxed", "--public-url", "https://vouch.example"]).is_err());
        assert!(parse(&["--limits", "relaxed", "--listen", "0.0.0.0:3000"]).is_err());
    }

    #[test]
    fn a_misspelt_variable_is_noticed() {
        let names = |name: &str| std::iter::once(name.to_owned());
        assert_eq!(unknown_variable(names("VOUCH_LISTN")), Some("VOUCH_LISTN".to_owned()));
        assert_eq!(unknown_variable(names("VOUCH_LISTEN")), None);
        assert_eq!(unknown_variable(names("PATH")), None);
    }
}
