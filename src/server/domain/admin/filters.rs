//! Parsing the search forms of admins.

use crate::error::AppError;
use crate::model::admin::{AdminResult, Refusal};
use crate::model::digits;
use crate::server::clock::Timestamp;
use crate::server::data::MemberId;
use crate::server::domain::{Ports, phone};
use std::str::FromStr;
use time::Date;
use time::macros::format_description;

/// The start of the typed day (UTC), or `days_later` days after it; `None` if the field is empty.
pub fn day(typed: &str, days_later: i64) -> AdminResult<Option<Timestamp>> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let day = Date::parse(typed.trim(), format_description!("[year]-[month]-[day]"));
    let day = day.ok().and_then(|day| day.checked_add(time::Duration::days(days_later)));
    let day = day.ok_or(Refusal::DayMalformed)?;
    Ok(Some(Timestamp(day.midnight().assume_utc().unix_timestamp() * 1000)))
}

/// `None` if the field is empty.
pub fn filter<T: FromStr>(text: &str) -> AdminResult<Option<T>> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Refusal::FilterUnknown)
}

/// `None` if the field is empty.
pub fn number(text: &str) -> AdminResult<Option<i64>> {
    if text.is_empty() {
        return Ok(None);
    }
    digits(text).map(Some).ok_or(Refusal::FilterUnknown)
}

/// The member with the typed id or whole phone; `None` if the field is empty.
///
/// # Errors
/// `unknown`, when it is neither an id nor a member's phone.
pub async fn number_or_phone(ports: &Ports, typed: &str, unknown: Refusal) -> AdminResult<Option<MemberId>> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let with_phone = with_phone(ports, typed).await?;
    with_phone.or_else(|| digits(typed).map(MemberId)).map(Some).ok_or(unknown)
}

/// The member with the typed phone, if there is one.
pub async fn with_phone(ports: &Ports, typed: &str) -> AdminResult<Option<MemberId>> {
    match phone::parse(typed, ports.rules.region) {
        Ok(phone) => Ok(ports.store.member_with_phone(&phone).await.map_err(AppError::from)?),
        Err(_) => Ok(None),
    }
}
