//! The headers that tell a client what is left of a limit (draft-ietf-httpapi-ratelimit-headers-10).

use crate::server::domain::budget::{Budget, Left};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponseParts, ResponseParts};
use std::convert::Infallible;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{HeaderBuilder, Object, RefOr, Type};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// A limit, and where a client stands with it.
#[derive(Clone, Debug)]
pub struct RateLimit {
    /// What it is called.
    pub name: &'static str,
    /// How many uses there may be in the window.
    pub quota: u32,
    /// The window, in seconds; `None` where it grows.
    pub window: Option<u64>,
    /// How many uses are left.
    pub left: u32,
    /// Seconds until there is one more.
    pub more_in: u32,
}

impl RateLimit {
    /// The wait between two codes to one phone; it grows with each code that goes unused.
    pub fn resend(seconds: u32) -> Self {
        Self { name: "resend", quota: 1, window: None, left: 0, more_in: seconds }
    }

    /// A budget of which so much is left.
    pub fn budget(budget: &Budget, left: Left) -> Self {
        Self {
            name: budget.name,
            quota: left.quota,
            window: Some(budget.window.as_secs()),
            left: left.uses,
            more_in: left.more_in,
        }
    }

    fn headers(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> + use<> {
        let window = self.window.map(|window| format!(";w={window}")).unwrap_or_default();
        let policy = format!("\"{}\";q={}{window}", self.name, self.quota);
        let limit = format!("\"{}\";r={};t={}", self.name, self.left, self.more_in);
        // Names and numbers are always a valid header value.
        [(POLICY, HeaderValue::try_from(policy)), (LIMIT, HeaderValue::try_from(limit))]
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.ok()?)))
    }
}

/// Adds the headers to the description of a call that is limited, for those answers that carry them.
pub fn describe(call: &mut Operation, statuses: &[&str]) {
    let header = |text: &str| {
        let text_type = Some(Object::with_type(Type::String));
        HeaderBuilder::new().schema(text_type).description(Some(text)).build()
    };
    for status in statuses {
        if let Some(RefOr::T(answer)) = call.responses.responses.get_mut(*status) {
            let policy = header(
                "The limit: its name, how often, and in how many seconds, as in `\"unknown-codes\";q=10;w=3600`",
            );
            let limit = header(
                "What is left of it, and in how many seconds there is more, as in `\"unknown-codes\";r=9;t=3600`",
            );
            answer.headers.insert("RateLimit-Policy".to_owned(), policy.into());
            answer.headers.insert("RateLimit".to_owned(), limit.into());
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
