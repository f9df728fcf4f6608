//! What requests bring: a JSON body and an access token.

use crate::error::AppError;
use crate::server::domain::jwt::AccessToken;
use crate::server::domain::token;
use crate::server::http::problem::Problem;
use crate::server::http::state::AppState;
use crate::server::sentences;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::collections::BTreeMap;

/// A JSON object; an empty one if there is no body. Members that `T` does not have are ignored.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let is_json = is_json(request.headers());
        let body = Bytes::from_request(request, state).await;
        let limits = &state.ports.rules.limits.http;
        let body = body.map_err(|rejection| Problem::of_layer(rejection.status(), limits))?;
        if body.is_empty() && is_json != Some(false) {
            return parse(b"{}").map(JsonBody);
        }
        if is_json != Some(true) {
            return Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        parse(&body).map(JsonBody)
    }
}

/// Reads a JSON object.
///
/// # Errors
/// 400 for anything else.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    // A `Value` first: all of it is checked, also the members that `T` does not have.
    let malformed = |error: serde_json::Error| {
        Problem::new(StatusCode::BAD_REQUEST, sentences::service().invalid_json(&error.to_string()))
    };
    let value: Value = serde_json::from_slice(body).map_err(malformed)?;
    if !value.is_object() {
        return Err(no_object());
    }
    let unusable = |error: serde_json::Error| {
        Problem::new(StatusCode::BAD_REQUEST, sentences::service().unusable_body(&error.to_string()))
    };
    serde_json::from_value(value).map_err(unusable)
}

/// The refusal of JSON that is not an object.
pub fn no_object() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, sentences::service().body_not_object)
}

/// Whether the body is declared as JSON; `None` if its type is not declared.
fn is_json(headers: &HeaderMap) -> Option<bool> {
    let declared = headers.get(header::CONTENT_TYPE)?.as_bytes();
    let essence = declared.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    Some(essence.eq_ignore_ascii_case(b"application/json"))
}

/// A member of a JSON object that should be of type `T`.
#[derive(Default)]
pub enum Field<T> {
    /// Missing or null.
    #[default]
    Missing,
    OtherType,
    Given(T),
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::Null => Self::Missing,
            value => serde_json::from_value(value).map_or(Self::OtherType, Self::Given),
        })
    }
}

/// The reasons why fields of a request are refused, collected so that all are told at once.
#[derive(Default)]
pub struct Fields(BTreeMap<String, Vec<String>>);

impl Fields {
    /// A text that may not be missing or blank.
    pub fn text<'a>(&mut self, name: &str, value: &'a Field<String>, if_missing: &str) -> &'a str {
        match value {
            Field::Given(text) if !text.trim().is_empty() => return text,
            Field::Given(_) | Field::Missing => self.wrong(name, if_missing),
            Field::OtherType => self.wrong(name, sentences::service().must_be_string),
        }
        ""
    }

    /// A text that may be missing.
    pub fn optional_text<'a>(&mut self, name: &str, value: &'a Field<String>) -> Option<&'a str> {
        match value {
            Field::Given(text) => return Some(text),
            Field::Missing => {}
            Field::OtherType => self.wrong(name, sentences::service().must_be_string),
        }
        None
    }

    /// A flag that is off when it is missing.
    pub fn flag(&mut self, name: &str, value: &Field<bool>) -> bool {
        self.optional_flag(name, value).unwrap_or_default()
    }

    /// A flag that may be missing.
    pub fn optional_flag(&mut self, name: &str, value: &Field<bool>) -> Option<bool> {
        match value {
            Field::Given(flag) => return Some(*flag),
            Field::Missing => {}
            Field::OtherType => self.wrong(name, sentences::service().must_be_flag),
        }
        None
    }

    pub fn wrong(&mut self, name: impl Into<String>, reason: impl Into<String>) {
        self.0.entry(name.into()).or_default().push(reason.into());
    }

    /// # Errors
    /// 400 with all reasons, if there are any.
    pub fn check(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(self.problem()) }
    }

    pub fn problem(self) -> Problem {
        Problem::fields(self.0)
    }
}

/// A token that this server signed and that has not expired. Only for a handler that asks whether its login has ended.
pub struct Verified(pub AccessToken);

impl FromRequestParts<AppState> for Verified {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        Ok(Self(token::verified(&state.ports, presented(parts)?)?))
    }
}

/// The bearer of a valid access token.
pub struct Caller(pub AccessToken);

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        Ok(Self(token::authenticate(&state.ports, presented(parts)?).await?))
    }
}

fn presented(parts: &Parts) -> Result<&str, AppError> {
    bearer_token(&parts.headers)?.ok_or(AppError::LoginRequired)
}

/// The token in the header `Authorization` (RFC 6750 §2.1), whose scheme is read in any letter case (RFC 9110 §11.1).
///
/// # Errors
/// `TokenRefused` for a header that cannot be read.
pub fn bearer_token(headers: &HeaderMap) -> Result<Option<&str>, AppError> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(AppError::TokenRefused);
    }
    let value = value.to_str().map_err(|_| AppError::TokenRefused)?;
    let token = match value.trim().split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => "",
    };
    Ok(Some(token).filter(|token| !token.is_empty()))
}
