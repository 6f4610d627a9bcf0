//! The identities that a manifest keeps: read with it, and written with it or not at all.

use std::collections::BTreeMap;

use nhi_identity::{Identity, Name, Violation, manifest};

use crate::declaration::{Declaration, Kept, Referrer};
use crate::error::RegisterError;
use crate::query::{self, Filter};
use crate::store::Transaction;
use crate::writing::Writing;

/// A declaration with the identities that it keeps, where its kind keeps any.
pub(crate) fn gathered<T: Declaration>(
    transaction: &mut Transaction<'_>,
    organisation: &str,
    kept: Kept<T>,
) -> Result<Kept<T>, RegisterError> {
    if !T::KEEPS_IDENTITIES {
        return Ok(kept);
    }
    let filter = Filter { manifest: Some(kept.declaration.name().to_string()), ..Filter::default() };
    let members = query::find::<Identity>(transaction, organisation, &filter, (None, usize::MAX))?;
    let identities = members
        .into_iter()
        .map(|member| (member.declaration.name.clone(), member.declaration))
        .collect::<BTreeMap<_, _>>();
    Ok(Kept { declaration: kept.declaration.keeping(identities), ..kept })
}

impl Writing<'_, '_> {
    /// Writes what changes among the identities that a manifest keeps: those of `after` instead of those of `before`. All
    /// that is wrong is told, each at the key of its identity. Answers the declarations of this workspace that still name
    /// what was removed.
    pub(crate) fn keep_identities<T: Declaration>(
        &mut self,
        name: &str,
        (before, after): (Option<&T>, Option<&T>),
    ) -> Result<Vec<Referrer>, RegisterError> {
        if !T::KEEPS_IDENTITIES {
            return Ok(Vec::new());
        }
        let none = BTreeMap::new();
        let before = before.and_then(T::identities).unwrap_or(&none);
        let after = after.and_then(T::identities).unwrap_or(&none);
        self.within(Some(name));
        let answer = self.exchange(before, after);
        self.within(None);
        answer
    }

    fn exchange(
        &mut self,
        before: &BTreeMap<Name, Identity>,
        after: &BTreeMap<Name, Identity>,
    ) -> Result<Vec<Referrer>, RegisterError> {
        let mut referrers: Vec<Referrer> = Vec::new();
        let mut violations = Vec::new();
        for name in before.keys().filter(|name| !after.contains_key(*name)) {
            match self.delete::<Identity>(name.as_str(), None) {
                Ok(still) => referrers.extend(still),
                Err(error) => violations.extend(told(name, error)?),
            }
        }
        for (name, identity) in after {
            let written = match before.get(name) {
                Some(known) if known == identity && spelled_alike(known, identity) => continue,
                Some(_) => self.update(identity, None),
                None => self.create(identity),
            };
            if let Err(error) = written {
                violations.extend(told(name, error)?);
            }
        }
        if violations.is_empty() { Ok(referrers) } else { Err(RegisterError::Rules(violations)) }
    }
}

/// Are they spelled alike? What means the same in another spelling is kept as it was written last.
fn spelled_alike(one: &Identity, other: &Identity) -> bool {
    one.to_body() == other.to_body()
}

/// An error about one identity as what is wrong at its key; one about the register stays what it is.
fn told(name: &Name, error: RegisterError) -> Result<Vec<Violation>, RegisterError> {
    let at = manifest::path_of(name.as_str());
    let problem = match &error {
        RegisterError::Rules(violations) => {
            return Ok(violations.iter().map(|violation| violation.clone().within(&at)).collect());
        }
        RegisterError::Taken { .. } | RegisterError::LeftBehind { .. } => {
            "an identity of this name is declared already"
        }
        RegisterError::InManifest { .. } => "another manifest keeps an identity of this name",
        RegisterError::Foreign { .. } => "an identity of this name belongs to another workspace",
        RegisterError::StillNamed { .. } => "other workspaces still name this identity",
        RegisterError::Gone { .. } => "this identity is no longer in the register",
        _ => return Err(error),
    };
    let remedy = format!("About it the register says: {error}.");
    Ok(vec![Violation { path: at, problem: problem.to_owned(), remedy }])
}
