//! The settings: one struct, each field a `VOUCH_*` variable. `vouch --help` prints it, and docs/settings.md lists it.

mod brand;
mod commands;
mod milestones;
mod sms_text;
mod values;
mod webhooks;

pub use brand::{Brand, Colors, Link, Logo, Name};
pub use commands::{AdminCommand, Command, SmsCommand};
pub use milestones::Milestone;
pub use sms_text::{SmsText, SmsTextError, Template};
pub use values::{
    Countries, DatabaseUrl, Delay, LogFilter, OtlpEndpoint, PRESETS, PublicUrl, Region, SmsChoice, TestPhone,
};

pub use webhooks::{WebhookKeys, WebhookSecretError, WebhookUrl};

use crate::server::limits::Limits;
use crate::server::secrets::{Secret, SecretError};
use crate::server::sentences;
use crate::words;
use clap::{Args, CommandFactory, FromArgMatches, Parser, ValueEnum};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Vouch: a phone-verified referral system that one person can host.
///
/// Settings come from the environment, from the file `.env` in the working directory, or from the options below. A budget
/// such as 9/24h,30/30d allows 9 uses in any 24 hours and 30 in any 30 days. A known device is one on which the phone has
/// logged in before.
#[derive(Debug, Parser)]
#[command(name = "vouch", version)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub settings: Settings,
}

#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// Address and port to listen on; with port 0 the system chooses a free port
    #[arg(long, env = "VOUCH_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,

    /// Address and port where GET /metrics answers Prometheus, such as 127.0.0.1:9464. It asks for no password, so strangers
    /// must not reach it [default: none, and nothing is counted]
    #[arg(long, env = "VOUCH_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,

    /// The URL of an OpenTelemetry collector that takes OTLP over HTTP, such as http://127.0.0.1:4318. The route, method, status
    /// and time of each request are sent to /v1/traces there [default: none, and there are no traces]
    #[arg(long, env = "VOUCH_OTLP_ENDPOINT")]
    pub otlp_endpoint: Option<OtlpEndpoint>,

    /// The URL of this server for its visitors; https turns on __Host- cookies and HSTS [default: http:// and `VOUCH_LISTEN`]
    #[arg(long, env = "VOUCH_PUBLIC_URL")]
    pub public_url: Option<PublicUrl>,

    /// Number of reverse proxies in front of this server that append to X-Forwarded-For
    #[arg(long, env = "VOUCH_TRUSTED_HOPS", default_value_t = 0)]
    pub trusted_hops: u8,

    /// Whether HSTS, which is sent on https, also holds for the subdomains of the host
    #[arg(long, env = "VOUCH_HSTS_SUBDOMAINS", default_value = "off")]
    pub hsts_subdomains: Switch,

    /// The database, as sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE (PostgreSQL 15 or newer; on another machine,
    /// with ?sslmode=verify-full)
    #[arg(long, env = "VOUCH_DATABASE_URL", default_value = "sqlite:vouch.db", hide_env_values = true)]
    pub database_url: DatabaseUrl,

    /// A file that holds what VOUCH_DATABASE_URL would, since that may have a password in it [default: none]
    #[arg(long, env = "VOUCH_DATABASE_URL_FILE", conflicts_with = "database_url")]
    pub database_url_file: Option<PathBuf>,

    /// Connections to PostgreSQL that this server opens at most; SQLite does not need them
    #[arg(long, env = "VOUCH_DATABASE_CONNECTIONS", default_value_t = 16, value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub database_connections: u32,

    /// 64 hexadecimal digits from which all keys are derived; to change the secret, give the new and the old one as NEW,OLD.
    /// Without the secret that it was used with, a database does not start: keep a copy, apart from the backups
    /// [default: generated at the first start, in FILE.key beside the SQLite file; with PostgreSQL it must be given, the same
    /// to all servers]
    #[arg(long, env = "VOUCH_SECRET", hide_env_values = true, value_parser = Secret::parse)]
    pub secret: Option<Secret>,

    /// A file that holds what VOUCH_SECRET would, such as a credential of systemd; Vouch only reads it [default: none]
    #[arg(long, env = "VOUCH_SECRET_FILE")]
    pub secret_file: Option<PathBuf>,

    /// How text messages are sent: simulated, which shows them in the page, in API answers and in the terminal; or gateways
    /// in the order in which they are tried, each a preset (twilio, vonage, smsru, smsc, smsaero, exolve) or a file such as
    /// own.toml, with commas between them. On an https or public address, simulated must be written out [default: simulated]
    #[arg(long, env = "VOUCH_SMS")]
    pub sms: Option<SmsChoice>,

    /// The text of a message, with {code} and {minutes}, and \n for a new line; on https, its last line may be @HOST #{code},
    /// by which phones fill in the code [default: an English sentence, on https with that line]
    #[arg(long, env = "VOUCH_SMS_TEXT")]
    pub sms_text: Option<String>,

    /// Milliseconds that the simulated gateway takes, as a number or a range
    #[arg(long, env = "VOUCH_SMS_DELAY_MS", default_value = "1000-2000")]
    pub sms_delay_ms: Delay,

    /// Country of phone numbers typed without a country code, as two capital letters
    #[arg(long, env = "VOUCH_PHONE_REGION", default_value = "RU")]
    pub phone_region: Region,

    /// Countries to which messages are sent, as a list such as RU,KZ, or any
    #[arg(long, env = "VOUCH_SMS_COUNTRIES", default_value = "any")]
    pub sms_countries: Countries,

    /// Kinds of numbers to which messages are sent
    #[arg(long, env = "VOUCH_SMS_NUMBERS", default_value = "mobile")]
    pub sms_numbers: Numbers,

    /// Phones for people who review an app: each gets no messages, and has a fixed code of 8 digits until a day, as in
    /// +79990000000=48151623@2027-01-31; several with commas between them [default: none]
    #[arg(long, env = "VOUCH_TEST_PHONES", hide_env_values = true, value_delimiter = ',')]
    pub test_phones: Vec<TestPhone>,

    /// URLs that are told of new members, redemptions, blocks and erasures, such as `https://hooks.example/vouch`, with
    /// commas between them; docs/webhooks.md says what is sent [default: none]
    #[arg(long, env = "VOUCH_WEBHOOKS", value_delimiter = ',')]
    pub webhooks: Vec<WebhookUrl>,

    /// The secret that signs what is sent to them: whsec_ and 24 to 64 bytes in base64, such as `echo whsec_$(openssl rand
    /// -base64 32)` prints. To change it, give the new and the old one as NEW,OLD: both sign, until every receiver has the new
    /// one [default: none]
    #[arg(long, env = "VOUCH_WEBHOOK_SECRET", hide_env_values = true, value_parser = WebhookKeys::parse)]
    pub webhook_secret: Option<WebhookKeys>,

    /// A file that holds what VOUCH_WEBHOOK_SECRET would [default: none]
    #[arg(long, env = "VOUCH_WEBHOOK_SECRET_FILE", conflicts_with = "webhook_secret")]
    pub webhook_secret_file: Option<PathBuf>,

    /// Whether VOUCH_WEBHOOKS may lead to addresses that are not on the Internet, also over http
    #[arg(long, env = "VOUCH_WEBHOOK_PRIVATE", default_value = "off")]
    pub webhook_private: Switch,

    /// Whether the limits below hold, or are relaxed for load tests
    #[arg(long, env = "VOUCH_LIMITS", default_value = "production")]
    pub limits: Strictness,

    /// How members see the numbers of the people who redeemed their code
    #[arg(long, env = "VOUCH_INVITEE_PHONES", default_value = "full")]
    pub invitee_phones: InviteePhones,

    /// What the host promises or says at a number of people who joined, as in 3=You get a badge;10=A month for free, with
    /// semicolons between them [default: none]
    #[arg(long, env = "VOUCH_MILESTONES", value_delimiter = ';')]
    pub milestones: Vec<Milestone>,

    /// Whether there is a board of the members with the most invitees; only those who want to be are on it
    #[arg(long, env = "VOUCH_BOARD", default_value = "on")]
    pub board: Switch,

    /// The name that members see, on every page and in messages
    #[arg(long, env = "VOUCH_NAME", default_value = "Vouch")]
    pub name: Name,

    /// The colours of links and buttons, on light pages and on dark ones, as in #0b6b5d,#62d2bd [default: these]
    #[arg(long, env = "VOUCH_COLORS")]
    pub colors: Option<Colors>,

    /// A picture beside the name, which is square: an .svg or .png file of at most 64 KiB [default: a check mark]
    #[arg(long, env = "VOUCH_LOGO")]
    pub logo: Option<Logo>,

    /// The address of the terms, to which every page then has a link [default: none]
    #[arg(long, env = "VOUCH_TERMS_URL")]
    pub terms_url: Option<Link>,

    /// The address of the privacy policy, to which every page then has a link [default: none]
    #[arg(long, env = "VOUCH_PRIVACY_URL")]
    pub privacy_url: Option<Link>,

    /// What is logged, as in `RUST_LOG`: a level, or levels of modules
    #[arg(long, env = "VOUCH_LOG", default_value = "info")]
    pub log: LogFilter,

    /// Format of the log
    #[arg(long, env = "VOUCH_LOG_FORMAT", default_value = "text")]
    pub log_format: LogFormat,

    #[command(flatten)]
    pub numbers: Limits,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Numbers {
    /// Mobile numbers, and those that may be mobile in countries that do not tell them apart
    Mobile,
    /// All but premium-rate, shared-cost, toll-free and universal numbers
    Any,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Switch {
    /// No
    Off,
    /// Yes
    On,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Strictness {
    /// The limits hold
    Production,
    /// A thousandth of every wait and a thousand times every budget; only on a loopback address, over http, with simulated
    /// SMS
    Relaxed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InviteePhones {
    /// A member sees the whole numbers of the people who redeemed their code
    Full,
    /// A member sees the country, one digit and the last two
    Masked,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people
    Text,
    /// One JSON object per line
    Json,
}

/// The settings that the rules need.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The country assumed for a number typed without a country code (`VOUCH_PHONE_REGION`).
    pub region: Region,
    /// The countries to which messages are sent (`VOUCH_SMS_COUNTRIES`).
    pub countries: Countries,
    /// The kinds of numbers to which messages are sent (`VOUCH_SMS_NUMBERS`).
    pub numbers: Numbers,
    pub test_phones: Vec<TestPhone>,
    pub sms_text: SmsText,
    /// How members see the numbers of their invitees (`VOUCH_INVITEE_PHONES`).
    pub invitee_phones: InviteePhones,
    /// In the order of their numbers (`VOUCH_MILESTONES`).
    pub milestones: Vec<Milestone>,
    /// Whether there is a board (`VOUCH_BOARD`).
    pub board: Switch,
    pub brand: Brand,
    /// Whether people on other machines are meant to reach the server.
    pub is_public: bool,
    /// Whether messages are simulated on a public address.
    pub is_simulated_in_public: bool,
    /// The endpoints that are told what happens (`VOUCH_WEBHOOKS`).
    pub webhooks: Vec<WebhookUrl>,
    pub limits: Limits,
}

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Relaxed limits where strangers could reach the server.
    #[error("{}", sentences::terminal().relaxed_in_public(.0))]
    RelaxedInPublic(&'static str),
    /// Simulated messages where strangers could reach them, without anybody having asked for that.
    #[error("{}", sentences::terminal().simulated_in_public)]
    SimulatedInPublic,
    #[error("VOUCH_SMS_TEXT: {0}")]
    SmsText(#[from] SmsTextError),
    #[error("{}", sentences::terminal().unreadable_dotenv(&.0.to_string()))]
    DotEnv(#[from] dotenvy::Error),
    #[error("{}", sentences::terminal().secret_twice)]
    SecretTwice,
    #[error("VOUCH_SECRET: {0}")]
    Secret(#[from] SecretError),
    /// The file cannot be read, or holds no URL of a database.
    #[error("VOUCH_DATABASE_URL_FILE: {}: {error}", file.display())]
    DatabaseUrlFile { file: PathBuf, error: String },
    #[error("VOUCH_WEBHOOK_SECRET_FILE: {}: {error}", file.display())]
    WebhookSecretFile { file: PathBuf, error: String },
    #[error("VOUCH_WEBHOOK_SECRET: {}", sentences::terminal().webhook_secret_missing)]
    WebhookSecretMissing,
    /// Over http, and private addresses are not allowed.
    #[error("VOUCH_WEBHOOKS: {}", sentences::terminal().webhook_not_https(.0))]
    WebhookNotHttps(String),
    #[error("VOUCH_WEBHOOKS: {}", sentences::terminal().webhook_twice(.0))]
    WebhookTwice(String),
}

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
fn command() -> clap::Command {
    Cli::command().mut_args(|arg| match arg.get_env().map(|name| name.to_string_lossy().into_owned()) {
        Some(name) => {
            let heading = arg.get_help_heading().map_or_else(|| heading(&name).to_owned(), ToOwned::to_owned);
            arg.value_name(name).help_heading(heading).global(true)
        }
        None => arg,
    })
}

/// What `--version` prints. A build from an archive of the sources knows no commit.
fn version(commit: Option<&str>) -> String {
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
fn unknown_variable(mut names: impl Iterator<Item = String>) -> Option<String> {
    let command = Cli::command();
    let known: Vec<_> = command.get_arguments().filter_map(|arg| arg.get_env()).collect();
    names.find(|name| name.starts_with("VOUCH_") && !known.iter().any(|known| *known == name.as_str()))
}

impl Settings {
    fn check(&self) -> Result<(), SettingsError> {
        self.sms_text()?;
        if self.sms.is_none() && self.is_public() {
            return Err(SettingsError::SimulatedInPublic);
        }
        if self.secret.is_some() && self.secret_file.is_some() {
            return Err(SettingsError::SecretTwice);
        }
        self.check_webhooks()?;
        if self.limits != Strictness::Relaxed {
            return Ok(());
        }
        if self.is_https() {
            return Err(SettingsError::RelaxedInPublic("a VOUCH_PUBLIC_URL with http"));
        }
        if !self.listen.ip().is_loopback() {
            return Err(SettingsError::RelaxedInPublic("a loopback address in VOUCH_LISTEN"));
        }
        if !self.is_simulated() {
            return Err(SettingsError::RelaxedInPublic("VOUCH_SMS=simulated"));
        }
        Ok(())
    }

    /// In the order of their numbers.
    fn milestones(&self) -> Vec<Milestone> {
        let mut milestones = self.milestones.clone();
        milestones.sort_by_key(|milestone| milestone.invitees);
        milestones
    }

    fn check_webhooks(&self) -> Result<(), SettingsError> {
        if !self.webhooks.is_empty() && self.webhook_secret.is_none() {
            return Err(SettingsError::WebhookSecretMissing);
        }
        for (place, url) in self.webhooks.iter().enumerate() {
            if !url.is_https() && self.webhook_private == Switch::Off {
                return Err(SettingsError::WebhookNotHttps(url.as_str().to_owned()));
            }
            if self.webhooks[..place].contains(url) {
                return Err(SettingsError::WebhookTwice(url.as_str().to_owned()));
            }
        }
        Ok(())
    }

    /// Whether people on other machines are meant to reach the server.
    fn is_public(&self) -> bool {
        self.is_https() || !self.listen.ip().is_loopback()
    }

    pub fn is_simulated(&self) -> bool {
        matches!(self.sms, None | Some(SmsChoice::Simulated))
    }

    /// Whether anybody in public can log in with any number.
    pub fn is_simulated_in_public(&self) -> bool {
        self.is_simulated() && self.is_public()
    }

    /// # Errors
    /// When the text that was set cannot be sent.
    pub fn sms_text(&self) -> Result<SmsText, SmsTextError> {
        SmsText::new(self.sms_text.as_deref(), self.public_url.as_ref())
    }

    /// Whether browsers use TLS.
    pub fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(PublicUrl::is_https)
    }

    /// Whether a proxy must be in front, since browsers use TLS and only this machine can connect, and none is trusted: then
    /// all visitors share the address of the proxy, and its limits.
    pub fn overlooks_a_proxy(&self) -> bool {
        self.is_https() && self.listen.ip().is_loopback() && self.trusted_hops == 0
    }

    fn read_database_url_file(&mut self) -> Result<(), SettingsError> {
        let Some(file) = &self.database_url_file else { return Ok(()) };
        let failed = |error: String| SettingsError::DatabaseUrlFile { file: file.clone(), error };
        let url = std::fs::read_to_string(file).map_err(|error| failed(error.to_string()))?;
        self.database_url = url.trim().parse().map_err(failed)?;
        Ok(())
    }

    fn read_webhook_secret_file(&mut self) -> Result<(), SettingsError> {
        let Some(file) = &self.webhook_secret_file else { return Ok(()) };
        let failed = |error: String| SettingsError::WebhookSecretFile { file: file.clone(), error };
        let secret = std::fs::read_to_string(file).map_err(|error| failed(error.to_string()))?;
        self.webhook_secret = Some(WebhookKeys::parse(&secret).map_err(|error| failed(error.to_string()))?);
        Ok(())
    }

    /// The file of the secret: the one that is named, or one beside the database; `None` if that is no file.
    pub fn secret_file(&self) -> Option<PathBuf> {
        match (&self.secret_file, &self.database_url) {
            (Some(file), _) => Some(file.clone()),
            (None, DatabaseUrl::Sqlite(database)) => {
                let mut name = database.clone().into_os_string();
                name.push(".key");
                Some(PathBuf::from(name))
            }
            (None, DatabaseUrl::Postgres(_)) => None,
        }
    }

    /// The file of an `SQLite` database.
    pub fn database_file(&self) -> Option<&Path> {
        match &self.database_url {
            DatabaseUrl::Sqlite(file) => Some(file),
            DatabaseUrl::Postgres(_) => None,
        }
    }

    /// # Errors
    /// Those of [`Self::sms_text`].
    pub fn rules(&self) -> Result<Rules, SettingsError> {
        let limits = match self.limits {
            Strictness::Production => self.numbers.clone(),
            Strictness::Relaxed => self.numbers.clone().relaxed(),
        };
        Ok(Rules {
            region: self.phone_region,
            countries: self.sms_countries.clone(),
            numbers: self.sms_numbers,
            test_phones: self.test_phones.clone(),
            sms_text: self.sms_text()?,
            invitee_phones: self.invitee_phones,
            milestones: self.milestones(),
            board: self.board,
            brand: Brand {
                colors: self.colors,
                logo: self.logo.clone(),
                terms: self.terms_url.clone(),
                privacy: self.privacy_url.clone(),
            },
            is_public: self.is_public(),
            is_simulated_in_public: self.is_simulated_in_public(),
            webhooks: self.webhooks.clone(),
            limits,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

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
            ("--metrics-listen", "9464", "VOUCH_METRICS_LISTEN"),
            ("--otlp-endpoint", "127.0.0.1:4318", "VOUCH_OTLP_ENDPOINT"),
            ("--otlp-endpoint", "http://", "VOUCH_OTLP_ENDPOINT"),
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
            ("--sms-numbers", "fixed", "VOUCH_SMS_NUMBERS"),
            ("--test-phones", "+79990000000=1234@2027-01-31", "VOUCH_TEST_PHONES"),
            ("--code-life", "0s", "VOUCH_CODE_LIFE"),
            ("--code-life", "soon", "VOUCH_CODE_LIFE"),
            ("--code-tries", "0", "VOUCH_CODE_TRIES"),
            ("--resend-waits", "60", "VOUCH_RESEND_WAITS"),
            ("--logins-under-way", "0", "VOUCH_LOGINS_UNDER_WAY"),
            ("--wrong-per-phone", "9", "VOUCH_WRONG_PER_PHONE"),
            ("--prefix-used-percent", "101", "VOUCH_PREFIX_USED_PERCENT"),
            ("--max-body", "1", "VOUCH_MAX_BODY"),
            ("--trusted-hops", "many", "VOUCH_TRUSTED_HOPS"),
            ("--hsts-subdomains", "maybe", "VOUCH_HSTS_SUBDOMAINS"),
            ("--webhooks", "hooks.example", "VOUCH_WEBHOOKS"),
            ("--webhook-secret", "hunter2", "VOUCH_WEBHOOK_SECRET"),
            ("--webhook-private", "maybe", "VOUCH_WEBHOOK_PRIVATE"),
            ("--log", "vouch=loud", "VOUCH_LOG"),
            ("--log-format", "xml", "VOUCH_LOG_FORMAT"),
        ] {
            let message = parse(&[option, value]).expect_err(value);
            assert!(message.contains(name), "{message}");
        }
    }

    /// docs/settings.md, from the texts of `--help`.
    fn page() -> String {
        let command = command();
        let mut page = format!("# Settings\n\n{}\n", command.get_long_about().unwrap());
        let mut heading = None;
        for arg in command.get_arguments().filter(|arg| arg.get_env().is_some()) {
            let group = arg.get_help_heading().unwrap();
            if heading.replace(group) != Some(group) {
                write!(page, "\n## {group}\n\n| variable | default | meaning |\n|---|---|---|\n").unwrap();
            }
            page += &row(arg);
        }
        page
    }

    fn row(arg: &clap::Arg) -> String {
        let (name, help) = (arg.get_env().unwrap().display(), arg.get_help().unwrap().to_string());
        let values: Vec<_> = arg.get_default_values().iter().map(|value| format!("`{}`", value.display())).collect();
        let (meaning, default) =
            help.trim_end_matches(']').split_once(" [default: ").unwrap_or_else(|| (&help, &values[0]));
        let options: Vec<_> = arg
            .get_possible_values()
            .iter()
            .map(|value| format!("`{}`: {}", value.get_name(), value.get_help().unwrap()))
            .collect();
        let options = if options.is_empty() { String::new() } else { format!(". {}", options.join(". ")) };
        format!("| `{name}` | {default} | {meaning}{options} |\n")
    }

    /// `make settings` writes the page.
    #[test]
    fn the_page_of_the_settings_lists_every_one_as_help_does() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/settings.md");
        if std::env::var_os("WRITE_SETTINGS").is_some() {
            std::fs::write(&file, page()).unwrap();
        }
        assert!(std::fs::read_to_string(&file).unwrap() == page(), "run make settings");
    }

    #[test]
    fn a_secret_is_not_printed() {
        let secret = "a1".repeat(32);
        let config = parse(&["--secret", &secret]).unwrap();
        assert!(!format!("{config:?}").contains("a1a1"));
    }

    #[test]
    fn a_proxy_that_was_forgotten_is_noticed() {
        let overlooks = |args: &[&str]| parse(args).unwrap().overlooks_a_proxy();
        let https = ["--sms", "simulated", "--public-url", "https://vouch.example"];
        assert!(overlooks(&https));
        assert!(!overlooks(&[]));
        assert!(!overlooks(&[&https[..], &["--trusted-hops", "1"]].concat()));
        assert!(!overlooks(&[&https[..], &["--listen", "0.0.0.0:3000"]].concat()));
    }

    #[test]
    fn a_secret_is_given_in_one_way() {
        let secret = "a1".repeat(32);
        assert!(parse(&["--secret-file", "secret"]).is_ok());
        assert!(parse(&["--secret", &secret, "--secret-file", "secret"]).is_err());
    }

    #[test]
    fn webhooks_need_https_and_a_secret() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let with = |args: &[&str]| parse(&[&["--webhook-secret", secret], args].concat());
        let https = ["--webhooks", "https://one.example/,https://two.example/"];
        assert_eq!(with(&https).unwrap().webhooks.len(), 2);
        assert!(parse(&https).unwrap_err().contains("VOUCH_WEBHOOK_SECRET"));
        let http = ["--webhooks", "http://10.0.0.5/"];
        assert!(with(&http).unwrap_err().contains("VOUCH_WEBHOOK_PRIVATE=on"));
        assert!(with(&[&http[..], &["--webhook-private", "on"]].concat()).is_ok());
        assert!(with(&["--webhooks", "https://one.example,https://one.example/"]).is_err());
        assert!(with(&["--webhook-secret-file", "secret"]).is_err());
    }

    #[test]
    fn the_secret_of_webhooks_can_be_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        let mut settings = parse(&["--webhook-secret-file", file.to_str().unwrap()]).unwrap();
        assert!(settings.read_webhook_secret_file().unwrap_err().to_string().contains("VOUCH_WEBHOOK_SECRET_FILE"));
        std::fs::write(&file, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").unwrap();
        settings.read_webhook_secret_file().unwrap();
        assert!(settings.webhook_secret.is_some());
    }

    #[test]
    fn relaxed_limits_are_refused_where_strangers_could_reach_them() {
        assert!(parse(&["--limits", "relaxed"]).is_ok());
        assert!(parse(&["--limits", "relaxed", "--sms", "twilio"]).is_err());
        assert!(parse(&["--limits", "relaxed", "--public-url", "https://vouch.example"]).is_err());
        assert!(parse(&["--limits", "relaxed", "--listen", "0.0.0.0:3000"]).is_err());
    }

    #[test]
    fn simulated_messages_are_refused_in_public_unless_they_are_written_out() {
        for public in [["--public-url", "https://vouch.example"], ["--listen", "0.0.0.0:3000"]] {
            assert!(parse(&public).unwrap_err().contains("VOUCH_SMS=simulated"), "{public:?}");
            let written_out = parse(&[public[0], public[1], "--sms", "simulated"]).unwrap();
            assert!(written_out.is_simulated_in_public());
            let real = parse(&[public[0], public[1], "--sms", "twilio"]).unwrap();
            assert!(!real.is_simulated() && !real.is_simulated_in_public());
        }
        let local = parse(&["--public-url", "http://localhost:3000"]).unwrap();
        assert!(local.is_simulated() && !local.is_simulated_in_public());
    }

    #[test]
    fn the_version_names_the_commit_if_it_is_known() {
        let number = env!("CARGO_PKG_VERSION");
        assert_eq!(version(Some("2f15430abc, 2026-11-28")), format!("{number} (2f15430abc, 2026-11-28)"));
        assert_eq!(version(Some("")), number);
        assert_eq!(version(None), number);
    }

    #[test]
    fn a_misspelt_variable_is_noticed() {
        let names = |name: &str| std::iter::once(name.to_owned());
        assert_eq!(unknown_variable(names("VOUCH_LISTN")), Some("VOUCH_LISTN".to_owned()));
        assert_eq!(unknown_variable(names("VOUCH_LISTEN")), None);
        assert_eq!(unknown_variable(names("PATH")), None);
    }
}
