//! Whatever people read on a page comes from `words`, so that it is there in every language.

use regex::Regex;
use std::fs::{read_dir, read_to_string};
use std::path::{Path, PathBuf};

/// Names, and values for programs, which are the same in every language.
const NAMES: [&str; 5] =
    ["Vouch", "width=device-width, initial-scale=1", "light dark", "noindex", "summary_large_image"];

/// The attributes that people see or hear.
const READ: [&str; 5] = ["aria-label", "alt", "title", "placeholder", "content"];

#[test]
fn pages_contain_no_text_that_is_not_from_words() {
    for file in
        ["src/pages", "src/components", "src/server/documents"].iter().flat_map(|folder| files(Path::new(folder)))
    {
        // It is for whoever changes the pages, and in one language.
        if file.ends_with("styleguide.rs") {
            continue;
        }
        let found = texts(&read_to_string(&file).unwrap());
        assert!(found.is_empty(), "{}: {found:?}", file.display());
    }
}

#[test]
fn a_text_in_a_page_is_found() {
    assert_eq!(texts(r#"view! { <p>"Hello there"</p> }"#), ["Hello there"]);
    assert_eq!(texts(r#"view! { <p>{words.copied} " and more" </p> }"#), [" and more"]);
    assert_eq!(texts(r#"view! { <img alt="A picture" /> }"#), ["A picture"]);
    assert_eq!(texts(r#"view! { <a class="brand" href="/x">"Vouch" " · " {name}</a> }"#), [""; 0]);
}

/// The literal texts of elements, and of the attributes that are read. A text stands behind a tag, a block or another text.
fn texts(source: &str) -> Vec<String> {
    let between = Regex::new(r#"[>}"]\s*"([^"]*)"\s*[<{"]"#).unwrap();
    let attribute = Regex::new(&format!(r#"\b(?:{})="([^"]*)""#, READ.join("|"))).unwrap();
    let found = between.captures_iter(source).chain(attribute.captures_iter(source)).map(|found| found[1].to_owned());
    found.filter(|text| text.chars().any(char::is_alphabetic) && !NAMES.contains(&text.trim())).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
