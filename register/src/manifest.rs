//! How a manifest is kept: its own row says what it is, and each of its identities has a row like any other.

use std::collections::BTreeMap;

use nhi_identity::{Field, Identity, Manifest, ManifestDraft, Name, Surroundings, Violation};
use serde::{Deserialize, Serialize};

use crate::body::{map, read, text};
use crate::declaration::{Declaration, Mentions, ObjectKind, told};
use crate::facets::Facets;

/// The text of a manifest in the file. Its identities are not in it; the audit chain has an entry for each of them.
#[derive(Serialize, Deserialize)]
struct Body {
    name: String,
    description: Option<String>,
    labels: BTreeMap<String, String>,
    /// How many identities it keeps.
    identities: usize,
}

impl Declaration for Manifest {
    const KIND: ObjectKind = ObjectKind::Manifest;
    const NAMED_BY: &'static [(ObjectKind, &'static str)] = &[];
    const KEEPS_IDENTITIES: bool = true;

    fn name(&self) -> &Name {
        &self.name
    }

    fn to_body(&self) -> String {
        let Self { name, description, labels, identities } = self.clone();
        text(&Body { name: name.to_string(), description, labels, identities: identities.len() })
    }

    /// Reads the row of the manifest itself: its identities come by [`Declaration::keeping`].
    fn from_body(body: &str) -> Result<Self, String> {
        let body: Body = read(body)?;
        let draft = ManifestDraft {
            name: Field::Is(body.name),
            description: body.description.into(),
            labels: map(body.labels),
            identities: Field::Is(Vec::new()),
        };
        draft.declare().map_err(|violations| told(&violations))
    }

    fn mentions(&self) -> Mentions<'_> {
        Mentions::default()
    }

    fn facets(&self) -> Facets {
        Facets { labels: self.labels.clone(), ..Facets::default() }
    }

    fn violations(&self, _around: &Surroundings) -> Vec<Violation> {
        Vec::new()
    }

    fn identities(&self) -> Option<&BTreeMap<Name, Identity>> {
        Some(&self.identities)
    }

    fn keeping(self, identities: BTreeMap<Name, Identity>) -> Self {
        Self { identities, ..self }
    }
}
