//! The headers that tell a client what is left of a limit (draft-ietf-httpapi-ratelimit-headers-10).

use crate::error::AppError;
use crate::server::domain::budget::{Account, Left};
use crate::server::http::problem::Problem;
use crate::server::limits::{Budget, Limits};
use crate::server::sentences;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, IntoResponseParts, Response, ResponseParts};
use std::convert::Infallible;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{HeaderBuilder, Object, RefOr, Type};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// A limit, and what is left of it.
#[derive(Clone, Debug)]
pub struct RateLimit {
    name: &'static str,
    /// The parameters of each policy.
    policies: Vec<String>,
    left: u32,
    /// Seconds until there is one more.
    more_in: u32,
}

impl RateLimit {
    /// The wait between two codes to one phone; it grows with each code that goes unused.
    pub fn resend(seconds: u32) -> Self {
        Self { name: "resend", policies: vec!["q=1".to_owned()], left: 0, more_in: seconds }
    }

    pub fn budget(account: &Account<'_>, left: Left) -> Self {
        Self::of(account.name, &account.budget, left.uses, left.more_in)
    }

    fn of(name: &'static str, budget: &Budget, left: u32, more_in: u32) -> Self {
        let policies = budget.0.iter().map(|each| format!("q={};w={}", each.uses, each.window.as_secs())).collect();
        Self { name, policies, left, more_in }
    }

    /// A budget of which nothing is left.
    pub fn exhausted(name: &'static str, budget: &Budget, more_in: u32) -> Self {
        Self::of(name, budget, 0, more_in)
    }

    /// The limit behind a refusal. That of a network is not told.
    fn behind(refused: &AppError, limits: &Limits) -> Option<Self> {
        match *refused {
            AppError::ResendTooSoon { seconds } => Some(Self::resend(seconds)),
            AppError::TooManyMessages { seconds } => {
                Some(Self::exhausted("sends-per-phone", &limits.login.sends_per_phone, seconds))
            }
            AppError::TooManyWrongCodes { seconds } => {
                Some(Self::exhausted("wrong-per-phone-long", &limits.login.wrong_per_phone_long, seconds))
            }
            _ => None,
        }
    }

    /// What the headers `RateLimit-Policy` and `RateLimit` say.
    fn texts(&self) -> (String, String) {
        // Each policy has a name of its own; the first one that of the limit.
        let names = std::iter::once(String::new()).chain((2..).map(|number| format!("-{number}")));
        let policies: Vec<_> = self
            .policies
            .iter()
            .zip(names)
            .map(|(policy, suffix)| format!("\"{}{suffix}\";{policy}", self.name))
            .collect();
        let limit = format!("\"{}\";r={};t={}", self.name, self.left, self.more_in);
        (policies.join(", "), limit)
    }

    fn headers(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> + use<> {
        let (policy, limit) = self.texts();
        // Names and numbers are always a valid header value.
        [(POLICY, HeaderValue::try_from(policy)), (LIMIT, HeaderValue::try_from(limit))]
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.ok()?)))
    }
}

/// The answer to a refused login, with the limit if there is one behind it.
pub fn refusal(refused: AppError, limits: &Limits) -> Response {
    match RateLimit::behind(&refused, limits) {
        Some(limit) => (limit, Problem::from(refused)).into_response(),
        None => Problem::from(refused).into_response(),
    }
}

/// Adds the headers to the description of those answers of a call that carry them, with a limit as the example.
pub fn describe(call: &mut Operation, statuses: &[&str], example: &RateLimit) {
    let header = |text: String| {
        let text_type = Some(Object::with_type(Type::String));
        HeaderBuilder::new().schema(text_type).description(Some(text)).build()
    };
    let (policy, limit) = example.texts();
    let words = sentences::api();
    for status in statuses {
        if let Some(RefOr::T(answer)) = call.responses.responses.get_mut(*status) {
            answer.headers.insert("RateLimit-Policy".to_owned(), header(words.limit_policy(&policy)).into());
            answer.headers.insert("RateLimit".to_owned(), header(words.limit_left(&limit)).into());
        }
    }
}

impl IntoResponseParts for RateLimit {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        parts.headers_mut().extend(self.headers());
        Ok(parts)
    }
}
