//! The description of the API in another language: its texts for people are replaced by those of a table.
//!
//! Names of fields, codes, paths and examples stay as they are, since programs read them.

use std::collections::HashMap;
use yaml_serde::Value;

/// What OpenAPI calls the texts for people.
const TEXTS: [&str; 3] = ["summary", "description", "title"];
/// What contains data.
const DATA: [&str; 5] = ["example", "value", "default", "enum", "const"];

/// Translates the texts of a description. What is not in the table stays as it is.
pub fn translate(description: &mut Value, table: &[(&str, &str)]) {
    let table: HashMap<&str, &str> = table.iter().copied().collect();
    for_each_text(description, &mut |text| {
        if let Some(translation) = table.get(unwrapped(text).as_str()) {
            (*translation).clone_into(text);
        }
    });
}

/// A text without the line breaks that it has within paragraphs in the code.
fn unwrapped(text: &str) -> String {
    text.split("\n\n").map(|paragraph| paragraph.replace('\n', " ")).collect::<Vec<_>>().join("\n\n")
}

/// Calls a function with each text for people.
fn for_each_text(node: &mut Value, each: &mut impl FnMut(&mut String)) {
    match node {
        Value::Mapping(members) => {
            for (name, member) in members.iter_mut() {
                match (name.as_str().unwrap_or_default(), member) {
                    // Their names are those of fields.
                    ("properties", Value::Mapping(fields)) => {
                        fields.values_mut().for_each(|field| for_each_text(field, each));
                    }
                    ("tags", Value::Sequence(tags)) => tags.iter_mut().for_each(|tag| for_each_text_of_tag(tag, each)),
                    (name, Value::String(text)) if TEXTS.contains(&name) => each(text),
                    (name, _) if DATA.contains(&name) => {}
                    (_, member) => for_each_text(member, each),
                }
            }
        }
        Value::Sequence(items) => items.iter_mut().for_each(|item| for_each_text(item, each)),
        _ => {}
    }
}

/// The name of a tag is a heading. A call has only the name.
fn for_each_text_of_tag(tag: &mut Value, each: &mut impl FnMut(&mut String)) {
    if let Some(Value::String(name)) = tag.get_mut("name") {
        each(name);
    }
    match tag {
        Value::String(name) => each(name),
        tag => for_each_text(tag, each),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::language::Language;
    use crate::server::http::language;
    use crate::server::limits::Limits;
    use crate::server::rest::openapi;
    use crate::server::sentences;
    use crate::words;
    use regex::Regex;
    use std::collections::BTreeSet;

    const TABLED: [Language; 1] = [Language::Russian];

    async fn texts_in(language: Language) -> Vec<String> {
        words::set_language_source(language::current);
        let mut description = language::with(language, async { openapi::document(&Limits::default()) }).await;
        texts(&mut description)
    }

    fn texts(description: &mut Value) -> Vec<String> {
        let mut texts = Vec::new();
        for_each_text(description, &mut |text| texts.push(unwrapped(text)));
        texts
    }

    /// What stands in backticks is code, and what stands in braces a setting.
    fn for_programs(text: &str) -> BTreeSet<&str> {
        let code = Regex::new(r"`[^`]*`|\{[a-z_]+\}").unwrap();
        code.find_iter(text).map(|found| found.as_str()).collect()
    }

    fn has_words(text: &str) -> bool {
        let words = for_programs(text).into_iter().fold(text.to_owned(), |text, code| text.replace(code, ""));
        words.chars().any(char::is_alphabetic) && words != "Vouch"
    }

    #[tokio::test]
    async fn every_text_is_translated() {
        let english = texts_in(Language::English).await;
        assert!(english.len() > 500);
        for language in TABLED {
            let translated = texts_in(language).await;
            assert_eq!(translated.len(), english.len());
            let texts = english.iter().zip(&translated);
            let left: BTreeSet<_> = texts.filter(|(before, now)| before == now && has_words(before)).collect();
            assert!(left.is_empty(), "{language:?}: {left:#?}");
        }
    }

    #[tokio::test]
    async fn every_translation_is_used_once_and_keeps_what_is_for_programs() {
        let english: BTreeSet<_> = texts_in(Language::English).await.into_iter().collect();
        for language in TABLED {
            let table = language::with(language, async { sentences::description_of_api() }).await;
            let unused: Vec<_> = table.iter().filter(|(text, _)| !english.contains(*text)).collect();
            assert!(unused.is_empty(), "{unused:#?}");
            for (text, translation) in table {
                assert_eq!(for_programs(text), for_programs(translation), "{text}");
            }
            assert_eq!(table.iter().map(|(text, _)| text).collect::<BTreeSet<_>>().len(), table.len());
        }
    }

    #[test]
    fn data_and_the_names_of_fields_are_left_alone() {
        let yaml = "{summary: One, name: One, example: {title: One}, properties: {title: {title: One, default: One}}, \
                    tags: [One, {name: One}]}";
        let mut description: Value = yaml_serde::from_str(yaml).unwrap();
        translate(&mut description, &[("One", "Two")]);
        let translated = "{summary: Two, name: One, example: {title: One}, properties: {title: {title: Two, default: One}}, \
                          tags: [Two, {name: Two}]}";
        assert_eq!(description, yaml_serde::from_str::<Value>(translated).unwrap());
    }

    #[test]
    fn a_line_break_within_a_paragraph_is_a_blank() {
        assert_eq!(unwrapped("One\ntwo.\n\nThree\nfour."), "One two.\n\nThree four.");
    }
}
