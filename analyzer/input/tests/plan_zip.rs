//! Configuration out of a binary plan: one that Terraform 1.11 wrote for `plan-zip/live/prod` (`terraform init`,
//! `terraform plan -out=plan.bin`), and zips that nobody should have written.
#![expect(clippy::unwrap_used, reason = "a panic here is the failure")]

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;

use nhi_analyzer_input::{Locator, MemorySources, PlanZip, PlanZipError, Sources};
use nhi_analyzer_model::{Address, AttributePath, Key, Mode, ModuleStep, Origin, Precision, Step};
use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const LIST: &str = r#"[{"Key":"","Dir":"."},{"Key":"a","Source":"./a","Dir":"a"}]"#;

fn plan() -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plan-zip/plan.bin")).unwrap()
}

fn origin(modules: &[(&str, Option<Key>)], name: &str, path: &[&str]) -> Origin {
    let modules = modules.iter().map(|(name, key)| ModuleStep { name: (*name).to_owned(), key: key.clone() });
    let steps = path.iter().map(|name| Step::Name((*name).to_owned()));
    let address = Address {
        modules: modules.collect(),
        mode: Mode::Managed,
        kind: "terraform_data".to_owned(),
        name: name.to_owned(),
        key: None,
    };
    Origin { address, attribute: AttributePath(steps.collect()) }
}

#[test]
fn a_real_plan_knows_its_places() {
    let sources = PlanZip::open(plan()).unwrap();
    let locator = Locator::new(&sources);
    let check = |origin: &Origin, file: &str, span: (usize, usize, usize, usize), calls: &[(&str, usize)]| {
        let place = locator.locate(origin).unwrap();
        assert_eq!(place.file, file);
        assert_eq!((place.line, place.column, place.end_line, place.end_column), span);
        let told: Vec<(&str, usize)> =
            place.calls.iter().map(|call| (call.file.as_str(), call.line)).collect();
        assert_eq!(told, calls);
        place
    };
    let root = check(&origin(&[], "root", &["input", "owner"]), "late_override.tf", (3, 5, 3, 23), &[]);
    assert_eq!(
        (root.precision, root.excerpt.as_deref()),
        (Precision::Exact, Some("    owner = \"security\""))
    );
    let key = Some(Key::Text("a.b".to_owned()));
    let team = origin(&[("team", key.clone())], "team", &["input"]);
    check(&team, "../../modules/team/main.tf", (10, 3, 10, 19), &[("main.tf", 1)]);
    let deep = origin(&[("team", key), ("inner", None)], "deep", &["input"]);
    let calls = [("main.tf", 1), ("../../modules/team/main.tf", 5)];
    check(&deep, "../../modules/team/inner/main.tf", (2, 3, 2, 17), &calls);
    let again = origin(&[("again", None), ("inner", None)], "deep", &[]);
    let calls = [("main.tf", 7), ("../../modules/team/main.tf", 5)];
    let block = check(&again, "../../modules/team/inner/main.tf", (1, 1, 1, 33), &calls);
    assert_eq!(block.precision, Precision::Block);
    assert_eq!(locator.notes(), []);
}

#[test]
fn the_plan_and_its_directory_agree() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plan-zip");
    let mut directory = MemorySources::default();
    for file in
        ["main.tf", "late_override.tf", "../../modules/team/main.tf", "../../modules/team/inner/main.tf"]
    {
        directory = directory.with(file, fs::read(folder.join("live/prod").join(file)).unwrap());
    }
    let zip = PlanZip::open(plan()).unwrap();
    let (zip, directory) = (Locator::new(&zip), Locator::new(&directory));
    for path in
        [vec![], vec!["team"], vec!["again"], vec!["team", "inner"], vec!["gone"], vec!["team", "gone"]]
    {
        let modules: Vec<_> = path.into_iter().map(|name| (name, None)).collect();
        for name in ["root", "team", "deep", "gone"] {
            for attribute in [&[][..], &["input"], &["input", "owner"]] {
                let origin = origin(&modules, name, attribute);
                assert_eq!(zip.locate(&origin), directory.locate(&origin), "{origin:?}");
            }
        }
    }
}

fn written(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn hostile_zips_are_refused() {
    let check = |bytes: Vec<u8>, expected: fn(&PlanZipError) -> bool| {
        let error = PlanZip::open(bytes).unwrap_err();
        assert!(expected(&error), "{error:?}");
    };
    let list = ("tfconfig/modules.json", LIST.as_bytes());
    check(Vec::new(), |error| matches!(error, PlanZipError::NotAZip(_)));
    check(b"PK\x03\x04 and then nothing of the kind".to_vec(), |error| {
        matches!(error, PlanZipError::NotAZip(_))
    });
    check(written(&[("tfplan", b"x")]), |error| matches!(error, PlanZipError::NoConfiguration));
    for name in ["../x", "tfconfig/m-/../../x", "/etc/x", "tfconfig/m-/a\\b.tf", "tfconfig/m-/a/b.tf"] {
        check(written(&[list, (name, b"x")]), |error| matches!(error, PlanZipError::UnsafeName(_)));
    }
    check(written(&[list, ("tfconfig/m-b/main.tf", b"")]), |error| {
        *error == PlanZipError::UnlistedModule("b".to_owned())
    });
    for text in ["", "{}", "[{}]", "[1", r#"[{"Key":1,"Dir":"."}]"#] {
        let zip = written(&[("tfconfig/modules.json", text.as_bytes())]);
        check(zip, |error| matches!(error, PlanZipError::Modules(_)));
    }
    let spaces = vec![b' '; 20 << 20];
    check(written(&[("tfconfig/modules.json", &spaces)]), |error| {
        *error == PlanZipError::Modules("larger than 16777216 bytes".to_owned())
    });
}

#[test]
fn a_bomb_costs_its_own_places_only() {
    let bomb = vec![b'#'; 64 << 20];
    let zip = written(&[
        ("tfconfig/modules.json", LIST.as_bytes()),
        ("tfconfig/m-/bomb.tf", &bomb),
        ("tfconfig/m-/main.tf", b"resource \"terraform_data\" \"x\" {\n}\n"),
    ]);
    let sources = PlanZip::open(zip).unwrap();
    let locator = Locator::new(&sources);
    assert_eq!(locator.locate(&origin(&[], "x", &["input"])).unwrap().file, "main.tf");
    let notes: Vec<(String, String)> =
        locator.notes().into_iter().map(|note| (note.file, note.reason)).collect();
    assert_eq!(notes, [("bomb.tf".to_owned(), "skipped: larger than 4 MiB".to_owned())]);
    assert_eq!(sources.list("a"), Ok(Vec::new()));
}

#[test]
fn a_zip_is_told_from_json() {
    assert!(PlanZip::is_zip(&plan()));
    assert!(!PlanZip::is_zip(b"{\"format_version\":\"1.2\"}"));
    assert!(!PlanZip::is_zip(b"PK"));
}

proptest! {
    #[test]
    fn damaged_plans_never_panic(damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), cut in any::<prop::sample::Index>()) {
        let mut bytes = plan();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
        }
        let cut = cut.index(bytes.len() * 4);
        bytes.truncate(cut.max(1));
        if let Ok(sources) = PlanZip::open(bytes) {
            let locator = Locator::new(&sources);
            for name in ["root", "team", "deep"] {
                locator.locate(&origin(&[("team", None)], name, &["input"]));
                locator.locate(&origin(&[], name, &["input", "owner"]));
            }
            locator.notes();
        }
    }

    #[test]
    fn garbage_is_never_a_plan(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(PlanZip::open(bytes).is_err());
    }
}
