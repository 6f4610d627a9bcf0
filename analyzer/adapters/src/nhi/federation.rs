//! `nhi_federation`: it counts as federation of the identity that it names.

use nhi_analyzer_model::{DeclaredIdentity, Known};

use super::Declared;
use crate::value::{get, known_text, text};

pub(super) const NAMES: &[&str] = &["name", "identity"];

/// What it is called, where that is known.
pub(super) fn name(declared: &Declared<'_, '_>) -> Option<String> {
    text(get(declared.object, "name")).map(str::to_owned)
}

/// The identity it belongs to, by name; `Is(None)` for one that stands by itself.
pub(super) fn identity(declared: &Declared<'_, '_>) -> Known<Option<String>> {
    known_text(get(declared.object, "identity"))
}

/// Counts the federations of identities with those that stand beside them. One that may belong to any identity makes
/// "none" unknown.
pub(super) fn count(identities: &mut [DeclaredIdentity], named: &[Known<Option<String>>]) {
    for identity in identities {
        let Known::Is(own) = identity.federation else { continue };
        let Known::Is(name) = &identity.name else { continue };
        let beside = named.iter().filter(|one| matches!(one, Known::Is(Some(text)) if text == name)).count();
        let open = named.contains(&Known::Unknown);
        identity.federation =
            if own + beside == 0 && open { Known::Unknown } else { Known::Is(own + beside) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_beside_an_identity_counts() {
        let check = |own: Known<usize>, named: &[Known<Option<&str>>], expected: Known<usize>| {
            let mut identities = [DeclaredIdentity {
                name: Known::Is("deploy".to_owned()),
                owner: Known::Is(None),
                tier: Known::Is(Some(0)),
                zone: Known::Is(None),
                platform: Known::Is(None),
                principal: Known::Is(None),
                principal_refs: Vec::new(),
                federation: own,
                environment: Known::Is(None),
                kind: Known::Is(None),
                labels: Known::Is(std::collections::BTreeMap::new()),
                origin: None,
            }];
            let named: Vec<_> = named
                .iter()
                .map(|one| match one {
                    Known::Is(name) => Known::Is(name.map(str::to_owned)),
                    Known::Unknown => Known::Unknown,
                })
                .collect();
            count(&mut identities, &named);
            let [identity] = identities;
            assert_eq!(identity.federation, expected, "{named:?}");
        };
        check(Known::Is(0), &[], Known::Is(0));
        check(Known::Is(0), &[Known::Is(None), Known::Is(Some("other"))], Known::Is(0));
        check(Known::Is(0), &[Known::Is(Some("deploy")), Known::Unknown], Known::Is(1));
        check(Known::Is(1), &[Known::Is(Some("deploy"))], Known::Is(2));
        check(Known::Is(0), &[Known::Unknown], Known::Unknown);
        check(Known::Is(1), &[Known::Unknown], Known::Is(1));
        check(Known::Unknown, &[Known::Is(Some("deploy"))], Known::Unknown);
    }
}
