//! Query strings. An endpoint that takes one has a struct for it, from which the query is read, described and written into
//! the link to the next page.

use super::request::Fields;
use crate::model::digits;
use crate::server::data::Place;
use crate::server::http::problem::Problem;
use crate::server::sentences;
use crate::words;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode, header};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::str::FromStr;
use time::Date;
use time::macros::format_description;
use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

/// The query of a request, as its struct. Parameters that the struct does not have are ignored.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parse(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// Reads a query.
///
/// # Errors
/// 400 with every parameter that is wrong.
pub fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    // Of a parameter that is repeated, the last one counts.
    let mut given: BTreeMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let mut fields = Fields::default();
    // Serde stops at the first wrong parameter. Without it, the next one is found.
    loop {
        let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(&given).finish();
        let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
        let error = match serde_path_to_error::deserialize(pairs) {
            Ok(query) => return fields.check().map(|()| query),
            Err(error) => error,
        };
        let name = error.path().to_string();
        if given.remove(&name).is_none() {
            return Err(Problem::of_status(StatusCode::BAD_REQUEST));
        }
        fields.wrong(name, error.inner().to_string());
    }
}

/// The header that leads to the next page of a list.
pub fn next_page(path: &str, query: &impl Serialize) -> (HeaderName, String) {
    // Texts and numbers can always be written.
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    (header::LINK, format!("<{path}?{query}>; rel=\"next\""))
}

/// How many rows a page holds at most: `USUAL` unless asked for, and never more than `MOST`.
#[derive(Clone, Copy, Serialize)]
pub struct PageSize<const USUAL: u32, const MOST: u32>(pub u32);

impl<const USUAL: u32, const MOST: u32> Default for PageSize<USUAL, MOST> {
    fn default() -> Self {
        Self(USUAL)
    }
}

impl<'de, const USUAL: u32, const MOST: u32> Deserialize<'de> for PageSize<USUAL, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match digits(&String::deserialize(deserializer)?) {
            Some(size) if (1..=MOST).contains(&size) => Ok(Self(size)),
            _ => Err(D::Error::custom(sentences::service().number_from_to(1, MOST))),
        }
    }
}

impl<const USUAL: u32, const MOST: u32> PartialSchema for PageSize<USUAL, MOST> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
            .minimum(Some(1))
            .maximum(Some(MOST))
            .default(Some(USUAL.into()))
            .into()
    }
}

impl<const USUAL: u32, const MOST: u32> ToSchema for PageSize<USUAL, MOST> {}

/// One of the names of `T`.
pub fn one_of<'de, D: Deserializer<'de>, T: FromStr + strum::VariantNames>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let names = || sentences::service().must_be_one_of(&T::VARIANTS.join(", "));
    let typed = String::deserialize(deserializer)?;
    typed.parse().map(Some).map_err(|_| D::Error::custom(names()))
}

/// A day, kept as it was typed for the rule that reads it.
pub fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let is_day = |typed: &str| Date::parse(typed, format_description!("[year]-[month]-[day]")).is_ok();
    kept_if(deserializer, is_day, words::admin().day_malformed)
}

/// A place in a list of members, kept as it was typed for the rule that reads it.
pub fn place<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    kept_if(deserializer, |typed| typed.parse::<Place>().is_ok(), sentences::service().bad_cursor)
}

/// The number of a row, kept as it was typed for the link to the next page.
pub fn row<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    kept_if(deserializer, |typed| digits::<i64>(typed).is_some(), sentences::service().bad_cursor)
}

/// A text, if it passes a check.
pub fn kept_if<'de, D: Deserializer<'de>>(
    deserializer: D,
    is_good: impl Fn(&str) -> bool,
    if_not: &str,
) -> Result<Option<String>, D::Error> {
    let typed = String::deserialize(deserializer)?;
    if is_good(&typed) { Ok(Some(typed)) } else { Err(D::Error::custom(if_not)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[derive(Clone, Debug, PartialEq, Serialize, strum::EnumString, strum::VariantNames)]
    #[serde(rename_all = "kebab-case")]
    #[strum(serialize_all = "kebab-case")]
    enum Colour {
        Red,
        DarkGreen,
    }

    #[derive(Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    struct Search {
        q: Option<String>,
        #[serde(deserialize_with = "one_of")]
        colour: Option<Colour>,
        #[serde(deserialize_with = "day")]
        from: Option<String>,
        #[serde(deserialize_with = "row")]
        after: Option<String>,
        limit: PageSize<5, 10>,
    }

    fn wrong(query: &str) -> Value {
        let problem = parse::<Search>(query).err().expect("a refusal");
        let mut members = json!(problem);
        members.as_object_mut().unwrap().retain(|_, member| member.is_array());
        members
    }

    #[test]
    fn a_query_is_read_and_written_by_the_same_struct() {
        let search: Search = parse("q=%2B7+9&colour=dark-green&limit=2&x=1&limit=3").unwrap();
        assert_eq!((search.q.as_deref(), &search.colour, search.limit.0), (Some("+7 9"), &Some(Colour::DarkGreen), 3));
        let next = Search { after: Some("17".to_owned()), ..search };
        let (_, link) = next_page("/x/", &next);
        assert_eq!(link, "</x/?q=%2B7+9&colour=dark-green&after=17&limit=3>; rel=\"next\"");
        assert_eq!(parse::<Search>("").unwrap().limit.0, 5);
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once_under_its_name() {
        let expected = json!({
            "colour": [sentences::service().must_be_one_of("red, dark-green")],
            "limit": [sentences::service().number_from_to(1, 10)],
            "after": [sentences::service().bad_cursor],
        });
        assert_eq!(wrong("colour=blue&q=x&limit=11&after=-1"), expected);
        for blank in ["colour", "from", "after", "limit"] {
            assert_eq!(wrong(&format!("{blank}=")).as_object().unwrap().len(), 1, "{blank}");
        }
        for bad in ["tomorrow", "2026-02-30", "2026-1-1", " 2026-01-01"] {
            assert!(wrong(&format!("from={bad}"))["from"].is_array(), "{bad}");
        }
    }
}
