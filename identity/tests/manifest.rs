//! Many identities at once: each is told about at its own key.

use nhi_identity::{Field, IdentityDraft, ManifestDraft, Violation};
use proptest::prelude::*;

fn identity(tier: i64) -> IdentityDraft {
    IdentityDraft { kind: "agent".into(), tier: Field::Is(Ok(tier)), ..IdentityDraft::default() }
}

fn draft(identities: Vec<(&str, Field<IdentityDraft>)>) -> ManifestDraft {
    let identities = identities.into_iter().map(|(name, draft)| (name.to_owned(), draft)).collect();
    ManifestDraft { name: "fleet".into(), identities: Field::Is(identities), ..ManifestDraft::default() }
}

fn told(violations: &[Violation]) -> Vec<String> {
    violations.iter().map(|violation| format!("{}: {}", violation.path, violation.problem)).collect()
}

#[test]
fn every_key_that_is_wrong_is_told() {
    let check = |draft: ManifestDraft, expected: &[&str]| assert_eq!(told(&draft.violations()), expected);
    let good = Field::Is(identity(2));
    check(draft(vec![]), &[]);
    check(draft(vec![("a", good.clone()), ("b", good.clone())]), &[]);
    check(
        ManifestDraft::default(),
        &["name: a value is required here", "identities: a value is required here"],
    );
    check(
        draft(vec![
            ("a", Field::Is(identity(7))),
            ("b", good.clone()),
            ("c d", good.clone()),
            ("e", Field::Is(IdentityDraft { kind: "robot".into(), owner: "x y".into(), ..identity(2) })),
            ("f", Field::Absent),
        ]),
        &[
            "identities[\"a\"].tier: `7` is not a tier",
            "identities[\"c d\"]: `c d` is not a name: ` ` is not allowed at position 2",
            "identities[\"e\"].kind: `robot` is not a kind of identity",
            "identities[\"e\"].owner: `x y` is not a name: ` ` is not allowed at position 2",
            "identities[\"f\"]: a value is required here",
        ],
    );
    let unknown = IdentityDraft { owner: Field::Unknown, ..identity(0) };
    let partly = draft(vec![("a", Field::Unknown), ("b", Field::Is(unknown)), ("c", good)]);
    check(partly.clone(), &[]);
    assert_eq!(
        told(&partly.declare().unwrap_err()),
        [
            "identities[\"a\"]: its value is not known yet",
            "identities[\"b\"].owner: its value is not known yet"
        ]
    );
    check(ManifestDraft { identities: Field::Unknown, ..draft(vec![]) }, &[]);
}

#[test]
fn many_without_federation_are_told_together() {
    let names = ["a", "b", "c", "d", "e", "f", "g"];
    let of = |count: usize| {
        let bare = names.iter().take(count).map(|name| (*name, Field::Is(identity(0))));
        told(&draft(bare.chain([("z", Field::Is(identity(2)))]).collect()).warnings())
    };
    assert_eq!(of(0), [""; 0]);
    assert_eq!(of(1), ["identities[\"a\"].federation: an identity of tier 0 without federation"]);
    assert_eq!(of(5).len(), 5);
    assert_eq!(of(6), ["identities: 6 identities of tiers 0 and 1 without federation"]);
}

proptest! {
    /// A manifest is right exactly when each of its identities would be by itself, and says the same of them.
    #[test]
    fn a_manifest_says_what_its_identities_say(
        levels in prop::collection::vec(-1_i64..4, 0..6),
        kinds in prop::collection::vec(prop::sample::select(vec!["agent", "robot", ""]), 6),
    ) {
        let entries: Vec<(String, IdentityDraft)> = levels.iter().zip(&kinds).enumerate()
            .map(|(index, (tier, kind))| (format!("n{index}"), IdentityDraft { kind: (*kind).into(), ..identity(*tier) }))
            .collect();
        let alone: Vec<String> = entries.iter().flat_map(|(name, draft)| {
            let named = IdentityDraft { name: Field::Is(name.clone()), ..draft.clone() };
            told(&named.violations()).into_iter().map(move |told| format!("identities[{name:?}].{told}"))
        }).collect();
        let together = draft(entries.iter().map(|(name, draft)| (name.as_str(), Field::Is(draft.clone()))).collect());
        prop_assert_eq!(told(&together.violations()), alone);
    }
}
