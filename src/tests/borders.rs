//! The borders of the house (docs/ARCHITECTURE.md): an import goes down or stays on its floor, and no files import each other in
//! a circle.

use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{read_dir, read_to_string};
use std::path::Path;

/// The floors, from the top down, as modules of the crate. A module belongs to the longest name that it begins with.
const FLOORS: [&[&str]; 23] = [
    &["main"],
    &["server", "lib"],
    &["server::commands"],
    &["server::web"],
    &["server::documents"],
    &["app"],
    &["pages"],
    &["components"],
    &[
        "api",
        "server::rest",
        "server::forms",
        "server::reports",
        "server::account",
        "server::brand",
        "server::live",
        "server::pages",
        "server::share",
    ],
    &["server::http"],
    &["server::present", "server::start"],
    &["server::jobs"],
    &["server::domain"],
    &["server::sms", "server::storage", "server::webhooks"],
    &["server::data"],
    &["server::settings"],
    &["server::limits"],
    &["server::images", "server::secrets", "server::spreadsheet"],
    &["server::clock", "server::metrics"],
    &["server::sentences"],
    &["words"],
    &["model"],
    &["error", "route"],
];

#[test]
fn every_import_goes_down_or_stays_on_its_floor() {
    for (from, to) in arrows() {
        assert!(floor(&from) <= floor(&to), "{from} imports {to}, which is above it");
    }
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut arrows = arrows();
    loop {
        let before = arrows.len();
        let (importers, imported): (BTreeSet<_>, BTreeSet<_>) = arrows.iter().cloned().unzip();
        arrows.retain(|(from, to)| imported.contains(from) && importers.contains(to));
        if arrows.len() == before {
            break;
        }
    }
    assert!(arrows.is_empty(), "these imports make a circle, or lie between two: {arrows:#?}");
}

fn floor(module: &str) -> usize {
    let belongs = |name: &str| module == name || module.starts_with(&format!("{name}::"));
    let floors = FLOORS.iter().enumerate();
    let names = floors.flat_map(|(floor, names)| names.iter().map(move |name| (name.len(), floor, *name)));
    names.filter(|(.., name)| belongs(name)).max().unwrap_or_else(|| panic!("{module} is on no floor")).1
}

/// Which file imports which, by their modules.
fn arrows() -> BTreeSet<(String, String)> {
    let mut files = BTreeMap::new();
    read(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").as_path(), "", &mut files);
    let lines = Regex::new(r"(?m)^\s*(pub )?use ([^;]+);").unwrap();
    let paths = Regex::new(r"\bcrate(::\w+)+").unwrap();
    let mut arrows = BTreeSet::new();
    for (module, text) in &files {
        let is_face =
            |is_public: bool| is_public && files.keys().any(|child| child.starts_with(&format!("{module}::")));
        let used = lines.captures_iter(text).filter(|line| !is_face(line.get(1).is_some()));
        let mut imports: Vec<String> = used.flat_map(|line| leaves(&line[2])).collect();
        imports.extend(paths.find_iter(&lines.replace_all(text, "")).map(|path| path.as_str().to_owned()));
        let targets = imports.iter().filter_map(|import| target(&files, module, import));
        arrows.extend(targets.filter(|target| target != module).map(|target| (module.clone(), target)));
    }
    assert!(arrows.len() > 400, "the imports were not found");
    arrows
}

/// Reads the files below a folder, without their comments and tests.
fn read(folder: &Path, module: &str, files: &mut BTreeMap<String, String>) {
    let tests = Regex::new(r"(?s)#\[cfg\(test\)\]\s*(pub )?mod \w+ \{.*").unwrap();
    let comments = Regex::new(r"//.*").unwrap();
    for entry in read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let name = if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") };
        if path.is_dir() {
            read(&path, &name, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !name.contains("contract") {
            let text = tests.replace(&read_to_string(&path).unwrap(), "").into_owned();
            files.insert(name.trim_end_matches("::mod").to_owned(), comments.replace_all(&text, "").into_owned());
        }
    }
    files.retain(|module, _| module != "tests" && !module.starts_with("tests::"));
}

/// The paths of a `use`: `a::{b, c::d}` are `a::b` and `a::c::d`.
fn leaves(used: &str) -> Vec<String> {
    let Some((head, tail)) = used.split_once('{') else { return vec![used.trim().to_owned()] };
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for symbol in tail.rsplit_once('}').unwrap().0.chars() {
        depth += i32::from(symbol == '{') - i32::from(symbol == '}');
        if symbol == ',' && depth == 0 { parts.push(String::new()) } else { parts.last_mut().unwrap().push(symbol) }
    }
    parts.iter().flat_map(|part| leaves(part)).map(|leaf| format!("{}{leaf}", head.trim())).collect()
}

/// The file behind a path: where the name is defined, also if a `mod.rs` hands it on. `None` for another crate.
fn target(files: &BTreeMap<String, String>, module: &str, import: &str) -> Option<String> {
    let mut names: Vec<&str> = import.trim_end_matches("::self").split("::").collect();
    let mut path: Vec<&str> = module.split("::").collect();
    match names[0] {
        "crate" | "vouch" => path.clear(),
        "super" => path.truncate(path.len() - names.iter().filter(|name| **name == "super").count()),
        _ if files.contains_key(&format!("{module}::{}", names[0])) => {}
        _ => return None,
    }
    names.retain(|name| !["crate", "vouch", "super"].contains(name));
    path.extend(names);
    let (file, rest) = (0..=path.len())
        .rev()
        .map(|end| (path[..end].join("::"), &path[end..]))
        .find(|(file, _)| files.contains_key(file))?;
    let Some(name) = rest.first() else { return Some(file) };
    let defines =
        Regex::new(&format!(r"\b(struct|enum|trait|fn|const|static|type) {}\b", regex::escape(name))).unwrap();
    let children = files
        .iter()
        .filter(|(child, _)| child.strip_prefix(&format!("{file}::")).is_some_and(|name| !name.contains("::")));
    let behind =
        children.filter(|(_, text)| !defines.is_match(&files[&file]) && defines.is_match(text)).map(|(child, _)| child);
    behind.map(String::clone).next().or(Some(file))
}
