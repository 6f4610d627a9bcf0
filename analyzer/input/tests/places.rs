//! Folders of configurations, and where each origin in them is.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic here is the failure")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use nhi_analyzer_input::{Locator, MemorySources};
use nhi_analyzer_model::{Address, AttributePath, Mode, ModuleStep, Origin, Place, Step};

/// The rows of `expected.tsv`: address, path (`-` for none, `#2` for a statement), place, precision, calls and,
/// where a module was fetched, the place inside it. `note` rows: file and the beginning of the reason.
#[test]
fn every_origin_is_found() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/places");
    let mut count = 0;
    for case in fs::read_dir(&cases).unwrap() {
        let case = case.unwrap().path();
        if case.is_dir() {
            check(&case);
            count += 1;
        }
    }
    assert!(count >= 10, "only {count} cases");
}

fn check(case: &Path) {
    let sources = files(MemorySources::default(), case, "");
    let locator = Locator::new(&sources);
    let expected = fs::read_to_string(case.join("expected.tsv")).unwrap();
    let mut actual = String::new();
    let mut notes = Vec::new();
    for row in expected.lines() {
        let columns: Vec<&str> = row.split('\t').collect();
        if row.starts_with('#') {
            writeln!(actual, "{row}").unwrap();
        } else if columns[0] == "note" {
            notes.push((columns[1], columns[2]));
            writeln!(actual, "{row}").unwrap();
        } else {
            let (address, path) = (columns[0], columns[1]);
            let told = tell(&locator, address, path);
            writeln!(actual, "{address}\t{path}\t{told}").unwrap();
        }
    }
    assert_eq!(actual, expected, "in {}", case.display());
    let told = locator.notes();
    assert_eq!(told.len(), notes.len(), "{told:#?}");
    for (note, (file, reason)) in told.iter().zip(notes) {
        assert_eq!(note.file, file);
        assert!(note.reason.starts_with(reason), "{} does not start with {reason}", note.reason);
    }
}

fn tell(locator: &Locator<'_>, address: &str, path: &str) -> String {
    let (path, statement) = match path.split_once('#') {
        Some((path, index)) => (path, Some(index.parse::<usize>().unwrap())),
        None => (path, None),
    };
    let origin = origin(address, path);
    let place = match statement {
        Some(index) => locator.locate_statement(&origin, index),
        None => locator.locate(&origin),
    };
    let Some(place) = place else { return "none".to_owned() };
    let mut told = format!("{}\t{}", span(&place), format!("{:?}", place.precision).to_lowercase());
    let calls: Vec<String> = place.calls.iter().map(span).collect();
    let inside = locator.inside(&origin);
    if !calls.is_empty() || inside.is_some() {
        write!(told, "\t{}", calls.join(" ")).unwrap();
    }
    if let Some(inside) = inside {
        write!(told, "\t{}", span(&inside)).unwrap();
    }
    told
}

fn span(place: &Place) -> String {
    let Place { file, line, column, end_line, end_column, .. } = place;
    format!("{file}:{line}:{column}-{end_line}:{end_column}")
}

fn origin(address: &str, path: &str) -> Origin {
    let mut names = address.split('.').peekable();
    let mut modules = Vec::new();
    while names.peek() == Some(&"module") {
        names.next();
        modules.push(ModuleStep { name: names.next().unwrap().to_owned(), key: None });
    }
    let mode = match names.peek() {
        Some(&"data") => Mode::Data,
        _ => Mode::Managed,
    };
    if mode == Mode::Data {
        names.next();
    }
    let (kind, name) = (names.next().unwrap().to_owned(), names.next().unwrap().to_owned());
    let step = |step: &str| match step.parse() {
        Ok(index) => Step::Index(index),
        Err(_) => Step::Name(step.to_owned()),
    };
    let attribute = if path == "-" { Vec::new() } else { path.split('.').map(step).collect() };
    let address = Address { modules, mode, kind, name, key: None };
    Origin { address, attribute: AttributePath(attribute) }
}

fn files(mut sources: MemorySources, folder: &Path, under: &str) -> MemorySources {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        // Folders with the real name are never committed.
        let name = format!("{under}{}", if name == "_terraform" { ".terraform" } else { name });
        if path.is_dir() {
            sources = files(sources, &path, &format!("{name}/"));
        } else {
            sources = sources.with(&name, fs::read(&path).unwrap());
        }
    }
    sources
}
