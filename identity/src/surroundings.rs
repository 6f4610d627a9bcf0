//! What stands around a declaration, as far as its rules ask for it.

use std::collections::BTreeSet;

use crate::check::Check;
use crate::name::Name;
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
    /// Declared owners.
    pub owners: BTreeSet<Name>,
    /// Declared zones.
    pub zones: BTreeSet<Name>,
    /// Declared identities.
    pub identities: BTreeSet<Name>,
    /// Identities of *other* workspaces with the same platform and principal.
    pub holders: Vec<Holder>,
}

impl Surroundings {
    pub(crate) fn require_owner(&self, check: &mut Check, owner: &Name) {
        if !self.owners.contains(owner) {
            check.refuse(
                &AttributePath::of("owner"),
                format!("no owner `{owner}` is declared"),
                "Declare an `nhi_owner` of this name and refer to it (`owner = nhi_owner.NAME.name`), so that Terraform \
                 creates it first.",
            );
        }
    }
}
