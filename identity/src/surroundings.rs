//! What stands around a declaration, as far as its rules ask for it.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::Check;
use crate::name::Name;
use crate::object::ObjectKind;
use crate::violation::AttributePath;

/// An identity of another workspace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holder {
    /// Its name.
    pub identity: Name,
    /// The workspace that declares it.
    pub workspace: String,
}

/// The declarations around one, whoever keeps them. Only names that the declaration mentions need to be there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Declared names of each kind.
    pub declared: BTreeMap<ObjectKind, BTreeSet<Name>>,
    /// Identities of *other* workspaces with the same platform and principal.
    pub holders: Vec<Holder>,
}

impl Surroundings {
    /// Notes that a declaration of this kind and name is there.
    pub fn note(&mut self, kind: ObjectKind, name: Name) {
        self.declared.entry(kind).or_default().insert(name);
    }

    /// Is one of this kind and name declared?
    pub fn has(&self, kind: ObjectKind, name: &Name) -> bool {
        self.declared.get(&kind).is_some_and(|names| names.contains(name))
    }

    /// Refuses, at `path`, a name that nobody declared.
    pub(crate) fn require(&self, check: &mut Check, path: &AttributePath, named: (ObjectKind, &Name)) {
        let (kind, name) = named;
        if self.has(kind, name) {
            return;
        }
        check.refuse(
            path,
            format!("no {} `{name}` is declared", kind.noun()),
            format!(
                "Declare an `{kind}` of this name and refer to it (`{kind}.NAME.name`), so that Terraform creates it \
                 first."
            ),
        );
    }
}
