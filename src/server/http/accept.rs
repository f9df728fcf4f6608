//! What kind of answer a client prefers (RFC 9110 §12.5.1), and in which language (§12.5.4).

use crate::model::language::Language;
use axum::http::{HeaderMap, HeaderName, header};

/// What a client accepts, with weights, in its own order.
fn accepted(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = (f32, &str)> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(weighted).filter(|(weight, _)| *weight > 0.0)
}

fn weighted(item: &str) -> (f32, &str) {
    let mut parts = item.split(';').map(str::trim);
    let accepted = parts.next().unwrap_or_default();
    let weight = parts.find_map(|parameter| parameter.strip_prefix("q=").or(parameter.strip_prefix("Q=")));
    (weight.and_then(|weight| weight.parse().ok()).unwrap_or(1.0), accepted)
}

/// The first of the greatest weight.
fn heaviest<T>(accepted: impl Iterator<Item = (f32, T)>) -> Option<T> {
    accepted.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, accepted)| accepted)
}

/// Whether the answer will be shown to a person, as opposed to read by a program: browsers that navigate prefer a page.
pub fn prefers_page(headers: &HeaderMap) -> bool {
    prefers(headers, "text/html")
}

/// Whether a client prefers this media type to all others.
pub fn prefers(headers: &HeaderMap, media_type: &str) -> bool {
    heaviest(accepted(headers, header::ACCEPT)).is_some_and(|first| first.eq_ignore_ascii_case(media_type))
}

/// The media type among `ours` that the client prefers; `None` when it names none of them.
pub fn preferred<'a>(headers: &HeaderMap, ours: &[&'a str]) -> Option<&'a str> {
    let ours = |theirs: &str| ours.iter().find(|ours| ours.eq_ignore_ascii_case(theirs)).copied();
    heaviest(accepted(headers, header::ACCEPT).filter_map(|(weight, theirs)| Some((weight, ours(theirs)?))))
}

/// The language that the client prefers among ours, whatever the region ("lookup" of RFC 4647 §3.4); `None` when it names
/// none of them.
pub fn language(headers: &HeaderMap) -> Option<Language> {
    let ours = |range: &str| range.split('-').next()?.to_ascii_lowercase().parse().ok();
    let accepted = accepted(headers, header::ACCEPT_LANGUAGE);
    heaviest(accepted.filter_map(|(weight, range)| Some((weight, ours(range)?))))
}

/// The countries that the languages of the client name, such as GB of `en-GB`, in its own order.
pub fn countries(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let is_country = |part: &&str| part.len() == 2 && part.bytes().all(|letter| letter.is_ascii_uppercase());
    accepted(headers, header::ACCEPT_LANGUAGE).filter_map(move |(_, range)| range.split('-').skip(1).find(is_country))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (header::ACCEPT, value.parse().unwrap())).collect()
    }

    #[test]
    fn a_browser_prefers_a_page_and_a_program_data() {
        assert!(prefers(&headers(&["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"]), "text/html"));
        assert!(prefers(&headers(&["TEXT/HTML"]), "text/html"));
        assert!(prefers(&headers(&["application/json, text/plain, */*"]), "application/json"));
        for program in
            [&[][..], &["*/*"], &["application/json, text/html;q=0.1"], &["text/html;q=0.1, application/json"]]
        {
            assert!(!prefers(&headers(program), "text/html"), "{program:?}");
        }
    }

    #[test]
    fn a_language_is_known_whatever_its_region_and_the_heaviest_of_ours_wins() {
        for (value, expected) in [
            ("ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", Some(Language::Russian)),
            ("de-DE,de;q=0.9,AR-eg;q=0.8,en;q=0.7", Some(Language::Arabic)),
            ("en;q=0.5, ru;q=0.5", Some(Language::English)),
            ("ru;q=0, en;q=0.1", Some(Language::English)),
            ("de, fr;q=0.5, *;q=0.1", None),
            ("", None),
        ] {
            let headers: HeaderMap = [(header::ACCEPT_LANGUAGE, value.parse().unwrap())].into_iter().collect();
            assert_eq!(language(&headers), expected, "{value:?}");
        }
    }

    #[test]
    fn a_country_is_behind_a_language() {
        let value = "zh-Hant-TW,ru-RU;q=0.9,en;q=0.8,de-CH;q=0";
        let headers: HeaderMap = [(header::ACCEPT_LANGUAGE, value.parse().unwrap())].into_iter().collect();
        assert_eq!(countries(&headers).collect::<Vec<_>>(), ["TW", "RU"]);
    }

    #[test]
    fn weights_come_before_order_and_a_weight_of_zero_excludes() {
        let ours = ["application/yaml", "application/json"];
        for (values, expected) in [
            (&["application/yaml, application/json;q=0.5"][..], Some("application/yaml")),
            (&["application/yaml;q=0.5, application/json"], Some("application/json")),
            (&["application/json;q=0, application/yaml"], Some("application/yaml")),
            (&["text/plain", "Application/Json"], Some("application/json")),
            (&["*/*"], None),
            (&["application/json;q=zero"], Some("application/json")),
        ] {
            assert_eq!(preferred(&headers(values), &ours), expected, "{values:?}");
        }
    }
}
