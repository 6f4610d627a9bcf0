//! Every folder under `registers` is a row of calls of `nhi register`: each line of `commands` holds an exit code and the
//! arguments, `spoil.sql`, where there is one, what somebody did to the file before, `expected.txt` all answers (written
//! anew by `NHI_UPDATE=1 cargo test -p nhi`). `{db}` stands for a register that has been in use, `{dir}` for its folder,
//! `{head}` for the head of its chain before anything was spoiled.

use std::fs;
use std::path::{Path, PathBuf};

use nhi_identity::{Field, IdentityDraft};
use nhi_register::{Actor, Clock, Location, Register, Session};

use crate::process::run;
use crate::register::asked as register;

/// What happened in the register after it was made: the names of an actor and a workspace, and a day.
fn session(actor: &str, workspace: &str, now: &'static str) -> Session {
    Session {
        organisation: "default".to_owned(),
        workspace: workspace.to_owned(),
        actor: Actor { name: actor.to_owned(), source: "GITHUB_ACTOR".to_owned() },
        clock: Clock::new(move || now.parse().unwrap()),
    }
}

/// A register in which two people made, changed and removed things. Answers the head of its chain.
pub(crate) fn in_use(folder: &Path) -> String {
    let url = register(folder);
    let open = |session| Register::open(&Location::parse(&url).unwrap(), session).unwrap();
    let draft = |name: &str, tier: i64| IdentityDraft {
        name: name.into(),
        kind: "microservice".into(),
        owner: "team-data".into(),
        tier: Field::Is(Ok(tier)),
        platform: "aws".into(),
        principal: name.into(),
        ..IdentityDraft::default()
    };
    let elsewhere = open(session("octocat", "elsewhere", "2026-11-02T08:00:00Z"));
    elsewhere.update(&draft("app", 1).declare().unwrap(), None).unwrap();
    elsewhere.delete::<nhi_identity::Identity>("worker", None).unwrap();
    let here = open(session("mallory\u{1b}[31m", "here", "2026-11-03T09:30:00Z"));
    here.create(&draft("batch", 2).declare().unwrap()).unwrap();
    here.head().unwrap().hash
}

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/registers");
    let mut cases: Vec<PathBuf> = fs::read_dir(&root).unwrap().map(|case| case.unwrap().path()).collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

/// The answer without what differs from run to run: where the folder lies, ids, hashes, sizes, modes.
fn constant(text: &str, folder: &Path) -> String {
    let text = text.replace(folder.to_str().unwrap(), "");
    let words: Vec<&str> = text.split(' ').collect();
    let number = |word: &str| word.chars().all(|c| c.is_ascii_digit());
    let told = words.iter().enumerate().map(|(at, word)| {
        let counts = words.get(at + 1).is_some_and(|next| next.starts_with("bytes"));
        match at.checked_sub(1).and_then(|before| words.get(before)) {
            _ if counts && number(word) && *word != "0" => "N".to_owned(),
            Some(&"mode") => format!("M{}", word.trim_start_matches(|c: char| c.is_ascii_digit())),
            _ => (*word).to_owned(),
        }
    });
    let text = told.collect::<Vec<_>>().join(" ");
    let is_hex = |c: char| c.is_ascii_hexdigit() || c == '-';
    let mut told = String::new();
    let mut word = String::new();
    for c in text.chars().chain(['\0']) {
        if is_hex(c) {
            word.push(c);
            continue;
        }
        match (word.len(), word.contains('-')) {
            (64, false) => told.push_str("HASH"),
            (36, true) => told.push_str("ID"),
            _ => told.push_str(&word),
        }
        word.clear();
        if c != '\0' {
            told.push(c);
        }
    }
    told
}

#[test]
fn every_call_answers_as_recorded() {
    let update = std::env::var_os("NHI_UPDATE").is_some();
    let mut wrong = Vec::new();
    for case in cases() {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let folder = tempfile::tempdir().unwrap();
        let head = in_use(folder.path());
        if let Ok(sql) = fs::read_to_string(case.join("spoil.sql")) {
            let file = rusqlite::Connection::open(folder.path().join("nhi.db")).unwrap();
            file.execute_batch(&sql).unwrap();
        }
        let url = format!("sqlite:{}/nhi.db", folder.path().display());
        let mut told = String::new();
        for line in fs::read_to_string(case.join("commands")).unwrap().lines() {
            let (exit, arguments) = line.split_once(' ').unwrap();
            let filled = |text: &str| {
                let text = text.replace("{db}", &url).replace("{head}", &head);
                text.replace("{dir}", folder.path().to_str().unwrap())
            };
            let arguments: Vec<String> =
                ["register"].into_iter().chain(arguments.split(' ')).map(filled).collect();
            let ran = run(&arguments, b"");
            if ran.exit.to_string() != exit {
                wrong.push(format!("{name}, {line}: exit {}\n{}{}", ran.exit, ran.stdout, ran.stderr));
            }
            let answer = format!("{}{}", ran.stdout, ran.stderr);
            told = format!("{told}$ nhi register {line}\n{}\n", constant(&answer, folder.path()));
        }
        let golden = case.join("expected.txt");
        if update {
            fs::write(&golden, &told).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != told {
            wrong.push(format!("{name}:\n{told}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_backup_leaves_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    in_use(folder.path());
    let url = format!("sqlite:{}/nhi.db", folder.path().display());
    let backups = folder.path().join("backups");
    fs::create_dir(&backups).unwrap();
    for (name, form) in [("a.db", "sqlite"), ("b.jsonl", "jsonl")] {
        let file = backups.join(name).to_str().unwrap().to_owned();
        let ran = run(&["register", "backup", "--register", &url, "--format", form, &file], b"");
        assert_eq!(ran.exit, 0, "{}", ran.stderr);
    }
    let mut names: Vec<String> = fs::read_dir(&backups)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["a.db", "b.jsonl"]);
    // A line of the backup that was changed is told by its place.
    let text = fs::read_to_string(backups.join("b.jsonl")).unwrap();
    fs::write(backups.join("b.jsonl"), text.replacen("\"confirmed\":1", "\"confirmed\":0", 1)).unwrap();
    let file = backups.join("b.jsonl").to_str().unwrap().to_owned();
    let target = format!("sqlite:{}/new.db?mode=create", folder.path().display());
    let ran = run(&["register", "restore", &file, "--register", &target], b"");
    assert_eq!(ran.exit, 3, "{}", ran.stdout);
    assert!(ran.stderr.contains("its hash or its counts differ"), "{}", ran.stderr);
}
