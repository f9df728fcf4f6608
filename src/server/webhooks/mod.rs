//! The way out for webhooks, as Standard Webhooks has it (standardwebhooks.com): each endpoint signs what it is given and sends
//! it once. When that happens, and what follows from the answer, is decided in `domain`.

mod address;
mod resolver;
mod signature;

use crate::server::clock::Timestamp;
use crate::server::data::{WebhookResult, WebhookTrouble};
use crate::server::sentences;
use crate::server::settings::{WebhookKeys, WebhookUrl};
use address::Reach;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use resolver::{Refused, Resolver};
use std::sync::Arc;
use std::time::{Duration, Instant};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

/// How long an attempt may take, from the name of the host to the end of the answer.
const TIMEOUT: Duration = Duration::from_secs(15);
/// How much of an answer is read. Nothing in it counts, but a connection can be used again only after its end.
const LONGEST_ANSWER: usize = 64 * 1024;

/// An endpoint that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// Its host is an address that is not for this scheme and setting.
    #[error("{}", sentences::terminal().webhook_address(.0))]
    Address(String),
    #[error(transparent)]
    Client(#[from] reqwest::Error),
}

pub struct Endpoint {
    url: WebhookUrl,
    keys: WebhookKeys,
    client: Client,
}

/// What is sent. The id is the same for every attempt.
pub struct Message<'a> {
    pub id: &'a str,
    pub body: String,
}

/// What came of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    pub result: WebhookResult,
    pub took: Duration,
    /// How long the endpoint asks to wait before the next attempt.
    pub retry_after: Option<Duration>,
}

impl Endpoint {
    /// # Errors
    /// When the host is an address that may not be reached, or the library for HTTP cannot be set up.
    pub fn new(url: WebhookUrl, keys: WebhookKeys, allows_private: bool) -> Result<Self, EndpointError> {
        let reach = Reach::of(url.is_https(), allows_private);
        if !reach.permits_host(url.url()) {
            return Err(EndpointError::Address(url.as_str().to_owned()));
        }
        // A redirect or a proxy would lead past the resolver.
        let client = Client::builder()
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .http1_only()
            .dns_resolver(Arc::new(Resolver(reach)))
            .timeout(TIMEOUT)
            .user_agent(concat!("vouch/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { url, keys, client })
    }

    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Sends a message once. `wall` is the time of the machine's clock, which receivers compare with theirs.
    pub async fn send(&self, message: Message<'_>, wall: Timestamp) -> Sent {
        let began = Instant::now();
        let seconds = wall.utc().unix_timestamp();
        let signature = signature::sign(&self.keys, message.id, seconds, &message.body);
        let request = self
            .client
            .post(self.url.url().clone())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", message.id)
            .header("webhook-timestamp", seconds)
            .header("webhook-signature", signature)
            .body(message.body);
        let (result, retry_after) = match request.send().await {
            Ok(answer) => {
                let result = WebhookResult::Answered(answer.status().as_u16());
                let retry_after = retry_after(answer.headers(), wall);
                read(answer).await;
                (result, retry_after)
            }
            Err(error) => {
                let trouble = trouble(&error);
                tracing::debug!(error = %error.without_url(), ?trouble, "a webhook was not answered");
                (WebhookResult::Failed(trouble), None)
            }
        };
        Sent { result, took: began.elapsed(), retry_after }
    }
}

/// Reads an answer to its end, if that is near. Its status has decided already.
async fn read(mut answer: Response) {
    let mut length = 0;
    while let Ok(Some(chunk)) = answer.chunk().await {
        length += chunk.len();
        if length > LONGEST_ANSWER {
            return;
        }
    }
}

fn trouble(error: &reqwest::Error) -> WebhookTrouble {
    if error.is_timeout() {
        return WebhookTrouble::TimedOut;
    }
    let causes = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    if causes.into_iter().any(<dyn std::error::Error>::is::<Refused>) {
        return WebhookTrouble::AddressRefused;
    }
    if error.is_connect() { WebhookTrouble::NotConnected } else { WebhookTrouble::BrokenOff }
}

/// A number of seconds or a date (RFC 9110 §10.2.3).
fn retry_after(headers: &HeaderMap, wall: Timestamp) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?;
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = OffsetDateTime::parse(value, &Rfc2822).ok()?;
    (date - wall.utc()).try_into().ok()
}
