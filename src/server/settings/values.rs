//! The types of single settings. Each is parsed and checked at the start.

use crate::model::login_code::{CodeLength, LoginCode};
use crate::model::phone::Phone;
use sqlx::postgres::PgConnectOptions;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use time::Date;
use time::macros::format_description;

/// What is logged, checked at the start.
#[derive(Clone, Debug)]
pub struct LogFilter(pub String);

impl FromStr for LogFilter {
    type Err = tracing_subscriber::filter::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        tracing_subscriber::EnvFilter::try_new(text).map(|_| Self(text.to_owned()))
    }
}

/// The address in people's browsers: a scheme and a host, no path.
#[derive(Clone, Debug)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Whether browsers come over TLS.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// The host, without a port.
    pub fn host(&self) -> &str {
        let rest = self.0.split_once("://").map_or(self.0.as_str(), |(_, rest)| rest);
        if rest.starts_with('[') { rest.split_inclusive(']').next() } else { rest.split(':').next() }.unwrap_or(rest)
    }

    /// The URL without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "expected http:// or https:// and a host, without a path";
        let uri: axum::http::Uri = text.parse().map_err(|_| EXPECTED)?;
        let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
        let is_bare = uri.path() == "/" && uri.query().is_none() && uri.host().is_some_and(|host| !host.is_empty());
        if !is_web || !is_bare {
            return Err(EXPECTED);
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }
}

/// Where traces are sent: the URL of a collector, which may have a path.
#[derive(Clone, Debug)]
pub struct OtlpEndpoint(String);

impl OtlpEndpoint {
    /// The URL that takes traces (OTLP 1.0, "OTLP/HTTP Request").
    pub fn traces(&self) -> String {
        format!("{}/v1/traces", self.0)
    }
}

impl FromStr for OtlpEndpoint {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "expected http:// or https:// and a host, such as http://127.0.0.1:4318";
        let uri: axum::http::Uri = text.parse().map_err(|_| EXPECTED)?;
        let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
        let has_host = uri.host().is_some_and(|host| !host.is_empty());
        if !is_web || !has_host || uri.query().is_some() {
            return Err(EXPECTED);
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }
}

/// Where the data is.
#[derive(Clone)]
pub enum DatabaseUrl {
    /// The `SQLite` file.
    Sqlite(PathBuf),
    /// How to connect to PostgreSQL.
    Postgres(Box<PgConnectOptions>),
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            // The message of the library does not repeat the URL, which may hold a password.
            return text.parse().map(|options| Self::Postgres(Box::new(options))).map_err(|error| error.to_string());
        }
        let file = text.strip_prefix("sqlite:");
        let file =
            file.ok_or("expected sqlite: and a file, such as sqlite:vouch.db, or postgres://USER@HOST/DATABASE")?;
        let file = file.strip_prefix("//").unwrap_or(file);
        // Usual in URLs for sqlx, and what Vouch does anyway.
        let file = file.strip_suffix("?mode=rwc").unwrap_or(file);
        if file.is_empty() || file.starts_with(':') || file.contains('?') {
            return Err("expected the name of a file after sqlite:".to_owned());
        }
        Ok(Self::Sqlite(PathBuf::from(file)))
    }
}

/// The file, or the server and the database. Never the password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options = match self {
            Self::Sqlite(file) => return write!(f, "{}", std::path::absolute(file).as_ref().unwrap_or(file).display()),
            Self::Postgres(options) => options,
        };
        let database = options.get_database().unwrap_or_else(|| options.get_username());
        match options.get_socket() {
            Some(folder) => write!(f, "postgres:///{database}?host={}", folder.display()),
            None => write!(f, "postgres://{}:{}/{database}", options.get_host(), options.get_port()),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The country that a number without its code is taken to be in, by its ISO 3166 letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region(pub phonenumber::country::Id);

impl Region {
    /// Its two letters.
    pub fn letters(&self) -> &str {
        self.0.as_ref()
    }
}

impl FromStr for Region {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self).map_err(|_| "expected the two capital letters of a country, such as RU or US".to_owned())
    }
}

/// The countries to which messages are sent.
#[derive(Clone, Debug)]
pub enum Countries {
    /// All of them.
    Any,
    /// These.
    Only(Vec<Region>),
}

impl FromStr for Countries {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "any" {
            return Ok(Self::Any);
        }
        let regions = text.split(',').map(|region| region.trim().parse()).collect::<Result<_, _>>();
        regions.map(Self::Only).map_err(|_| "expected any, or capital letters of countries, such as RU,KZ".to_owned())
    }
}

impl Countries {
    /// Whether messages are sent to this country; `None` is a number of no country.
    pub fn include(&self, country: Option<phonenumber::country::Id>) -> bool {
        match self {
            Self::Any => true,
            Self::Only(regions) => country.is_some_and(|country| regions.iter().any(|region| region.0 == country)),
        }
    }
}

/// The gateways whose definition is inside the executable.
pub const PRESETS: [&str; 6] = ["twilio", "vonage", "smsru", "smsc", "smsaero", "exolve"];

/// How messages are sent (`VOUCH_SMS`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SmsChoice {
    /// Nothing is sent; messages are shown in the page, in API answers and in the terminal.
    Simulated,
    /// Names of presets and paths of files, in the order in which they are tried.
    Gateways(Vec<String>),
}

impl FromStr for SmsChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "simulated" {
            return Ok(Self::Simulated);
        }
        let is_file = |name: &str| {
            name.contains('/') || std::path::Path::new(name).extension().is_some_and(|extension| extension == "toml")
        };
        let names: Vec<_> = text.split(',').map(|name| name.trim().to_owned()).collect();
        if names.iter().all(|name| PRESETS.contains(&name.as_str()) || is_file(name)) {
            return Ok(Self::Gateways(names));
        }
        let presets = PRESETS.join(", ");
        Err(format!("expected simulated, or a list of files (NAME.toml) and of presets: {presets}"))
    }
}

/// A phone that gets no messages and has a fixed code, for people who review an app and have no phone of the country
/// (`VOUCH_TEST_PHONES`).
#[derive(Clone, PartialEq, Eq)]
pub struct TestPhone {
    pub phone: Phone,
    /// Eight digits: fewer could be guessed in time, since they do not change.
    pub code: LoginCode,
    /// The last day on which it works (UTC).
    pub until: Date,
}

impl FromStr for TestPhone {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str =
            "expected +PHONE=CODE@DAY with 8 digits of a code, as in +79990000000=48151623@2027-01-31";
        let (phone, rest) = text.trim().split_once('=').ok_or(EXPECTED)?;
        let (code, day) = rest.split_once('@').ok_or(EXPECTED)?;
        Ok(Self {
            phone: Phone::from_e164(phone).ok_or(EXPECTED)?,
            code: LoginCode::parse(code, CodeLength::MAX).map_err(|_| EXPECTED)?,
            until: Date::parse(day, format_description!("[year]-[month]-[day]")).map_err(|_| EXPECTED)?,
        })
    }
}

/// The code is as good as a password.
impl fmt::Debug for TestPhone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}=…@{}", self.phone, self.until)
    }
}

/// How long the gateway takes: milliseconds, from and to (`VOUCH_SMS_DELAY_MS`).
#[derive(Clone, Copy, Debug)]
pub struct Delay {
    pub from: u64,
    pub to: u64,
}

impl FromStr for Delay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        match (from.trim().parse(), to.trim().parse()) {
            (Ok(from), Ok(to)) if from <= to && to <= 60_000 => Ok(Self { from, to }),
            _ => Err("expected milliseconds up to 60000, as one number or a range such as 1000-2000".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_phone_has_a_code_of_eight_digits_and_a_last_day() {
        let phone: TestPhone = "+79990000000=48151623@2027-01-31".parse().unwrap();
        assert_eq!(format!("{phone:?}"), "+…00=…@2027-01-31");
        for bad in [
            "",
            "+79990000000",
            "+79990000000=4815@2027-01-31",
            "+79990000000=48151623",
            "79990000000=48151623@2027-01-31",
            "+79990000000=48151623@31.1.2027",
        ] {
            assert!(bad.parse::<TestPhone>().is_err(), "{bad}");
        }
    }

    #[test]
    fn gateways_are_presets_and_files_in_the_order_of_the_list() {
        let list = |names: &[&str]| Ok(SmsChoice::Gateways(names.iter().map(|name| (*name).to_owned()).collect()));
        assert_eq!("simulated".parse(), Ok(SmsChoice::Simulated));
        assert_eq!("smsru, twilio".parse(), list(&["smsru", "twilio"]));
        assert_eq!("./own,other.toml".parse(), list(&["./own", "other.toml"]));
        for bad in ["", "pigeon", "simulated,twilio", "twilio,"] {
            assert!(bad.parse::<SmsChoice>().is_err(), "{bad}");
        }
    }

    #[test]
    fn traces_go_below_the_url_of_the_collector() {
        for url in ["http://127.0.0.1:4318", "http://127.0.0.1:4318/"] {
            assert_eq!(url.parse::<OtlpEndpoint>().unwrap().traces(), "http://127.0.0.1:4318/v1/traces");
        }
        assert_eq!(
            "https://x.example/otlp".parse::<OtlpEndpoint>().unwrap().traces(),
            "https://x.example/otlp/v1/traces"
        );
        for bad in ["", "x.example", "grpc://x.example", "http://", "https://x.example/?key=1"] {
            assert!(bad.parse::<OtlpEndpoint>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_delay_is_a_number_or_a_range() {
        for good in ["0", "1500", "1000-2000", " 10 - 20 "] {
            assert!(good.parse::<Delay>().is_ok(), "{good}");
        }
        for bad in ["", "fast", "-5", "2000-1000", "1000-", "70000"] {
            assert!(bad.parse::<Delay>().is_err(), "{bad}");
        }
    }
}
