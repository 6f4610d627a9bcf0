//! Configuration that nobody meant: it costs places and notes, never a panic, a finding or the stack.
#![expect(clippy::unwrap_used, reason = "a panic here is the failure")]

use std::fs;
use std::path::Path;

use nhi_analyzer_input::{Locator, MemorySources};
use nhi_analyzer_model::{Address, AttributePath, Mode, ModuleStep, Origin, Place, Step};
use proptest::prelude::*;

fn fixture(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/places").join(name)).unwrap()
}

/// Origins that the fixtures have, with every kind of path.
fn origins() -> Vec<Origin> {
    let name = |name: &str| Step::Name(name.to_owned());
    let paths = [
        vec![],
        vec![name("policy")],
        vec![name("tags"), name("owner")],
        vec![name("statement"), Step::Index(1), name("actions")],
        vec![name("inline_policy"), Step::Index(0), name("policy")],
        vec![name("policy"), name("Statement"), Step::Index(0)],
        vec![Step::Index(3)],
    ];
    let resources = [
        (Mode::Managed, "aws_iam_role", "app"),
        (Mode::Managed, "aws_iam_policy", "heredoc"),
        (Mode::Managed, "aws_iam_policy", "by_local"),
        (Mode::Data, "aws_iam_policy_document", "doc"),
        (Mode::Data, "aws_iam_policy_document", "trust"),
    ];
    let mut origins = Vec::new();
    for modules in [&[][..], &["child"], &["svc", "shared"]] {
        for (mode, kind, resource) in resources {
            for path in &paths {
                let step = |name: &&str| ModuleStep { name: (*name).to_owned(), key: None };
                let address = Address {
                    modules: modules.iter().map(step).collect(),
                    mode,
                    kind: kind.to_owned(),
                    name: resource.to_owned(),
                    key: None,
                };
                origins.push(Origin { address, attribute: AttributePath(path.clone()) });
            }
        }
    }
    origins
}

fn ask_everything(sources: &MemorySources) {
    let locator = Locator::new(sources);
    for origin in origins() {
        let places = [
            locator.locate(&origin),
            locator.locate_statement(&origin, 0),
            locator.locate_statement(&origin, usize::MAX),
            locator.inside(&origin),
            locator.locate_move(&origin.address),
        ];
        places.into_iter().flatten().for_each(|place| check(&place));
    }
    locator.notes();
}

fn check(place: &Place) {
    let Place { line, column, end_line, end_column, .. } = place;
    assert!(*line >= 1 && *column >= 1, "{place:?}");
    assert!((line, column) <= (end_line, end_column), "{place:?}");
    assert!(place.excerpt.as_ref().is_none_or(|text| text.chars().count() <= 200), "{place:?}");
    place.calls.iter().for_each(check);
}

#[test]
fn depth_is_a_note() {
    let openings = [
        "[",
        "{",
        "(",
        "{a={",
        "a = [",
        "x {\n",
        "a = \"${",
        "a = !",
        "a = -",
        "a = x ? ",
        "a = 1 + ",
        "a = [for a in ",
        "a = \"%{ if ",
        "a = f(",
        "a = x[",
        "/*",
        "a = <<E\n${",
        "a.",
        "\"",
        "$${",
        "a = {\n b = ",
        "\\",
        "#\n",
        "a=1,",
    ];
    for opening in openings {
        for prefix in ["", "resource \"aws_iam_role\" \"app\" {\n policy = "] {
            let text = format!("{prefix}{}", opening.repeat(20_000));
            ask_everything(
                &MemorySources::default().with("main.tf", text.clone()).with("main.tf.json", text),
            );
        }
    }
}

#[test]
fn one_broken_file_leaves_the_others() {
    let sources = MemorySources::default()
        .with("a.tf", "resource \"aws_iam_role\" \"app\" {\n  policy = 1\n}\n")
        .with("b.tf", "[".repeat(100_000))
        .with("c.tf", vec![b'#'; 5 << 20])
        .with("d.tf", vec![0xff, 0xfe])
        .with("e.tf.json", "{".repeat(100_000));
    let locator = Locator::new(&sources);
    let origin = origins().remove(1);
    assert_eq!(locator.locate(&origin).map(|place| (place.file, place.line)), Some(("a.tf".to_owned(), 2)));
    let files: Vec<String> = locator.notes().into_iter().map(|note| note.file).collect();
    assert_eq!(files, ["b.tf", "c.tf", "d.tf", "e.tf.json"]);
}

#[test]
fn an_unreadable_list_of_modules_is_a_note() {
    let sources = MemorySources::default()
        .with("main.tf", "module \"child\" {\n  source = \"acme/x/y\"\n}\n")
        .with(".terraform/modules/modules.json", "{\"Modules\": 7}");
    let locator = Locator::new(&sources);
    let origin = origins().into_iter().find(|origin| !origin.address.modules.is_empty()).unwrap();
    let place = locator.locate(&origin).unwrap();
    assert_eq!((place.line, place.end_column), (1, 15));
    let notes = locator.notes();
    assert_eq!(notes.first().map(|note| note.file.as_str()), Some(".terraform/modules/modules.json"));
}

#[test]
fn a_module_that_calls_itself_ends() {
    let sources = MemorySources::default()
        .with("main.tf", "module \"child\" {\n  source = \"./\"\n}\nlocals {\n  a = local.b\n  b = merge(local.a, local.b)\n}\nresource \"aws_iam_role\" \"app\" {\n  tags = local.a\n}\n");
    ask_everything(&sources);
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "\\PC{0,200}") {
        let sources = MemorySources::default()
            .with("main.tf", bytes.clone())
            .with("x.tofu", text.clone())
            .with("main.tf.json", bytes.clone())
            .with("y.tf.json", text)
            .with(".terraform/modules/modules.json", bytes);
        ask_everything(&sources);
    }

    #[test]
    fn mutated_files_never_panic(edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..20, "[\\[\\]{}()\"$%=,.<\\-é\\n\\r\\t ]{0,6}"), 1..8), which in 0_usize..4) {
        let file = ["documents/main.tf", "ladder/main.tf", "json-syntax/main.tf.json", "gone/main.tf"].get(which).unwrap();
        let mut text: Vec<char> = fixture(file).chars().collect();
        for (at, length, insert) in edits {
            let start = at.index(text.len() + 1);
            let end = (start + length).min(text.len());
            text.splice(start..end, insert.chars());
        }
        let name = if which == 2 { "main.tf.json" } else { "main.tf" };
        let text: String = text.into_iter().collect();
        ask_everything(&MemorySources::default().with(name, text.clone()).with("child/main.tf", text));
    }
}
