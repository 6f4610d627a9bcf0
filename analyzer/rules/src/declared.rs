//! What the organisation declares, from this plan and from a register, and which principal is meant.

use std::collections::{BTreeMap, BTreeSet};

use nhi_analyzer_model::{
    Address, Declarations, DeclaredException, DeclaredFreeze, DeclaredIdentity, DeclaredZone, Known,
    LiveCrossing, Platform, Principal, PrincipalKind,
};

/// Declarations on one side of a change.
pub struct Declared<'a> {
    /// Identities.
    pub identities: Vec<&'a DeclaredIdentity>,
    /// Exceptions.
    pub exceptions: Vec<&'a DeclaredException>,
    /// Freezes.
    pub freezes: Vec<&'a DeclaredFreeze>,
    zones: BTreeMap<&'a str, &'a DeclaredZone>,
    crossings: Vec<&'a LiveCrossing>,
    /// Identities by the last part of the principal they name, the whole of it where it has no parts.
    by_name: BTreeMap<&'a str, Vec<&'a DeclaredIdentity>>,
    by_reference: Vec<&'a DeclaredIdentity>,
}

impl<'a> Declared<'a> {
    /// `side` of the plan, and of the register what the plan does not itself speak of: an entry that the plan changes
    /// or deletes still stands in the register as it was.
    pub fn of(
        side: &'a Declarations,
        register: &'a Declarations,
        plan: (&Declarations, &Declarations),
    ) -> Self {
        let spoken = |names: fn(&Declarations) -> Vec<&str>| -> BTreeSet<String> {
            [plan.0, plan.1].into_iter().flat_map(names).map(String::from).collect()
        };
        let identities =
            spoken(|all| all.identities.iter().filter_map(|one| is(&one.name)).map(String::as_str).collect());
        let zones =
            spoken(|all| all.zones.iter().filter_map(|one| is(&one.name)).map(String::as_str).collect());
        let exceptions =
            spoken(|all| all.exceptions.iter().filter_map(|one| is(&one.name)).map(String::as_str).collect());
        let elsewhere = |names: &BTreeSet<String>, name: &Known<String>| {
            is(name).is_none_or(|name| !names.contains(name))
        };

        let mut declared = Self {
            identities: side.identities.iter().collect(),
            exceptions: side.exceptions.iter().collect(),
            freezes: side.freezes.iter().collect(),
            zones: BTreeMap::new(),
            crossings: register
                .crossings
                .iter()
                .filter(|one| !side.rewritten_crossings.contains(&one.name))
                .collect(),
            by_name: BTreeMap::new(),
            by_reference: Vec::new(),
        };
        declared
            .identities
            .extend(register.identities.iter().filter(|one| elsewhere(&identities, &one.name)));
        declared
            .exceptions
            .extend(register.exceptions.iter().filter(|one| elsewhere(&exceptions, &one.name)));
        let freezes =
            spoken(|all| all.freezes.iter().filter_map(|one| is(&one.name)).map(String::as_str).collect());
        declared.freezes.extend(register.freezes.iter().filter(|one| elsewhere(&freezes, &one.name)));
        let from_register = register.zones.iter().filter(|one| elsewhere(&zones, &one.name));
        declared.zones = side
            .zones
            .iter()
            .chain(from_register)
            .filter_map(|zone| Some((is(&zone.name)?.as_str(), zone)))
            .collect();
        for identity in declared.identities.iter().copied() {
            if let Some(Some(principal)) = is(&identity.principal) {
                declared.by_name.entry(tail(principal)).or_default().push(identity);
            }
            if !identity.principal_refs.is_empty() {
                declared.by_reference.push(identity);
            }
        }
        declared
    }

    /// The declared zone of this name.
    pub fn zone(&self, name: &str) -> Option<&'a DeclaredZone> {
        self.zones.get(name).copied()
    }

    /// Does a crossing that holds let this identity of its zone across?
    pub fn crosses(&self, identity: Option<&str>, (from, to): (&str, &str)) -> bool {
        self.crossings.iter().any(|one| {
            let named = one.identities.iter().any(|name| Some(name.as_str()) == identity);
            one.from_zone == from && one.to_zone == to && (one.identities.is_empty() || named)
        })
    }

    /// The identity that is declared for a principal.
    pub fn identity_of(&self, principal: &Principal) -> Option<&'a DeclaredIdentity> {
        let names = [is(&principal.name).map(String::as_str), principal.arn.as_deref()];
        let by_name = names.into_iter().flatten().find_map(|name| {
            let candidates = self.by_name.get(tail(name)).into_iter().flatten();
            candidates.copied().find(|identity| names_principal(identity, principal))
        });
        by_name.or_else(|| {
            let address = &principal.origin.as_ref()?.address;
            let refers = |identity: &&DeclaredIdentity| {
                is(&identity.principal).is_none()
                    && identity.principal_refs.iter().any(|one| means(one, address))
            };
            self.by_reference.iter().copied().find(refers)
        })
    }

    /// The identity that is declared for a name on a platform.
    pub fn identity_named(&self, platform: Platform, name: &str) -> Option<&'a DeclaredIdentity> {
        let candidates = self.by_name.get(tail(name)).into_iter().flatten().copied();
        candidates.into_iter().find(|identity| {
            on_platform(identity, platform)
                && is(&identity.principal).is_some_and(|text| {
                    text.as_deref().is_some_and(|text| text == name || tail(text) == name)
                })
        })
    }

    /// The identity of this name in the register's sense.
    pub fn identity(&self, name: &str) -> Option<&'a DeclaredIdentity> {
        self.identities.iter().copied().find(|identity| is(&identity.name).is_some_and(|own| own == name))
    }
}

/// The value, where it is known.
pub(crate) fn is<T>(known: &Known<T>) -> Option<&T> {
    match known {
        Known::Is(value) => Some(value),
        Known::Unknown => None,
    }
}

/// The last part of an ARN, a path or a resource name.
fn tail(name: &str) -> &str {
    let name = name.rsplit('/').next().unwrap_or(name);
    if name.starts_with("arn:") || name.starts_with("serviceAccount:") {
        name.rsplit(':').next().unwrap_or(name)
    } else {
        name
    }
}

fn names_principal(identity: &DeclaredIdentity, principal: &Principal) -> bool {
    let Some(Some(text)) = is(&identity.principal) else { return false };
    if !on_platform(identity, principal.platform) {
        return false;
    }
    let name = is(&principal.name).map(String::as_str);
    if Some(text.as_str()) == name || principal.arn.as_deref() == Some(text.as_str()) {
        return true;
    }
    match principal.arn {
        // An ARN that is known and another one are two principals, whatever their names.
        Some(_) if text.starts_with("arn:") => false,
        None if text.starts_with("arn:") => {
            let account = text.split(':').nth(4);
            let kind = match principal.kind {
                PrincipalKind::Role => ":role/",
                PrincipalKind::User => ":user/",
                PrincipalKind::Group => ":group/",
                PrincipalKind::ServiceAccount | PrincipalKind::Holder | PrincipalKind::Machines => "",
            };
            text.contains(kind)
                && Some(tail(text)) == name
                && principal.account.as_deref().is_none_or(|own| account == Some(own))
        }
        _ => text.strip_prefix("serviceAccount:") == name && name.is_some(),
    }
}

/// `platform` as users write it; an identity that names none may live on any.
fn on_platform(identity: &DeclaredIdentity, platform: Platform) -> bool {
    let Some(Some(written)) = is(&identity.platform) else { return true };
    let words: &[&str] = match platform {
        Platform::Aws => &["aws"],
        Platform::Google => &["google", "gcp"],
        Platform::Azure => &["azure", "entra"],
        Platform::Kubernetes => &["kubernetes", "k8s"],
    };
    words.iter().any(|word| written.eq_ignore_ascii_case(word))
}

/// A reference without a key means every instance.
fn means(reference: &Address, address: &Address) -> bool {
    reference.mode == address.mode
        && reference.kind == address.kind
        && reference.name == address.name
        && (reference.key.is_none() || reference.key == address.key)
        && reference.modules.len() == address.modules.len()
        && reference
            .modules
            .iter()
            .zip(&address.modules)
            .all(|(one, other)| one.name == other.name && (one.key.is_none() || one.key == other.key))
}

#[cfg(test)]
mod tests {
    use nhi_analyzer_model::{Mode, Origin, Ownership, PrincipalId};

    use super::*;

    fn address(name: &str) -> Address {
        Address {
            modules: Vec::new(),
            mode: Mode::Managed,
            kind: "aws_iam_role".to_owned(),
            name: name.to_owned(),
            key: None,
        }
    }

    fn role(name: &str, arn: Option<&str>) -> Principal {
        Principal {
            id: PrincipalId(name.to_owned()),
            platform: Platform::Aws,
            kind: PrincipalKind::Role,
            name: Known::Is(name.to_owned()),
            arn: arn.map(String::from),
            account: arn.map(|_| "111122223333".to_owned()),
            origin: Some(Origin {
                address: address("app"),
                attribute: nhi_analyzer_model::AttributePath::default(),
            }),
            previous_address: None,
            ownership: Ownership::Untagged,
            tags_origin: None,
            world: nhi_access::World::default(),
            trust: None,
            groups: Vec::new(),
            memberships: BTreeMap::new(),
        }
    }

    fn identity(name: &str, platform: Option<&str>, principal: &Known<Option<&str>>) -> DeclaredIdentity {
        DeclaredIdentity {
            name: Known::Is(name.to_owned()),
            owner: Known::Is(None),
            tier: Known::Is(Some(2)),
            zone: Known::Is(None),
            platform: Known::Is(platform.map(String::from)),
            principal: match principal {
                Known::Is(text) => Known::Is(text.map(String::from)),
                Known::Unknown => Known::Unknown,
            },
            principal_refs: Vec::new(),
            federation: Known::Is(0),
            environment: Known::Is(None),
            kind: Known::Is(None),
            labels: Known::Is(BTreeMap::new()),
            origin: None,
        }
    }

    fn names(identity: DeclaredIdentity, principal: &Principal) -> bool {
        let all = Declarations { identities: vec![identity], ..Declarations::default() };
        let none = Declarations::default();
        Declared::of(&all, &none, (&none, &all)).identity_of(principal).is_some()
    }

    #[test]
    fn by_name_and_by_arn() {
        let arn = "arn:aws:iam::111122223333:role/team/app";
        let known = role("app", Some(arn));
        let unknown = role("app", None);
        for (text, platform, matches) in [
            ("app", Some("aws"), true),
            ("app", None, true),
            ("app", Some("google"), false),
            ("App", Some("aws"), false),
            (arn, Some("AWS"), true),
            ("arn:aws:iam::444455556666:role/team/app", Some("aws"), false),
            ("arn:aws:iam::111122223333:user/app", Some("aws"), false),
        ] {
            assert_eq!(names(identity("x", platform, &Known::Is(Some(text))), &known), matches, "{text}");
        }
        assert!(names(identity("x", None, &Known::Is(Some(arn))), &unknown));
        assert!(!names(
            identity("x", None, &Known::Is(Some("arn:aws:iam::111122223333:user/app"))),
            &unknown
        ));
        assert!(!names(identity("x", None, &Known::Is(None)), &known));
    }

    #[test]
    fn by_reference_while_the_value_is_unknown() {
        let mut referring = identity("x", Some("aws"), &Known::Unknown);
        referring.principal_refs = vec![address("app")];
        assert!(names(referring.clone(), &role("app", None)));
        referring.principal_refs = vec![address("other")];
        assert!(!names(referring, &role("app", None)));
    }

    #[test]
    fn a_crossing_holds_for_whom_it_names_until_it_is_rewritten() {
        let crossing = |identities: &[&str]| LiveCrossing {
            name: "promote".into(),
            from_zone: "train".into(),
            to_zone: "serve".into(),
            identities: identities.iter().map(ToString::to_string).collect(),
        };
        let none = Declarations::default();
        let check = |identities: &[&str], way: (&str, &str), identity: Option<&str>, expected: bool| {
            let register = Declarations { crossings: vec![crossing(identities)], ..Declarations::default() };
            let declared = Declared::of(&none, &register, (&none, &none));
            assert_eq!(declared.crosses(identity, way), expected, "{identities:?} {way:?} {identity:?}");
            let side =
                Declarations { rewritten_crossings: ["promote".into()].into(), ..Declarations::default() };
            assert!(!Declared::of(&side, &register, (&none, &side)).crosses(identity, way));
        };
        check(&[], ("train", "serve"), Some("trainer"), true);
        check(&[], ("train", "serve"), None, true);
        check(&["trainer"], ("train", "serve"), Some("trainer"), true);
        check(&["trainer"], ("train", "serve"), Some("other"), false);
        check(&["trainer"], ("train", "serve"), None, false);
        check(&[], ("serve", "train"), Some("trainer"), false);
    }

    #[test]
    fn the_plan_speaks_for_its_own_entries() {
        let register = Declarations {
            identities: vec![identity("x", None, &Known::Is(Some("app")))],
            ..Declarations::default()
        };
        let none = Declarations::default();
        let principal = role("app", None);
        // Not in the plan at all: the register's word counts.
        assert!(Declared::of(&none, &register, (&none, &none)).identity_of(&principal).is_some());
        // The plan deletes it: it stands in the register for now, and will not.
        assert!(Declared::of(&none, &register, (&register, &none)).identity_of(&principal).is_none());
    }
}
