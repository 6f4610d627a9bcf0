//! Who answers for identities: people or groups, with others who stand in for them.

use std::collections::BTreeSet;

use crate::Labels;
use crate::check::{Check, FieldMap, Fields};
use crate::field::Field;
use crate::name::Name;
use crate::violation::{AttributePath, Violation};

/// Someone who answers for identities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// What identities and exceptions refer to.
    pub name: Name,
    /// Who answers for them; at least one.
    pub accountable: BTreeSet<String>,
    /// Who answers when those are away; at least one, and none of them.
    pub backup: BTreeSet<String>,
    /// What this owner is for.
    pub description: Option<String>,
    /// Free labels.
    pub labels: Labels,
}

/// An owner on its way: values may be absent, unknown or wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnerDraft {
    /// See [`Owner::name`].
    pub name: Field<String>,
    /// See [`Owner::accountable`].
    pub accountable: Fields,
    /// See [`Owner::backup`].
    pub backup: Fields,
    /// See [`Owner::description`].
    pub description: Field<String>,
    /// See [`Owner::labels`].
    pub labels: FieldMap,
}

impl OwnerDraft {
    /// What is wrong with what is known.
    pub fn violations(&self) -> Vec<Violation> {
        let mut check = Check::default();
        self.read(&mut check);
        check.violations
    }

    /// The owner; or what is wrong with it, values that are not known yet included.
    pub fn declare(&self) -> Result<Owner, Vec<Violation>> {
        let mut check = Check::default();
        let owner = self.read(&mut check);
        check.finish(owner)
    }

    fn read(&self, check: &mut Check) -> Option<Owner> {
        let name = check.name(&AttributePath::of("name"), &self.name);
        let accountable = check.filled_set(&AttributePath::of("accountable"), &self.accountable);
        let backup = check.filled_set(&AttributePath::of("backup"), &self.backup);
        let description = check.optional_text(&AttributePath::of("description"), &self.description);
        let labels = check.labels(&AttributePath::of("labels"), &self.labels);
        for both in shared(&self.accountable, &self.backup) {
            check.refuse(
                &AttributePath::of("backup"),
                format!("`{}` is accountable already", both.escape_debug()),
                "A backup is somebody else: name a person or group that is not in `accountable`.",
            );
        }
        Some(Owner {
            name: name?,
            accountable: accountable?,
            backup: backup?,
            description: description?,
            labels: labels?,
        })
    }
}

/// Who stands in both sets. Addresses of people differ in case without naming somebody else.
fn shared<'a>(accountable: &Fields, backup: &'a Fields) -> BTreeSet<&'a str> {
    let texts = |fields: &Fields| -> BTreeSet<String> {
        fields
            .known()
            .into_iter()
            .flatten()
            .filter_map(Field::known)
            .map(|text| text.to_lowercase())
            .collect()
    };
    let accountable = texts(accountable);
    backup
        .known()
        .into_iter()
        .flatten()
        .filter_map(Field::known)
        .filter(|text| accountable.contains(&text.to_lowercase()))
        .map(String::as_str)
        .collect()
}
