//! From a comparison to what a reader looks at: regions gathered by the part of the plan that brought them about.

use std::collections::BTreeMap;

use nhi_access::{Document, DocumentId, Region, World};
use nhi_analyzer_model::{Delta, DocumentFact, Facts, Origin, TextDiff};

use crate::context::Compared;

/// Regions of one subject that one changed part of the plan brings about (or takes away).
pub(crate) struct Grant<'a> {
    /// What changed.
    pub(crate) origin: Origin,
    /// What it allows, in the order of the comparison.
    pub(crate) regions: Vec<&'a Region>,
    /// Where the granting documents and those that carry them stand, if elsewhere.
    pub(crate) related: Vec<Origin>,
    /// The changed document.
    pub(crate) diff: Option<TextDiff>,
}

/// Which way to look at a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// What is newly allowed: its statements stand in the later world.
    New,
    /// What no longer is: its statements stood in the earlier world.
    Reduced,
}

/// Both sides of a change, seen in one direction: `here` holds the granting statements.
#[derive(Clone, Copy)]
struct View<'a> {
    /// Where the subject of the worlds is declared.
    own: Option<&'a Origin>,
    here: (&'a Facts, &'a World),
    there: (&'a Facts, &'a World),
    direction: Direction,
}

/// The grants of a comparison, in the order of their origins.
pub(crate) fn grants<'a>(
    delta: &'a Delta,
    own: Option<&'a Origin>,
    compared: &'a Compared<'a>,
    direction: Direction,
) -> Vec<Grant<'a>> {
    let before = (&delta.before, compared.before.as_ref());
    let after = (&delta.after, compared.after.as_ref());
    let (view, regions) = match direction {
        Direction::New => (View { own, here: after, there: before, direction }, &compared.comparison.new),
        Direction::Reduced => {
            (View { own, here: before, there: after, direction }, &compared.comparison.reduced)
        }
    };
    let mut gathered: BTreeMap<DocumentId, Vec<&'a Region>> = BTreeMap::new();
    for region in regions {
        gathered.entry(view.changed(region)).or_default().push(region);
    }
    let mut grants: Vec<Grant<'a>> =
        gathered.into_iter().filter_map(|(document, regions)| view.grant(&document, regions)).collect();
    grants.sort_by(|a, b| a.origin.cmp(&b.origin));
    grants
}

impl<'a> View<'a> {
    /// The document whose change brings a region about: the granting one, unless that stood there before as it is.
    fn changed(&self, region: &Region) -> DocumentId {
        let granting = &region.granted_by.document;
        if document(self.here.1, granting) != document(self.there.1, granting) {
            return granting.clone();
        }
        let all = self.there.1.layers.iter().chain(&self.here.1.layers).flat_map(|layer| &layer.documents);
        let mut changed = all.filter(|one| document(self.here.1, &one.id) != document(self.there.1, &one.id));
        changed.next().map_or_else(|| granting.clone(), |one| one.id.clone())
    }

    fn fact(&self, id: &DocumentId) -> Option<&'a DocumentFact> {
        self.here.0.documents.get(id).or_else(|| self.there.0.documents.get(id))
    }

    fn grant(&self, changed: &DocumentId, regions: Vec<&'a Region>) -> Option<Grant<'a>> {
        let fact = self.fact(changed);
        let own = || self.own.cloned();
        let origin = match fact {
            Some(fact) => self.link(changed).unwrap_or_else(|| statement_of(fact, changed, &regions)),
            None => own()?,
        };
        let mut related: Vec<Origin> = Vec::new();
        related.extend(fact.map(|fact| fact.origin.clone()));
        for region in &regions {
            related.extend(self.fact(&region.granted_by.document).map(|fact| fact.origin.clone()));
        }
        related.extend(fact.into_iter().flat_map(|fact| self.carriers(fact)));
        related.retain(|one| one.address != origin.address);
        Some(Grant { origin, regions, related, diff: self.diff(changed) })
    }

    /// When the text is the same on both sides, the link to it is what changed.
    fn link(&self, id: &DocumentId) -> Option<Origin> {
        let here = self.here.0.documents.get(id);
        let there = self.there.0.documents.get(id);
        let (Some(here), Some(there)) = (here, there) else { return None };
        if here.text != there.text {
            return None;
        }
        let own = self.own.map(|origin| &origin.address);
        let only = |one: &'a DocumentFact, other: &DocumentFact| -> Vec<&'a Origin> {
            one.through.iter().filter(|origin| !other.through.contains(origin)).collect()
        };
        // An attribute of the principal itself (its boundary) is surely its link; of several attachments none is.
        let of = |links: Vec<&'a Origin>| {
            let mine = links.iter().copied().find(|origin| Some(&origin.address) == own);
            mine.or_else(|| links.first().copied().filter(|_| links.len() == 1)).cloned()
        };
        of(only(here, there)).or_else(|| of(only(there, here)))
    }

    /// What carries the document to the principal, without what carries it to others.
    fn carriers(&self, fact: &'a DocumentFact) -> impl Iterator<Item = Origin> + 'a {
        let one = fact.through.len() == 1;
        let own = self.own.map(|origin| origin.address.clone());
        fact.through.iter().filter(move |origin| one || Some(&origin.address) == own.as_ref()).cloned()
    }

    fn diff(&self, id: &DocumentId) -> Option<TextDiff> {
        let here = text(self.here, id)?;
        let there = text(self.there, id)?;
        let (before, after) = match self.direction {
            Direction::New => (there, here),
            Direction::Reduced => (here, there),
        };
        (before != after).then_some(TextDiff { before, after })
    }
}

/// The text on one side; empty where the document plays no part, `None` where its text is not known.
fn text(side: (&Facts, &World), id: &DocumentId) -> Option<String> {
    if document(side.1, id).is_none() {
        return Some(String::new());
    }
    side.0.documents.get(id)?.text.clone()
}

/// The statement's own origin where all regions come from one that has its own, else the document's.
fn statement_of(fact: &DocumentFact, id: &DocumentId, regions: &[&Region]) -> Origin {
    let mut statements = regions.iter().map(|region| &region.granted_by);
    let first = statements.next();
    let same = statements.all(|one| Some(one) == first);
    first
        .filter(|granted| same && granted.document == *id)
        .and_then(|granted| fact.statements.get(granted.statement))
        .unwrap_or(&fact.origin)
        .clone()
}

fn document<'w>(world: &'w World, id: &DocumentId) -> Option<(nhi_access::LayerKind, &'w Document)> {
    world.layers.iter().find_map(|layer| {
        let found = layer.documents.iter().find(|document| document.id == *id)?;
        Some((layer.kind, found))
    })
}
