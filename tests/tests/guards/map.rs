//! A map that names places which are gone is worse than none.

use nhi_tests::repository::{root, text};

/// Pages whose paths are checked.
const PAGES: [&str; 3] = ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"];

/// Extensions that make a word in backticks a path even without a slash.
const EXTENSIONS: [&str; 4] = ["md", "toml", "json", "proto"];

/// Paths that exist only for whoever reads the page, never in the checkout.
const READERS_OWN: [&str; 3] = ["plan.json", "nhi.hcl", "nhi/nhi"];

fn is_path(word: &str) -> bool {
    let plain = word.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-/".contains(letter));
    let named = word.rsplit_once('.').is_some_and(|(_, extension)| EXTENSIONS.contains(&extension));
    plain && (named || (word.contains('/') && !word.contains("//") && !word.starts_with('/')))
}

fn paths(page: &str) -> impl Iterator<Item = &str> {
    page.split('`').skip(1).step_by(2).filter(|word| is_path(word) && !READERS_OWN.contains(word))
}

#[test]
fn every_path_named_on_a_page_exists() {
    let mut gone = Vec::new();
    for name in PAGES {
        let page = text(name).unwrap().expect("pages are text");
        let missing = paths(&page).filter(|path| !root().join(path).exists());
        gone.extend(missing.map(|path| format!("{name} names `{path}`, which does not exist")));
    }
    assert!(gone.is_empty(), "{}", gone.join("\n"));
}

#[test]
fn words_in_backticks_that_look_like_paths_are_found() {
    let page = "See `access/src/words.rs`, `deny.toml`, `cargo test`, `RULES` and `no/where`.";
    assert_eq!(paths(page).collect::<Vec<_>>(), ["access/src/words.rs", "deny.toml", "no/where"]);
}
