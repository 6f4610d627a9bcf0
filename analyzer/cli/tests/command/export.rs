//! What `nhi register export` writes, read back by a reader of Parquet and by one of JSON.

use std::fs::File;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use serde_json::Value;

use crate::process::run;
use crate::registers::in_use;

/// An export in both forms.
struct Exported {
    rows: Vec<Row>,
    /// The metadata of the file.
    about: Vec<(String, String)>,
    lines: Vec<Value>,
    /// The head of the chain it was made of.
    head: String,
}

fn exported(what: &str) -> Exported {
    let folder = tempfile::tempdir().unwrap();
    let head = in_use(folder.path());
    let url = format!("sqlite:{}/nhi.db", folder.path().display());
    let file = folder.path().join("export.parquet").to_str().unwrap().to_owned();
    // What an earlier export left is replaced.
    std::fs::write(&file, "old").unwrap();
    let export = ["register", "export", "--register", &url, "--what", what];
    let ran = run(&[&export[..], &["--format", "parquet", "-o", &file]].concat(), b"");
    assert_eq!((ran.exit, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    let reader = SerializedFileReader::new(File::open(&file).unwrap()).unwrap();
    let about = reader.metadata().file_metadata().key_value_metadata().unwrap();
    let about = about.iter().map(|pair| (pair.key.clone(), pair.value.clone().unwrap())).collect();
    let rows = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    let lines = run(&export, b"");
    assert_eq!(lines.exit, 0, "{}", lines.stderr);
    let lines = lines.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    Exported { rows, about, lines, head }
}

fn field(row: &Row, column: &str) -> Field {
    row.get_column_iter().find(|(name, _)| *name == column).unwrap().1.clone()
}

fn text(row: &Row, column: &str) -> Option<String> {
    match field(row, column) {
        Field::Str(text) => Some(text),
        Field::Bytes(bytes) => Some(bytes.as_utf8().unwrap().to_owned()),
        Field::Null => None,
        other => panic!("{column} holds {other:?}"),
    }
}

#[test]
fn the_audit_chain_comes_back_whole() {
    let Exported { rows, about, lines, head } = exported("audit");
    assert!(about.contains(&("nhi.schema".to_owned(), "audit 1".to_owned())));
    assert!(about.contains(&("nhi.head.hash".to_owned(), head.clone())));
    assert_eq!(rows.len(), lines.len());
    for (row, line) in rows.iter().zip(&lines) {
        assert_eq!(field(row, "seq"), Field::Long(line["seq"].as_i64().unwrap()));
        for column in ["actor", "source", "workspace", "object", "name", "action", "previous", "hash"] {
            assert_eq!(text(row, column).as_deref(), line[column].as_str(), "{column}");
        }
        assert_eq!(text(row, "at_text").as_deref(), line["at"].as_str());
        let at: jiff::Timestamp = line["at"].as_str().unwrap().parse().unwrap();
        assert_eq!(field(row, "at"), Field::TimestampMicros(at.as_microsecond()));
        for column in ["before", "after"] {
            let body = text(row, column).map(|body| serde_json::from_str(&body).unwrap());
            assert_eq!(body.unwrap_or(Value::Null), line[column], "{column}");
        }
    }
    assert_eq!(text(rows.last().unwrap(), "hash"), Some(head));
}

#[test]
fn declarations_have_typed_columns() {
    let Exported { rows, about, lines, .. } = exported("declarations");
    assert!(about.contains(&("nhi.schema".to_owned(), "declarations 1".to_owned())));
    let told: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {}", text(row, "kind").unwrap(), text(row, "name").unwrap()))
        .collect();
    assert_eq!(told, ["exception migration", "identity app", "identity batch", "owner team-data"]);
    assert_eq!(lines.len(), rows.len());
    let [exception, app, batch, owner] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!(field(app, "tier"), Field::Int(1));
    assert_eq!(field(batch, "tier"), Field::Int(2));
    assert_eq!(field(owner, "tier"), Field::Null);
    assert_eq!(text(app, "owner").as_deref(), Some("team-data"));
    assert_eq!(text(exception, "identity").as_deref(), Some("app"));
    let ends: jiff::Timestamp = "2026-12-31T00:00:00Z".parse().unwrap();
    assert_eq!(field(exception, "ends"), Field::TimestampMicros(ends.as_microsecond()));
    assert_eq!(field(app, "version"), Field::Long(6));
    let body: Value = serde_json::from_str(&text(app, "body").unwrap()).unwrap();
    assert_eq!(body, lines[1]["body"]);
}
