//! The settings: one struct, each field a `VOUCH_*` variable. `vouch --help` prints it, and docs/settings.md lists it.

mod brand;
mod check;
mod commands;
mod milestones;
mod read;
mod rules;
mod sms_text;
#[cfg(test)]
mod tests;
mod values;
mod webhooks;

pub use brand::{Brand, Colors, Link, Logo, Name};
pub use check::SettingsError;
pub use commands::{AdminCommand, Command, SmsCommand};
pub use milestones::Milestone;
pub use rules::Rules;
pub use sms_text::{SmsText, SmsTextError, Template};
pub use values::{
    Countries, DatabaseUrl, Delay, LogFilter, OtlpEndpoint, PRESETS, PublicUrl, Region, SmsChoice, TestPhone,
};
pub use webhooks::{WebhookKeys, WebhookSecretError, WebhookUrl};

use crate::server::limits::Limits;
use crate::server::secrets::Secret;
use clap::{Args, Parser, ValueEnum};
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

impl Settings {
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
}
