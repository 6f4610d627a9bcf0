//! How a locator goes about it: what it reads, what it shows, what it says of moves.

use std::cell::RefCell;

use nhi_analyzer_input::{Locator, MemorySources, SourceError, Sources};
use nhi_analyzer_model::{Address, AttributePath, Key, Mode, ModuleStep, Origin, Place, Precision, Step};

/// Remembers what was asked for.
struct Watched {
    files: MemorySources,
    asked: RefCell<Vec<String>>,
}

impl Sources for Watched {
    fn list(&self, directory: &str) -> Result<Vec<String>, SourceError> {
        self.asked.borrow_mut().push(format!("list {directory}"));
        self.files.list(directory)
    }

    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError> {
        self.asked.borrow_mut().push(format!("read {path}"));
        self.files.read(path, limit)
    }
}

fn address(modules: &[&str], name: &str) -> Address {
    let step = |name: &&str| ModuleStep { name: (*name).to_owned(), key: Some(Key::Int(3)) };
    Address {
        modules: modules.iter().map(step).collect(),
        mode: Mode::Managed,
        kind: "aws_iam_access_key".to_owned(),
        name: name.to_owned(),
        key: Some(Key::Text("a.b[\"c\"]".to_owned())),
    }
}

fn origin(modules: &[&str], name: &str, path: &[&str]) -> Origin {
    let steps = path.iter().map(|name| Step::Name((*name).to_owned()));
    Origin { address: address(modules, name), attribute: AttributePath(steps.collect()) }
}

#[test]
fn reads_what_is_asked_for_and_once() {
    let files = MemorySources::default()
        .with("main.tf", "module \"a\" {\n  source = \"./a\"\n}\nmodule \"b\" {\n  source = \"./b\"\n}\n")
        .with("notes.md", "# no configuration")
        .with("a/a.tf", "resource \"aws_iam_access_key\" \"k\" {\n  user = \"u\"\n}\n")
        .with("b/b.tf", "");
    let sources = Watched { files, asked: RefCell::default() };
    let locator = Locator::new(&sources);
    assert!(sources.asked.borrow().is_empty());
    for _ in 0..3 {
        assert_eq!(locator.locate(&origin(&["a"], "k", &["user"])).unwrap().file, "a/a.tf");
        assert_eq!(locator.locate(&origin(&[], "gone", &[])), None);
    }
    let read = ["list ", "read main.tf", "read .terraform/modules/modules.json", "list a", "read a/a.tf"];
    assert_eq!(*sources.asked.borrow(), read);
}

#[test]
fn an_excerpt_is_the_line_without_secrets() {
    let text = "\u{feff}resource \"aws_iam_access_key\" \"k\" {\r\n\tsecret = \"hunter2\"\r\n\tpath   = \"/é/\" # why\r\n}\r\n";
    let sources = MemorySources::default().with("main.tf", text);
    let locator = Locator::new(&sources);
    let check = |path: &[&str], line: usize, columns: (usize, usize), excerpt: &str| {
        let place = locator.locate(&origin(&[], "k", path)).unwrap();
        assert_eq!((place.line, (place.column, place.end_column)), (line, columns));
        assert_eq!(place.excerpt.as_deref(), Some(excerpt));
    };
    check(&[], 1, (1, 34), "resource \"aws_iam_access_key\" \"k\" {");
    check(&["secret"], 2, (2, 20), "\tsecret = \"…\"");
    check(&["path"], 3, (2, 16), "\tpath   = \"/é/\" # why");
}

#[test]
fn a_move_has_a_place_of_its_own() {
    let sources = MemorySources::default()
        .with("main.tf", "module \"new\" {\n  source = \"./m\"\n}\n\nmoved {\n  from = module.old\n  to   = module.new\n}\n")
        .with("m/main.tf", "moved {\n  from = aws_iam_access_key.k[0]\n  to   = aws_iam_access_key.l\n}\nresource \"aws_iam_access_key\" \"l\" {\n}\n");
    let locator = Locator::new(&sources);
    let told =
        |place: Option<Place>| place.map(|place| (place.file, place.line, place.end_line, place.precision));
    let main = |line, end| Some(("main.tf".to_owned(), line, end, Precision::Block));
    assert_eq!(told(locator.locate_move(&address(&["old"], "k"))), main(5, 8));
    let inner = Some(("m/main.tf".to_owned(), 1, 4, Precision::Block));
    assert_eq!(told(locator.locate_move(&address(&["new"], "k"))), inner);
    assert_eq!(told(locator.locate_move(&address(&["new"], "l"))), None);
    let now = locator.locate(&origin(&["new"], "l", &[])).unwrap();
    assert_eq!((now.file.as_str(), now.line), ("m/main.tf", 5));
}

#[test]
fn unreadable_folders_are_notes() {
    struct Locked;
    impl Sources for Locked {
        fn list(&self, _: &str) -> Result<Vec<String>, SourceError> {
            Err(SourceError::Unreadable("permission denied".to_owned()))
        }
        fn read(&self, _: &str, _: usize) -> Result<Vec<u8>, SourceError> {
            Err(SourceError::Missing)
        }
    }
    let locator = Locator::new(&Locked);
    assert_eq!(locator.locate(&origin(&["a"], "k", &[])), None);
    let notes: Vec<(String, String)> =
        locator.notes().into_iter().map(|note| (note.file, note.reason)).collect();
    assert_eq!(notes, [(".".to_owned(), "permission denied".to_owned())]);
}
