//! `nhi_manifest`: each of its entries is an identity like any other.

use nhi_analyzer_input::Value;
use nhi_analyzer_model::{AttributePath, DeclaredIdentity, Known, Step};

use super::{Declared, identity};
use crate::value::{get, path};

pub(super) const NAMES: &[&str] = &["identities"];

pub(super) fn read(declared: &Declared<'_, '_>) -> Vec<DeclaredIdentity> {
    let Value::Object(entries) = get(declared.object, "identities") else { return Vec::new() };
    let open = |entry: &&Value| *get(entry, "principal") == Value::Unknown;
    // What the plan says of references it says of all entries together: whose they are is known of a single one alone.
    let lone = entries.values().filter(open).count() == 1;
    let entry = |(name, entry): (&String, &Value)| {
        let read = identity::read(&Declared { object: entry, ..*declared });
        let at = AttributePath(vec![Step::Name("identities".to_owned()), Step::Name(name.clone())]);
        let lone = lone && read.principal == Known::Unknown;
        DeclaredIdentity {
            name: Known::Is(name.clone()),
            principal_refs: if lone {
                identity::references(declared, &path("identities"))
            } else {
                Vec::new()
            },
            origin: read.origin.map(|origin| nhi_analyzer_model::Origin { attribute: at, ..origin }),
            ..read
        }
    };
    entries.iter().map(entry).collect()
}
