//! Sends messages over HTTP as a [`Definition`] says, and never the same one twice: it is sent again only if surely nothing
//! was sent.

use super::definition::{Body, Condition, Definition, Expected, Json};
use super::report::Reports;
use super::{Receipt, Sms};
use reqwest::header::RETRY_AFTER;
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use serde_json::Value;
use std::fmt::Write;
use std::time::Duration;

/// How long a gateway that asks to wait is waited for, in seconds; a person waits with it.
const LONGEST_WAIT: u64 = 5;

/// Characters of an answer in the log.
const LONGEST_REASON: usize = 500;

/// A gateway that is spoken to over HTTP.
pub struct HttpGateway {
    definition: Definition,
    client: Client,
}

/// What became of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    Accepted(Receipt),
    /// It was surely not sent: there was no connection, or the gateway refused it. The reason is for the log: it has no
    /// phone and no code.
    NotSent(String),
    /// It was surely not sent, and may be after this time.
    Later(Duration),
    /// It may have been sent.
    Unknown(String),
}

/// What was sent and received, without the secrets.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    pub request: String,
    pub answer: String,
}

impl HttpGateway {
    /// # Errors
    /// When the library for HTTP cannot be set up, as without certificates of the system.
    pub fn new(definition: Definition) -> Result<Self, reqwest::Error> {
        // Each message has a connection of its own: on one that was kept, nobody can tell whether a byte arrived. The
        // library would repeat some requests by itself.
        let client = Client::builder()
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .pool_max_idle_per_host(0)
            .no_proxy()
            .http1_only()
            .connect_timeout(definition.timeout / 2)
            .timeout(definition.timeout)
            .user_agent(concat!("vouch/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { definition, client })
    }

    pub fn name(&self) -> &str {
        &self.definition.name
    }

    /// What it reports later, if it does.
    pub fn reports(&self) -> Option<&Reports> {
        self.definition.reports.as_ref()
    }

    /// Sends a message; a second time only if surely nothing was sent, and the gateway may be waited for.
    pub async fn send(&self, sms: &Sms) -> Attempt {
        match self.send_once(sms).await.0 {
            Attempt::Later(wait) if wait.as_secs() <= LONGEST_WAIT => {
                tokio::time::sleep(wait).await;
                self.send_once(sms).await.0
            }
            attempt => attempt,
        }
    }

    /// Sends a message once, and shows what was sent and received.
    pub async fn send_once(&self, sms: &Sms) -> (Attempt, Transcript) {
        let mut transcript = Transcript::default();
        let request = match self.request(sms) {
            Ok(request) => request,
            Err(error) => return (Attempt::NotSent(without_url(error)), transcript),
        };
        transcript.request = self.struck_out(&describe(&request));
        let attempt = match self.client.execute(request).await {
            Ok(answer) => self.judge(sms, answer, &mut transcript).await,
            Err(error) if error.is_connect() || error.is_builder() => Attempt::NotSent(without_url(error)),
            Err(error) => Attempt::Unknown(without_url(error)),
        };
        (attempt, transcript)
    }

    fn request(&self, sms: &Sms) -> Result<reqwest::Request, reqwest::Error> {
        let definition = &self.definition;
        let mut url = definition.url.fill_url(sms);
        if !definition.query.is_empty() {
            let query = encoded(&definition.query, sms);
            url = format!("{url}{}{query}", if url.contains('?') { '&' } else { '?' });
        }
        let mut request = self.client.request(definition.method.clone(), url);
        if let Some(auth) = &definition.basic_auth {
            let auth = auth.fill(sms);
            let (user, password) = auth.split_once(':').unwrap_or((&auth, ""));
            request = request.basic_auth(user, Some(password));
        }
        for (name, value) in &definition.headers {
            // A line break in a header would begin another one.
            request = request.header(name, value.fill(sms).replace(char::is_control, " "));
        }
        request = match &definition.body {
            Body::Empty => request,
            Body::Form(form) => {
                request.header("content-type", "application/x-www-form-urlencoded").body(encoded(form, sms))
            }
            Body::Json(json) => request.header("content-type", "application/json").body(json.fill(sms).to_string()),
        };
        request.build()
    }

    async fn judge(&self, sms: &Sms, answer: reqwest::Response, transcript: &mut Transcript) -> Attempt {
        let status = answer.status();
        let retry_after = answer.headers().get(RETRY_AFTER).and_then(|wait| wait.to_str().ok()?.parse().ok());
        let text = match answer.text().await {
            Ok(text) => text,
            Err(error) => return Attempt::Unknown(without_url(error)),
        };
        transcript.answer = self.struck_out(&format!("{status}\n{text}"));
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Attempt::Later(Duration::from_secs(retry_after.unwrap_or(u64::MAX / 1000)));
        }
        let body: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        let definition = &self.definition;
        // A refusal is looked for first: some gateways answer 200 with an error inside.
        if definition.refused.as_ref().is_some_and(|refused| refused.holds(status, &body, sms)) {
            return Attempt::NotSent(without_person(&transcript.answer, sms));
        }
        if definition.accepted.holds(status, &body, sms) {
            let id = definition.message_id.as_ref().and_then(|pointer| body.pointer(&pointer.fill(sms)));
            let message_id = id.map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
            return Attempt::Accepted(Receipt { gateway: definition.name.clone(), message_id });
        }
        Attempt::Unknown(without_person(&transcript.answer, sms))
    }

    /// A text without the values that came from the environment.
    fn struck_out(&self, text: &str) -> String {
        let mut secrets: Vec<_> = self.definition.secrets().into_iter().filter(|secret| !secret.is_empty()).collect();
        // A secret may be part of a longer one.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.iter().fold(text.to_owned(), |text, secret| {
            let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            text.replace(secret, "***").replace(&encoded, "***")
        })
    }
}

impl Condition {
    fn holds(&self, status: StatusCode, body: &Value, sms: &Sms) -> bool {
        let has_status =
            self.statuses.is_empty() || self.statuses.iter().any(|(from, to)| (*from..=*to).contains(&status.as_u16()));
        has_status
            && self.json.iter().all(|(pointer, expected)| {
                let found = body.pointer(&pointer.fill(sms)).filter(|value| !value.is_null());
                match expected {
                    Expected::Present => found.is_some(),
                    Expected::Absent => found.is_none(),
                    Expected::OneOf(values) => found.is_some_and(|found| values.contains(found)),
                }
            })
    }
}

impl Json {
    fn fill(&self, sms: &Sms) -> Value {
        match self {
            Self::Text(template) => Value::String(template.fill(sms)),
            Self::List(items) => Value::Array(items.iter().map(|item| item.fill(sms)).collect()),
            Self::Object(members) => {
                Value::Object(members.iter().map(|(name, value)| (name.clone(), value.fill(sms))).collect())
            }
            Self::Other(value) => value.clone(),
        }
    }
}

fn encoded(pairs: &[(String, super::template::Template)], sms: &Sms) -> String {
    let mut encoded = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        encoded.append_pair(name, &value.fill(sms));
    }
    encoded.finish()
}

/// An answer for the log: providers repeat the number and the text.
fn without_person(answer: &str, sms: &Sms) -> String {
    let digits = sms.to.as_str().trim_start_matches('+');
    let answer = answer.replace(digits, "***").replace(&sms.text, "***").replace(sms.code.as_str(), "***");
    answer.chars().take(LONGEST_REASON).collect()
}

fn describe(request: &reqwest::Request) -> String {
    let mut text = format!("{} {}\n", request.method(), request.url());
    for (name, value) in request.headers() {
        let value = if value.is_sensitive() { "***" } else { value.to_str().unwrap_or("***") };
        // Writing to a String does not fail.
        let _ = writeln!(text, "{name}: {value}");
    }
    let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
    text + &String::from_utf8_lossy(body)
}

/// The address may contain secrets and the phone.
fn without_url(error: reqwest::Error) -> String {
    innermost(&error.without_url())
}

/// Of the causes of an error, the one that says most.
pub fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
