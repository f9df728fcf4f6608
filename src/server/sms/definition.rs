//! What a gateway is: one TOML, of a preset inside the executable or of a file of the host. It says which request sends a
//! message, and which answers mean that it was accepted or surely not sent.

use super::report::{Reports, WrittenReport};
use super::template::{Template, TemplateError};
use crate::server::sentences;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::time::Duration;

/// The definitions of `settings::PRESETS`.
const PRESETS: [(&str, &str); 6] = [
    ("twilio", include_str!("presets/twilio.toml")),
    ("vonage", include_str!("presets/vonage.toml")),
    ("smsru", include_str!("presets/smsru.toml")),
    ("smsc", include_str!("presets/smsc.toml")),
    ("smsaero", include_str!("presets/smsaero.toml")),
    ("exolve", include_str!("presets/exolve.toml")),
];

/// The TOML of the preset with this name.
pub fn preset(name: &str) -> Option<&'static str> {
    PRESETS.iter().find(|(preset, _)| *preset == name).map(|(_, toml)| *toml)
}

/// Why a gateway cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DefinitionError {
    #[error("{}", sentences::terminal().gateway_file_unreadable(path, &source.to_string()))]
    File { path: String, source: io::Error },
    #[error("{}", sentences::terminal().gateway_malformed(name, problem))]
    Malformed { name: String, problem: String },
    #[error("{}", sentences::terminal().gateway_malformed(name, &source.to_string()))]
    Template { name: String, source: TemplateError },
}

/// How a gateway is spoken to.
#[derive(Clone, Debug)]
pub struct Definition {
    pub name: String,
    pub method: reqwest::Method,
    pub url: Template,
    pub basic_auth: Option<Template>,
    pub headers: Vec<(String, Template)>,
    pub query: Vec<(String, Template)>,
    pub body: Body,
    pub timeout: Duration,
    pub accepted: Condition,
    /// Answers that mean that the message was surely not sent.
    pub refused: Option<Condition>,
    /// Where the answer names the message (a JSON pointer, RFC 6901).
    pub message_id: Option<Template>,
    /// What it reports later, if it does.
    pub reports: Option<Reports>,
}

#[derive(Clone, Debug)]
pub enum Body {
    Empty,
    Form(Vec<(String, Template)>),
    Json(Json),
}

/// A JSON value whose strings have placeholders.
#[derive(Clone, Debug)]
pub enum Json {
    Text(Template),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
    /// A number, a flag or null.
    Other(serde_json::Value),
}

/// What an answer must be like; all parts must hold.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Ranges of statuses; empty for any.
    pub statuses: Vec<(u16, u16)>,
    /// JSON pointers, and what must be there.
    pub json: Vec<(Template, Expected)>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    Present,
    Absent,
    OneOf(Vec<serde_json::Value>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    url: String,
    #[serde(default = "post")]
    method: String,
    basic_auth: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    query: BTreeMap<String, String>,
    form: Option<BTreeMap<String, String>>,
    json: Option<serde_json::Value>,
    #[serde(default = "ten_seconds")]
    timeout: String,
    accepted: WrittenCondition,
    refused: Option<WrittenCondition>,
    message_id: Option<String>,
    report: Option<WrittenReport>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCondition {
    status: Option<String>,
    #[serde(default)]
    json: BTreeMap<String, serde_json::Value>,
}

fn post() -> String {
    "POST".to_owned()
}

fn ten_seconds() -> String {
    "10s".to_owned()
}

/// In a definition, where the provider is to send its reports. What has it is left out while there are no reports.
const REPORT_URL: &str = "{report_url}";

/// Reads the environment, or the file that `NAME_FILE` names there.
pub fn environment(name: &str) -> Option<String> {
    if let Ok(value) = std::env::var(name) {
        return Some(value);
    }
    let file = std::env::var(format!("{name}_FILE")).ok()?;
    std::fs::read_to_string(file).ok().map(|value| value.trim_end().to_owned())
}

impl Definition {
    /// Reads the preset or the file with this name. Without a public address, providers are not told where to send reports.
    ///
    /// # Errors
    /// When there is none, or its TOML does not describe a gateway.
    pub fn read(
        name: &str,
        public_url: Option<&str>,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, DefinitionError> {
        if let Some(toml) = preset(name) {
            return Self::parse(name, toml, public_url, variable);
        }
        let file = std::fs::read_to_string(Path::new(name));
        let toml = file.map_err(|source| DefinitionError::File { path: name.to_owned(), source })?;
        Self::parse(name, &toml, public_url, variable)
    }

    /// # Errors
    /// When the TOML does not describe a gateway.
    pub fn parse(
        name: &str,
        toml: &str,
        public_url: Option<&str>,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, DefinitionError> {
        let malformed =
            |problem: &str| DefinitionError::Malformed { name: name.to_owned(), problem: problem.to_owned() };
        let written: Written = toml::from_str(toml).map_err(|error| malformed(&error.to_string()))?;
        let reports = match &written.report {
            Some(report) => Reports::read(report, &written.name, public_url, variable)
                .map_err(|error| malformed(&error.to_string()))?,
            None => None,
        };
        let report = written.report.as_ref().filter(|_| reports.is_some());
        let report_url = report.and_then(|report| report.address(&written.name, public_url));
        let is_used = |text: &str| report_url.is_some() || !text.contains(REPORT_URL);
        let text = |text: &str| {
            let text = text.replace(REPORT_URL, report_url.as_deref().unwrap_or(REPORT_URL));
            Template::parse(&text, variable)
                .map_err(|source| DefinitionError::Template { name: name.to_owned(), source })
        };
        let pairs = |pairs: &BTreeMap<String, String>| {
            let used = pairs.iter().filter(|(_, value)| is_used(value));
            used.map(|(name, value)| Ok((name.clone(), text(value)?))).collect::<Result<Vec<_>, _>>()
        };
        let condition = |written: &WrittenCondition| -> Result<Condition, DefinitionError> {
            let statuses = written.status.as_deref().map(statuses).unwrap_or_default();
            let is_status_wrong = written.status.is_some() && statuses.is_empty();
            if is_status_wrong || (written.status.is_none() && written.json.is_empty()) {
                return Err(malformed(sentences::terminal().gateway_condition));
            }
            let json = written.json.iter().map(|(pointer, value)| Ok((text(pointer)?, expected(value))));
            Ok(Condition { statuses, json: json.collect::<Result<_, _>>()? })
        };
        let body = match (&written.form, &written.json) {
            (Some(_), Some(_)) => return Err(malformed(sentences::terminal().gateway_two_bodies)),
            (Some(form), None) => Body::Form(pairs(form)?),
            (None, Some(value)) => Body::Json(json(value, &is_used, &text)?),
            (None, None) => Body::Empty,
        };
        Ok(Self {
            method: written.method.parse().map_err(|_| malformed(sentences::terminal().gateway_method))?,
            url: text(&written.url)?,
            basic_auth: written.basic_auth.as_deref().map(text).transpose()?,
            headers: pairs(&written.headers)?,
            query: pairs(&written.query)?,
            body,
            timeout: humantime::parse_duration(&written.timeout).map_err(|error| malformed(&error.to_string()))?,
            accepted: condition(&written.accepted)?,
            refused: written.refused.as_ref().map(condition).transpose()?,
            message_id: written.message_id.as_deref().map(text).transpose()?,
            reports,
            name: written.name,
        })
    }

    /// The values from the environment, which no output may contain.
    pub fn secrets(&self) -> BTreeSet<String> {
        let mut secrets = self.url.secrets();
        let pairs = self.headers.iter().chain(&self.query).map(|(_, template)| template);
        let form = if let Body::Form(form) = &self.body { form.as_slice() } else { &[] };
        let all = pairs.chain(form.iter().map(|(_, template)| template)).chain(&self.basic_auth);
        secrets.extend(all.flat_map(Template::secrets));
        if let Body::Json(json) = &self.body {
            json.add_secrets(&mut secrets);
        }
        secrets
    }
}

impl Json {
    fn add_secrets(&self, secrets: &mut BTreeSet<String>) {
        match self {
            Self::Text(template) => secrets.extend(template.secrets()),
            Self::List(items) => items.iter().for_each(|item| item.add_secrets(secrets)),
            Self::Object(members) => members.iter().for_each(|(_, value)| value.add_secrets(secrets)),
            Self::Other(_) => {}
        }
    }
}

fn json(
    value: &serde_json::Value,
    is_used: &dyn Fn(&str) -> bool,
    text: &dyn Fn(&str) -> Result<Template, DefinitionError>,
) -> Result<Json, DefinitionError> {
    Ok(match value {
        serde_json::Value::String(written) => Json::Text(text(written)?),
        serde_json::Value::Array(items) => {
            Json::List(items.iter().map(|item| json(item, is_used, text)).collect::<Result<_, _>>()?)
        }
        serde_json::Value::Object(members) => {
            let member = |(name, value): (&String, _)| Ok((name.clone(), json(value, is_used, text)?));
            let used = members.iter().filter(|(_, value)| value.as_str().is_none_or(is_used));
            Json::Object(used.map(member).collect::<Result<_, _>>()?)
        }
        other => Json::Other(other.clone()),
    })
}

/// Statuses such as `200-299` or `200,202`; none if the text is not such a list.
fn statuses(text: &str) -> Vec<(u16, u16)> {
    let range = |part: &str| {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        Some((from.trim().parse().ok()?, to.trim().parse().ok()?))
    };
    text.split(',').map(range).collect::<Option<_>>().unwrap_or_default()
}

fn expected(value: &serde_json::Value) -> Expected {
    match value {
        serde_json::Value::String(text) if text == "present" => Expected::Present,
        serde_json::Value::String(text) if text == "absent" => Expected::Absent,
        serde_json::Value::Array(values) => Expected::OneOf(values.clone()),
        other => Expected::OneOf(vec![other.clone()]),
    }
}
