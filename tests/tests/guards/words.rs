//! Words that may not stand in any file: hosts of package registries, and paths of somebody's machine.

use nhi_tests::repository::{files, text};

/// Files that are made by package clients and have to name where packages come from.
const LOCKS: [&str; 2] = ["Cargo.lock", "go.sum"];

/// Kept in halves, so that this list does not find itself.
const FORBIDDEN: [(&str, &str); 14] = [
    ("crates", ".io"),
    ("pypi", ".org"),
    ("pythonhosted", ".org"),
    ("proxy.golang", ".org"),
    ("sum.golang", ".org"),
    ("npmjs", ".org"),
    ("repo.maven", ".apache"),
    ("deb.debian", ".org"),
    ("/root", "/"),
    ("/work", "/"),
    ("/home", "/"),
    ("/Users", "/"),
    ("/tmp/tar", "get"),
    ("/opt/tf-", "plugins"),
];

#[test]
fn no_file_names_a_registry_host_or_a_machine_path() {
    let mut wrong = Vec::new();
    for path in files("").unwrap() {
        let lock = path.rsplit('/').next().is_some_and(|name| LOCKS.contains(&name));
        let Some(text) = text(&path).unwrap().filter(|_| !lock) else { continue };
        for (number, line) in text.lines().enumerate() {
            let named =
                FORBIDDEN.iter().map(|(head, tail)| format!("{head}{tail}")).find(|word| line.contains(word));
            wrong.extend(named.map(|word| format!("{path}:{}: names `{word}`", number + 1)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
