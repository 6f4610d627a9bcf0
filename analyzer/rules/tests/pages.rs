//! Every rule has its file, its page and its place in the list; every page has its sections.

use std::collections::BTreeSet;
use std::path::Path;

use nhi_analyzer_rules::RULES;

#[test]
fn files_pages_and_the_list_agree() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let pages: BTreeSet<String> = std::fs::read_dir(&source)
        .unwrap()
        .filter_map(|entry| {
            entry.unwrap().file_name().into_string().ok()?.strip_suffix(".md").map(String::from)
        })
        .collect();
    let listed: BTreeSet<String> = RULES.iter().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(listed.len(), RULES.len(), "an id stands twice in the list");
    assert_eq!(pages, listed);
    for id in &listed {
        assert!(source.join(id.replace('-', "_")).with_extension("rs").is_file(), "`{id}` has no file");
    }
}

#[test]
fn the_ids_are_those_that_stand_in_exceptions() {
    let ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    let lasting = [
        "privilege-expansion",
        "trust-widened",
        "resource-access-widened",
        "static-credential",
        "unowned-principal",
        "exception-without-end",
        "exception-expired",
        "unfederated-tier",
        "undeclared-crossing",
        "undecided-policy",
        "drift-widened",
        "frozen-expansion",
    ];
    assert_eq!(ids, lasting);
}

#[test]
fn every_page_has_its_sections() {
    for rule in RULES {
        let headings: Vec<&str> = rule.page.lines().filter(|line| line.starts_with('#')).collect();
        let (title, sections) = headings.split_first().unwrap();
        assert_eq!(*title, format!("# {}", rule.title()));
        assert_eq!(
            sections,
            ["## Why it matters", "## Example", "## Use instead", "## References"],
            "{}",
            rule.id
        );
        assert!(rule.summary().ends_with('.'), "{}: {}", rule.id, rule.summary());
    }
}
