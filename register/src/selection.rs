//! How a selection of identities is kept, in whatever declaration has one.

use std::collections::{BTreeMap, BTreeSet};

use nhi_identity::{Field, Kind, Name, Selection, SelectionDraft, Tier};
use serde::{Deserialize, Serialize};

use crate::body::{map, set};

/// The text of a selection in the file.
#[derive(Serialize, Deserialize)]
pub(crate) struct Body {
    identities: BTreeSet<String>,
    owners: BTreeSet<String>,
    tiers: BTreeSet<u8>,
    zones: BTreeSet<String>,
    environments: BTreeSet<String>,
    kinds: BTreeSet<String>,
    labels: BTreeMap<String, String>,
}

pub(crate) fn body(selection: Selection) -> Body {
    let texts = |names: BTreeSet<Name>| names.iter().map(ToString::to_string).collect();
    Body {
        identities: texts(selection.identities),
        owners: texts(selection.owners),
        tiers: selection.tiers.into_iter().map(Tier::level).collect(),
        zones: texts(selection.zones),
        environments: selection.environments,
        kinds: selection.kinds.into_iter().map(Kind::as_str).map(str::to_owned).collect(),
        labels: selection.labels,
    }
}

pub(crate) fn draft(body: Body) -> Field<SelectionDraft> {
    let tiers = body.tiers.into_iter().map(|tier| Field::Is(Ok(i64::from(tier)))).collect();
    Field::Is(SelectionDraft {
        identities: set(body.identities),
        owners: set(body.owners),
        tiers: Field::Is(tiers),
        zones: set(body.zones),
        environments: set(body.environments),
        kinds: set(body.kinds),
        labels: map(body.labels),
    })
}
