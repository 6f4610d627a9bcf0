//! Our own resources: what a plan declares of owners, zones, identities and exceptions.

mod exception;
mod identity;
mod owner;
mod zone;

use nhi_analyzer_input::{Plan, Value};
use nhi_analyzer_model::{Address, AttributePath, Declarations, Mode, Origin};

use crate::halves::{Halves, halves};

/// What is declared before and after.
pub(crate) fn declarations(plan: &Plan<'_>) -> (Declarations, Declarations) {
    let mut before = Declarations::default();
    let mut after = Declarations::default();
    for change in plan.changes.iter().filter(|change| !change.deposed && is_ours(&change.address)) {
        let Halves { before: old, after: new } = halves(change, names(&change.address.kind));
        for (object, declarations) in [(old, &mut before), (new, &mut after)] {
            if let Some(object) = object {
                declare(declarations, &Declared { plan, address: &change.address, object: &object });
            }
        }
    }
    (before, after)
}

/// Whether the plan declares anything at all.
pub(crate) fn declares(plan: &Plan<'_>) -> bool {
    plan.changes.iter().any(|change| is_ours(&change.address))
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
        "nhi_exception" => exception::NAMES,
        _ => &[],
    }
}

fn declare(declarations: &mut Declarations, declared: &Declared<'_, '_>) {
    match declared.address.kind.as_str() {
        "nhi_owner" => declarations.owners.push(owner::read(declared)),
        "nhi_zone" => declarations.zones.push(zone::read(declared)),
        "nhi_identity" => declarations.identities.push(identity::read(declared)),
        _ => declarations.exceptions.push(exception::read(declared)),
    }
}
