//! The form of source files: size, names, first line.

use nhi_tests::repository::{files, text};

const CEILING: usize = 600;
const NAMELESS: [&str; 5] = ["utils", "common", "helpers", "misc", "mod"];

/// Generated code says so in its first lines, or lies in a folder of that name.
fn generated(path: &str, text: &str) -> bool {
    path.contains("/generated/") || text.lines().take(3).any(|line| line.contains("@generated"))
}

fn sources() -> Vec<(String, String)> {
    let named = files("")
        .unwrap()
        .into_iter()
        .filter(|path| path.rsplit_once('.').is_some_and(|(_, extension)| extension == "rs"));
    named.map(|path| (path.clone(), text(&path).unwrap().expect("sources are text"))).collect()
}

/// Collects what `judge` says about each hand-written source, and fails with all of it.
fn check(judge: impl Fn(&str, &str) -> Option<String>) {
    let sources = sources();
    assert!(sources.len() > 20, "the sources were not found");
    let written = sources.iter().filter(|(path, text)| !generated(path, text));
    let wrong: Vec<String> = written.filter_map(|(path, text)| judge(path, text)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_is_over_the_ceiling() {
    check(|path, text| {
        let lines = text.lines().count();
        (lines > CEILING).then(|| format!("`{path}` has {lines} lines; {CEILING} is the ceiling: split it"))
    });
}

#[test]
fn every_file_says_first_what_it_is_for() {
    check(|path, text| {
        (!text.starts_with("//! ")).then(|| format!("`{path}` does not open with a `//!` line"))
    });
}

#[test]
fn no_file_or_folder_is_called_nothing_in_particular() {
    let nameless = |part: &str| NAMELESS.contains(&part.split('.').next().unwrap_or(part));
    let wrong: Vec<String> = files("")
        .unwrap()
        .into_iter()
        .filter(|path| !path.starts_with("tests/cases/") && path.split('/').any(nameless))
        .collect();
    assert!(wrong.is_empty(), "name these after what they hold: {wrong:?}");
}
