//! Our own resources: what a plan declares of owners, zones, identities, manifests, exceptions, federations, crossings and freezes.

mod crossing;
mod exception;
mod federation;
mod freeze;
mod identity;
mod manifest;
mod owner;
mod zone;

use std::collections::BTreeSet;

use nhi_analyzer_input::{Plan, Value};
use nhi_analyzer_model::{Address, AttributePath, Declarations, Mode, Origin};

use crate::halves::{Halves, halves};

/// What is declared before and after.
pub(crate) fn declarations(plan: &Plan<'_>) -> (Declarations, Declarations) {
    let mut before = Declarations::default();
    let mut after = Declarations::default();
    let (mut federated_before, mut federated_after) = (Vec::new(), Vec::new());
    let mut spoken = BTreeSet::new();
    for change in plan.changes.iter().filter(|change| !change.deposed && is_ours(&change.address)) {
        let halves = halves(change, names(&change.address.kind));
        if change.address.kind == "nhi_crossing" {
            after.rewritten_crossings.extend(crossing::rewritten(&halves));
            continue;
        }
        let Halves { before: old, after: new } = halves;
        for (object, declarations, federated) in
            [(old, &mut before, &mut federated_before), (new, &mut after, &mut federated_after)]
        {
            let Some(object) = object else { continue };
            let declared = Declared { plan, address: &change.address, object: &object };
            if change.address.kind == "nhi_federation" {
                federated.push(federation::identity(&declared));
                spoken.extend(federation::name(&declared));
            } else {
                declare(declarations, &declared);
            }
        }
    }
    federation::count(&mut before.identities, &federated_before);
    federation::count(&mut after.identities, &federated_after);
    after.spoken_federations = spoken;
    (before, after)
}

/// Whether the plan declares who is who. What stands beside identities does not say that all of them are declared.
pub(crate) fn declares(plan: &Plan<'_>) -> bool {
    let beside = |kind: &str| matches!(kind, "nhi_federation" | "nhi_crossing" | "nhi_freeze");
    plan.changes.iter().any(|change| is_ours(&change.address) && !beside(&change.address.kind))
}

/// One object of a resource of ours.
pub(crate) struct Declared<'d, 'p> {
    pub(crate) plan: &'d Plan<'p>,
    pub(crate) address: &'d Address,
    pub(crate) object: &'d Value,
}

impl Declared<'_, '_> {
    fn origin(&self) -> Origin {
        Origin { address: self.address.clone(), attribute: AttributePath::default() }
    }
}

fn is_ours(address: &Address) -> bool {
    address.mode == Mode::Managed && !names(&address.kind).is_empty()
}

fn names(kind: &str) -> &'static [&'static str] {
    match kind {
        "nhi_owner" => owner::NAMES,
        "nhi_zone" => zone::NAMES,
        "nhi_identity" => identity::NAMES,
        "nhi_manifest" => manifest::NAMES,
        "nhi_exception" => exception::NAMES,
        "nhi_federation" => federation::NAMES,
        "nhi_crossing" => crossing::NAMES,
        "nhi_freeze" => freeze::NAMES,
        _ => &[],
    }
}

fn declare(declarations: &mut Declarations, declared: &Declared<'_, '_>) {
    match declared.address.kind.as_str() {
        "nhi_owner" => declarations.owners.push(owner::read(declared)),
        "nhi_zone" => declarations.zones.push(zone::read(declared)),
        "nhi_identity" => declarations.identities.push(identity::read(declared)),
        "nhi_freeze" => declarations.freezes.push(freeze::read(declared)),
        "nhi_manifest" => declarations.identities.extend(manifest::read(declared)),
        _ => declarations.exceptions.push(exception::read(declared)),
    }
}
