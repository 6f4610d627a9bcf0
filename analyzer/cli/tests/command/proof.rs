//! Proofs as files: written, verified, refused when they or the texts are altered.

use std::fs;

use crate::process::run;

const WIDE: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::acme-*/*"}]}"#;
const NARROW: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::acme-data/in/*"}]}"#;

#[test]
fn proofs_are_written_verified_and_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (wide, narrow, proof) = (at("wide.json"), at("narrow.json"), at("proof.json"));
    fs::write(&wide, WIDE).unwrap();
    fs::write(&narrow, NARROW).unwrap();

    let made = run(&["policy", "diff", &wide, &narrow, "--proof", &proof], b"");
    assert_eq!(made.exit, 0, "{}", made.stderr);
    let verified = run(&["policy", "verify", &proof, &wide, &narrow], b"");
    assert_eq!(verified.exit, 0, "{}", verified.stderr);
    assert!(verified.stdout.starts_with("the proof holds"), "{}", verified.stdout);

    // Other texts, in the other order or with a blank more.
    let swapped = run(&["policy", "verify", &proof, &narrow, &wide], b"");
    assert_eq!(swapped.exit, 1);
    assert!(swapped.stderr.contains("SHA-256"), "{}", swapped.stderr);
    fs::write(at("other.json"), format!("{NARROW} ")).unwrap();
    assert_eq!(run(&["policy", "verify", &proof, &wide, &at("other.json")], b"").exit, 1);

    // An altered leaf, a proof under less, and what is no proof.
    let text = fs::read_to_string(&proof).unwrap();
    let alter = |from: &str, to: &str| {
        assert!(text.contains(from), "{text}");
        fs::write(at("altered.json"), text.replacen(from, to, 1)).unwrap();
        run(&["policy", "verify", &at("altered.json"), &wide, &narrow], b"")
    };
    let leaf = alter("{\"core\":[2,", "{\"core\":[0,");
    assert_eq!(leaf.exit, 1, "{}", leaf.stdout);
    assert!(leaf.stderr.contains("step"), "{}", leaf.stderr);
    assert_eq!(alter("\"crossing\"", "\"strict\"").exit, 1);
    assert_eq!(alter("\"format_version\":\"1\"", "\"format_version\":\"2\"").exit, 3);
    assert_eq!(alter("\"every\"", "\"some\"").exit, 3);
    assert_eq!(alter("{\"format_version\"", "[{\"format_version\"").exit, 3);

    // Where something is new there is no proof.
    let none = at("none.json");
    let new = run(&["policy", "diff", &narrow, &wide, "--proof", &none], b"");
    assert_eq!(new.exit, 10);
    assert!(new.stderr.contains("no proof"), "{}", new.stderr);
    assert!(fs::metadata(&none).is_err());
}
