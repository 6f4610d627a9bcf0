//! Manifests: many identities declared at once, each under its name.

use std::collections::BTreeMap;

use crate::Labels;
use crate::check::{Check, FieldMap};
use crate::field::Field;
use crate::identity::{Identity, IdentityDraft};
use crate::name::Name;
use crate::violation::{AttributePath, Violation};

/// So many identities without federation are told one by one; more of them are told together.
const TOLD_APART: usize = 5;

/// Identities that are declared together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Its name.
    pub name: Name,
    /// What they have in common.
    pub description: Option<String>,
    /// Labels of the manifest itself.
    pub labels: Labels,
    /// The identities by their names.
    pub identities: BTreeMap<Name, Identity>,
}

/// Identities on their way, each under its name; each may be absent, unknown or wrong, and has no name of its own.
pub type IdentityFields = Field<Vec<(String, Field<IdentityDraft>)>>;

/// A manifest on its way: values may be absent, unknown or wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManifestDraft {
    /// See [`Manifest::name`].
    pub name: Field<String>,
    /// See [`Manifest::description`].
    pub description: Field<String>,
    /// See [`Manifest::labels`].
    pub labels: FieldMap,
    /// See [`Manifest::identities`].
    pub identities: IdentityFields,
}

/// Where an identity of a manifest stands in it.
pub fn path_of(name: &str) -> AttributePath {
    AttributePath::of("identities").key(name)
}

impl ManifestDraft {
    /// What is wrong with what is known.
    pub fn violations(&self) -> Vec<Violation> {
        let mut check = Check::default();
        self.read(&mut check);
        check.violations
    }

    /// The manifest; or what is wrong with it, values that are not known yet included.
    pub fn declare(&self) -> Result<Manifest, Vec<Violation>> {
        let mut check = Check::default();
        let manifest = self.read(&mut check);
        check.finish(manifest)
    }

    /// What is wrong when nobody fills in owners any more: identities of tiers 0 and 1 without one.
    pub fn ownerless(&self) -> Vec<Violation> {
        let known = self.identities.known().into_iter().flatten();
        let wrong = known.filter_map(|(name, draft)| Some((path_of(name), draft.known()?.ownerless())));
        wrong.flat_map(|(at, wrong)| wrong.into_iter().map(move |one| one.within(&at))).collect()
    }

    /// What is worth a warning in what is known: identities of tiers 0 and 1 without federation.
    pub fn warnings(&self) -> Vec<Violation> {
        let known = self.identities.known().into_iter().flatten();
        let warned = known.filter_map(|(name, draft)| Some((name.as_str(), draft.known()?.warnings())));
        let mut all = Vec::new();
        let mut names = Vec::new();
        for (name, warnings) in warned.filter(|(_, warnings)| !warnings.is_empty()) {
            names.push(name);
            all.extend(warnings.into_iter().map(|warning| warning.within(&path_of(name))));
        }
        let Some(rest) = names.len().checked_sub(TOLD_APART).filter(|rest| *rest > 0) else { return all };
        let some: Vec<String> = names.iter().take(TOLD_APART).map(|name| format!("`{name}`")).collect();
        vec![Violation {
            path: AttributePath::of("identities"),
            problem: format!("{} identities of tiers 0 and 1 without federation", names.len()),
            remedy: format!(
                "Each of them has to hold a secret that lives until somebody revokes it: {} and {rest} more. Name the issuer, \
                 audiences and subject whose tokens they present instead.",
                some.join(", ")
            ),
        }]
    }

    fn read(&self, check: &mut Check) -> Option<Manifest> {
        let at = AttributePath::of;
        let name = check.name(&at("name"), &self.name);
        let description = check.optional_text(&at("description"), &self.description);
        let labels = check.labels(&at("labels"), &self.labels);
        let identities = self.identities(check);
        Some(Manifest { name: name?, description: description?, labels: labels?, identities: identities? })
    }

    fn identities(&self, check: &mut Check) -> Option<BTreeMap<Name, Identity>> {
        let entries = check.required(&AttributePath::of("identities"), &self.identities)?;
        let mut identities = BTreeMap::new();
        for (name, draft) in entries {
            let at = path_of(name);
            let Some(draft) = check.required(&at, draft) else { continue };
            let named = IdentityDraft { name: Field::Is(name.clone()), ..draft.clone() };
            let mut inner = Check::default();
            let identity = named.read(&mut inner);
            check.take(inner, &at);
            if let Some(identity) = identity {
                identities.insert(identity.name.clone(), identity);
            }
        }
        (identities.len() == entries.len()).then_some(identities)
    }
}
